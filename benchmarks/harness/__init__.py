"""What every row stands on: values, servers, the interleaved run, and its report."""

from benchmarks.harness.row import Contender, Figures, Row, Size, Target
from benchmarks.harness.servers import Servers, Took

__all__ = ["Contender", "Figures", "Row", "Servers", "Size", "Target", "Took"]
