from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_reminder.domain.errors import InvalidPlan
from service_reminder.domain.plan_files import plan_of
from service_reminder.domain.plans import Plan, PlanItem, Powertrain, months_after, plan_for
from service_reminder.plans.reading import csv_content, yaml_content
from service_reminder.plans.shipped import shipped_plans

YAML = """
powertrains: [petrol, hybrid]
make: Volkswagen
severe_use_factor: 0.6
items:
  - {code: oil_service, name_zh: 机油, name_en: Oil, every_km: 15000, every_months: 12}
  - {code: annual_inspection, name_zh: 年检, name_en: Inspection, at_months: [24, 48], counts_from: purchase}
"""
CSV = """code,name_zh,name_en,every_km,every_months,at_months,counts_from,powertrains,make,severe_use_factor
oil_service,机油,Oil,15000,12,,,petrol|hybrid,Volkswagen,0.6
annual_inspection,年检,Inspection,,,24|48,purchase,,,
"""


def faults(content: object) -> set[tuple[str, str]]:
    with pytest.raises(InvalidPlan) as refused:
        plan_of("x", content, version=1)
    return {(fault.pointer, fault.message) for fault in refused.value.faults}


def item(**fields: object) -> dict[str, object]:
    return {"code": "oil", "name_zh": "油", "name_en": "Oil", **fields}


@pytest.mark.parametrize("powertrain", Powertrain)
def test_every_powertrain_has_a_shipped_plan_with_the_30000_km_milestone(powertrain):
    plan = plan_for(shipped_plans(), "Any", "Car", powertrain)

    assert plan
    once = {item.code: item.once_at_km for item in plan.items}
    assert once["gearbox_oil"] == once["brake_inspection"] == 30_000
    assert once.keys() >= {"first_service", "insurance_renewal", "annual_inspection", "warranty_end"}


def test_yaml_and_csv_say_the_same():
    assert plan_of("vw", yaml_content(YAML), version=1) == plan_of("vw", csv_content(CSV), version=1)


def test_every_fault_is_named_with_its_place():
    content = {
        "powertrains": ["steam"],
        "model": "Lavida",
        "severe_use_factor": 2,
        "colour": "red",
        "items": [
            item(every_km=-1, speed=3),
            item(code="Oil Change", every_months="often"),
            item(code="brakes"),
            "oil",
            item(every_km=10_000, once_at_km=5_000),
            item(every_km=10_000),
            item(code="tax", at_months=[12, 6]),
        ],
    }

    assert {pointer for pointer, _ in faults(content)} == {
        "/powertrains",
        "/make",
        "/severe_use_factor",
        "/colour",
        "/items/0/every_km",
        "/items/0/speed",
        "/items/0",
        "/items/1/code",
        "/items/1/every_months",
        "/items/1",
        "/items/2",
        "/items/3",
        "/items/4",
        "/items/6/at_months",
        "/items/6",
    }


def test_a_code_twice_is_a_fault():
    content = {"powertrains": ["petrol"], "items": [item(every_km=1_000), item(every_km=2_000)]}

    assert faults(content) == {("/items/1/code", "oil is in the plan twice")}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["powertrains", "items", "code", "every_km"]), inner)
        ),
    )
)
def test_no_content_whatever_does_anything_but_be_refused(content):
    with pytest.raises(InvalidPlan):
        plan_of("x", content, version=1)


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [1, 1]\nb: [*a, *a]",
        "items: [",
        "!!python/object/apply:os.system ['true']",
        "\x00",
        "a: 2026-99-99",
        "[" * 5_000,
    ],
)
def test_yaml_that_is_none_or_means_harm_is_refused(text):
    with pytest.raises(InvalidPlan):
        plan_of("x", yaml_content(text), version=1)


@pytest.mark.parametrize("text", ["", "code,name_zh\n", "code\nx,y\n", 'code\n"x', "code,make\na,VW\nb,BMW\n"])
def test_csv_that_is_none_is_refused(text):
    with pytest.raises(InvalidPlan):
        plan_of("x", csv_content(text), version=1)


def test_the_most_particular_plan_is_chosen():
    def plan(name: str, make: str | None = None, model: str | None = None, version: int = 0) -> Plan:
        return Plan(
            name, frozenset({Powertrain.PETROL}), (PlanItem("a", "a", "a", every_km=500),), make, model, 1, version
        )

    plans = [plan("ours"), plan("theirs", version=1), plan("vw", "Volkswagen"), plan("lavida", "Volkswagen", "Lavida")]

    def chosen(make: str, model: str) -> str:
        found = plan_for(plans, make, model, Powertrain.PETROL)
        assert found
        return found.name

    assert chosen("VOLKSWAGEN", "lavida") == "lavida"
    assert chosen("Volkswagen", "Golf") == "vw"
    assert chosen("BYD", "Qin") == "theirs"
    assert plan_for(plans, "BYD", "Han", Powertrain.ELECTRIC) is None


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one_there_is(start, months, expected):
    assert months_after(start, months) == expected
