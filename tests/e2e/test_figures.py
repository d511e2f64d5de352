"""Every figure that an alert, a panel or a page names is told by a platform at work, and the other way round."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import promql_parser
import pytest
import yaml
from baoke_local.demo.dealer import until

ROOT = Path(__file__).parents[2]
ALERTS = ROOT / "deploy/prometheus/alerts.yaml"
FROM_PROMETHEUS = {"up": {"job", "instance"}}
FROM_SCRAPING = {"job", "instance"}
OURS = ("baoke_", "db_client_", "http_server_")
LABELS = {
    *("service", "topic", "type", "reason", "job_name", "state", "le"),
    *("http_request_method", "http_response_status_code", "http_route", "url_scheme", "network_protocol_version"),
    *("error_type",),
}
"""All of few values. No dealer, no key, no person."""


def rules():
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def panels():
    return [p for p in json.loads((ROOT / "deploy/grafana/baoke.json").read_text())["panels"] if p["type"] != "row"]


def expressions():
    shown = [target["expr"] for panel in panels() for target in panel["targets"]]
    for variable, value in (("${service:regex}", "a|b"), ("$service", "a|b"), ("$__rate_interval", "5m")):
        shown = [expr.replace(variable, value) for expr in shown]
    return [rule["expr"] for rule in rules()] + shown


def selectors(node, by=frozenset()):
    """Each metric in an expression, with the labels it must have."""
    if isinstance(node, promql_parser.VectorSelector):
        return [(node.name, by | {matcher.name for matcher in node.matchers.matchers})]
    if isinstance(node, promql_parser.AggregateExpr):
        by = frozenset(node.modifier.labels) if node.modifier else frozenset()
    inner = [getattr(node, name, None) for name in ("lhs", "rhs", "expr", "vector_selector")]
    inner += getattr(node, "args", None) or []
    return [found for child in inner if child is not None for found in selectors(child, by)]


@pytest.fixture
async def told(scrape, platform, dealer, request):
    """The labels of every series a platform at work tells, by the name of the series."""
    lead = await dealer.post(
        "/lead-service/v1/leads",
        {
            "source": {"channel": "website"},
            "contact": {"name": "数", "phone": "13866660009", "email": "n@example.cn"},
            "interest": {"make": "理想", "model": "L7"},
            "store_id": dealer.store_id,
        },
    )
    await dealer.post(f"/lead-service/v1/leads/{lead['lead_id']}/defeat", {"reason": "no_need"})

    wanted = {"baoke_outbox_depth", "baoke_consumer_events_total", "http_server_request_duration_seconds_count"}
    if "kafka" in request.node.callspec.id:
        wanted |= {"baoke_consumer_lag", "baoke_transport_up"}

    async def look():
        found = {}
        for name, labels in scrape():
            found.setdefault(name, set()).update(name for name, _ in labels)
        return found if wanted <= found.keys() else None

    return await until(look, "the figures of a platform at work")


async def test_alerts_and_panels_name_only_what_is_told(told, platform, request):
    if "kafka" not in request.node.callspec.id:
        pytest.skip("partitions and lag are Kafka's")
    there = told | FROM_PROMETHEUS
    named = {found for expr in expressions() for found in selectors(promql_parser.parse(expr))}

    missing = {
        (name, tuple(sorted(labels - there.get(name, set()) - FROM_SCRAPING)))
        for name, labels in named
        if name not in there or labels - there[name] - FROM_SCRAPING
    }

    assert missing == set()


async def test_no_label_has_many_values(told):
    labels = {label for name, labels in told.items() if name.startswith(OURS) for label in labels}
    assert labels <= LABELS


async def test_the_operators_page_lists_every_figure(told, request):
    if "kafka" not in request.node.callspec.id:
        pytest.skip("partitions and lag are Kafka's")
    told_names = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in told if name.startswith(OURS)}
    counts = {name for name in told if name.startswith(OURS) and name.endswith("_connection_count")}
    told_names = {name for name in told_names if name + "_count" not in counts} | counts
    page = (ROOT / "docs/operating.md").read_text()
    listed = {name for name in re.findall(r"^\| `([a-z_]+)`", page, re.MULTILINE) if name.startswith(OURS)}

    assert listed == told_names


def test_every_alert_leads_to_a_page_and_says_how_bad_it_is():
    for rule in rules():
        assert (ROOT / rule["annotations"]["runbook"]).is_file()
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]


@pytest.fixture(scope="session")
def promtool(tmp_path_factory):
    """Prometheus' own checker: the machine's, or that of Debian's package, unpacked without installing it."""
    if installed := shutil.which("promtool"):
        return installed
    fetch, unpack = shutil.which("apt-get"), shutil.which("dpkg")
    if not (fetch and unpack):
        pytest.skip("there is no promtool, and no Debian to take one from")
    folder = tmp_path_factory.mktemp("prometheus")
    subprocess.run([fetch, "download", "prometheus"], cwd=folder, capture_output=True, check=False)  # noqa: S603
    packages = list(folder.glob("*.deb"))
    if not packages:
        pytest.skip("there is no promtool, and Debian's package cannot be fetched")
    subprocess.run([unpack, "-x", packages[0], folder], check=True)  # noqa: S603
    return folder / "usr/bin/promtool"


def test_prometheus_itself_takes_the_rules_and_fires_them_when_it_should(promtool):
    tests = ALERTS.with_name("alerts_test.yaml")
    for command in (["check", "rules", ALERTS], ["test", "rules", tests]):
        outcome = subprocess.run([promtool, *command], capture_output=True, text=True, check=False)  # noqa: S603
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr
