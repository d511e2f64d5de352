"""Flow 4: a referral rewards both sides, and one to oneself rewards nobody."""

from datetime import UTC, datetime

from baoke_local.demo.dealer import until

LEADS = "/lead-service/v1/leads"


async def referred(dealer, code, *, name, phone):
    """A lead that came with the code."""
    lead = await dealer.post(
        LEADS,
        {
            "source": {"channel": "wecom"},
            "contact": {"name": name, "phone": phone, "email": "buyer@example.cn"},
            "interest": {"make": "蔚来", "model": "ES6"},
            "store_id": dealer.store_id,
            "referral_code": code,
        },
    )
    return lead["lead_id"]


async def win(dealer, lead_id, vin):
    await dealer.post(
        f"{LEADS}/{lead_id}/win",
        {
            "vin": vin,
            "make": "蔚来",
            "model": "ES6",
            "price_cents": 33_800_000,
            "sold_at": datetime.now(UTC).isoformat(),
        },
    )


async def referral_of(dealer, lead_id, state):
    async def look():
        referrals = await dealer.items("/loyalty-service/v1/referrals")
        return next((r for r in referrals if r["lead_id"] == lead_id and r["state"] == state), None)

    return await until(look, f"the referral to be {state}")


async def member_with_code(dealer, phone):
    """A member (customer_id) and a code of theirs."""
    customer = await dealer.post(
        "/customer-service/v1/customers",
        {"name": "介绍人", "phone": phone, "email": f"{phone}@example.cn", "store_id": dealer.store_id},
    )
    member_id = customer["customer_id"]

    async def enrolled():
        return await dealer.get(f"/loyalty-service/v1/members/{member_id}")

    await until(enrolled, "the member")
    code = await dealer.post(f"/loyalty-service/v1/members/{member_id}/referral-codes", {})
    return member_id, code["code"]


async def test_a_referral_registers_the_buyer_and_rewards_both(dealer):
    member_id, code = await member_with_code(dealer, "13844440001")
    lead_id = await referred(dealer, code, name="买家", phone="13844440002")

    await win(dealer, lead_id, "LJ1EEAVS0R1234567")

    paid = await referral_of(dealer, lead_id, "paid")
    assert paid["referrer_id"] == member_id
    buyer = await dealer.get(f"/customer-service/v1/customers/{paid['referee_id']}")
    assert (buyer["name"], len(buyer["vehicles"])) == ("买家", 1)
    for party in (member_id, paid["referee_id"]):
        assert (await dealer.get(f"/loyalty-service/v1/members/{party}"))["balance"] == 2_000
        vouchers = await dealer.items("/loyalty-service/v1/vouchers", customer_id=party)
        assert [(v["kind"], v["value_cents"]) for v in vouchers] == [("fuel_card", 50_000)]
        message = await dealer.sent(party, "referral_paid")
        assert "2,000" in message["text"]
        assert "500" in message["text"]


async def test_referring_oneself_is_void_for_the_same_phone(dealer):
    member_id, code = await member_with_code(dealer, "13844440003")
    lead_id = await referred(dealer, code, name="本人", phone="138 4444 0003")

    await win(dealer, lead_id, "WBA8E9G5XGNT00001")

    void = await referral_of(dealer, lead_id, "voided")
    assert void["reason"] == "same_phone"
    assert (await dealer.get(f"/loyalty-service/v1/members/{member_id}"))["balance"] == 0
    assert await dealer.items("/loyalty-service/v1/vouchers", customer_id=member_id) == []
