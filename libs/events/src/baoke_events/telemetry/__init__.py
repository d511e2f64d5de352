"""What relay, consumers and transports tell of themselves: spans, and figures."""

from baoke_events.telemetry.gaps import begin_anew, watch_sequences
from baoke_events.telemetry.lag import reading
from baoke_events.telemetry.measures import (
    announce,
    batch_done,
    batch_failed,
    pass_done,
    pass_failed,
    rebalanced,
    show_backlog,
    show_transport,
)
from baoke_events.telemetry.processing import mark_parked, processing, receiving, replaying
from baoke_events.telemetry.sending import not_taken, sending

__all__ = [
    "announce",
    "batch_done",
    "batch_failed",
    "begin_anew",
    "mark_parked",
    "not_taken",
    "pass_done",
    "pass_failed",
    "processing",
    "reading",
    "rebalanced",
    "receiving",
    "replaying",
    "sending",
    "show_backlog",
    "show_transport",
    "watch_sequences",
]
