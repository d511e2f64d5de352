"""Flow 1: a lead is defeated, and won back when what it was lost for changes."""

from baoke_local.demo.dealer import until

LEADS = "/lead-service/v1/leads"
SIGNALS = "/lead-service/v1/market-signals"
REACTIVATIONS = "/lead-service/v1/reactivations"

PROSPECT = """
<prospect status="{status}">
  <id sequence="1" source="autohome">{id}</id>
  <requestdate>2026-03-01T09:30:00</requestdate>
  <vehicle interest="buy" status="new"><make>吉利</make><model>星越L</model></vehicle>
  <customer><contact><name part="full">{name}</name><phone>{phone}</phone></contact></customer>
  <vendor><id>SH-01</id></vendor>
</prospect>"""


def adf(*prospects):
    return f'<?xml version="1.0"?><?adf version="1.0"?><adf>{"".join(prospects)}</adf>'.encode()


async def send_adf(dealer, *prospects):
    answer = await dealer.call(
        "POST", "/lead-service/v1/intake/adf", content=adf(*prospects), headers={"Content-Type": "application/xml"}
    )
    return answer["prospects"]


async def reactivations(dealer, **query):
    return await dealer.items(REACTIVATIONS, **query)


async def one_reactivation(dealer, **query):
    async def look():
        return await reactivations(dealer, **query)

    return (await until(look, "a re-activation"))[0]


async def lost(dealer, phone, reason, *, make="吉利", model="星越L"):
    """A lead that was lost for the reason."""
    lead = await dealer.post(
        LEADS,
        {
            "source": {"channel": "website"},
            "contact": {"name": "测试", "phone": phone},
            "interest": {"make": make, "model": model},
            "store_id": dealer.store_id,
        },
    )
    await dealer.post(f"{LEADS}/{lead['lead_id']}/defeat", {"reason": reason})
    return lead["lead_id"]


async def test_an_adf_file_with_a_resend_makes_one_new_lead_and_repeats_one(dealer):
    first = PROSPECT.format(status="new", id="A-1", name="张三", phone="13811110001")
    resend = PROSPECT.format(status="resend", id="A-1", name="张三", phone="13811110001")
    other = PROSPECT.format(status="new", id="A-2", name="李四", phone="13811110002")
    [known] = await send_adf(dealer, first)

    again, new = await send_adf(dealer, resend, other)

    assert (known["outcome"], again["outcome"], new["outcome"]) == ("created", "repeated", "created")
    assert again["lead_id"] == known["lead_id"]
    touch = await dealer.post(
        LEADS,
        {
            "source": {"channel": "dongchedi", "source_id": "d-1"},
            "contact": {"name": "张先生", "phone": "+86 138 1111 0001"},
            "interest": {"make": "吉利", "model": "星越L"},
            "store_id": dealer.store_id,
        },
    )
    assert (touch["lead_id"], touch["outcome"]) == (known["lead_id"], "touched")


async def test_a_price_cut_wins_back_who_was_lost_for_the_price_and_says_the_difference(dealer):
    lead = await dealer.post(
        LEADS,
        {
            "source": {"channel": "douyin", "source_id": "live-9"},
            "contact": {"name": "何欣", "phone": "13822220001"},
            "interest": {"make": "吉利", "model": "星越L"},
            "store_id": dealer.store_id,
            "grade": "A",
        },
    )
    lead_id = lead["lead_id"]
    await dealer.post(f"{LEADS}/{lead_id}/contacts", {"channel": "phone", "outcome": "reached"})
    for stage in ("visited", "test_driven", "negotiating"):
        await dealer.post(f"{LEADS}/{lead_id}/stage", {"stage": stage})
    await dealer.post(f"{LEADS}/{lead_id}/defeat", {"reason": "price", "note": "太贵"})
    configuration = await lost(dealer, "13822220002", "configuration")
    cut = {
        "kind": "price_cut",
        "make": "吉利",
        "model": "星越L",
        "price_from_cents": 17_570_000,
        "price_to_cents": 16_270_000,
    }

    dry = await dealer.call("POST", SIGNALS, cut, params={"dry_run": True})
    assert ([item["lead_id"] for item in dry["items"]], await reactivations(dealer)) == ([lead_id], [])

    signal = await dealer.post(SIGNALS, cut)
    reactivation = await one_reactivation(dealer, signal_id=signal["signal_id"])
    message = await dealer.sent(lead_id, "reactivation_price_drop")
    assert (reactivation["lead_id"], reactivation["strategy"]) == (lead_id, "price_drop")
    assert 0 < reactivation["priority"] <= 100
    assert "13,000" in message["text"]
    assert "星越L" in message["text"]

    arrival = await dealer.post(SIGNALS, {"kind": "stock_arrival", "make": "吉利", "model": "星越L"})
    second = await one_reactivation(dealer, signal_id=arrival["signal_id"])
    assert (second["lead_id"], second["strategy"]) == (configuration, "in_stock")

    again = await dealer.post(SIGNALS, cut)
    assert again["signal_id"] == signal["signal_id"]
    assert len(await reactivations(dealer)) == 2
    assert len(await dealer.messages(lead_id, template="reactivation_price_drop")) == 1
