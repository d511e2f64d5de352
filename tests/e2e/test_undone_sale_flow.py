"""Flow 7: a sale is undone, and with it everything that followed; the person may buy after all."""

from datetime import UTC, datetime, timedelta

from baoke_local.demo.dealer import until

LEADS = "/lead-service/v1/leads"
MEMBERS = "/loyalty-service/v1/members"
CUSTOMERS = "/customer-service/v1/customers"


async def member_with_code(dealer, phone):
    """A member (customer_id) and a code of theirs."""
    customer = await dealer.post(
        CUSTOMERS, {"name": "介绍人", "phone": phone, "email": f"{phone}@example.cn", "store_id": dealer.store_id}
    )
    member_id = customer["customer_id"]

    async def enrolled():
        return await dealer.get(f"{MEMBERS}/{member_id}")

    await until(enrolled, "the member")
    return member_id, (await dealer.post(f"{MEMBERS}/{member_id}/referral-codes", {}))["code"]


async def negotiating(dealer, code, phone):
    """A lead that came with the code and negotiates."""
    lead = await dealer.post(
        LEADS,
        {
            "source": {"channel": "wecom"},
            "contact": {"name": "买家", "phone": phone, "email": "buyer@example.cn"},
            "interest": {"make": "蔚来", "model": "ES6"},
            "store_id": dealer.store_id,
            "referral_code": code,
        },
    )
    await dealer.post(f"{LEADS}/{lead['lead_id']}/stage", {"stage": "negotiating"})
    return lead["lead_id"]


async def win(dealer, lead_id, vin, **more):
    sale = {"vin": vin, "make": "蔚来", "model": "ES6", "price_cents": 33_800_000, **more}
    await dealer.post(f"{LEADS}/{lead_id}/win", {**sale, "sold_at": datetime.now(UTC).isoformat()})


async def cancel(dealer, lead_id):
    return await dealer.post(f"{LEADS}/{lead_id}/win/cancel", {"reason": "finance_refused", "note": "贷款未批"})


async def referral_of(dealer, lead_id, state):
    async def look():
        referrals = await dealer.items("/loyalty-service/v1/referrals")
        return next((r for r in referrals if r["lead_id"] == lead_id and r["state"] == state), None)

    return await until(look, f"the referral to be {state}")


async def vehicles_of(dealer, customer_id, count):
    async def look():
        vehicles = (await dealer.get(f"{CUSTOMERS}/{customer_id}"))["vehicles"]
        return [vehicles] if len(vehicles) == count else None

    return (await until(look, f"{count} vehicles"))[0]


def tomorrow():
    return (datetime.now(UTC) + timedelta(days=1, hours=8)).date().isoformat()


async def gone(dealer, path):
    """Wait until there is nothing at the path any more."""

    async def look():
        return (await dealer.send("GET", path)).status_code == 404

    await until(look, f"{path} to be gone")


async def test_a_sale_that_is_undone_takes_back_what_followed_from_it(dealer):
    member_id, code = await member_with_code(dealer, "13855550001")
    lead_id = await negotiating(dealer, code, "13855550002")
    await win(dealer, lead_id, "LJ1EEAVS0R1234567")
    buyer_id = (await referral_of(dealer, lead_id, "paid"))["referee_id"]
    [vehicle] = await vehicles_of(dealer, buyer_id, 1)
    maintenance = f"/service-reminder/v1/vehicles/{vehicle['vehicle_id']}/maintenance"

    async def planned():
        return await dealer.get(maintenance)

    await until(planned, "the maintenance plan")

    lead = await cancel(dealer, lead_id)

    assert (lead["stage"], lead["closed_at"]) == ("negotiating", None)
    assert (await referral_of(dealer, lead_id, "voided"))["reason"] == "sale_cancelled"
    await vehicles_of(dealer, buyer_id, 0)
    await gone(dealer, maintenance)
    assert (await dealer.get(f"{CUSTOMERS}/{buyer_id}"))["segment"] == "prospect"
    for party in (member_id, buyer_id):
        assert (await dealer.get(f"{MEMBERS}/{party}"))["balance"] == 0
        [voucher] = await dealer.items("/loyalty-service/v1/vouchers", customer_id=party)
        assert voucher["state"] == "void"


