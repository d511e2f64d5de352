from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from service_reminder.domain.odometer import Reading
from service_reminder.domain.plans import Plan, PlanItem, Powertrain
from service_reminder.domain.policy import MAX_DAYS, MAX_KM_PER_DAY, CyclePolicy, PacePolicy, ReminderPolicy, StepPolicy
from service_reminder.domain.reminders import attend
from service_reminder.domain.vehicles import Registration, Step, Vehicle, read, register
from service_reminder.plans.shipped import shipped_plans

DAY = timedelta(days=1)
START = datetime(2026, 7, 1, 4, tzinfo=UTC)
POLICY = ReminderPolicy()


def plan(*items: PlanItem) -> tuple[Plan, ...]:
    return (Plan("petrol", frozenset({Powertrain.PETROL}), items),)


def yearly(code: str, months: int) -> PlanItem:
    return PlanItem(code, code, code, at_months=(months,))


def vehicle(purchased_on: date = date(2026, 7, 1), *, readings=()) -> Vehicle:
    registration = Registration(
        customer_id=UUID(int=1),
        store_id=UUID(int=2),
        vin="LSVAA4187E2184847",
        make="Volkswagen",
        model="Lavida",
        powertrain=Powertrain.PETROL,
        purchased_on=purchased_on,
        odometer_km=0,
        registered_at=START,
    )
    return read(register(Vehicle(UUID(int=9), UUID(int=8)), registration), tuple(readings))


def told(attended):
    return [(r.step, r.due_on, [(i.outlook.item.code, i.step) for i in r.items]) for r in attended.reminders]


def live(known: Vehicle, plans: tuple[Plan, ...], *, until: datetime, start: datetime = START):
    """Play the job: look at the vehicle whenever it asks to be looked at."""
    said, now = [], start
    while now and now <= until:
        attended = attend(known, plans, POLICY, now)
        said += [(now, *one) for one in told(attended)]
        assert attended.next_step_at is None or attended.next_step_at > now
        known, now = attended.vehicle, attended.next_step_at
    return said


def test_an_item_is_reminded_of_14_and_3_days_before_and_7_days_after():
    said = live(vehicle(), plan(yearly("check", 6)), until=START + 400 * DAY)

    assert [(now.date(), step) for now, step, _, _ in said] == [
        (date(2026, 12, 18), Step.FIRST),
        (date(2026, 12, 29), Step.SECOND),
        (date(2027, 1, 8), Step.OVERDUE),
    ]


def test_nothing_is_said_before_nine_in_the_morning():
    at_eight = datetime(2026, 12, 18, 0, 59, tzinfo=UTC)

    assert attend(vehicle(), plan(yearly("check", 6)), POLICY, at_eight).reminders == ()
    assert attend(vehicle(), plan(yearly("check", 6)), POLICY, at_eight + timedelta(minutes=1)).reminders


def test_what_is_due_within_30_days_goes_out_together():
    items = [PlanItem(code, code, code, once_at_km=km) for code, km in (("a", 5_000), ("b", 6_000), ("c", 7_000))]
    said = live(vehicle(), plan(*items), until=START + 162 * DAY)

    assert [(step, codes) for _, step, _, codes in said] == [
        (Step.FIRST, [("a", Step.FIRST), ("b", Step.FIRST)]),
        (Step.SECOND, [("a", Step.SECOND), ("b", Step.SECOND)]),
        (Step.OVERDUE, [("a", Step.OVERDUE)]),
        (Step.OVERDUE, [("b", Step.OVERDUE)]),
        (Step.FIRST, [("c", Step.FIRST)]),
    ]


def test_a_jump_over_several_steps_says_only_the_latest():
    due_in_two_days = vehicle(readings=[Reading(START, 4_920)])

    attended = attend(due_in_two_days, plan(PlanItem("a", "a", "a", once_at_km=5_000)), POLICY, START)

    assert told(attended) == [(Step.SECOND, date(2026, 7, 3), [("a", Step.SECOND)])]


def test_attending_again_says_nothing_new():
    plans = plan(PlanItem("a", "a", "a", once_at_km=5_000))
    attended = attend(vehicle(readings=[Reading(START, 4_920)]), plans, POLICY, START)

    again = attend(attended.vehicle, plans, POLICY, START)

    assert again.reminders == ()
    assert again.next_step_at == attended.next_step_at == datetime(2026, 7, 10, 1, tzinfo=UTC)


def test_a_date_that_moves_away_is_not_reminded_of_twice():
    plans = plan(PlanItem("a", "a", "a", once_at_km=5_000))
    attended = attend(vehicle(readings=[Reading(START, 4_600)]), plans, POLICY, START)
    parked = read(attended.vehicle, (Reading(START + 30 * DAY, 4_610),))

    after = attend(parked, plans, POLICY, START + 30 * DAY)

    assert told(attended) == [(Step.FIRST, date(2026, 7, 11), [("a", Step.FIRST)])]
    assert after.reminders == ()
    assert after.next_step_at
    assert after.next_step_at > START + 1_000 * DAY


def test_a_vehicle_that_is_not_registered_waits():
    readings_only = read(Vehicle(UUID(int=9), UUID(int=8)), (Reading(START, 29_999),))

    assert attend(readings_only, shipped_plans(), POLICY, START).next_step_at is None


@given(st.dates(date(2008, 1, 1), date(2026, 7, 1)), st.integers(0, 400_000))
def test_no_car_however_old_gets_more_than_two_reminders_on_becoming_known(purchased_on, km):
    known = vehicle(purchased_on, readings=[Reading(START, km)])

    attended = attend(known, shipped_plans(), POLICY, START)

    assert len(attended.reminders) <= 2
    assert attended.next_step_at
    assert attended.next_step_at > START


@settings(max_examples=30, deadline=None)
@given(st.dates(date(2020, 1, 1), date(2026, 7, 1)), st.integers(0, 200_000))
def test_no_step_of_a_cycle_is_ever_said_twice(purchased_on, km):
    known = vehicle(purchased_on, readings=[Reading(START, km)])
    said, now = [], START
    while now and now < START + 1_500 * DAY:
        attended = attend(known, shipped_plans(), POLICY, now)
        said += [(i.outlook.item.code, i.outlook.cycle, i.step) for r in attended.reminders for i in r.items]
        known, now = attended.vehicle, attended.next_step_at

    assert len(said) == len(set(said))


@pytest.mark.parametrize("purchased_on", [date(1900, 1, 1), date(2026, 7, 1)])
@pytest.mark.parametrize("most", [0, MAX_DAYS])
def test_the_largest_and_smallest_numbers_of_a_policy_make_dates_that_exist(most, purchased_on):
    policy = ReminderPolicy(
        pace=PacePolicy(prior_km_per_day=MAX_KM_PER_DAY, recent_days=MAX_DAYS),
        steps=StepPolicy(max(most, 2), max(most - 1, 1), max(most, 1), together_days=most),
        cycles=CyclePolicy(most, most, most),
    )

    for shipped in shipped_plans():
        assert attend(vehicle(purchased_on), (shipped,), policy, START).vehicle
