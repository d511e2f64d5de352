"""A dealer's rules: shown, replaced, tried beforehand, and looked back on."""

import pytest
from baoke_chassis.access import Role
from baoke_chassis.policy_changes import Change, changes
from baoke_chassis.testing import DEALER, OTHER_DEALER
from sqlalchemy import text


def change(pointer, before, after):
    return Change(pointer=pointer, before=before, after=after)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, [change("/a/c", 2, 3)]),
        ({"a": 1}, {"b": 2}, [change("/a", 1, None), change("/b", None, 2)]),
        ({"a": [1, 2]}, {"a": [1, 3]}, [change("/a/1", 2, 3)]),
        ({"a": [1, 2]}, {"a": [0, 1, 2]}, [change("/a", [1, 2], [0, 1, 2])]),
        ({"a/b~c": 1}, {"a/b~c": 2}, [change("/a~1b~0c", 1, 2)]),
        ({"a": 1}, {"a": True}, [change("/a", 1, True)]),
        ({"a": {"b": 1}}, {"a": None}, [change("/a", {"b": 1}, None)]),
    ],
)
def test_what_differs_is_named_by_where_it_stands(before, after, told):
    assert list(changes(before, after)) == told


async def test_rules_that_are_tried_tell_what_they_change_and_whom_and_change_nothing(client):
    note = (await client.post("/v1/notes", json={"words": "a long one"})).json()
    await client.post("/v1/notes", json={"words": "short"})

    preview = await client.post("/v1/policy/preview", json={"most_letters": 5, "tags": ["new"]})

    assert preview.status_code == 200
    assert preview.json() == {
        "version": 0,
        "changes": [
            {"pointer": "/most_letters", "before": 100, "after": 5},
            {"pointer": "/tags", "before": [], "after": ["new"]},
        ],
        "effects": [{"name": "notes_too_long", "count": 1, "examples": [note["note_id"]]}],
    }
    assert (await client.get("/v1/policy")).json() == {"most_letters": 100, "tags": [], "by_role": {}}


@pytest.mark.parametrize("route", [("PUT", "/v1/policy"), ("POST", "/v1/policy/preview")])
@pytest.mark.parametrize(
    ("rules", "error"),
    [
        ({"most_letter": 5}, {"pointer": "/most_letter", "message": "Unexpected keyword argument"}),
        ({"most_letters": "many"}, {"pointer": "/most_letters", "message": None}),
        ({"most_letters": 0}, {"pointer": "", "message": "a note has a letter at least"}),
        ({"by_role": {"advisor": "x"}}, {"pointer": "/by_role/advisor", "message": None}),
        ([], {"pointer": "", "message": None}),
    ],
)
async def test_rules_that_cannot_be_are_refused_with_the_place(client, route, rules, error):
    method, path = route

    response = await client.request(method, path, json=rules)

    assert response.status_code == 422
    [told] = response.json()["errors"]
    assert told["pointer"] == error["pointer"]
    assert error["message"] in (None, told["message"])
    assert (await client.get("/v1/policy")).headers["etag"] == '"0"'


async def test_versions_tell_who_changed_what_newest_first_page_by_page(client, client_as):
    await client_as(Role.ADMIN, subject="ada").put("/v1/policy", json={"most_letters": 50})
    await client_as(Role.MANAGER, subject="ben").put("/v1/policy", json={"most_letters": 50, "tags": ["a"]})

    first = (await client.get("/v1/policy/versions?limit=1")).json()
    second = (await client.get("/v1/policy/versions", params={"limit": 1, "cursor": first["next_cursor"]})).json()

    told = [(v["version"], v["created_by"], v["changes"]) for v in first["items"] + second["items"]]
    assert told == [
        (2, "ben", [{"pointer": "/tags", "before": [], "after": ["a"]}]),
        (1, "ada", [{"pointer": "/most_letters", "before": 100, "after": 50}]),
    ]
    assert second["next_cursor"] is None


async def test_former_rules_can_be_shown_and_put_again(client):
    await client.put("/v1/policy", json={"most_letters": 50})
    await client.put("/v1/policy", json={"most_letters": 60})

    former = await client.get("/v1/policy/versions/1")
    defaults = await client.get("/v1/policy/versions/0")
    again = await client.put("/v1/policy", json=former.json(), headers={"If-Match": '"2"'})

    assert (former.json()["most_letters"], defaults.json()["most_letters"]) == (50, 100)
    assert (again.status_code, again.headers["etag"], again.json()["most_letters"]) == (200, '"3"', 50)


@pytest.mark.parametrize(("version", "status"), [("1", 404), ("-1", 422), ("2147483648", 422), ("x", 422)])
async def test_a_version_that_never_was_is_not_found(client, version, status):
    assert (await client.get(f"/v1/policy/versions/{version}")).status_code == status


@pytest.mark.parametrize("cursor", ["WyJ4Il0", "Wy05OV0", "WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ"])
async def test_a_cursor_of_something_else_is_refused(client, cursor):
    assert (await client.get(f"/v1/policy/versions?cursor={cursor}")).status_code == 400


async def test_another_dealers_rules_are_not_seen(client, client_as):
    await client.put("/v1/policy", json={"most_letters": 50})
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)

    assert (await stranger.get("/v1/policy/versions")).json()["items"] == []
    assert (await stranger.get("/v1/policy/versions/1")).status_code == 404


async def test_rules_that_todays_terms_refuse_are_still_looked_back_on(client, session):
    await session.execute(
        text(
            "INSERT INTO policy (dealer_id, version, document, created_by)"
            """ VALUES (:dealer_id, 1, '{"most_letters": "many", "tags": [], "by_role": {}}', 'ada')"""
        ),
        {"dealer_id": DEALER},
    )
    await session.commit()

    [listed] = (await client.get("/v1/policy/versions")).json()["items"]
    shown = await client.get("/v1/policy/versions/1")
    again = await client.put("/v1/policy", json=shown.json(), headers={"If-Match": '"1"'})

    assert listed["changes"] == [{"pointer": "/most_letters", "before": 100, "after": "many"}]
    assert shown.json() == {"most_letters": "many", "tags": [], "by_role": {}}
    assert again.status_code == 422