async def test_a_person_who_buys_after_all_has_everything_once(dealer):
    member_id, code = await member_with_code(dealer, "13855550003")
    lead_id = await negotiating(dealer, code, "13855550004")
    await win(dealer, lead_id, "LJ1EEAVS0R1234567")
    buyer_id = (await referral_of(dealer, lead_id, "paid"))["referee_id"]
    await cancel(dealer, lead_id)
    await referral_of(dealer, lead_id, "voided")

    await win(dealer, lead_id, "LJ1EEAVS0R1234567")

    again = await referral_of(dealer, lead_id, "paid")
    assert (again["referrer_id"], again["referee_id"]) == (member_id, buyer_id)
    [vehicle] = await vehicles_of(dealer, buyer_id, 1)
    assert vehicle["vin"] == "LJ1EEAVS0R1234567"
    for party in (member_id, buyer_id):

        async def rewarded(party=party):
            return (await dealer.get(f"{MEMBERS}/{party}"))["balance"] == 2_000

        await until(rewarded, "the points")
        vouchers = await dealer.items("/loyalty-service/v1/vouchers", customer_id=party)
        assert sorted(voucher["state"] for voucher in vouchers) == ["issued", "void"]


async def test_a_sale_that_is_undone_at_once_and_made_again_comes_out_the_same(dealer):
    member_id, code = await member_with_code(dealer, "13855550005")
    lead_id = await negotiating(dealer, code, "13855550006")

    for _ in range(3):
        await win(dealer, lead_id, "LJ1EEAVS0R1234567")
        await cancel(dealer, lead_id)
    await win(dealer, lead_id, "LJ1EEAVS0R1234567")

    buyer_id = (await referral_of(dealer, lead_id, "paid"))["referee_id"]
    await vehicles_of(dealer, buyer_id, 1)

    async def settled():
        return [(await dealer.get(f"{MEMBERS}/{party}"))["balance"] for party in (member_id, buyer_id)] == [2_000] * 2

    await until(settled, "the points of one sale")


async def test_a_car_given_in_payment_is_gone_and_comes_back_with_the_sale(dealer):
    _, code = await member_with_code(dealer, "13855550007")
    lead_id = await negotiating(dealer, code, "13855550008")
    await win(dealer, lead_id, "LJ1EEAVS0R1234567")
    buyer_id = (await referral_of(dealer, lead_id, "paid"))["referee_id"]
    [old] = await vehicles_of(dealer, buyer_id, 1)
    maintenance = f"/service-reminder/v1/vehicles/{old['vehicle_id']}/maintenance"

    async def planned():
        return await dealer.get(maintenance)

    before = await until(planned, "the maintenance plan")
    slots = await dealer.items("/service-reminder/v1/slots", store_id=dealer.store_id, on=tomorrow())
    visit = {"vehicle_id": old["vehicle_id"], "store_id": dealer.store_id, "starts_at": slots[0]["starts_at"]}
    appointment = await dealer.post("/service-reminder/v1/appointments", {**visit, "items": ["oil_service"]})
    next_lead_id = await negotiating(dealer, code, "13855550008")
    given = {"make": "蔚来", "model": "ES6", "vin": old["vin"], "allowance_cents": 12_000_000}

    await win(dealer, next_lead_id, "LJ1EEAVS2R1234568", trade_in=given)

    await gone(dealer, maintenance)
    [new] = await vehicles_of(dealer, buyer_id, 1)
    assert new["vin"] == "LJ1EEAVS2R1234568"
    shown = await dealer.get(f"/service-reminder/v1/appointments/{appointment['appointment_id']}")
    assert shown["state"] == "cancelled"

    await cancel(dealer, next_lead_id)

    async def old_again():
        return [v["vehicle_id"] for v in await vehicles_of(dealer, buyer_id, 1)] == [old["vehicle_id"]]

    await until(old_again, "the old car")
    again = await until(planned, "the maintenance plan")
    assert [item["code"] for item in again["items"]] == [item["code"] for item in before["items"]]
