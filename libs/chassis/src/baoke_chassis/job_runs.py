"""A span and figures for each run of a job."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from opentelemetry import metrics, trace
from opentelemetry.trace import StatusCode

_tracer = trace.get_tracer("baoke_chassis")
_meter = metrics.get_meter("baoke_chassis")
_duration = _meter.create_histogram(
    "baoke.job.duration",
    "s",
    "Time a step of a job took",
    explicit_bucket_boundaries_advisory=[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
)
_handled = _meter.create_counter("baoke.job.handled", "{row}", "Due rows that jobs handled")
_failures = _meter.create_counter("baoke.job.failures", "{failure}", "Steps of jobs that failed and are tried again")


@dataclass(slots=True)
class Run:
    """One step of a job."""

    handled: int = 0


@contextmanager
def job_run(service: str, job: str) -> Iterator[Run]:
    """Trace and measure what happens inside as one step of the job."""
    run, started, mine = Run(), monotonic(), {"service": service, "job_name": job}
    span = _tracer.start_span(f"job {job}", attributes={"baoke.service": service, "baoke.job.name": job})
    _failures.add(0, mine)
    try:
        with trace.use_span(span, record_exception=False, set_status_on_exception=False):
            yield run
    except Exception as error:
        span.set_attribute("error.type", type(error).__name__)
        span.set_status(StatusCode.ERROR)
        _failures.add(1, mine)
        raise
    finally:
        span.set_attribute("baoke.job.handled", run.handled)
        span.end()
        _handled.add(run.handled, mine)
        _duration.record(monotonic() - started, mine)
