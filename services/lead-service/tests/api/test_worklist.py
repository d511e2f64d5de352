from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import DEALER, OTHER_DEALER
from lead_service.domain.default_scripts import DEFAULT_SCRIPTS
from lead_service.domain.script import Content
from sqlalchemy import text

ADVISOR = UUID("0199d3a0-0000-7000-8000-0000000000b1")
REPORT = next(script for script in DEFAULT_SCRIPTS if script.content is Content.COMPARISON_REPORT)


@pytest.fixture
def advisor(client_as):
    return client_as(Role.ADVISOR, subject=str(ADVISOR))


@pytest.fixture
def owe(session, client, advisor, capture):
    """Captures a lead of the advisor's that is owed a contact `ago`, and was answered; answers its id."""

    async def owe_(ago=timedelta(hours=1), **changes):
        lead_id = await capture(advisor, **changes)
        await advisor.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"})
        late = "next_contact_at = now() - make_interval(secs => :seconds)"
        await session.execute(
            text(f"UPDATE lead SET ranked_at = ranked_at + (now() - next_contact_at), {late} WHERE id = :id"),
            {"seconds": ago.total_seconds(), "id": lead_id},
        )
        await session.execute(
            text("UPDATE lead SET ranked_at = ranked_at - make_interval(secs => :seconds) WHERE id = :id"),
            {"seconds": ago.total_seconds(), "id": lead_id},
        )
        await session.commit()
        return str(lead_id)

    return owe_


@pytest.fixture
def worklist(advisor):
    async def read(**query):
        response = await advisor.get("/v1/worklist", params=query)
        assert response.status_code == 200, response.text
        return response.json()["items"]

    return read


async def test_what_is_due_comes_by_value_and_urgency(owe, worklist, capture, advisor):
    cold = await owe(grade="c")
    warm = await owe(grade="h", interest={"budget_cents": 40_000_000})
    very_late = await owe(timedelta(days=6), grade="c")
    tomorrow = await capture(advisor, grade="a")
    await advisor.post(f"/v1/leads/{tomorrow}/contacts", json={"channel": "phone", "outcome": "reached"})

    items = await worklist()

    assert [item["lead"]["lead_id"] for item in items] == [very_late, warm, cold]
    scores = [item["score"] for item in items]
    assert scores == sorted(scores, reverse=True)
    assert items[1]["factors"] == {
        "grade": 8.0,
        "stage": 1.0,
        "budget": 2.0,
        "unanswered": 1.0,
        "urgency": pytest.approx(1.03, abs=0.02),
    }
    assert {item["occasion"] for item in items} == {"overdue"}


async def test_a_lead_that_nobody_answered_comes_with_a_greeting_in_the_persons_language(worklist, advisor, capture):
    await capture(advisor, contact={"name": "Li Na", "locale": "en"}, source={"channel": "showroom"})

    [work] = await worklist()

    assert (work["occasion"], work["due_at"]) == ("unanswered", work["respond_by"])
    assert work["factors"]["unanswered"] == 4.0
    assert work["next_best"]["content"] == "greeting"
    assert work["next_best"]["because"] == ["occasion=unanswered", "channel=showroom"]
    assert work["next_best"]["text"].startswith("Welcome, Li Na. ")
    assert "BYD Seal" in work["next_best"]["text"]


async def test_a_cautious_person_is_sent_one_comparison_report_a_week(owe, worklist, advisor, session):
    lead_id = await owe(decision_style="cautious")

    [work] = await worklist()
    assert (work["next_best"]["script_id"], work["next_best"]["because"][0]) == (str(REPORT.id), "report_due")

    await advisor.post(
        f"/v1/leads/{lead_id}/contacts",
        json={"channel": "wecom", "outcome": "reached", "script_id": work["next_best"]["script_id"]},
    )
    await session.execute(text("UPDATE lead SET next_contact_at = now() - interval '1 minute', ranked_at = now()"))
    await session.commit()
    [work] = await worklist()
    assert work["next_best"]["content"] != "comparison_report"

    await session.execute(text("UPDATE follow_up SET made_at = made_at - interval '8 days'"))
    await session.commit()
    [work] = await worklist()
    assert work["next_best"]["content"] == "comparison_report"
    assert (await advisor.get(f"/v1/leads/{lead_id}")).json()["follow_ups"][0]["content"] == "comparison_report"


async def test_who_was_lost_for_the_price_and_came_back_hears_of_it(defeat, advisor, capture, worklist):
    person = {"contact": {"phone": "13900139000"}}
    await defeat("price", **person)
    await capture(advisor, **person)

    [work] = await worklist()

    assert work["next_best"]["because"] == ["occasion=unanswered", "reason=price"]


