import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.clock import utc_now
from baoke_events import LeadAssigned, LeadReturnedToPool
from lead_service.commands import recycle_leads

SALE = {
    "vin": "LC0CE4CB7N0123455",
    "make": "BYD",
    "model": "Seal",
    "price_cents": 18_980_000,
    "sold_at": "2026-01-08T06:30:00Z",
}


@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        (None, "not-on-the-roster"),
        ({"is_active": False}, "not-on-the-roster"),
        ({"store_id": "0199d3a0-0000-7000-8000-0000000000a2"}, "not-on-the-roster"),
        ({"capacity": 0}, "advisor-at-capacity"),
    ],
    ids=["on no roster", "not active", "of another store", "full"],
)
@pytest.mark.parametrize(
    ("route", "body"), [("claim", None), ("contacts", {"channel": "phone", "outcome": "no_answer"})]
)
async def test_who_may_not_take_a_lead_on_does_not_by_a_contact_either(
    client, client_as, advisor, capture, published, entry, refusal, route, body
):
    lead_id, advisor_id = await capture(), uuid4()
    if entry:
        await advisor(advisor_id, **entry)
    told = await published()

    answer = await client_as(Role.ADVISOR, subject=str(advisor_id)).post(f"/v1/leads/{lead_id}/{route}", json=body)

    assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{refusal}")
    assert await published() == told
    assert [lead["lead_id"] for lead in (await client.get("/v1/pool")).json()["items"]] == [str(lead_id)]


async def test_a_contact_with_a_lead_of_the_pool_makes_it_the_advisors(client, advisor, capture, published):
    lead_id, advisor_id = await capture(), uuid4()
    own = await advisor(advisor_id)

    made = await own.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"})

    assert (made.status_code, made.json()["lead"]["advisor_id"]) == (201, str(advisor_id))
    assert "*" not in made.json()["lead"]["contact"]["phone"]
    [assigned] = [event for event in await published() if isinstance(event, LeadAssigned)]
    assert (assigned.advisor_id, assigned.from_advisor_id, assigned.reason) == (advisor_id, None, "followed_up")
    [kept] = (await client.get(f"/v1/leads/{lead_id}/assignments")).json()["items"]
    assert (kept["reason"], kept["assigned_by"]) == ("followed_up", str(advisor_id))


async def test_a_lead_goes_to_an_advisor_of_its_own_store_only(client, advisor, capture, other_store_id, published):
    here, there = uuid4(), uuid4()
    lead_id = await capture(await advisor(here))
    elsewhere = await capture(store_id=str(other_store_id))
    await advisor(there, store_id=str(other_store_id))
    told = await published()

    transfer = await client.post(f"/v1/leads/{lead_id}/transfer", json={"advisor_id": str(there), "reason": "x"})
    assert (transfer.status_code, transfer.json()["type"]) == (409, "/problems/not-on-the-roster")
    assert await published() == told

    body = {"lead_ids": [str(lead_id), str(elsewhere)], "to_advisor_ids": [str(there)], "reason": "x"}
    moved = (await client.post("/v1/leads/reassign", json=body)).json()
    assert (moved["matched"], moved["moved"]) == (2, 1)
    owners = [(await client.get(f"/v1/leads/{each}")).json()["advisor_id"] for each in (lead_id, elsewhere)]
    assert owners == [str(here), str(there)]


async def test_a_manager_of_some_stores_gives_leads_to_advisors_of_these_and_sees_what_came_of_it(
    client, client_as, advisor, capture, store_id, other_store_id
):
    there = uuid4()
    await advisor(there, store_id=str(other_store_id))
    here, elsewhere = (client_as(Role.MANAGER, stores=[store]) for store in (store_id, other_store_id))
    lead_id = await capture(store_id=str(other_store_id))
    body = {"lead_ids": [str(lead_id)], "to_advisor_ids": [str(there)], "reason": "x"}

    refused = await here.post("/v1/leads/reassign?dry_run=true", json=body)
    own, everybodys = [(await each.post("/v1/leads/reassign", json=body)).json() for each in (elsewhere, client)]

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-on-the-roster")
    statuses = [
        (await manager.get(f"/v1/reassignments/{done['reassignment_id']}")).status_code
        for manager in (here, elsewhere, client)
        for done in (own, everybodys)
    ]
    assert statuses == [404, 404, 200, 404, 200, 200]


