from uuid import UUID, uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER


async def test_leads_are_listed_newest_first_page_by_page(client, capture):
    ids = [str(await capture()) for _ in range(5)]

    first = (await client.get("/v1/leads?limit=3")).json()
    second = (await client.get("/v1/leads", params={"limit": 3, "cursor": first["next_cursor"]})).json()

    assert [lead["lead_id"] for lead in first["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None


async def test_each_filter_narrows_the_list(client, client_as, capture, other_store_id):
    advisor_id = "0199d3a0-0000-7000-8000-0000000000b1"
    await capture()
    wanted = str(
        await capture(
            client_as(Role.ADVISOR, subject=advisor_id),
            source={"channel": "douyin"},
            grade="h",
            store_id=str(other_store_id),
        )
    )
    await client.post(f"/v1/leads/{wanted}/stage", json={"stage": "visited"})

    for query in (
        "stage=visited",
        "grade=H",
        f"store_id={other_store_id}",
        f"advisor_id={advisor_id}",
        "channel=douyin",
    ):
        items = (await client.get(f"/v1/leads?{query}")).json()["items"]
        assert [lead["lead_id"] for lead in items] == [wanted], query


@pytest.mark.parametrize("query", ["stage=bought", "limit=0", "limit=201", "store_id=7", "cursor=x", "cursor=WyJhIl0"])
async def test_a_query_that_makes_no_sense_is_refused(client, query):
    assert (await client.get(f"/v1/leads?{query}")).status_code in (400, 422)


async def test_a_lead_is_shown_with_its_history(client, capture, lead_body):
    body = lead_body(note="想要白色")
    lead_id = await capture(**body)
    await client.post("/v1/leads", json={**body, "source": {"channel": "wecom"}, "note": "又问了一次"})
    await client.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"})
    await client.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "competitor", "competitor": "Tesla"})

    lead = (await client.get(f"/v1/leads/{lead_id}")).json()

    assert (lead["stage"], lead["touches"], lead["note"]) == ("defeated", 2, "想要白色")
    assert [touch["source"]["channel"] for touch in lead["touch_history"]] == ["wecom", "dongchedi"]
    assert [contact["outcome"] for contact in lead["follow_ups"]] == ["reached"]
    assert (lead["defeat"]["reason"], lead["defeat"]["stage"]) == ("competitor", "contacted")
    assert (lead["next_contact_at"], lead["sale"]) == (None, None)


@pytest.mark.parametrize("role", [Role.MARKETING, Role.AUDITOR])
async def test_marketing_and_auditors_see_no_phone_numbers(client_as, capture, role):
    lead_id = await capture(contact={"phone": "13800138000,12"})
    reader = client_as(role)

    one = await reader.get(f"/v1/leads/{lead_id}")
    many = await reader.get("/v1/leads")

    for contact in (one.json()["contact"], many.json()["items"][0]["contact"]):
        assert (contact["phone"], contact["phone_extension"]) == ("+86138****8000", None)
    assert "13800138000" not in one.text + many.text


async def test_the_leads_of_another_dealer_are_not_there(client_as, capture):
    lead_id = await capture()
    stranger = client_as(Role.ADMIN, dealer_id=OTHER_DEALER)

    answers = [
        await stranger.get(f"/v1/leads/{lead_id}"),
        await stranger.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"}),
        await stranger.post(f"/v1/leads/{lead_id}/stage", json={"stage": "visited"}),
        await stranger.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price"}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert {answer.json()["type"] for answer in answers} == {"/problems/lead-not-found"}
    assert (await stranger.get("/v1/leads")).json()["items"] == []


async def test_a_token_of_some_stores_sees_their_leads_only(client_as, capture, store_id, other_store_id):
    mine, theirs = await capture(), await capture(store_id=str(other_store_id))
    manager = client_as(Role.MANAGER, stores=[store_id])

    assert [lead["lead_id"] for lead in (await manager.get("/v1/leads")).json()["items"]] == [str(mine)]
    assert (await manager.get(f"/v1/leads/{theirs}")).status_code == 404
    assert (await manager.post(f"/v1/leads/{theirs}/stage", json={"stage": "visited"})).status_code == 404


async def test_an_unknown_lead_is_not_found_and_a_malformed_id_refused(client):
    assert (await client.get(f"/v1/leads/{uuid4()}")).status_code == 404
    assert (await client.get("/v1/leads/seven")).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "admitted"),
    [
        ("POST", "/v1/leads", {Role.ADVISOR, Role.MANAGER}),
        ("POST", "/v1/leads/batch", {Role.ADVISOR, Role.MANAGER}),
        ("POST", "/v1/intake/adf", {Role.ADVISOR, Role.MANAGER}),
        ("GET", "/v1/leads", {Role.ADVISOR, Role.MANAGER, Role.MARKETING, Role.AUDITOR}),
        ("POST", f"/v1/leads/{UUID(int=1)}/win", {Role.ADVISOR, Role.MANAGER}),
        ("POST", "/v1/market-signals", {Role.MANAGER, Role.MARKETING}),
        ("GET", "/v1/reactivations", {Role.ADVISOR, Role.MANAGER, Role.MARKETING, Role.AUDITOR}),
    ],
)
async def test_each_route_admits_its_roles_and_admins_only(client_as, anonymous, method, path, admitted):
    assert (await anonymous.request(method, path)).status_code == 401
    for role in Role:
        status = (await client_as(role).request(method, path)).status_code
        assert (status == 403) == (role not in {*admitted, Role.ADMIN}), role


async def test_a_partner_writes_and_reads_by_scope(client_as, lead_body):
    writer, reader = (client_as(Role.PARTNER, scopes=[scope]) for scope in ("leads:write", "leads:read"))

    assert (await writer.post("/v1/leads", json=lead_body())).status_code == 201
    assert (await reader.post("/v1/leads", json=lead_body())).status_code == 403
    assert (await reader.get("/v1/leads")).status_code == 200
    assert (await writer.get("/v1/leads")).status_code == 403
