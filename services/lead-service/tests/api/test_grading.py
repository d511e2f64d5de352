from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import LeadContacted, LeadDecisionStyleSet, LeadGraded, LeadRescheduled
from sqlalchemy import text


async def test_a_grade_given_with_a_reason_starts_its_clock_and_is_kept(client, capture, published):
    lead_id = await capture(grade="c")

    answer = (await client.post(f"/v1/leads/{lead_id}/grade", json={"grade": "H", "reason": "本周要定车"})).json()

    due_in = datetime.fromisoformat(answer["next_contact_at"]) - utc_now()
    assert (answer["grade"], timedelta(hours=23) < due_in <= timedelta(days=1)) == ("h", True)
    clocks = (await client.get(f"/v1/leads/{lead_id}/clocks")).json()
    [change] = clocks["grades"]
    assert (change["from_grade"], change["to_grade"], change["reason"]) == ("c", "h", "本周要定车")
    assert change["graded_by"]
    graded = (await published())[-1]
    assert isinstance(graded, LeadGraded)
    assert (graded.from_grade, graded.grade, graded.lead_id) == ("c", "h", lead_id)
    assert graded.next_contact_at.isoformat().startswith(answer["next_contact_at"][:19])


async def test_the_grade_it_has_already_changes_nothing(client, capture, published):
    lead_id = await capture(grade="a")
    told = await published()

    assert (await client.post(f"/v1/leads/{lead_id}/grade", json={"grade": "a", "reason": "再看看"})).status_code == 200

    assert await published() == told
    assert (await client.get(f"/v1/leads/{lead_id}/clocks")).json()["grades"] == []


async def test_the_next_contact_is_moved_with_a_reason_and_the_move_is_kept(client, capture, published):
    lead_id = await capture(grade="b")
    to_at = (utc_now() + timedelta(days=10)).replace(microsecond=0)

    response = await client.post(
        f"/v1/leads/{lead_id}/next-contact", json={"next_contact_at": to_at.isoformat(), "reason": "客户出差"}
    )

    assert response.json()["next_contact_at"] == to_at.isoformat().replace("+00:00", "Z")
    [move] = (await client.get(f"/v1/leads/{lead_id}/clocks")).json()["moves"]
    assert (move["to_at"], move["reason"]) == (to_at.isoformat().replace("+00:00", "Z"), "客户出差")
    moved = (await published())[-1]
    assert isinstance(moved, LeadRescheduled)
    assert (moved.lead_id, moved.to_at) == (lead_id, to_at)


@pytest.mark.parametrize(
    ("days", "kind"),
    [(-1, "next-contact-in-the-past"), (15, "next-contact-too-far"), (2_900_000, "next-contact-too-far")],
)
async def test_a_date_outside_the_policys_bounds_is_refused_and_nothing_is_lost(client, capture, published, days, kind):
    lead_id = await capture(grade="b")
    before, told = (await client.get(f"/v1/leads/{lead_id}")).json(), await published()

    response = await client.post(
        f"/v1/leads/{lead_id}/next-contact",
        json={"next_contact_at": (utc_now() + timedelta(days=days)).isoformat(), "reason": "客户出差"},
    )

    assert (response.status_code, response.json()["type"]) == (409, f"/problems/{kind}")
    assert ((await client.get(f"/v1/leads/{lead_id}")).json(), await published()) == (before, told)


async def test_a_lead_waits_no_longer_since_its_last_contact_however_often_that_is_moved(client, capture, session):
    lead_id = await capture(grade="b")
    await client.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"})
    await session.execute(text("UPDATE follow_up SET made_at = made_at - interval '10 days'"))
    await session.commit()

    answers = [
        await client.post(
            f"/v1/leads/{lead_id}/next-contact",
            json={"next_contact_at": (utc_now() + timedelta(days=days)).isoformat(), "reason": "客户出差"},
        )
        for days in (3.9, 5)
    ]

    assert [answer.status_code for answer in answers] == [200, 409]


