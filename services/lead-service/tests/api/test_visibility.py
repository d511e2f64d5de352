import asyncio
from uuid import uuid4

import pytest
from baoke_chassis.access import Role
from lead_service.api import reach
from lead_service.api.test_drives import require_drive_within_reach

ASKED = {
    reach.require_within_reach,
    reach.require_own_or_free,
    reach.require_approach_within_reach,
    require_drive_within_reach,
}
"""What asks of a route of one lead, or of something of it, whether the caller may see that."""


@pytest.fixture
async def leads(advisor, capture):
    """A client of an advisor, and three leads: theirs, a colleague's, and one of the pool."""
    own = await advisor()
    return own, str(await capture(own)), str(await capture(await advisor())), str(await capture())


async def test_an_advisor_sees_their_own_leads_and_the_pool(leads, client):
    own, mine, theirs, free = leads

    assert {lead["lead_id"] for lead in (await own.get("/v1/leads")).json()["items"]} == {mine, free}
    assert [(await own.get(f"/v1/leads/{lead_id}")).status_code for lead_id in (mine, theirs, free)] == [200, 404, 200]
    assert len((await client.get("/v1/leads")).json()["items"]) == 3


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("GET", "/assignments", None),
        ("POST", "/contacts", {"channel": "phone", "outcome": "reached"}),
        ("POST", "/stage", {"stage": "visited"}),
        ("POST", "/defeat", {"reason": "price"}),
        ("POST", "/test-drives", {"demo_car_id": str(uuid4()), "starts_at": "2030-03-01T10:00:00+08:00"}),
    ],
)
async def test_the_lead_of_a_colleague_is_not_there(leads, published, method, path, body):
    own, _, theirs, _ = leads
    told = await published()

    answer = await own.request(method, f"/v1/leads/{theirs}{path}", json=body)

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/lead-not-found")
    assert await published() == told


def test_every_route_of_one_lead_asks_whether_the_caller_may_see_it(service):
    routes = [
        route
        for router in service.load_api().routers
        for route in router.routes
        if any(name in route.path for name in ("{lead_id}", "{test_drive_id}", "{reactivation_id}"))
    ]
    open_to_all = {
        route.path for route in routes if not ASKED & {dependency.call for dependency in route.dependant.dependencies}
    }

    assert len(routes) > 20
    assert open_to_all == {"/v1/leads/{lead_id}/claim", "/v1/leads/{lead_id}/transfer"}


@pytest.fixture
async def matters(client_as, advisor, capture, set_policy, signal, price_cut, demo_car_id):
    """An advisor, and a colleague: each wants to give a lead up, lost one that is approached, and drives with one."""
    await set_policy(defeats={"approval": True}, reactivation={"hold_out_percent": 0})
    advisor_ids = [uuid4(), uuid4()]
    for hour, who in enumerate(advisor_ids, start=10):
        own = await advisor(who)
        lost, waiting = await capture(own), await capture(own)
        for lead_id in (lost, waiting):
            await own.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price"})
        await client_as(Role.MANAGER).post(f"/v1/leads/{lost}/defeat/approve", json={})
        drive = {"demo_car_id": demo_car_id, "starts_at": f"2030-03-01T{hour}:00:00+08:00"}
        assert (await own.post(f"/v1/leads/{waiting}/test-drives", json=drive)).status_code == 201
    await signal(**price_cut)
    return [client_as(Role.ADVISOR, subject=str(who)) for who in advisor_ids]


@pytest.mark.parametrize(("path", "each"), [("defeat-requests", 2), ("reactivations", 1), ("test-drives", 1)])
async def test_an_advisors_lists_hold_nothing_of_a_colleagues(matters, client, path, each):
    mine, theirs = [{item["lead_id"] for item in (await own.get(f"/v1/{path}")).json()["items"]} for own in matters]

    everybodys = {item["lead_id"] for item in (await client.get(f"/v1/{path}")).json()["items"]}
    assert (len(mine), len(theirs)) == (each, each)
    assert everybodys == mine | theirs
    assert not mine & theirs


async def test_an_advisor_declines_for_their_own_leads_only(matters, client):
    own, colleague = matters
    [theirs] = (await colleague.get("/v1/reactivations")).json()["items"]
    decline = f"/v1/reactivations/{theirs['reactivation_id']}/decline"

    refused, unknown = await own.post(decline), await own.post(f"/v1/reactivations/{uuid4()}/decline")

    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/lead-not-found")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/reactivation-not-found")
    assert (await client.get("/v1/reactivations", params={"lead_id": theirs["lead_id"]})).json()["items"] == [theirs]
    assert (await colleague.post(decline)).json()["outcome"] == "declined"


@pytest.mark.parametrize("sees", ["own", "store"])
async def test_who_is_held_out_is_not_told_to_who_may_phone_them(
    client, advisor, capture, set_policy, signal, price_cut, sees
):
    await set_policy(reactivation={"hold_out_percent": 100}, assignment={"advisors_see": sees})
    own = await advisor()
    lead_id = await capture(own)
    await own.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price"})
    await signal(**price_cut)

    assert (await own.get("/v1/reactivations")).json()["items"] == []
    assert (await own.get("/v1/reactivations", params={"state": "held_out"})).status_code == 403
    assert len((await client.get("/v1/reactivations", params={"state": "held_out"})).json()["items"]) == 1


