from uuid import UUID, uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import LeadAssigned, LeadCaptured

ENTRY = {"name": "陈晓", "store_id": "0199d3a0-0000-7000-8000-0000000000a1"}


async def test_the_roster_says_who_serves_what_and_how_much_they_have(client, advisor, capture, store_id):
    advisor_id = uuid4()
    own = await advisor(advisor_id, skills={"makes": ["BYD"], "languages": ["zh"]}, capacity=2)
    await capture(own)

    [entry] = (await client.get("/v1/advisors", params={"store_id": str(store_id)})).json()["items"]

    assert entry == {
        "advisor_id": str(advisor_id),
        "store_id": str(store_id),
        "name": "陈晓",
        "skills": {"makes": ["BYD"], "models": [], "channels": [], "languages": ["zh"]},
        "capacity": 2,
        "is_active": True,
        "away_until": None,
        "open_leads": 1,
        "last_assigned_at": None,
    }
    assert (await client.get(f"/v1/advisors/{advisor_id}")).json() == entry


async def test_the_roster_comes_page_by_page(client, advisor):
    for _ in range(3):
        await advisor()

    first = (await client.get("/v1/advisors?limit=2")).json()
    second = (await client.get("/v1/advisors", params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (2, 1, None)


async def test_an_entry_that_changed_meanwhile_is_not_overwritten(client, advisor):
    advisor_id = str(uuid4())
    path = f"/v1/advisors/{advisor_id}"
    created = await client.post("/v1/advisors", json={**ENTRY, "advisor_id": advisor_id})
    changed = await client.put(path, json={**ENTRY, "capacity": 5}, headers={"If-Match": created.headers["ETag"]})

    stale = await client.put(path, json=ENTRY, headers={"If-Match": created.headers["ETag"]})
    gone = await client.delete(path, headers={"If-Match": created.headers["ETag"]})

    assert (created.headers["ETag"], changed.headers["ETag"]) == ('"1"', '"2"')
    assert (stale.status_code, gone.status_code) == (412, 412)
    assert (await client.get(path)).json()["capacity"] == 5


async def test_who_has_open_leads_stays_on_the_roster(client, advisor, capture):
    advisor_id = uuid4()
    lead_id = await capture(await advisor(advisor_id))

    refused = await client.delete(f"/v1/advisors/{advisor_id}")
    await client.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price"})
    gone = await client.delete(f"/v1/advisors/{advisor_id}")

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/advisor-holds-leads")
    assert gone.status_code == 204
    assert (await client.get(f"/v1/advisors/{advisor_id}")).status_code == 404


async def test_a_manager_of_other_stores_sees_and_changes_no_entry(client_as, advisor, other_store_id):
    advisor_id = uuid4()
    await advisor(advisor_id)
    elsewhere = client_as(Role.MANAGER, stores=[other_store_id])
    path = f"/v1/advisors/{advisor_id}"

    assert (await elsewhere.get("/v1/advisors")).json()["items"] == []
    assert (await elsewhere.get(path)).status_code == 404
    assert (await elsewhere.put(path, json=ENTRY)).status_code == 403
    assert (await elsewhere.put(path, json={**ENTRY, "store_id": str(other_store_id)})).status_code == 404
    assert (await elsewhere.delete(path)).status_code == 404
    assert (await client_as(Role.ADMIN, dealer_id=OTHER_DEALER).get(path)).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "a\0b"}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"store_id": "here"}, "/store_id"),
        ({"capacity": -1}, "/capacity"),
        ({"capacity": 10_001}, "/capacity"),
        ({"capacity": "60"}, "/capacity"),
        ({"is_active": "yes"}, "/is_active"),
        ({"away_until": "2026-01-05T10:00:00"}, "/away_until"),
        ({"away_until": 7}, "/away_until"),
        ({"skills": {"makes": [""]}}, "/skills/makes/0"),
        ({"skills": {"makes": ["a"] * 101}}, "/skills/makes"),
        ({"skills": {"channels": ["pigeon"]}}, "/skills/channels/0"),
        ({"skills": {"languages": ["Chinese"]}}, "/skills/languages/0"),
        ({"skills": {"colours": []}}, "/skills/colours"),
        ({"nickname": "晓"}, "/nickname"),
    ],
)
async def test_an_entry_that_does_not_fit_names_what_is_wrong(client, wrong, pointer):
    advisor_id = str(uuid4())
    for method, path, given in (("POST", "", {"advisor_id": advisor_id}), ("PUT", f"/{advisor_id}", {})):
        response = await client.request(method, f"/v1/advisors{path}", json={**ENTRY, **given, **wrong})
        assert response.status_code == 422
        assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert (await client.get("/v1/advisors")).json()["items"] == []


