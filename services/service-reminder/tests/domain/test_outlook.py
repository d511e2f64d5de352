from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from service_reminder.domain.explaining import why
from service_reminder.domain.odometer import Reading
from service_reminder.domain.outlook import ItemState, look_ahead, serviced
from service_reminder.domain.plans import CountsFrom, Plan, PlanItem, Powertrain
from service_reminder.domain.policy import ReminderPolicy
from service_reminder.domain.projection import Because, Target
from service_reminder.domain.vehicles import Done, ItemHistory, Registration, Step, Vehicle, read, register

NOW = datetime(2026, 7, 1, 4, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = ReminderPolicy()

OIL = PlanItem("oil_service", "机油", "Oil", every_km=10_000, every_months=12)
FIRST = PlanItem("first_service", "首保", "First service", once_at_km=5_000, at_months=(6,))
GEARBOX = PlanItem("gearbox_oil", "变速箱油", "Gearbox oil", once_at_km=30_000)
INSURANCE = PlanItem(
    "insurance_renewal",
    "续保",
    "Insurance",
    every_months=12,
    counts_from=CountsFrom.PURCHASE,
    assumed_done_after_days=0,
    lapses_after_days=30,
)
INSPECTION = replace(INSURANCE, code="annual_inspection", at_months=(24, 48, 72, 96, 120))
PLAN = Plan("petrol", frozenset({Powertrain.PETROL}), (FIRST, OIL, GEARBOX, INSURANCE, INSPECTION))


def vehicle(*, purchased_on: date, km: int = 0, registered_at: datetime = NOW, readings=(), history=None) -> Vehicle:
    registration = Registration(
        customer_id=UUID(int=1),
        store_id=UUID(int=2),
        vin="LSVAA4187E2184847",
        make="Volkswagen",
        model="Lavida",
        powertrain=Powertrain.PETROL,
        purchased_on=purchased_on,
        odometer_km=km,
        registered_at=registered_at,
    )
    blank = Vehicle(UUID(int=9), UUID(int=8), history=history or {})
    return read(register(blank, registration), tuple(readings))


def ahead_of(known: Vehicle, now: datetime = NOW, plan: Plan = PLAN):
    assert known.registration
    return look_ahead(known, known.registration, plan, POLICY, now)


def items_of(known: Vehicle, now: datetime = NOW, plan: Plan = PLAN):
    return {item.item.code: item for item in ahead_of(known, now, plan).items}


def driven(start_km: int, km_per_day: int, days: int, *, until: datetime = NOW) -> list[Reading]:
    return [Reading(until - (days - day) * DAY, start_km + day * km_per_day) for day in range(days + 1)]


def test_a_new_car_has_everything_before_it():
    items = items_of(vehicle(purchased_on=date(2026, 7, 1)))

    assert {code: (item.cycle, item.due_on, item.state) for code, item in items.items()} == {
        "first_service": (1, date(2026, 11, 3), ItemState.PLANNED),
        "oil_service": (1, date(2027, 3, 8), ItemState.PLANNED),
        "gearbox_oil": (1, date(2028, 7, 20), ItemState.PLANNED),
        "insurance_renewal": (1, date(2027, 7, 1), ItemState.PLANNED),
        "annual_inspection": (1, date(2028, 7, 1), ItemState.PLANNED),
    }
    assert items["first_service"].projection.because is Because.DISTANCE


def test_a_car_that_becomes_known_after_five_years_has_only_sensible_cycles_before_it():
    items = items_of(vehicle(purchased_on=date(2021, 2, 10), km=84_000))

    assert {code: (item.cycle, item.target, item.state) for code, item in items.items()} == {
        "first_service": (2, None, ItemState.ASSUMED_DONE),
        "oil_service": (9, Target(90_000, date(2030, 2, 10)), ItemState.PLANNED),
        "gearbox_oil": (2, None, ItemState.ASSUMED_DONE),
        "insurance_renewal": (6, Target(None, date(2027, 2, 10)), ItemState.PLANNED),
        "annual_inspection": (3, Target(None, date(2027, 2, 10)), ItemState.PLANNED),
    }


def test_a_milestone_passed_shortly_before_the_vehicle_became_known_is_still_owed():
    shortly = items_of(vehicle(purchased_on=date(2024, 3, 1), km=30_400))["gearbox_oil"]
    long_ago = items_of(vehicle(purchased_on=date(2024, 3, 1), km=31_300))["gearbox_oil"]

    assert (shortly.state, shortly.due_on) == (ItemState.OVERDUE, date(2026, 6, 21))
    assert long_ago.state is ItemState.ASSUMED_DONE


def test_readings_from_before_the_registration_tell_what_was_done_elsewhere():
    readings = driven(26_500, 50, 60)
    items = items_of(vehicle(purchased_on=date(2024, 3, 1), km=0, readings=readings))

    assert items["gearbox_oil"].due_on == date(2026, 7, 11)
    assert (items["oil_service"].cycle, items["oil_service"].target.km) == (3, 30_000)


def test_a_milestone_that_no_reading_has_passed_is_owed_however_old_the_last_reading_is():
    stale = driven(26_500, 50, 60, until=NOW - 90 * DAY)
    items = items_of(vehicle(purchased_on=date(2024, 3, 1), km=0, readings=stale))

    assert (items["gearbox_oil"].state, items["gearbox_oil"].due_on) == (ItemState.OVERDUE, date(2026, 4, 12))


@given(st.permutations(driven(26_500, 50, 12)), st.integers(0, 13))
def test_readings_and_registration_may_come_in_any_order(readings, split):
    registered = vehicle(purchased_on=date(2024, 3, 1), km=26_000)
    late = read(Vehicle(registered.dealer_id, registered.vehicle_id), tuple(readings[:split]))
    late = read(register(late, registered.registration), tuple(readings[split:]))

    assert late == read(registered, tuple(readings))


def test_work_done_here_starts_the_next_cycle_from_that_day_and_distance():
    known = vehicle(purchased_on=date(2024, 3, 1), readings=driven(26_500, 50, 60))
    delivered = Reading(NOW, 29_600)

    after = read(serviced(ahead_of(known), frozenset({"oil_service", "gearbox_oil"}), delivered, POLICY), (delivered,))
    items = items_of(after)

    assert items["oil_service"].cycle == 4
    assert items["oil_service"].target == Target(39_600, date(2027, 7, 1))
    assert items["oil_service"].done == Done(date(2026, 7, 1), 29_600, 3)
    assert items["gearbox_oil"].state is ItemState.DONE


def test_an_insurance_renewed_here_is_due_on_the_next_anniversary_of_the_purchase():
    known = vehicle(purchased_on=date(2024, 7, 20))

    after = serviced(ahead_of(known), frozenset({"insurance_renewal"}), Reading(NOW, 20_000), POLICY)

    assert items_of(after)["insurance_renewal"].target == Target(None, date(2027, 7, 20))


def test_an_insurance_renewed_long_before_its_date_was_late_for_the_year_before():
    known = vehicle(purchased_on=date(2024, 5, 20))

    after = serviced(ahead_of(known), frozenset({"insurance_renewal"}), Reading(NOW, 20_000), POLICY)

    assert items_of(after)["insurance_renewal"].target == Target(None, date(2027, 5, 20))


def test_a_cycle_that_nobody_did_gives_way_to_the_next():
    known = vehicle(purchased_on=date(2026, 6, 25))

    overdue = items_of(known, datetime(2027, 7, 24, 4, tzinfo=UTC))["insurance_renewal"]
    lapsed = items_of(known, datetime(2027, 7, 25, 4, tzinfo=UTC))["insurance_renewal"]

    assert (overdue.cycle, overdue.state) == (1, ItemState.OVERDUE)
    assert (lapsed.cycle, lapsed.target) == (2, Target(None, date(2028, 6, 25)))


def test_work_done_here_long_ago_lapses_too():
    history = {"oil_service": ItemHistory(4, None, Done(date(2024, 1, 10), 30_000, 3))}
    known = vehicle(
        purchased_on=date(2021, 1, 1),
        registered_at=datetime(2023, 1, 1, tzinfo=UTC),
        readings=[Reading(datetime(2024, 1, 10, tzinfo=UTC), 30_000), Reading(NOW, 30_900)],
        history=history,
    )

    oil = items_of(known)["oil_service"]

    assert (oil.cycle, oil.target) == (5, Target(50_000, date(2026, 1, 10)))
    again = replace(known, history={"oil_service": ItemHistory(5, Step.OVERDUE, Done(date(2024, 1, 10), 30_000, 3))})
    assert items_of(again)["oil_service"].cycle == 5


def test_a_cycle_never_goes_back():
    known = vehicle(purchased_on=date(2026, 7, 1), history={"oil_service": ItemHistory(3, Step.FIRST)})

    assert items_of(known)["oil_service"].cycle == 3


def test_severe_use_halves_the_intervals_but_not_the_calendar():
    known = replace(vehicle(purchased_on=date(2026, 7, 1)), severe_use=True)
    items = items_of(known)

    assert items["oil_service"].target == Target(5_000, date(2027, 1, 1))
    assert items["gearbox_oil"].target.km == 30_000
    assert items["insurance_renewal"].target.on == date(2027, 7, 1)


def test_each_item_says_why():
    known = vehicle(purchased_on=date(2024, 3, 1), readings=driven(26_500, 50, 60))
    ahead = ahead_of(known)
    sentences = {item.item.code: why(item, ahead) for item in ahead.items}

    assert sentences["gearbox_oil"].en == (
        "With 29500 km on 2026-07-01 and 50.0 km a day (from 10 readings over 60 days), "
        "30000 km are reached on 2026-07-11."
    )
    assert sentences["insurance_renewal"].en == "The calendar asks for it on 2027-03-01."
    assert sentences["first_service"].en == (
        "It fell due before the vehicle became known on 2026-07-01; assumed done elsewhere."
    )
    assert sentences["oil_service"].zh == (
        "2026-07-01里程29500公里,日均50.0公里(由60天内10次读数得出),预计2026-07-11达到30000公里,早于按日期的2027-03-01。"
    )
