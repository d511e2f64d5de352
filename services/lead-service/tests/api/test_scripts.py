from uuid import UUID, uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER
from lead_service.domain.default_scripts import DEFAULT_SCRIPTS

NOBODYS = UUID(int=404)

SCRIPT = {
    "title": "周末试驾邀约",
    "content": "test_drive_invitation",
    "tags": {"stages": ["contacted"], "grades": ["H", "a", "h"], "decision_styles": ["decisive"]},
    "texts": {"zh_cn": "{name}您好，{car}周末可以试驾。", "en": "Hello {name}, {car} can be tried this weekend."},
    "weight": 20,
}
SHIPPED = DEFAULT_SCRIPTS[0]


async def test_a_library_ships_with_the_product_and_is_read_page_by_page(client):
    seen, cursor = [], None
    while page := (
        await client.get("/v1/scripts", params={"limit": 7, **({"cursor": cursor} if cursor else {})})
    ).json():
        seen += [(script["script_id"], script["version"]) for script in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == sorted((str(script.id), 0) for script in DEFAULT_SCRIPTS)


async def test_a_script_is_added_changed_and_taken_out_and_its_versions_stay(client):
    added = await client.post("/v1/scripts", json=SCRIPT)
    script_id, etag = added.json()["script_id"], added.headers["ETag"]

    changed = await client.put(f"/v1/scripts/{script_id}", json={**SCRIPT, "weight": 30}, headers={"If-Match": etag})
    dropped = await client.delete(f"/v1/scripts/{script_id}", headers={"If-Match": changed.headers["ETag"]})

    assert (added.status_code, etag, added.json()["tags"]["grades"]) == (201, '"1"', ["h", "a"])
    assert (changed.json()["version"], changed.json()["weight"]) == (2, 30)
    assert dropped.status_code == 204
    assert (await client.get(f"/v1/scripts/{script_id}")).status_code == 404
    versions = (await client.get(f"/v1/scripts/{script_id}/versions")).json()["items"]
    assert [(v["version"], v["weight"], v["is_retired"]) for v in versions] == [
        (3, 30, True),
        (2, 30, False),
        (1, 20, False),
    ]


async def test_a_shipped_script_is_written_over_or_retired_for_one_dealer_only(client, client_as):
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)

    rewritten = await client.put(f"/v1/scripts/{SHIPPED.id}", json=SCRIPT, headers={"If-Match": '"0"'})
    retired = await client.delete(f"/v1/scripts/{DEFAULT_SCRIPTS[1].id}")

    assert (rewritten.json()["version"], retired.status_code) == (1, 204)
    assert len((await client.get("/v1/scripts?limit=200")).json()["items"]) == len(DEFAULT_SCRIPTS) - 1
    assert (await stranger.get(f"/v1/scripts/{SHIPPED.id}")).json()["title"] == SHIPPED.title
    assert (await stranger.get(f"/v1/scripts/{DEFAULT_SCRIPTS[1].id}")).status_code == 200


async def test_a_writer_who_saw_an_older_version_is_told(client):
    script_id = (await client.post("/v1/scripts", json=SCRIPT)).json()["script_id"]
    await client.put(f"/v1/scripts/{script_id}", json=SCRIPT)

    answers = [
        await client.put(f"/v1/scripts/{script_id}", json=SCRIPT, headers={"If-Match": '"1"'}),
        await client.delete(f"/v1/scripts/{script_id}", headers={"If-Match": '"7"'}),
    ]

    assert [answer.status_code for answer in answers] == [412, 412]


async def test_each_tag_narrows_the_list_and_untagged_scripts_are_for_all(client):
    script_id = (await client.post("/v1/scripts", json=SCRIPT)).json()["script_id"]

    async def found(query: str) -> bool:
        items = (await client.get(f"/v1/scripts?limit=200&{query}")).json()["items"]
        return script_id in [script["script_id"] for script in items]

    assert [
        await found(q) for q in ("stage=contacted", "grade=H", "channel=douyin", "reason=price", "occasion=due")
    ] == [True] * 5
    assert [await found(q) for q in ("stage=new", "grade=c", "decision_style=cautious", "content=quote")] == [False] * 4


