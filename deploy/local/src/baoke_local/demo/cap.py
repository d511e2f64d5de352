"""Flow 5: nobody is told too much, and unsubscribing takes one click."""

from typing import Any
from urllib.parse import urlsplit

from baoke_local.demo.dealer import Dealer, until
from baoke_local.demo.telling import Tell, chapter, effect, fact

MESSAGES = "/notification-service/v1/messages"
WORDS = {"title": "会员日", "text": "本周六会员日，到店有礼。"}


async def play(dealer: Dealer, tell: Tell) -> None:
    """Tell how the fourth message of a day is not sent, and the answer to a question is."""
    chapter(tell, 5, "The cap, and the way out (触达上限与退订)")
    person = {"name": "周敏", "phone": "13600136303", "email": "zhou.min@example.cn", "store_id": dealer.store_id}
    customer = str((await dealer.post("/customer-service/v1/customers", person))["customer_id"])
    for _ in range(4):
        await _say(dealer, customer, "marketing")
    settled = await _settled(dealer, customer, 4)
    fact(tell, f"four marketing messages to 周敏 on one day → {_count(settled)}")
    await _say(dealer, customer, "transactional")
    settled = await _settled(dealer, customer, 5)
    fact(tell, f"a transactional one still goes → {_count(settled)}")
    link = urlsplit(next(m["unsubscribe_url"] for m in settled if m["unsubscribe_url"])).path
    await dealer.send("GET", link)
    fact(tell, "a link scanner opens the unsubscribe link → nothing changes")
    await dealer.send("POST", link, data={"List-Unsubscribe": "One-Click"})
    await _say(dealer, customer, "marketing")
    settled = await _settled(dealer, customer, 6)
    fact(tell, "周敏 unsubscribes with one click; the next marketing message is not sent")
    effect(tell, f"the reason that is kept: {settled[0]['reason']}")


async def _say(dealer: Dealer, customer: str, message_class: str) -> None:
    await dealer.post(MESSAGES, {"party_id": customer, "class": message_class, "template": "notice", "data": WORDS})


async def _settled(dealer: Dealer, customer: str, number: int) -> list[dict[str, Any]]:
    """All messages to the customer, newest first, once none waits any more."""

    async def look() -> list[dict[str, Any]] | None:
        messages = await dealer.messages(customer)
        done = [m for m in messages if m["state"] in ("sent", "suppressed", "failed")]
        return done if len(done) == number else None

    return await until(look, f"{number} messages to settle")


def _count(messages: list[dict[str, Any]]) -> str:
    sent = sum(m["state"] == "sent" for m in messages)
    reasons = [m["reason"] for m in messages if m["state"] == "suppressed"]
    return f"{sent} sent" + (f", {len(reasons)} {reasons[0]}" if reasons else "")
