import asyncio
from uuid import UUID

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import LeadStageChanged, LeadWon, LeadWonCancelled, ReferralMade
from sqlalchemy import text

SALE = {
    "vin": "LC0CE4CB7N0123455",
    "make": "BYD",
    "model": "Seal",
    "price_cents": 18_980_000,
    "sold_at": "2026-01-08T14:30:00+08:00",
    "trade_in": {"make": "大众", "model": "朗逸", "allowance_cents": 4_200_000},
    "finance": {"lender": "招商银行", "amount_cents": 12_000_000, "months": 36},
}
REFUSED = {"reason": "finance_refused", "note": "贷款未批"}


@pytest.fixture
def win(client, capture):
    """A lead that was sold a car while it negotiated."""

    async def win_(**changes) -> UUID:
        lead_id = await capture(**changes)
        await client.post(f"/v1/leads/{lead_id}/stage", json={"stage": "negotiating"})
        response = await client.post(f"/v1/leads/{lead_id}/win", json=SALE)
        assert response.is_success, response.text
        return lead_id

    return win_


async def test_a_sale_says_how_it_is_paid_and_what_brought_the_lead(client, capture, lead_body, published):
    body = lead_body()
    lead_id = await capture(**body)
    later = {"channel": "douyin", "campaign": "live_0311"}
    await client.post("/v1/leads", json={**body, "source": later})

    await client.post(f"/v1/leads/{lead_id}/win", json=SALE)

    won = (await published())[-1]
    assert isinstance(won, LeadWon)
    assert (won.sale, won.channel, won.campaign, won.touches) == (1, "dongchedi", "spring-sale", 2)
    assert (won.last_channel, won.last_campaign) == ("douyin", "live_0311")
    assert (won.trade_in.make, won.trade_in.allowance_cents, won.trade_in.vin) == ("大众", 4_200_000, None)
    assert (won.finance.lender, won.finance.months) == ("招商银行", 36)
    shown = (await client.get(f"/v1/leads/{lead_id}")).json()["sale"]
    assert (shown["trade_in"]["model"], shown["finance"]["amount_cents"]) == ("朗逸", 12_000_000)


async def test_later_touches_change_the_last_touch_only(client, capture, lead_body):
    body = lead_body(source={"source_id": "D-1"})
    lead_id = await capture(**body)
    before = (await client.get(f"/v1/leads/{lead_id}")).json()
    for channel in ("wecom", "douyin"):
        await client.post("/v1/leads", json={**body, "source": {"channel": channel, "source_id": f"{channel}-1"}})

    [listed] = (await client.get("/v1/leads")).json()["items"]
    shown = (await client.get(f"/v1/leads/{lead_id}")).json()

    assert before["first_touch"] == before["last_touch"]
    for lead in (listed, shown):
        assert lead["first_touch"] == before["first_touch"]
        assert (lead["last_touch"]["channel"], lead["last_touch"]["source_id"]) == ("douyin", "douyin-1")
        assert lead["last_touch"]["touched_at"] > lead["first_touch"]["touched_at"]


async def test_a_sale_that_is_undone_opens_the_lead_again_where_it_stood(client, win, published):
    lead_id = await win()
    won = (await published())[-1]
    told = len(await published())

    response = await client.post(f"/v1/leads/{lead_id}/win/cancel", json=REFUSED)

    assert response.status_code == 200
    lead = response.json()
    assert (lead["stage"], lead["closed_at"], lead["follow_up_missed"]) == ("negotiating", None, False)
    assert lead["next_contact_at"] is not None
    moved, undone = (await published())[told:]
    assert isinstance(moved, LeadStageChanged)
    assert isinstance(undone, LeadWonCancelled)
    assert (moved.from_stage, moved.to_stage) == ("won", "negotiating")
    assert (undone.sale, undone.won_event_id, undone.reason, undone.stage) == (
        1,
        won.id,
        "finance_refused",
        "negotiating",
    )
    assert (undone.vin, undone.price_cents) == (SALE["vin"], SALE["price_cents"])


async def test_an_undone_sale_stays_on_record_and_another_may_follow(client, win, published):
    lead_id = await win()
    await client.post(f"/v1/leads/{lead_id}/win/cancel", json=REFUSED)

    again = await client.post(f"/v1/leads/{lead_id}/win", json={**SALE, "price_cents": 18_500_000})

    assert again.status_code == 200
    assert (await published())[-1].sale == 2
    shown = (await client.get(f"/v1/leads/{lead_id}")).json()
    assert shown["sale"]["price_cents"] == 18_500_000
    [undone] = shown["undone_sales"]
    assert (undone["price_cents"], undone["reason"], undone["note"]) == (18_980_000, "finance_refused", "贷款未批")