async def test_the_list_goes_on_page_by_page_while_time_passes(owe, advisor):
    ids = [await owe(timedelta(hours=hours)) for hours in (9, 7, 5, 3, 1)]

    first = (await advisor.get("/v1/worklist?limit=2")).json()
    second = (await advisor.get("/v1/worklist", params={"limit": 3, "cursor": first["next_cursor"]})).json()

    assert [item["lead"]["lead_id"] for item in first["items"] + second["items"]] == ids
    assert second["next_cursor"] is None


async def test_a_manager_sees_any_advisors_list_in_their_stores_and_an_advisor_only_their_own(
    owe, client, client_as, advisor, store_id, other_store_id
):
    await owe()
    query = f"/v1/worklist?advisor_id={ADVISOR}"

    assert len((await client.get(query)).json()["items"]) == 1
    assert len((await client_as(Role.MANAGER, stores=[store_id]).get(query)).json()["items"]) == 1
    assert (await client_as(Role.MANAGER, stores=[other_store_id]).get(query)).json()["items"] == []
    assert (await client_as(Role.ADMIN, dealer_id=OTHER_DEALER).get(query)).json()["items"] == []
    assert (await client_as(Role.ADVISOR, subject=str(uuid4())).get(query)).status_code == 403
    assert (await client_as(Role.ADVISOR, subject=str(uuid4())).get("/v1/worklist")).json()["items"] == []


async def test_what_is_closed_or_handled_leaves_the_list(owe, worklist, advisor):
    lost, followed, kept = [await owe() for _ in range(3)]
    await advisor.post(f"/v1/leads/{lost}/defeat", json={"reason": "no_need", "note": "已购其他品牌"})
    await advisor.post(f"/v1/leads/{followed}/contacts", json={"channel": "phone", "outcome": "reached"})

    assert [item["lead"]["lead_id"] for item in await worklist()] == [kept]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 422),
        ("limit=201", 422),
        ("advisor_id=7", 422),
        ("cursor=x", 400),
        ("cursor=WyJhIl0", 400),
        ("advisor=me", 422),
        ("min_level=-1", 422),
        ("store_id=7", 422),
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(advisor, query, status):
    assert (await advisor.get(f"/v1/worklist?{query}")).status_code == status


async def test_who_is_no_advisor_and_has_many_stores_names_one(client):
    response = await client.get("/v1/worklist")

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "store_id")


async def test_a_manager_sees_the_work_of_a_whole_store_and_what_is_nobodys(
    owe, capture, client, client_as, advisor, store_id, other_store_id
):
    owed, free = await owe(), str(await capture())
    await capture(store_id=str(other_store_id))
    own_store = client_as(Role.MANAGER, stores=[store_id])
    query = f"/v1/worklist?store_id={store_id}"

    seen = (await client.get(query)).json()["items"]

    assert {item["lead"]["lead_id"] for item in seen} == {owed, free}
    assert (await own_store.get("/v1/worklist")).json()["items"] == seen
    assert (await own_store.get(f"/v1/worklist?store_id={other_store_id}")).status_code == 403
    assert [item["lead"]["lead_id"] for item in (await advisor.get(query)).json()["items"]] == [owed]


async def test_what_was_escalated_is_listed_by_how_far(owe, capture, client, store_id, session, run_job):
    late, on_time = await owe(), str(await capture())
    await session.execute(text("UPDATE lead SET follow_up_escalates_at = next_contact_at"))
    await session.commit()
    await run_job("report-missed-follow-ups")

    found = [
        [(item["lead"]["lead_id"], item["level"]) for item in answer.json()["items"]]
        for answer in [await client.get(f"/v1/worklist?store_id={store_id}&min_level={level}") for level in (0, 1, 2)]
    ]

    assert sorted(found[0]) == sorted([(late, 1), (on_time, 0)])
    assert found[1:] == [[(late, 1)], []]


@pytest.mark.parametrize(
    ("role", "index"), [(Role.ADVISOR, "ix_lead_worklist"), (Role.MANAGER, "ix_lead_store_worklist")]
)
async def test_the_list_is_read_in_its_order_without_a_sort(owe, session, statements, client_as, store_id, role, index):
    await owe()
    for other in ("seqscan", "bitmapscan", "sort"):  # over a few leads the planner may as well take one of these
        await session.execute(text(f"SET LOCAL enable_{other} = off"))
    await client_as(role, subject=str(ADVISOR), stores=[store_id]).get("/v1/worklist")
    sql = next(statement for statement in statements if "ORDER BY ranked_at" in statement)
    literal = {
        "$1": f"'{DEALER}'",
        "$2": f"'{ADVISOR if role is Role.ADVISOR else store_id}'",
        "$3": "now()",
        "$4": "NULL",
        "$5": "NULL",
        "$6": "NULL",
        "$7": "0",
        "$8": "50",
    }
    for name, value in literal.items():
        sql = sql.replace(name, value)

    plan = "\n".join((await session.scalars(text(f"EXPLAIN {sql.replace(':', chr(92) + ':')}"))).all())

    assert index in plan
    assert "Sort" not in plan
