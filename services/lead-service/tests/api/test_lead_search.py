import pytest
from baoke_chassis.access import Caller, Role
from baoke_chassis.testing import DEALER
from baoke_events.statements import compiled, fetch
from lead_service.api.lead_query import LeadQuery
from lead_service.db.lead_filter import MODELS, LeadSort, one_page
from lead_service.domain.grade import Grade
from lead_service.domain.stage import Stage
from sqlalchemy import text


@pytest.fixture
async def found(client, capture):
    """Asks for leads; answers the names of whom it found."""
    people = (
        ("李娜", "13800138000", "比亚迪", "海豹"),
        ("李小龙", "13912345678", "BYD", "Seal"),
        ("Anna Li", "13600001111", "蔚来", "ET5"),
        ("王伟", "+852 2123 8000", "极氪", "001"),
    )
    for name, phone, make, model in people:
        await capture(contact={"name": name, "phone": phone}, interest={"make": make, "model": model})

    async def ask(q, client_=client):
        response = await client_.get("/v1/leads", params={"q": q})
        assert response.status_code == 200, response.text
        return {lead["contact"]["name"] for lead in response.json()["items"]}

    return ask


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("李", {"李娜", "李小龙"}),
        ("李娜", {"李娜"}),
        ("ａｎｎａ l", {"Anna Li"}),
        ("娜", {"李娜"}),
        ("小", {"李小龙"}),
        ("小龙", {"李小龙"}),
        ("李龙", set()),
        ("Li", {"Anna Li"}),
        ("nna", set()),
        ("李 娜", {"李娜"}),
        ("8000", {"李娜", "王伟"}),
        ("138 0013 8000", {"李娜"}),
        ("+8613800138000", {"李娜"}),
        ("13800138001", set()),
        ("海豹", {"李娜"}),
        ("seal", {"李小龙"}),
        ("byd Seal", {"李小龙"}),
        ("比亚迪海豹", {"李娜"}),
        ("et5", {"Anna Li"}),
        ("001", {"王伟"}),
        ("%", set()),
        ("_", set()),
        ("'; DROP TABLE lead; --", set()),
    ],
)
async def test_people_are_found_by_name_number_and_model(found, typed, names):
    assert await found(typed) == names


@pytest.mark.parametrize("role", [Role.MARKETING, Role.AUDITOR])
async def test_who_may_see_no_numbers_finds_nobody_by_one(found, client_as, role):
    assert await found("13800138000", client_as(role)) == set()
    assert await found("海豹", client_as(role)) == {"李娜"}


async def test_filters_narrow_each_other_and_values_of_one_are_alternatives(client, capture):
    hot = str(await capture(grade="h", source={"channel": "douyin", "campaign": "live"}))
    warm = str(await capture(grade="a", source={"channel": "douyin", "campaign": "live"}))
    await capture(grade="c", source={"channel": "douyin", "campaign": "live"})
    await capture(grade="h", source={"channel": "douyin", "campaign": "other"})
    await client.post(f"/v1/leads/{warm}/stage", json={"stage": "visited"})

    for query, wanted in (
        ("campaign=live&grades=h&grades=A", [warm, hot]),
        ("campaign=live&stages=visited&stages=won", [warm]),
        ("campaign=live&grade=h&stage=new", [hot]),
        ("campaign=none", []),
    ):
        items = (await client.get(f"/v1/leads?{query}")).json()["items"]
        assert [lead["lead_id"] for lead in items] == wanted, query


async def test_moments_are_from_and_up_to(client, capture):
    lead_id = str(await capture())
    lead = (await client.get(f"/v1/leads/{lead_id}")).json()

    for query, is_there in (
        ({"captured_since": lead["captured_at"]}, True),
        ({"captured_until": lead["captured_at"]}, False),
        ({"captured_since": "2020-01-01T00:00:00Z", "captured_until": "2099-01-01T00:00:00+08:00"}, True),
        ({"captured_since": "0001-01-01T00:00:00Z", "captured_until": "9999-12-31T23:59:59Z"}, True),
        ({"captured_until": "1969-12-31T00:00:00Z"}, False),
        ({"next_contact_since": lead["next_contact_at"]}, True),
        ({"next_contact_until": lead["next_contact_at"]}, False),
        ({"closed_since": "2020-01-01T00:00:00Z"}, False),
    ):
        items = (await client.get("/v1/leads", params=query)).json()["items"]
        assert bool(items) is is_there, query


