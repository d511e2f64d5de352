"""Flow 5: at most three a day, whatever comes at once; and the way out."""

import asyncio
from urllib.parse import urlsplit

from baoke_local.demo.dealer import until

MESSAGES = "/notification-service/v1/messages"


async def reachable(dealer, phone):
    customer = await dealer.post(
        "/customer-service/v1/customers",
        {"name": "被打扰的人", "phone": phone, "email": f"{phone}@example.cn", "store_id": dealer.store_id},
    )
    return customer["customer_id"]


async def say(dealer, party_id, message_class):
    await dealer.post(
        MESSAGES,
        {
            "party_id": party_id,
            "class": message_class,
            "template": "notice",
            "data": {"title": "通知", "text": "本周六会员日。"},
        },
    )


async def settled(dealer, party_id, count):
    async def look():
        done = [m for m in await dealer.messages(party_id) if m["state"] in ("sent", "suppressed", "failed")]
        return done if len(done) == count else None

    return await until(look, f"{count} messages to settle")


def states(messages):
    return sorted((m["state"], m["reason"] or "") for m in messages)


async def test_of_twenty_at_once_three_go_and_a_transactional_one_still_does(dealer):
    party_id = await reachable(dealer, "13855550001")

    await asyncio.gather(*(say(dealer, party_id, ("service", "marketing")[n % 2]) for n in range(20)))

    assert states(await settled(dealer, party_id, 20)) == [("sent", "")] * 3 + [("suppressed", "capped")] * 17
    await say(dealer, party_id, "transactional")
    assert states(await settled(dealer, party_id, 21)) == [("sent", "")] * 4 + [("suppressed", "capped")] * 17
    budget = await dealer.get(f"/notification-service/v1/parties/{party_id}/contact-budget")
    assert (budget["used"], budget["left"]) == (3, 0)
    assert budget["suppressed_today"] == [{"reason": "capped", "count": 17}]


async def test_one_click_unsubscribes_and_opening_the_link_does_not(dealer):
    party_id = await reachable(dealer, "13855550002")
    await say(dealer, party_id, "marketing")
    [sent] = await settled(dealer, party_id, 1)
    link = urlsplit(sent["unsubscribe_url"]).path

    assert (await dealer.send("GET", link)).status_code == 200
    await say(dealer, party_id, "marketing")
    assert states(await settled(dealer, party_id, 2)) == [("sent", "")] * 2

    assert (await dealer.send("POST", link, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    await say(dealer, party_id, "marketing")
    assert states(await settled(dealer, party_id, 3)) == [("sent", "")] * 2 + [("suppressed", "unsubscribed")]

    async def withdrawn():
        customer = await dealer.get(f"/customer-service/v1/customers/{party_id}")
        marketing = [c for c in customer["consents"] if c["purpose"] == "marketing"]
        return marketing and not any(c["granted"] for c in marketing)

    await until(withdrawn, "the consent to be withdrawn at its owner")