async def test_nobody_finds_a_colleagues_lead_by_its_number(leads, client):
    own, _, theirs, _ = leads
    number = (await client.get(f"/v1/leads/{theirs}")).json()["contact"]["phone"]

    assert (await own.get("/v1/leads", params={"q": number})).json()["items"] == []
    assert len((await client.get("/v1/leads", params={"q": number})).json()["items"]) == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("stage", {"stage": "visited"}),
        ("grade", {"grade": "h", "reason": "急"}),
        ("next-contact", {"next_contact_at": "2030-03-01T10:00:00+08:00", "reason": "出差"}),
        ("defeat", {"reason": "price"}),
        ("test-drives", {"demo_car_id": str(uuid4()), "starts_at": "2030-03-01T10:00:00+08:00"}),
    ],
)
async def test_a_lead_of_the_pool_is_claimed_before_it_is_worked(leads, client, published, path, body):
    own, _, _, free = leads
    told = await published()

    refused = await own.post(f"/v1/leads/{free}/{path}", json=body)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/lead-unclaimed")
    assert await published() == told


async def test_the_numbers_of_the_pool_are_no_advisors_before_they_take_a_lead_on(leads, client):
    own, mine, _, free = leads
    number = (await client.get(f"/v1/leads/{free}")).json()["contact"]["phone"]
    masked = f"{number[:-8]}****{number[-4:]}"

    lists = [(await own.get(path)).json()["items"] for path in ("/v1/leads", "/v1/pool")]
    shown = [lead["contact"]["phone"] for items in lists for lead in items if lead["lead_id"] == free]

    assert shown == [masked, masked]
    assert (await own.get(f"/v1/leads/{free}")).json()["contact"]["phone"] == masked
    assert (await own.get(f"/v1/leads/{free}/adf")).json()["type"] == "/problems/lead-unclaimed"
    assert (await own.get("/v1/leads", params={"q": number})).json()["items"] == []
    assert "*" not in (await own.get(f"/v1/leads/{mine}")).json()["contact"]["phone"]
    assert (await own.post(f"/v1/leads/{free}/claim")).json()["contact"]["phone"] == number
    assert [lead["lead_id"] for lead in (await own.get("/v1/leads", params={"q": number})).json()["items"]] == [free]


async def test_of_two_who_are_in_touch_with_a_lead_of_the_pool_at_once_one_is(leads, advisor, client):
    own, _, _, free = leads
    contact = {"channel": "phone", "outcome": "reached"}

    answers = await asyncio.gather(
        *(each.post(f"/v1/leads/{free}/contacts", json=contact) for each in [own, *[await advisor() for _ in range(5)]])
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [404] * 5
    lead = (await client.get(f"/v1/leads/{free}")).json()
    assert [made["advisor_id"] for made in lead["follow_ups"]] == [lead["advisor_id"]]


async def test_a_lost_lead_that_was_nobodys_is_no_advisors(leads, client):
    own, _, _, free = leads
    await client.post(f"/v1/leads/{free}/defeat", json={"reason": "price"})

    assert (await own.get(f"/v1/leads/{free}")).status_code == 404


async def test_a_dealer_may_let_advisors_see_their_whole_store(leads, set_policy):
    own, mine, theirs, free = leads
    await set_policy(assignment={"advisors_see": "store"})

    assert {lead["lead_id"] for lead in (await own.get("/v1/leads")).json()["items"]} == {mine, theirs, free}
    assert (await own.get(f"/v1/leads/{theirs}")).status_code == 200


async def test_an_advisor_who_is_a_manager_too_sees_the_store(leads, client_as):
    _, _, theirs, _ = leads

    assert (await client_as(Role.ADVISOR, Role.MANAGER).get(f"/v1/leads/{theirs}")).status_code == 200


async def test_an_advisor_without_an_id_of_their_own_sees_the_pool_only(leads, client_as):
    _, _, _, free = leads

    items = (await client_as(Role.ADVISOR, subject="somebody").get("/v1/leads")).json()["items"]

    assert [lead["lead_id"] for lead in items] == [free]


async def test_each_stage_says_by_whom_and_how_long(client_as, capture):
    lead_id, manager = await capture(), client_as(Role.MANAGER, subject="chen")
    await manager.post(f"/v1/leads/{lead_id}/stage", json={"stage": "visited"})
    await manager.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price"})

    defeated, visited = (await manager.get(f"/v1/leads/{lead_id}")).json()["stages"]

    assert (visited["from_stage"], visited["to_stage"], visited["changed_by"]) == ("new", "visited", "chen")
    assert (defeated["from_stage"], defeated["to_stage"]) == ("visited", "defeated")
    assert (type(visited["stayed_s"]), type(defeated["stayed_s"])) == (int, int)