@pytest.mark.parametrize("sort", ["newest", "next_contact", "closed"])
async def test_every_order_goes_on_where_the_page_before_ended(client, capture, defeat, sort):
    for grade in "cahb":
        await capture(grade=grade)
    for _ in range(4):
        await defeat("price")
    whole = (await client.get(f"/v1/leads?sort={sort}&limit=200")).json()["items"]

    pages, cursor = [], {}
    while True:
        page = (await client.get("/v1/leads", params={"sort": sort, "limit": 3} | cursor)).json()
        pages += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert pages == whole
    by = {"next_contact": "next_contact_at", "closed": "closed_at"}.get(sort, "captured_at")
    instants = [lead[by] for lead in whole]
    assert instants == sorted(instants, reverse=sort != "next_contact")
    assert len(whole) == (8 if sort == "newest" else 4)


async def test_a_cursor_of_another_order_is_refused(client, capture):
    for _ in range(2):
        await capture()
    cursor = (await client.get("/v1/leads?limit=1")).json()["next_cursor"]

    assert (await client.get("/v1/leads", params={"sort": "closed", "cursor": cursor})).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "q=",
        "q=%20%20",
        "q=a%00b",
        f"q={'x' * 101}",
        "stages=sold",
        "grades=z",
        "sort=random",
        "campaign=",
        "captured_since=yesterday",
        "captured_since=2026-01-05T10:00:00",
        "closed_until=7",
        "next_contact_since=0001-01-01T00:00:00%2B14:00",
        "name=李",
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(client, query):
    response = await client.get(f"/v1/leads?{query}")

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == query.partition("=")[0]


@pytest.mark.parametrize(
    ("query", "sort"),
    [
        ({}, LeadSort.NEWEST),
        ({"q": "李9"}, LeadSort.NEWEST),
        ({"q": "3999"}, LeadSort.NEWEST),
        ({"q": "海豹3"}, LeadSort.NEWEST),
        ({}, LeadSort.NEXT_CONTACT),
        ({}, LeadSort.CLOSED),
        ({"campaign": "none"}, LeadSort.NEWEST),
        ({"stages": [Stage.NEW, Stage.WON], "grade": Grade.H}, LeadSort.NEWEST),
    ],
    ids=str,
)
async def test_no_question_reads_all_leads(session, query, sort):
    await session.execute(text(MANY_LEADS), {"dealer_id": DEALER})
    await session.execute(text("ANALYZE lead"))
    asked = LeadQuery(**query).asked(Caller(DEALER, "manager", frozenset({Role.MANAGER})), seen_by=None)
    sql, arguments = compiled(await one_page(session, asked, sort, after=None, limit=51))

    plan = "\n".join(row[0] for row in await fetch(session, f"EXPLAIN {sql}", *arguments))

    assert "Seq Scan" not in plan, plan
    assert bool(await fetch(session, sql, *arguments)) is ("campaign" not in query)


async def test_the_models_are_looked_up_without_reading_all_leads(session):
    await session.execute(text(MANY_LEADS), {"dealer_id": DEALER})
    await session.execute(text("ANALYZE lead"))

    plan = "\n".join(row[0] for row in await fetch(session, f"EXPLAIN {MODELS}", DEALER, "海豹"))

    assert "Seq Scan on lead" not in plan, plan
    assert "ix_lead_model" in plan
    assert len(await fetch(session, MODELS, DEALER, "海豹1")) == 11


MANY_LEADS = """
INSERT INTO lead (dealer_id, id, store_id, channel, source_system, name, phone, phone_is_relay, locale, time_zone,
    consents, make, model, grade, stage, touches, next_contact_at, follow_up_missed, captured_at, closed_at)
SELECT :dealer_id, uuidv7(), :dealer_id, 'website', 'website', '李' || n, '+86138' || lpad(n::text, 8, '0'), false,
    'zh-CN', 'Asia/Shanghai', '[]', '比亚迪', '海豹' || n % 50, 'h', CASE WHEN n % 5 = 0 THEN 'won' ELSE 'new' END, 1,
    now(), false, now(), CASE WHEN n % 5 = 0 THEN now() END
FROM generate_series(1, 20000) AS n
"""