async def test_who_is_on_the_roster_is_not_put_there_again_with_other_words(client):
    entry = {**ENTRY, "advisor_id": str(uuid4())}

    answers = [await client.post("/v1/advisors", json=body) for body in (entry, entry, {**entry, "capacity": 5})]

    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert answers[2].json()["type"] == "/problems/advisor-known"
    assert len((await client.get("/v1/advisors")).json()["items"]) == 1
    assert (await client.put(f"/v1/advisors/{uuid4()}", json=ENTRY)).status_code == 404


async def test_new_leads_go_to_who_fits_has_room_and_waited(client, advisor, lead_body, set_policy, published):
    await set_policy(assignment={"mode": "automatic"})
    fits, full, serves_others, away = (uuid4() for _ in range(4))
    await advisor(fits, skills={"makes": ["byd"]})
    await advisor(full, capacity=0)
    await advisor(serves_others, skills={"makes": ["NIO"]})
    await advisor(away, away_until="2099-01-01T00:00:00Z")

    answer = (await client.post("/v1/leads", json=lead_body())).json()

    assert answer["advisor_id"] == str(fits)
    captured, _, assigned = await published()
    assert isinstance(captured, LeadCaptured)
    assert isinstance(assigned, LeadAssigned)
    assert (captured.advisor_id, assigned.advisor_id, assigned.from_advisor_id, assigned.reason) == (
        None,
        fits,
        None,
        "automatic",
    )
    [history] = (await client.get(f"/v1/leads/{answer['lead_id']}/assignments")).json()["items"]
    assert (history["reason"], history["assigned_by"]) == ("automatic", "lead-service")


async def test_a_batch_is_shared_out_with_one_look_at_the_roster(
    client, advisor, lead_body, set_policy, statements, phone_numbers
):
    await set_policy(assignment={"mode": "automatic"})
    ids = [uuid4() for _ in range(3)]
    for advisor_id in ids:
        await advisor(advisor_id, capacity=30)
    statements.clear()
    await client.post("/v1/leads/batch", json=[lead_body() for _ in range(10)])
    of_ten = len(statements)
    statements.clear()

    await client.post("/v1/leads/batch", json=[lead_body() for _ in range(100)])

    assert len(statements) == of_ten
    loads = [(await client.get(f"/v1/advisors/{advisor_id}")).json()["open_leads"] for advisor_id in ids]
    assert loads == [30, 30, 30]
    assert len((await client.get("/v1/pool?limit=200")).json()["items"]) == 20


async def test_by_hand_nobody_is_given_a_lead(client, advisor, lead_body):
    await advisor()

    assert (await client.post("/v1/leads", json=lead_body())).json()["advisor_id"] is None


async def test_who_takes_a_lead_in_has_it_on_record(client, advisor, capture):
    advisor_id = uuid4()
    lead_id = await capture(await advisor(advisor_id))

    [history] = (await client.get(f"/v1/leads/{lead_id}/assignments")).json()["items"]

    assert (history["advisor_id"], history["reason"], history["assigned_by"]) == (
        str(advisor_id),
        "captured",
        str(advisor_id),
    )
    assert UUID(history["assignment_id"])
