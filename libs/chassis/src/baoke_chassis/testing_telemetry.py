"""Part of the pytest plugin: every span of the run, and a scrape of its figures."""

from collections.abc import Callable, Mapping

import pytest
from opentelemetry import metrics, trace
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from baoke_chassis.telemetry import tracer_provider

Series = Mapping[tuple[str, frozenset[tuple[str, str]]], float]
"""Values by the name and the labels of a series."""


@pytest.fixture(scope="session")
def spans() -> InMemorySpanExporter:
    """Every span of this run that has ended; all are sampled unless their parent says otherwise."""
    exporter = InMemorySpanExporter()
    provider = tracer_provider(Resource.get_empty())
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture(scope="session")
def scrape() -> Callable[[], Series]:
    """Reads the figures as Prometheus would."""
    metrics.set_meter_provider(MeterProvider([PrometheusMetricReader(scope_info_enabled=False)]))

    def read() -> Series:
        families = text_string_to_metric_families(generate_latest(REGISTRY).decode())
        return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}

    return read
