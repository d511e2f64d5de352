from baoke_chassis.access import Role
from baoke_events import LeadCaptured, LeadTouched


async def test_good_items_are_taken_and_bad_ones_answered_with_their_problem(client, lead_body, published):
    good = lead_body(contact={"phone": "13800138000"})
    bad_phone = lead_body(contact={"phone": "nobody's"})

    response = await client.post("/v1/leads/batch", json=[good, bad_phone, "lead", good, {}])

    assert response.status_code == 200
    results = response.json()["results"]
    assert [(result["index"], result["status"]) for result in results] == [
        (0, 201),
        (1, 422),
        (2, 422),
        (3, 200),
        (4, 422),
    ]
    assert results[3]["outcome"] == "touched"
    assert results[3]["lead_id"] == results[0]["lead_id"]
    assert results[1]["problem"]["errors"] == [
        {"pointer": "/contact/phone", "message": "Value error, not a phone number"}
    ]
    assert [type(fact) for fact in await published()][:2] == [LeadCaptured, LeadTouched]


async def test_a_thousand_leads_take_as_many_statements_as_two(client, lead_body, statements):
    sizes = []
    for items in (2, 1000):
        bodies = [lead_body(source={"source_id": f"{items}-{number}"}) for number in range(items)]
        bodies[-1]["contact"]["phone"] = bodies[0]["contact"]["phone"]
        statements.clear()
        response = await client.post("/v1/leads/batch", json=bodies)
        assert {result["status"] for result in response.json()["results"]} == {200, 201}
        sizes.append(len(statements))

    assert sizes[0] == sizes[1] <= 6


async def test_a_batch_sent_again_is_repeated_item_by_item(client, lead_body, published):
    bodies = [lead_body(source={"source_id": f"D-{number}"}) for number in range(3)]
    first = (await client.post("/v1/leads/batch", json=bodies)).json()["results"]
    told = await published()

    again = (await client.post("/v1/leads/batch", json=[*bodies, bodies[0]])).json()["results"]

    assert [result["outcome"] for result in again] == ["repeated"] * 4
    assert [result["lead_id"] for result in again[:3]] == [result["lead_id"] for result in first]
    assert await published() == told


async def test_one_source_id_twice_in_a_batch_is_one_lead(client, lead_body):
    body = lead_body(source={"source_id": "D-1"}, contact={"phone": "17012345678"})

    results = (await client.post("/v1/leads/batch", json=[body, body])).json()["results"]

    assert sorted(result["outcome"] for result in results) == ["created", "repeated"]
    assert results[0]["lead_id"] == results[1]["lead_id"]


async def test_an_item_of_another_store_is_refused_alone(client_as, lead_body, store_id, other_store_id):
    mine, theirs = lead_body(), lead_body(store_id=str(other_store_id))

    response = await client_as(Role.ADVISOR, stores=[store_id]).post("/v1/leads/batch", json=[mine, theirs])

    assert [result["status"] for result in response.json()["results"]] == [201, 403]


async def test_a_batch_has_one_to_a_thousand_items(client, lead_body):
    for bodies in ([], [lead_body()] * 1001, {"leads": []}):
        assert (await client.post("/v1/leads/batch", json=bodies)).status_code == 422