async def test_an_overdue_contact_is_made_not_moved(client, capture, session):
    lead_id = await capture()
    await session.execute(text("UPDATE lead SET next_contact_at = now() - interval '1 hour'"))
    await session.commit()

    response = await client.post(
        f"/v1/leads/{lead_id}/next-contact",
        json={"next_contact_at": (utc_now() + timedelta(days=1)).isoformat(), "reason": "忘了"},
    )

    assert (response.status_code, response.json()["type"]) == (409, "/problems/contact-overdue")


async def test_how_a_person_decides_is_noted_once_and_can_be_taken_back(client, capture, published):
    lead_id = await capture()
    told = len(await published())

    answers = [
        (await client.post(f"/v1/leads/{lead_id}/decision-style", json={"decision_style": style})).json()
        for style in ("cautious", "cautious", None)
    ]

    assert [answer["decision_style"] for answer in answers] == ["cautious", "cautious", None]
    set_, taken_back = (await published())[told:]
    assert isinstance(set_, LeadDecisionStyleSet)
    assert (set_.decision_style, taken_back.decision_style) == ("cautious", None)


async def test_the_first_contact_says_that_it_is_the_answer_and_whether_it_came_in_time(client, capture, published):
    lead_id = await capture(source={"channel": "showroom"})

    for outcome in ("no_answer", "reached"):
        await client.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": outcome})

    clocks = (await client.get(f"/v1/leads/{lead_id}/clocks")).json()
    assert (clocks["responded_in_time"], clocks["response_minutes"], clocks["response_level"]) == (True, 0, 0)
    first, second = (event for event in await published() if isinstance(event, LeadContacted))
    assert (first.responded_in_time, first.response_minutes) == (True, 0)
    assert first.respond_by - first.occurred_at <= timedelta(minutes=3)
    assert (second.respond_by, second.responded_in_time, second.response_minutes) == (None, None, None)


GRADE = {"grade": "h", "reason": "本周要定车"}
MOVE = {"next_contact_at": "2099-01-01T09:00:00+08:00", "reason": "客户出差"}
STYLE = {"decision_style": "cautious"}


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("grade", {**GRADE, "grade": "z"}, "/grade"),
        ("grade", {**GRADE, "grade": 1}, "/grade"),
        ("grade", {"grade": "h"}, "/reason"),
        ("grade", {**GRADE, "reason": "   "}, "/reason"),
        ("grade", {**GRADE, "reason": "x" * 501}, "/reason"),
        ("grade", {**GRADE, "reason": "a\x00b"}, "/reason"),
        ("grade", {**GRADE, "why": "?"}, "/why"),
        ("grade", [], ""),
        ("next-contact", {**MOVE, "next_contact_at": "2099-01-01T09:00:00"}, "/next_contact_at"),
        ("next-contact", {**MOVE, "next_contact_at": "tomorrow"}, "/next_contact_at"),
        ("next-contact", {**MOVE, "next_contact_at": 4_070_908_800}, "/next_contact_at"),
        ("next-contact", {**MOVE, "next_contact_at": None}, "/next_contact_at"),
        ("next-contact", {"next_contact_at": MOVE["next_contact_at"]}, "/reason"),
        ("decision-style", {"decision_style": "rash"}, "/decision_style"),
        ("decision-style", {"decision_style": True}, "/decision_style"),
        ("decision-style", {}, "/decision_style"),
        ("contacts", {"channel": "phone", "outcome": "reached", "script_id": "7"}, "/script_id"),
    ],
)
async def test_a_body_that_does_not_fit_is_answered_with_its_place(client, capture, published, path, body, pointer):
    lead_id = await capture()
    told = await published()

    response = await client.post(f"/v1/leads/{lead_id}/{path}", json=body)

    assert response.status_code == 422
    assert pointer in {error["pointer"] for error in response.json()["errors"]}
    assert await published() == told


@pytest.mark.parametrize(("path", "body"), [("grade", GRADE), ("next-contact", MOVE), ("decision-style", STYLE)])
async def test_a_closed_lead_a_strangers_and_none_at_all_are_refused(client, client_as, capture, defeat, path, body):
    closed, open_ = await defeat("price"), await capture()
    stranger = client_as(Role.ADMIN, dealer_id=OTHER_DEALER)

    answers = [
        await client.post(f"/v1/leads/{closed}/{path}", json=body),
        await stranger.post(f"/v1/leads/{open_}/{path}", json=body),
        await client.post(f"/v1/leads/{uuid4()}/{path}", json=body),
        await client.post(f"/v1/leads/seven/{path}", json=body),
    ]

    assert [answer.status_code for answer in answers] == [409, 404, 404, 422]
    assert (await stranger.get(f"/v1/leads/{open_}/clocks")).status_code == 404


