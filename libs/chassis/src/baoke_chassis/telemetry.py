"""OpenTelemetry for a process: figures to be scraped, and all of it by OTLP where a collector is named."""

from collections.abc import Sequence

from opentelemetry import metrics, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes

from baoke_chassis.logs import masked


def install_telemetry(service_name: str, endpoint: str | None) -> TracerProvider:
    """Make this process measurable, and traceable where a collector is named.

    Figures wait for `GET /metrics` in any case. The sampler is the SDK's (`OTEL_TRACES_SAMPLER`, default: follow the
    parent, else sample); without a collector nothing is recorded, and events still carry the id of their trace.
    """
    resource = Resource.create({"service.name": service_name, "service.namespace": "baoke"})
    readers: list[MetricReader] = [PrometheusMetricReader(scope_info_enabled=False)]
    if endpoint:
        readers.append(PeriodicExportingMetricReader(OTLPMetricExporter()))
    metrics.set_meter_provider(MeterProvider(readers, resource=resource))
    tracing = tracer_provider(resource, sampler=None if endpoint else ALWAYS_OFF)
    trace.set_tracer_provider(tracing)
    if endpoint:
        tracing.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        AsyncPGInstrumentor().instrument()  # type: ignore[no-untyped-call]
    return tracing


def tracer_provider(resource: Resource, *, sampler: Sampler | None = None) -> TracerProvider:
    """A provider that exports nothing yet, and keeps out phones, and statements that belong to nothing."""
    provider = TracerProvider(resource=resource, sampler=sampler)
    provider.sampler = _WithoutOrphans(provider.sampler)
    provider.add_span_processor(_MaskedQueries())
    return provider


class _WithoutOrphans(Sampler):
    """Drops statements outside any request, batch or job: an idle relay polls twenty times a second."""

    def __init__(self, sampler: Sampler) -> None:
        self._sampler = sampler

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,  # noqa: ARG002 (the SDK's shape)
    ) -> SamplingResult:
        """As the sampler underneath, except for a database client's span without a parent."""
        is_statement = kind is SpanKind.CLIENT and attributes is not None and "db.system" in attributes
        if is_statement and not trace.get_current_span(parent_context).get_span_context().is_valid:
            return SamplingResult(Decision.DROP)
        return self._sampler.should_sample(parent_context, trace_id, name, kind, attributes, links)

    def get_description(self) -> str:
        """How the SDK names it."""
        return f"WithoutOrphans({self._sampler.get_description()})"


class _MaskedQueries(SpanProcessor):
    """Keeps phone numbers that stand in a URL's query out of what is exported."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002 (the SDK's shape)
        """Mask the query, where the span has one."""
        query = span.attributes.get("url.query") if span.attributes else None
        if isinstance(query, str):
            span.set_attribute("url.query", masked(query))
