"""Documents of `tests/adf/documents`, written as portals, makers, .NET programs and mail gateways write them."""

from pathlib import Path

import pytest

XML = {"Content-Type": "application/xml"}
DOCUMENTS = Path(__file__).parents[1] / "adf" / "documents"

SENT = "2003-08-01T02:30:00Z"
IN_THE_USA = (
    "timeframe: 2003-08-02 – 2003-08-15\ncall: 206-555-0142 evening\naddress: 400 Pine St, Seattle, WA, 98101, US"
)
USED = (
    "used: 2001; VIN 1HGCG16591A000001; stock P4471; odometer 42,118 miles original; exterior Silver, interior Tan; "
    "exterior Black; asking 13,995 USD; offer 12,500 USD"
)
TRADED_IN = "trade-in used: 1998 Ford Escort; VIN 1FAFP13P0WW000002; odometer 98,000 mi"
SENDERS = {
    "autotrader.xml": (
        ("Maria Nuñez", "+12065550142", "maria@example.com", "Honda", "Accord", None, "2003-08-01T17:30:00Z"),
        f"within two weeks\n{IN_THE_USA}\n{USED}\nIs it still available?",
    ),
    "cars_com.xml": (
        ("Pat O’Neil", "+13125550199", None, "Toyota", "Camry", None, "2003-08-01T15:30:00Z"),
        f"Looking for <b>low miles</b>\nBudget is < $20,000 & firm\ncall: (312) 555-0199 morning\n{TRADED_IN}",
    ),
    "cargurus.xml": (
        ("Li Wang", None, "li.wang@example.com", "BYD", "Seal", None, SENT),
        "Line one\nLine two: R&D, AT&T; it’s me ✓\ntrade-in: 2012 VW Golf\ntest-drive: 2026; offer 35,000 USD",
    ),
    "edmunds.xml": (
        ("Ann Lee", "+8613900001111", None, "BYD", "Han", None, "2003-08-01T18:30:00Z"),
        "lease: 2026; finance lease, monthly 499 USD, balance residual 9,000 USD",
    ),
    "dealer_com.xml": (("Wei Chen", "+862165550102", None, "BYD", "Dolphin", None, SENT), None),
    "oem.xml": (
        ("王伟", "+8613900001112", None, "BYD", "Tang", 23_500_000, SENT),
        "car: 2026; msrp 249,800 CNY; options Sunroof, Tow bar",
    ),
    "dotnet.xml": (("李娜", "+8613900001113", None, "BYD", "Seal", None, SENT), "call me 😀"),
    "windows_1252.xml": (
        ("José Muñoz", None, "jose@example.com", "Citroën", "C5", None, SENT),
        "I’m free – any day",
    ),
    "latin_1.xml": (("Renée", None, "renee@example.com", "Citroën", "C5", None, SENT), "I’m free"),
    "mail_gateway.eml": (
        ("Chen Jie", "+8613800138000", None, "BYD", "Seal", None, SENT),
        "<!DOCTYPE html><p>Please call</p>",
    ),
    "cut_off.xml": (("赵强", "+8613900001114", None, "", "Seal", None, SENT), None),
    "one_bad_prospect.xml": (("孙丽", "+8613900001115", None, "", "Seal", None, SENT), None),
}
"""Of each document its last prospect: who, which car, for how much, when; and the note."""


@pytest.mark.parametrize("name", SENDERS)
async def test_documents_are_read_as_their_senders_write_them(client, set_policy, store_id, name):
    await set_policy(stores={"SH-01": str(store_id)})
    document = (DOCUMENTS / name).read_bytes()

    response = await client.post("/v1/intake/adf", content=document, headers=XML)

    assert response.status_code == 200, response.text
    prospect = response.json()["prospects"][-1]
    assert prospect["outcome"] == "created"
    lead = (await client.get(f"/v1/leads/{prospect['lead_id']}")).json()
    contact, interest = lead["contact"], lead["interest"]
    who = (contact["name"], contact["phone"], contact["email"])
    what = (interest["make"], interest["model"], interest["budget_cents"])
    assert ((*who, *what, lead["touch_history"][0]["requested_at"]), lead["note"]) == SENDERS[name]


async def test_a_bad_prospect_is_named_with_its_line_and_the_good_one_is_taken(client, set_policy, store_id):
    await set_policy(stores={"SH-01": str(store_id)})
    document = (DOCUMENTS / "one_bad_prospect.xml").read_bytes()

    answer = (await client.post("/v1/intake/adf", content=document, headers=XML)).json()

    assert [prospect["problem"] and prospect["problem"]["type"] for prospect in answer["prospects"]] == [
        "/problems/unreachable",
        None,
    ]
    assert [(part["path"], part["value"]) for part in answer["dropped"]] == [
        ("line 3", "<name>"),
        ("line 4", "<vendor>"),
        ("line 2", "<prospect>"),
    ]
