import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import LeadAssigned, LeadReturnedToPool
from sqlalchemy import text


async def test_the_pool_has_open_leads_that_are_nobodys(client, client_as, advisor, capture, defeat, other_store_id):
    free, elsewhere = str(await capture()), str(await capture(store_id=str(other_store_id)))
    await defeat("price")
    await capture(await advisor())

    mine = (await client_as(Role.ADVISOR, stores=[other_store_id]).get("/v1/pool")).json()["items"]

    assert [lead["lead_id"] for lead in (await client.get("/v1/pool")).json()["items"]] == [elsewhere, free]
    assert [lead["lead_id"] for lead in mine] == [elsewhere]


async def test_a_claimed_lead_is_the_advisors(client, advisor, capture, published):
    lead_id, advisor_id = await capture(), uuid4()
    own = await advisor(advisor_id)

    claimed = await own.post(f"/v1/leads/{lead_id}/claim")
    again = await own.post(f"/v1/leads/{lead_id}/claim")

    assert (claimed.status_code, claimed.json()["advisor_id"]) == (200, str(advisor_id))
    assert again.status_code == 200
    [assigned] = [event for event in await published() if isinstance(event, LeadAssigned)]
    assert (assigned.advisor_id, assigned.from_advisor_id, assigned.reason) == (advisor_id, None, "claimed")
    assert (await client.get("/v1/pool")).json()["items"] == []


async def test_of_many_who_claim_a_lead_at_once_one_gets_it(advisor, capture, published):
    lead_id = await capture()
    colleagues = [await advisor() for _ in range(8)]

    answers = await asyncio.gather(*(each.post(f"/v1/leads/{lead_id}/claim") for each in colleagues))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {"/problems/lead-taken"}
    assert len([event for event in await published() if isinstance(event, LeadAssigned)]) == 1


async def test_nobody_claims_more_than_they_can_take_however_fast(client, advisor, capture):
    advisor_id = uuid4()
    own = await advisor(advisor_id, capacity=3)
    leads = [await capture() for _ in range(8)]

    answers = await asyncio.gather(*(own.post(f"/v1/leads/{lead_id}/claim") for lead_id in leads))

    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [409] * 5
    assert {a.json()["type"] for a in answers if a.status_code == 409} == {"/problems/advisor-at-capacity"}
    assert (await client.get(f"/v1/advisors/{advisor_id}")).json()["open_leads"] == 3


@pytest.mark.parametrize("entry", [None, {"is_active": False}], ids=["on no roster", "not active"])
async def test_who_is_not_at_work_claims_nothing(client_as, advisor, capture, entry):
    lead_id, advisor_id = await capture(), uuid4()
    if entry:
        await advisor(advisor_id, **entry)

    answer = await client_as(Role.ADVISOR, subject=str(advisor_id)).post(f"/v1/leads/{lead_id}/claim")

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-on-the-roster")


async def test_a_lead_of_another_store_or_dealer_or_a_closed_one_is_not_claimed(
    client_as, advisor, capture, defeat, other_store_id
):
    own = await advisor()
    open_, closed = await capture(), await defeat("price")
    elsewhere = client_as(Role.ADVISOR, subject=str(uuid4()), stores=[other_store_id])
    stranger = client_as(Role.ADMIN, dealer_id=OTHER_DEALER)

    assert (await elsewhere.post(f"/v1/leads/{open_}/claim")).status_code == 404
    assert (await stranger.post(f"/v1/leads/{open_}/claim")).status_code == 404
    assert (await own.post(f"/v1/leads/{closed}/claim")).json()["type"] == "/problems/lead-closed"


async def test_a_transfer_says_from_whom_to_whom_by_whom_and_why(client, client_as, advisor, capture, published):
    first, second, manager = uuid4(), uuid4(), str(uuid4())
    lead_id = await capture(await advisor(first))
    await advisor(second, capacity=0)

    answer = await client_as(Role.MANAGER, subject=manager).post(
        f"/v1/leads/{lead_id}/transfer", json={"advisor_id": str(second), "reason": "客户要求换顾问"}
    )

    assert answer.json()["advisor_id"] == str(second)
    newest, captured = (await client.get(f"/v1/leads/{lead_id}/assignments")).json()["items"]
    assert (newest["advisor_id"], newest["from_advisor_id"], newest["reason"], newest["note"]) == (
        str(second),
        str(first),
        "transferred",
        "客户要求换顾问",
    )
    assert (newest["assigned_by"], captured["reason"]) == (manager, "captured")
    assigned = (await published())[-1]
    assert isinstance(assigned, LeadAssigned)
    assert (assigned.advisor_id, assigned.from_advisor_id, assigned.reason) == (second, first, "transferred")


