"""Logs are JSON lines with the trace they belong to, and never a phone number."""

import logging
import re
from pathlib import Path

from opentelemetry import trace
from pythonjsonlogger.json import JsonFormatter

_PHONE = re.compile(r"(?:\+|%2[Bb])\d{7,15}|(?<![0-9a-fA-F-])1[3-9]\d{9}(?![0-9a-fA-F-])")


def masked(words: str) -> str:
    """The words with what looks like a phone number taken out."""
    return _PHONE.sub("[phone]", words)


class _TraceAndMask(logging.Filter):
    """Adds the trace id; masks what looks like a phone number in whatever was about to be written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass."""
        context = trace.get_current_span().get_span_context()
        record.trace_id = f"{context.trace_id:032x}" if context.is_valid else None
        record.msg, record.args = masked(record.getMessage()), ()
        return True


class _MaskingFormatter(JsonFormatter):
    """Masks phones in tracebacks as well."""

    def formatException(self, ei: object) -> str:  # noqa: N802 (the standard library's name)
        """The traceback without phone numbers."""
        return masked(super().formatException(ei))  # type: ignore[arg-type]


def install_logs(service_name: str, level: str, file: Path | None = None) -> None:
    """Send all logs of this process to standard error, or to `file`, as JSON lines."""
    handler: logging.Handler = logging.FileHandler(file) if file else logging.StreamHandler()
    handler.setFormatter(
        _MaskingFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s %(trace_id)s", static_fields={"service": service_name}
        )
    )
    handler.addFilter(_TraceAndMask())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("aiokafka").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)
