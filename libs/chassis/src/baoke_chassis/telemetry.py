"""OpenTelemetry for a process: traces and metrics by OTLP where a collector is named, nothing otherwise."""

from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


def install_telemetry(service_name: str, endpoint: str | None) -> TracerProvider:
    """Make this process traceable. The sampler is the SDK's (`OTEL_TRACES_SAMPLER`, default: follow the parent)."""
    resource = Resource.create({"service.name": service_name, "service.namespace": "baoke"})
    tracing = TracerProvider(resource=resource)
    if endpoint:
        tracing.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        reader = PeriodicExportingMetricReader(OTLPMetricExporter())
        metrics.set_meter_provider(MeterProvider([reader], resource=resource))
        AsyncPGInstrumentor().instrument()  # type: ignore[no-untyped-call]
    trace.set_tracer_provider(tracing)
    return tracing