async def test_a_lead_is_given_back_to_the_pool(client, advisor, capture, published):
    advisor_id = uuid4()
    lead_id = await capture(await advisor(advisor_id))

    await client.post(f"/v1/leads/{lead_id}/transfer", json={"advisor_id": None, "reason": "出差"})

    returned = (await published())[-1]
    assert isinstance(returned, LeadReturnedToPool)
    assert (returned.from_advisor_id, returned.reason) == (advisor_id, "transferred")
    assert [lead["lead_id"] for lead in (await client.get("/v1/pool")).json()["items"]] == [str(lead_id)]


async def test_a_lead_goes_to_nobody_who_is_not_on_the_roster(client, capture, published):
    lead_id = await capture()
    told = await published()

    answer = await client.post(f"/v1/leads/{lead_id}/transfer", json={"advisor_id": str(uuid4()), "reason": "typo"})

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-on-the-roster")
    assert await published() == told


async def test_an_advisor_transfers_nothing(advisor, capture):
    own = await advisor()
    lead_id = await capture(own)

    answer = await own.post(f"/v1/leads/{lead_id}/transfer", json={"advisor_id": None, "reason": "x"})

    assert answer.status_code == 403


async def test_neglected_leads_go_back_to_the_pool_and_not_at_once_to_who_neglected_them(
    client, advisor, capture, run_job, published
):
    advisor_id = uuid4()
    own = await advisor(advisor_id)
    lead_id = await capture(own, grade="a")
    later = utc_now() + timedelta(days=9)

    await run_job("report-missed-follow-ups", now=later - timedelta(days=1))
    recycled = await run_job("recycle-leads", now=later)

    assert recycled == 1
    returned = (await published())[-1]
    assert isinstance(returned, LeadReturnedToPool)
    assert (returned.from_advisor_id, returned.reason) == (advisor_id, "neglected")
    assert [lead["lead_id"] for lead in (await client.get("/v1/pool")).json()["items"]] == [str(lead_id)]
    back = await own.post(f"/v1/leads/{lead_id}/claim")
    assert (back.status_code, back.json()["type"]) == (409, "/problems/taken-back")
    assert (await (await advisor()).post(f"/v1/leads/{lead_id}/claim")).status_code == 200


async def test_who_follows_up_in_time_keeps_the_lead(client, advisor, capture, run_job):
    own = await advisor()
    lead_id = await capture(own, grade="a")
    await run_job("report-missed-follow-ups", now=utc_now() + timedelta(days=2))

    await own.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"})

    assert await run_job("recycle-leads", now=utc_now() + timedelta(days=30)) == 0
    assert (await client.get("/v1/pool")).json()["items"] == []


async def test_the_leads_of_who_leaves_go_to_the_others_in_turn(client, advisor, capture, published):
    leaving, *others = (uuid4() for _ in range(3))
    own = await advisor(leaving)
    for other in others:
        await advisor(other)
    leads = {str(await capture(own)) for _ in range(6)}
    body = {
        "from_advisor_id": str(leaving),
        "to_advisor_ids": [str(other) for other in others],
        "reason": "李强离职",
    }

    asked = await client.post("/v1/leads/reassign?dry_run=true", json=body)
    done = await client.post("/v1/leads/reassign", json=body)

    assert asked.json() == {"reassignment_id": None, "matched": 6, "moved": 0, "finished_at": None}
    assert (done.status_code, done.json()["matched"], done.json()["moved"]) == (200, 6, 6)
    shown = await client.get(f"/v1/reassignments/{done.json()['reassignment_id']}")
    assert shown.json() == done.json()
    assert [(await client.get(f"/v1/advisors/{other}")).json()["open_leads"] for other in others] == [3, 3]
    moved = [event for event in await published() if isinstance(event, LeadAssigned)]
    assert {str(event.lead_id) for event in moved} == leads
    assert {(event.from_advisor_id, event.reason) for event in moved} == {(leaving, "reassigned")}
    assert (await client.delete(f"/v1/advisors/{leaving}")).status_code == 204


