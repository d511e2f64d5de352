from uuid import uuid4

import pytest
from baoke_chassis.access import Role
from lead_service.api.reach import require_within_reach


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
    routes = [route for router in service.routers for route in router.routes if "{lead_id}" in route.path]
    open_to_all = {
        route.path
        for route in routes
        if require_within_reach not in [dependency.call for dependency in route.dependant.dependencies]
    }

    assert len(routes) > 10
    assert open_to_all == {"/v1/leads/{lead_id}/claim", "/v1/leads/{lead_id}/transfer"}


async def test_nobody_finds_a_colleagues_lead_by_its_number(leads, client):
    own, _, theirs, _ = leads
    number = (await client.get(f"/v1/leads/{theirs}")).json()["contact"]["phone"]

    assert (await own.get("/v1/leads", params={"q": number})).json()["items"] == []
    assert len((await client.get("/v1/leads", params={"q": number})).json()["items"]) == 1


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