async def test_claims_and_a_reassignment_at_once_agree_on_whose_each_lead_is(client, advisor, capture):
    target = uuid4()
    await advisor(target)
    colleagues = [await advisor() for _ in range(3)]
    leads = [await capture() for _ in range(6)]
    body = {"from_pool": True, "to_advisor_ids": [str(target)], "reason": "周一分配"}

    answers = await asyncio.gather(
        *(each.post(f"/v1/leads/{lead_id}/claim") for lead_id in leads[::-1] for each in colleagues),
        client.post("/v1/leads/reassign", json=body),
    )

    assert {answer.status_code for answer in answers} <= {200, 409}
    for lead_id in leads:
        kept = (await client.get(f"/v1/leads/{lead_id}/assignments")).json()["items"]
        assert [each["from_advisor_id"] for each in kept] == [None]
        assert (await client.get(f"/v1/leads/{lead_id}")).json()["advisor_id"] == kept[0]["advisor_id"]


async def test_an_advisor_loses_so_many_a_day_and_the_rest_later(advisor, capture, run_job, set_policy, client):
    await set_policy(assignment={"most_returned_a_day": 2, "neglected_after_missed": 1})
    own = await advisor()
    for _ in range(5):
        await capture(own, grade="a")
    later = utc_now() + timedelta(days=3)
    await run_job("report-missed-follow-ups", now=later)

    await run_job("recycle-leads", now=later)
    same_day = len((await client.get("/v1/pool")).json()["items"])
    await run_job("recycle-leads", now=later + timedelta(days=1, hours=1))

    assert same_day == 2
    assert len((await client.get("/v1/pool")).json()["items"]) == 4


async def test_workers_at_once_take_no_more_from_an_advisor_than_one(
    advisor, capture, run_job, set_policy, client, monkeypatch
):
    monkeypatch.setattr(recycle_leads, "BATCH", 2)
    await set_policy(assignment={"most_returned_a_day": 2, "neglected_after_missed": 1})
    own = await advisor()
    for _ in range(8):
        await capture(own, grade="a")
    later = utc_now() + timedelta(days=3)
    await run_job("report-missed-follow-ups", now=later)

    await asyncio.gather(*(run_job("recycle-leads", now=later) for _ in range(4)))

    assert len((await client.get("/v1/pool")).json()["items"]) == 2


async def test_a_lead_that_is_open_again_is_of_the_pool_where_its_advisor_left_the_roster(
    client, advisor, capture, published
):
    leaving, staying = uuid4(), uuid4()
    clients = {who: await advisor(who) for who in (leaving, staying)}
    leads = {who: [await capture(own), await capture(own)] for who, own in clients.items()}
    for lost, bought in leads.values():
        await client.post(f"/v1/leads/{lost}/defeat", json={"reason": "price"})
        await client.post(f"/v1/leads/{bought}/win", json=SALE)
    assert (await client.delete(f"/v1/advisors/{leaving}")).status_code == 204

    for lost, bought in leads.values():
        assert (await client.post(f"/v1/leads/{lost}/reopen", json={})).is_success
        assert (await client.post(f"/v1/leads/{bought}/win/cancel", json={"reason": "wrong_entry"})).is_success

    pool = {lead["lead_id"] for lead in (await client.get("/v1/pool")).json()["items"]}
    assert pool == {str(lead_id) for lead_id in leads[leaving]}
    told = [event for event in await published() if isinstance(event, LeadReturnedToPool)]
    assert [(event.lead_id, event.from_advisor_id, event.reason) for event in told] == [
        (lead_id, leaving, "left") for lead_id in leads[leaving]
    ]
    kept = [(await client.get(f"/v1/leads/{lead_id}")).json()["advisor_id"] for lead_id in leads[staying]]
    assert kept == [str(staying)] * 2
