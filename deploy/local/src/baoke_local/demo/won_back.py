"""Flow 1: leads come in, two are lost, and what they were lost for changes."""

from typing import Any

from baoke_local.demo.dealer import Dealer, until
from baoke_local.demo.telling import Tell, chapter, effect, fact, json_of, message, text_of, yuan

LEADS = "/lead-service/v1/leads"
SIGNALS = "/lead-service/v1/market-signals"


async def play(dealer: Dealer, tell: Tell) -> None:
    """Tell how a lead is defeated, and won back."""
    chapter(tell, 1, "Lead defeated, then won back (战败激活)")
    await _adf(dealer, tell, "monday.adf.xml")
    chen, zhao = await _adf(dealer, tell, "tuesday.adf.xml")
    touch = await dealer.post(LEADS, {**json_of("dongchedi-lead.json"), "store_id": dealer.store_id})
    fact(tell, f"懂车帝 sends a lead with the same phone → {touch['outcome']}, still one lead")
    await _work(dealer, tell, chen)
    await _lose(dealer, chen, "price", note="竞品优惠更大")
    fact(tell, f"陈静 is lost at negotiating for price (trace {dealer.trace_id})")
    await _lose(dealer, zhao, "configuration", note="要极地白，没有现车")
    fact(tell, "赵磊 is lost for the configuration")
    await _signal(dealer, tell, json_of("price-cut.json"), chen)
    await _signal(dealer, tell, json_of("stock-arrival.json"), zhao)
    again = await dealer.post(SIGNALS, json_of("price-cut.json"))
    told = await dealer.items("/lead-service/v1/reactivations", signal_id=again["signal_id"])
    fact(tell, f"the same price cut is reported again → nothing new, still {len(told)} re-activation")


async def _adf(dealer: Dealer, tell: Tell, name: str) -> list[str]:
    answer = await dealer.call(
        "POST",
        "/lead-service/v1/intake/adf",
        content=text_of(name).encode(),
        headers={"Content-Type": "application/xml"},
    )
    outcomes = ", ".join(prospect["outcome"] for prospect in answer["prospects"])
    fact(tell, f"{name}: {len(answer['prospects'])} prospect(s) → {outcomes}")
    return [prospect["lead_id"] for prospect in answer["prospects"]]


async def _work(dealer: Dealer, tell: Tell, lead_id: str) -> None:
    await dealer.post(f"{LEADS}/{lead_id}/contacts", {"channel": "phone", "outcome": "reached", "note": "约周六到店"})
    for stage in ("appointed", "visited", "test_driven", "negotiating"):
        await dealer.post(f"{LEADS}/{lead_id}/stage", {"stage": stage})
    fact(tell, "陈静 is contacted, visits, drives the car, negotiates")


async def _lose(dealer: Dealer, lead_id: str, reason: str, *, note: str) -> None:
    await dealer.post(f"{LEADS}/{lead_id}/defeat", {"reason": reason, "note": note})


async def _signal(dealer: Dealer, tell: Tell, signal: dict[str, Any], lead_id: str) -> None:
    preview = await dealer.call("POST", SIGNALS, signal, params={"dry_run": True})
    what = signal["kind"].replace("_", " ")
    fact(tell, f"{what} of {signal['make']} {signal['model']}: a dry run would touch {preview['matched']} lead")
    made = await dealer.post(SIGNALS, signal)

    async def look() -> dict[str, Any] | None:
        found = await dealer.items("/lead-service/v1/reactivations", signal_id=made["signal_id"], lead_id=lead_id)
        return found[0] if found else None

    reactivation = await until(look, "the re-activation")
    effect(tell, f"re-activated: {reactivation['strategy']}, priority {reactivation['priority']}")
    if signal["kind"] == "price_cut":
        effect(tell, f"it costs {yuan(signal['price_from_cents'] - signal['price_to_cents'])} less now")
    message(tell, await dealer.sent(lead_id, f"reactivation_{reactivation['strategy']}"))