async def test_a_script_that_is_not_in_the_library_was_not_used(client, capture, published):
    lead_id = await capture()
    told = await published()

    response = await client.post(
        f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached", "script_id": str(uuid4())}
    )

    assert (response.status_code, response.json()["type"]) == (404, "/problems/script-not-found")
    assert await published() == told


async def test_a_dealers_calendar_decides_when_an_answer_is_due(client, capture, set_policy):
    whole_day = [{"opens": "00:00", "closes": "00:00"}]
    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    today = datetime.now(UTC).date()
    closed = [(today + timedelta(days=n)).isoformat() for n in range(-2, 5)]
    await set_policy(
        working={"calendar": {"time_zone": "UTC", "shifts": dict.fromkeys(days, whole_day), "holidays": closed}}
    )

    clocks = (await client.get(f"/v1/leads/{await capture()}/clocks")).json()

    assert clocks["respond_by"] == f"{(today + timedelta(days=5)).isoformat()}T00:30:00Z"


@pytest.mark.parametrize(
    "working",
    [
        {"calendar": {"time_zone": "Moon/Sea"}},
        {"calendar": {"shifts": {"monday": [{"opens": "18:00", "closes": "09:00"}]}}},
        {"calendar": {"shifts": {"monday": [{"opens": "09:00", "closes": "10:00"}]}}},
        {"calendar": {"shifts": {"noday": [{"opens": "09:00", "closes": "18:00"}]}}},
        {"calendar": {"holidays": ["2026-02-30"]}},
        {"calendar": {"holidays": ["2026-02-16"], "make_up_days": {"2026-02-16": "monday"}}},
        {"store_calendars": {"not-a-store": {}}},
        {"respond_within_minutes": {"pigeon": 3}},
        {"respond_within_minutes": {"showroom": 0}},
        {"response_escalation_minutes": [30, 0]},
        {"worklist": {"unanswered_weight": 0}},
        {"worklist": {"grade_weights": {"h": 8}}},
        {"timeliness_target": 95},
    ],
)
async def test_rules_that_nobody_could_work_by_are_refused(client_as, working):
    response = await client_as(Role.ADMIN).put("/v1/policy", json={"working": working})

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"].startswith("/working")


READERS = {Role.ADVISOR, Role.MANAGER, Role.MARKETING, Role.AUDITOR}


@pytest.mark.parametrize(
    ("method", "path", "admitted"),
    [
        ("POST", f"/v1/leads/{UUID(int=1)}/grade", {Role.ADVISOR, Role.MANAGER}),
        ("POST", f"/v1/leads/{UUID(int=1)}/next-contact", {Role.ADVISOR, Role.MANAGER}),
        ("POST", f"/v1/leads/{UUID(int=1)}/decision-style", {Role.ADVISOR, Role.MANAGER}),
        ("GET", f"/v1/leads/{UUID(int=1)}/clocks", READERS),
        ("GET", "/v1/worklist", {Role.ADVISOR, Role.MANAGER}),
        ("GET", "/v1/scripts", READERS),
        ("POST", "/v1/scripts", {Role.MANAGER, Role.MARKETING}),
        ("PUT", f"/v1/scripts/{UUID(int=1)}", {Role.MANAGER, Role.MARKETING}),
        ("DELETE", f"/v1/scripts/{UUID(int=1)}", {Role.MANAGER, Role.MARKETING}),
        ("GET", "/v1/timeliness?from=2026-01-01&to=2026-01-31", {Role.ADVISOR, Role.MANAGER, Role.AUDITOR}),
    ],
)
async def test_each_route_of_working_admits_its_roles_and_admins_only(client_as, anonymous, method, path, admitted):
    assert (await anonymous.request(method, path)).status_code == 401
    for role in Role:
        status = (await client_as(role, subject=str(uuid4())).request(method, path)).status_code
        assert (status == 403) == (role not in {*admitted, Role.ADMIN}), role
