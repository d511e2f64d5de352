"""Flow 4: a member's code brings a buyer, and both are rewarded."""

from datetime import UTC, datetime
from typing import Any

from baoke_local.demo.dealer import Dealer, until
from baoke_local.demo.telling import Tell, chapter, effect, fact, message

LEADS = "/lead-service/v1/leads"
SALE = {"make": "比亚迪", "model": "汉", "price_cents": 20_980_000}


async def play(dealer: Dealer, tell: Tell, *, member_id: str) -> None:
    """Tell how a referral is paid, and how one to oneself is not."""
    chapter(tell, 4, "Referral made (老带新)")
    code = (await dealer.post(f"/loyalty-service/v1/members/{member_id}/referral-codes", {}))["code"]
    fact(tell, f"王磊 shares the code {code}")
    friend = await _lead(dealer, code, {"name": "李娜", "phone": "13700137202"}, "friend-1")
    await dealer.post(f"{LEADS}/{friend}/win", {**SALE, "vin": "LGXC16AF4R0300303", "sold_at": _now()})
    fact(tell, "李娜 comes with it, and buys a 汉")
    paid = await _referral(dealer, friend, {"paid"})
    effect(tell, f"李娜 is a customer now; the referral is {paid['state']}")
    for name, party in (("王磊", paid["referrer_id"]), ("李娜", paid["referee_id"])):
        vouchers = await dealer.items("/loyalty-service/v1/vouchers", customer_id=party)
        member = await dealer.get(f"/loyalty-service/v1/members/{party}")
        worth = ", ".join(f"{v['kind']} ¥{v['value_cents'] // 100}" for v in vouchers)
        effect(tell, f"{name}: {member['balance']:,} points, {worth}")
        message(tell, await dealer.sent(party, "referral_paid"))
    himself = await _lead(dealer, code, {"name": "王先生", "phone": "13900139101"}, "friend-2")
    await dealer.post(f"{LEADS}/{himself}/win", {**SALE, "vin": "LSVNV2185P2300202", "sold_at": _now()})
    void = await _referral(dealer, himself, {"voided", "void"})
    fact(tell, f"somebody refers himself with his own phone → {void['state']}: {void['reason']}")


async def _lead(dealer: Dealer, code: str, contact: dict[str, str], source_id: str) -> str:
    lead = {
        "source": {"channel": "referral", "source_id": source_id},
        "contact": contact,
        "interest": {"make": SALE["make"], "model": SALE["model"]},
        "store_id": dealer.store_id,
        "referral_code": code,
    }
    return str((await dealer.post(LEADS, lead))["lead_id"])


async def _referral(dealer: Dealer, lead_id: str, states: set[str]) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        referrals = await dealer.items("/loyalty-service/v1/referrals", limit=200)
        return next((r for r in referrals if r["lead_id"] == lead_id and r["state"] in states), None)

    return await until(look, f"the referral to be {' or '.join(states)}")


def _now() -> str:
    return datetime.now(UTC).isoformat()