@pytest.mark.parametrize(("others", "at_once"), [(499, True), (500, False), (999, False)])
async def test_more_leads_than_a_batch_are_moved_after_the_answer(
    client, advisor, capture, session, run_job, others, at_once
):
    leaving, other = uuid4(), uuid4()
    lead_id = await capture(await advisor(leaving))
    await advisor(other)
    await session.execute(
        text("""
        INSERT INTO lead (dealer_id, id, store_id, advisor_id, channel, source_system, name, phone_is_relay, email,
            locale, time_zone, consents, make, model, grade, stage, touches, next_contact_at, follow_up_missed,
            captured_at)
        SELECT dealer_id, gen_random_uuid(), store_id, advisor_id, channel, source_system, name, true, 'a@b.cn',
            locale, time_zone, consents, make, model, grade, stage, touches, next_contact_at, false, captured_at
        FROM lead, generate_series(1, :others) WHERE id = :lead_id
        """),
        {"lead_id": lead_id, "others": others},
    )
    await session.commit()
    body = {"from_advisor_id": str(leaving), "to_advisor_ids": [str(other)], "reason": "李强离职"}

    asked = await client.post("/v1/leads/reassign", json=body)
    await run_job("reassign-leads")

    answer, all_ = asked.json(), others + 1
    assert (asked.status_code, answer["matched"]) == (200 if at_once else 202, all_)
    assert (answer["moved"], answer["finished_at"] is not None) == (all_ if at_once else 0, at_once)
    shown = (await client.get(f"/v1/reassignments/{asked.json()['reassignment_id']}")).json()
    assert (shown["moved"], shown["finished_at"] is None) == (all_, False)
    assert (await client.get(f"/v1/advisors/{other}")).json()["open_leads"] == all_


async def test_a_manager_hands_the_pool_out_or_takes_named_leads_back(client, advisor, capture):
    advisor_id = uuid4()
    await advisor(advisor_id)
    leads = [str(await capture()) for _ in range(3)]

    out = await client.post(
        "/v1/leads/reassign", json={"from_pool": True, "to_advisor_ids": [str(advisor_id)], "reason": "周一分配"}
    )
    back = await client.post("/v1/leads/reassign", json={"lead_ids": leads[:2], "to_advisor_ids": [], "reason": "收回"})

    assert (out.json()["moved"], back.json()["moved"]) == (3, 2)
    assert {lead["lead_id"] for lead in (await client.get("/v1/pool")).json()["items"]} == set(leads[:2])


async def test_a_manager_of_other_stores_moves_nothing(client_as, client, advisor, capture, other_store_id):
    advisor_id = uuid4()
    await capture(await advisor(advisor_id))
    elsewhere = client_as(Role.MANAGER, stores=[other_store_id])

    done = await elsewhere.post(
        "/v1/leads/reassign", json={"from_advisor_id": str(advisor_id), "to_advisor_ids": [], "reason": "x"}
    )

    assert (done.json()["matched"], done.json()["moved"]) == (0, 0)
    assert (await client.get(f"/v1/advisors/{advisor_id}")).json()["open_leads"] == 1


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("transfer", {"reason": "x"}, "/advisor_id"),
        ("transfer", {"advisor_id": "me", "reason": "x"}, "/advisor_id"),
        ("transfer", {"advisor_id": None}, "/reason"),
        ("transfer", {"advisor_id": None, "reason": ""}, "/reason"),
        ("transfer", {"advisor_id": None, "reason": "x", "force": True}, "/force"),
        ("reassign", {"to_advisor_ids": [], "reason": "x"}, ""),
        ("reassign", {"stages": ["new"], "to_advisor_ids": [], "reason": "x"}, ""),
        ("reassign", {"lead_ids": [], "to_advisor_ids": [], "reason": "x"}, "/lead_ids"),
        ("reassign", {"from_pool": True, "to_advisor_ids": ["x"], "reason": "x"}, "/to_advisor_ids/0"),
        ("reassign", {"from_pool": "yes", "to_advisor_ids": [], "reason": "x"}, "/from_pool"),
        ("reassign", {"from_pool": True, "reason": "x"}, "/to_advisor_ids"),
        ("reassign", {"from_pool": True, "to_advisor_ids": [], "stages": ["sold"], "reason": "x"}, "/stages/0"),
        ("reassign", {"from_pool": True, "to_advisor_ids": [], "grades": ["z"], "reason": "x"}, "/grades/0"),
    ],
)
async def test_what_does_not_say_who_gets_what_and_why_is_refused(client, capture, published, path, body, pointer):
    lead_id = await capture()
    told = await published()

    response = await client.post(f"/v1/leads/{path if path == 'reassign' else f'{lead_id}/{path}'}", json=body)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert await published() == told


async def test_both_the_pool_and_an_advisor_are_not_where_leads_come_from(client):
    body = {"from_pool": True, "from_advisor_id": str(uuid4()), "to_advisor_ids": [], "reason": "x"}

    assert (await client.post("/v1/leads/reassign", json=body)).status_code == 422
