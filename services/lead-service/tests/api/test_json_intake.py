"""What is wrong with the JSON that senders really send, and the very problem that each is answered with."""

import json

import pytest

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def post(client, lead_body):
    """Posts a lead as text, with parts of the text replaced; answers the response."""

    async def post_(*instead, encoding="utf-8", headers=JSON, **changes):
        body = json.dumps(lead_body(**changes), ensure_ascii=False)
        for old, new in instead:
            assert old in body
            body = body.replace(old, new)
        return await client.post("/v1/leads", content=body.encode(encoding), headers=headers)

    return post_


def problem_of(response) -> tuple[int, str, list[tuple[str, str]]]:
    """Status, kind, and each wrong place with what is said of it."""
    problem = response.json()
    places = [(error["pointer"], error["message"]) for error in problem.get("errors", [])]
    return response.status_code, problem["type"].removeprefix("/problems/"), places


@pytest.mark.parametrize(("encoding", "name"), [("gb18030", "李娜"), ("latin-1", "José")])
async def test_a_body_in_another_encoding_is_malformed(post, published, encoding, name):
    response = await post(encoding=encoding, contact={"name": name})

    assert problem_of(response) == (400, "malformed-json", [])
    assert await published() == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
async def test_a_body_that_says_how_it_is_written_is_read(client, post, encoding):
    response = await post(encoding=encoding, contact={"name": "李娜"})

    lead = (await client.get(f"/v1/leads/{response.json()['lead_id']}")).json()
    assert lead["contact"]["name"] == "李娜"


@pytest.mark.parametrize("body", ["", "{", "{'source': 1}", '{"a": 1,}', "NaN", "\x00", "<adf/>", '{"a": tru}'])
async def test_what_is_no_json_is_malformed(client, body):
    response = await client.post("/v1/leads", content=body.encode(), headers=JSON)

    assert response.status_code in {400, 422}
    assert response.json()["type"] in {"/problems/malformed-json", "/problems/invalid-input"}


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("１３８００１３８０００", "+8613800138000"),
        (" 138 0013 8000 ", "+8613800138000"),
        ("+８６ 138-0013-8000", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
    ],
)
async def test_a_number_is_read_in_any_width(client, post, written, number):
    response = await post(contact={"phone": written})

    lead = (await client.get(f"/v1/leads/{response.json()['lead_id']}")).json()
    assert lead["contact"]["phone"] == number


async def test_a_name_and_a_note_keep_their_emoji(client, post):
    response = await post(contact={"name": "李娜👩‍💼"}, note="周末看车🚗\n带家人")

    lead = (await client.get(f"/v1/leads/{response.json()['lead_id']}")).json()
    assert (lead["contact"]["name"], lead["note"]) == ("李娜👩‍💼", "周末看车🚗\n带家人")


WRONG_FIELDS = [
    ({"note": "长" * 2_001}, "/note", "String should have at most 2000 characters"),
    ({"note": ["周末"]}, "/note", "Input should be a valid string"),
    ({"contact": {"name": 7}}, "/contact/name", "Input should be a valid string"),
    ({"contact": {"name": "   "}}, "/contact/name", "String should have at least 1 character"),
    ({"contact": {"phone": 13800138000}}, "/contact/phone", "Value error, a phone number is a string"),
    ({"contact": {"phone": "1.38E+10"}}, "/contact/phone", "Value error, Excel has turned the number into 1.38E+10"),
    ({"contact": {"phone": "1" * 65}}, "/contact/phone", "Value error, a phone number is a string"),
    ({"contact": {"email": "mailto:li@b.cn"}}, "/contact/email", "String should match pattern"),
    ({"contact": {"email": "Li Na <li@b.cn>"}}, "/contact/email", "String should match pattern"),
    (
        {"contact": {"consents": [[]] * 21}},
        "/contact/consents",
        "List should have at most 20 items after validation, not 21",
    ),
    ({"interest": {"budget_cents": "20000000"}}, "/interest/budget_cents", "Input should be a valid integer"),
    ({"interest": {"budget_cents": 1.5}}, "/interest/budget_cents", "Input should be a valid integer"),
    ({"interest": {"budget_cents": True}}, "/interest/budget_cents", "Input should be a valid integer"),
    (
        {"interest": {"budget_cents": 10**30}},
        "/interest/budget_cents",
        "Input should be less than or equal to 1000000000000000",
    ),
    ({"source": {"channel": "懂车帝"}}, "/source/channel", "Input should be 'website', 'showroom'"),
    ({"source": {"source_id": ""}}, "/source/source_id", "String should have at least 1 character"),
    ({"source": {"source_id": "x" * 201}}, "/source/source_id", "String should have at most 200 characters"),
    ({"store_id": "SH-01"}, "/store_id", "Input should be a valid UUID"),
    ({"grade": "S"}, "/grade", "Input should be 'h', 'a', 'b' or 'c'"),
    ({"leads": []}, "/leads", "Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("changes", "pointer", "message"), WRONG_FIELDS)
async def test_each_wrong_field_is_named_and_nothing_is_taken(client, lead_body, published, changes, pointer, message):
    body = lead_body(**changes)

    alone = await client.post("/v1/leads", json=body)
    [result] = (await client.post("/v1/leads/batch", json=[body])).json()["results"]

    status, kind, places = problem_of(alone)
    assert (status, kind) == (422, "invalid-input")
    assert [place for place, said in places if said.startswith(message)] == [pointer]
    assert (result["status"], result["problem"]["errors"]) == (422, alone.json()["errors"])
    assert await published() == []


async def test_a_key_that_stands_twice_counts_as_it_stands_last(client, post):
    response = await post(('"name": "李娜"', '"name": "王伟", "name": "李娜"'))

    lead = (await client.get(f"/v1/leads/{response.json()['lead_id']}")).json()
    assert lead["contact"]["name"] == "李娜"


@pytest.mark.parametrize("depth", [100, 100_000])
async def test_nested_garbage_is_refused(client, published, depth):
    garbage = "[" * depth + "]" * depth

    alone = await client.post("/v1/leads", content=garbage.encode(), headers=JSON)
    within = await client.post("/v1/leads/batch", content=f"[{garbage}]".encode(), headers=JSON)

    assert alone.status_code in {400, 422}
    assert within.status_code == 400 or within.json()["results"][0]["status"] == 422
    assert await published() == []


async def test_a_batch_of_a_thousand_and_one_is_refused_whole(client, lead_body, published):
    response = await client.post("/v1/leads/batch", json=[lead_body()] * 1_001)

    assert problem_of(response) == (
        422,
        "invalid-input",
        [("", "List should have at most 1000 items after validation, not 1001")],
    )
    assert await published() == []


async def test_garbage_among_good_items_is_answered_in_its_place(client, lead_body):
    items = [lead_body(), None, 7, "lead", [], {}, {"contact": None}, lead_body()]

    results = (await client.post("/v1/leads/batch", json=items)).json()["results"]

    assert [result["status"] for result in results] == [201, 422, 422, 422, 422, 422, 422, 201]
    assert all(result["problem"]["errors"] for result in results[1:-1])


async def test_json_under_another_name_is_not_read(post):
    response = await post(headers={"Content-Type": "text/plain"})

    assert problem_of(response) == (415, "unsupported-media-type", [])
