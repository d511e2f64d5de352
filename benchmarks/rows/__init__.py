"""The rows of the report, one file each. A file here that has `ROWS` takes part."""

import importlib
import pkgutil
from typing import Any

from benchmarks.harness import Row


def all_rows() -> list[Row[Any]]:
    """Every row, by the name of its file and then in the file's order."""
    modules = sorted(found.name for found in pkgutil.iter_modules(__path__, f"{__name__}."))
    return [row for name in modules for row in getattr(importlib.import_module(name), "ROWS", ())]