async def test_a_dealers_own_script_is_offered_before_a_shipped_one_that_fits_less(client, client_as, capture):
    advisor = client_as(Role.ADVISOR, subject=str(uuid4()))
    await client.post(
        "/v1/scripts",
        json={**SCRIPT, "tags": {"occasions": ["unanswered"], "channels": ["dongchedi"], "grades": ["b"]}},
    )
    await capture(advisor)

    [work] = (await advisor.get("/v1/worklist")).json()["items"]

    assert work["next_best"]["text"] == "李娜您好，BYD Seal周末可以试驾。"


async def test_a_full_library_takes_no_more(client, monkeypatch):
    monkeypatch.setattr("lead_service.commands.write_script.MOST_SCRIPTS", len(DEFAULT_SCRIPTS))

    response = await client.post("/v1/scripts", json=SCRIPT)

    assert (response.status_code, response.json()["type"]) == (409, "/problems/library-full")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": "x" * 101}, "/title"),
        ({"content": "poem"}, "/content"),
        ({"weight": -1}, "/weight"),
        ({"weight": 101}, "/weight"),
        ({"weight": "20"}, "/weight"),
        ({"tags": {"stages": ["sold"]}}, "/tags/stages/0"),
        ({"tags": {"grades": ["a"] * 21}}, "/tags/grades"),
        ({"tags": {"moods": ["good"]}}, "/tags/moods"),
        ({"tags": None}, "/tags"),
        ({"texts": {"zh_cn": "您好"}}, "/texts/en"),
        ({"texts": {"zh_cn": "{phone}", "en": "Hello"}}, "/texts/zh_cn"),
        ({"texts": {"zh_cn": "您好", "en": "Hello {name"}}, "/texts/en"),
        ({"texts": {"zh_cn": "", "en": "Hello"}}, "/texts/zh_cn"),
        ({"texts": {"zh_cn": "x" * 2001, "en": "Hello"}}, "/texts/zh_cn"),
        ({"texts": {"zh_cn": "a\x00b", "en": "Hello"}}, "/texts/zh_cn"),
        ({"version": 7}, "/version"),
    ],
)
async def test_a_script_that_does_not_fit_is_answered_with_its_place(client, change, pointer):
    for response in (
        await client.post("/v1/scripts", json={**SCRIPT, **change}),
        await client.put(f"/v1/scripts/{SHIPPED.id}", json={**SCRIPT, **change}),
    ):
        assert response.status_code == 422
        assert pointer in {error["pointer"] for error in response.json()["errors"]}
    assert (await client.get(f"/v1/scripts/{SHIPPED.id}")).json()["version"] == 0


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/scripts?content=poem", 422),
        ("GET", "/v1/scripts?mood=good", 422),
        ("GET", "/v1/scripts?cursor=x", 400),
        ("GET", f"/v1/scripts/{NOBODYS}", 404),
        ("GET", f"/v1/scripts/{NOBODYS}/versions", 404),
        ("GET", f"/v1/scripts/{SHIPPED.id}/versions?cursor=WyJhIl0", 400),
        ("GET", "/v1/scripts/seven", 422),
        ("DELETE", f"/v1/scripts/{NOBODYS}", 404),
        ("PUT", f"/v1/scripts/{NOBODYS}", 404),
    ],
)
async def test_what_is_not_there_or_makes_no_sense_is_refused(client, method, path, status):
    body = {"json": SCRIPT} if method == "PUT" else {}

    assert (await client.request(method, path, **body)).status_code == status


async def test_a_shipped_script_that_nobody_touched_has_no_versions(client):
    assert (await client.get(f"/v1/scripts/{SHIPPED.id}/versions")).json() == {"items": [], "next_cursor": None}