async def test_a_sale_is_undone_once(client, win, published):
    lead_id = await win()

    answers = await asyncio.gather(*(client.post(f"/v1/leads/{lead_id}/win/cancel", json=REFUSED) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {"/problems/not-won"}
    assert len([event for event in await published() if isinstance(event, LeadWonCancelled)]) == 1


async def test_after_a_day_a_sale_stands(client, win, session, published):
    lead_id = await win()
    await session.execute(text("UPDATE sale SET won_at = won_at - interval '24 hours 1 second'"))
    await session.commit()
    told = await published()

    response = await client.post(f"/v1/leads/{lead_id}/win/cancel", json=REFUSED)

    assert (response.status_code, response.json()["type"]) == (409, "/problems/cancellation-too-late")
    assert await published() == told


async def test_a_dealer_decides_how_long_a_sale_can_be_undone(client, win, session, set_policy):
    await set_policy(sales={"cancel_within_hours": 48})
    lead_id = await win()
    await session.execute(text("UPDATE sale SET won_at = won_at - interval '47 hours'"))
    await session.commit()

    assert (await client.post(f"/v1/leads/{lead_id}/win/cancel", json=REFUSED)).status_code == 200


async def test_a_sale_from_before_it_could_be_undone_stands(client, win, session):
    lead_id = await win()
    await session.execute(text("UPDATE sale SET won_at = NULL, won_event_id = NULL, stage = NULL"))
    await session.commit()

    response = await client.post(f"/v1/leads/{lead_id}/win/cancel", json=REFUSED)

    assert (response.status_code, response.json()["type"]) == (409, "/problems/cancellation-too-late")


async def test_a_person_who_came_back_has_one_open_lead(client, win, lead_body, published):
    body = lead_body()
    lead_id = await win(**body)
    newer = (await client.post("/v1/leads", json=body)).json()["lead_id"]
    told = await published()

    response = await client.post(f"/v1/leads/{lead_id}/win/cancel", json=REFUSED)

    assert (response.status_code, response.json()["type"]) == (409, "/problems/person-has-open-lead")
    assert newer in response.json()["detail"]
    assert await published() == told
    assert (await client.get(f"/v1/leads/{lead_id}")).json()["stage"] == "won"


async def test_a_reopened_lead_takes_its_persons_next_inquiry(client, win, lead_body):
    body = lead_body()
    lead_id = await win(**body)
    await client.post(f"/v1/leads/{lead_id}/win/cancel", json=REFUSED)

    answer = (await client.post("/v1/leads", json=body)).json()

    assert (answer["outcome"], answer["lead_id"]) == ("touched", str(lead_id))


async def test_a_code_named_at_the_sale_makes_a_referral_and_the_one_it_came_with_stands(client, capture, published):
    without, with_code = await capture(), await capture(referral_code="FRIEND-7")

    named = await client.post(f"/v1/leads/{without}/win", json={**SALE, "referral_code": "FRIEND-9"})
    other = await client.post(f"/v1/leads/{with_code}/win", json={**SALE, "referral_code": "FRIEND-9"})
    same = await client.post(f"/v1/leads/{with_code}/win", json={**SALE, "referral_code": "friend-7"})

    assert (named.json()["referral_code"], named.status_code) == ("FRIEND-9", 200)
    assert (other.status_code, other.json()["type"]) == (409, "/problems/referral-known")
    assert (same.status_code, same.json()["referral_code"]) == (200, "FRIEND-7")
    made = [(e.lead_id, e.referral_code) for e in await published() if isinstance(e, ReferralMade)]
    assert made == [(with_code, "FRIEND-7"), (without, "FRIEND-9")]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/reason"),
        ({"reason": "regret"}, "/reason"),
        ({"reason": "other", "note": "x" * 2001}, "/note"),
        ({"reason": "other", "why": "?"}, "/why"),
    ],
)
async def test_a_cancellation_that_does_not_fit_is_refused(client, win, body, pointer):
    response = await client.post(f"/v1/leads/{await win()}/win/cancel", json=body)

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize(
    ("part", "pointer"),
    [
        ({"trade_in": {"make": "大众"}}, "/trade_in/model"),
        ({"trade_in": {"make": "大众", "model": "朗逸", "allowance_cents": -1}}, "/trade_in/allowance_cents"),
        ({"trade_in": {"make": "大众", "model": "朗逸", "allowance_cents": 1, "vin": "X"}}, "/trade_in/vin"),
        ({"finance": {"lender": "招商银行", "amount_cents": 1, "months": 0}}, "/finance/months"),
        ({"finance": {"amount_cents": 1, "months": 1}}, "/finance/lender"),
        ({"referral_code": ""}, "/referral_code"),
    ],
)
async def test_terms_of_a_sale_that_do_not_fit_are_refused(client, capture, part, pointer):
    response = await client.post(f"/v1/leads/{await capture()}/win", json={**SALE, **part})

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_lead_that_is_not_won_or_not_ones_own_is_not_undone(client, client_as, capture, win, other_store_id):
    lost, sold = await capture(), await win()
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)
    elsewhere = client_as(Role.ADVISOR, stores=[other_store_id])

    statuses = [
        (await client.post(f"/v1/leads/{lost}/win/cancel", json=REFUSED)).status_code,
        (await stranger.post(f"/v1/leads/{sold}/win/cancel", json=REFUSED)).status_code,
        (await elsewhere.post(f"/v1/leads/{sold}/win/cancel", json=REFUSED)).status_code,
    ]

    assert statuses == [409, 404, 404]
