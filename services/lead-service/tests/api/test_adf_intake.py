from uuid import UUID

import pytest
from baoke_events import LeadCaptured

XML = {"Content-Type": "application/xml"}

TWO_PROSPECTS = """From: leads@autohome.example
<?ADF VERSION "1.0"?>
<?xml version="1.0" encoding="UTF-8"?>
<adf>
  <prospect status="new">
    <id sequence="1" source="autohome">AH-1</id>
    <requestdate>2026-01-05T10:30:00</requestdate>
    <vehicle interest="trade-in"><year>2019</year><make>VW</make><model>Lavida</model></vehicle>
    <vehicle interest="buy" status="new">
      <make>BYD</make><model>Seal</model><trim>Long Range</trim>
      <price type="offer" currency="CNY">189,800</price><colour>blue</colour>
    </vehicle>
    <customer>
      <contact>
        <name part="first">伟</name><name part="last">王</name>
        <phone type="pager">12</phone><phone type="cellphone">139 0000 1111</phone>
        <email>wang.wei@example.com</email>
      </contact>
      <comments>R&D 部门，周末看车</comments>
    </customer>
    <vendor><id>SH-01</id></vendor>
    <provider><name>汽车之家</name></provider>
  </prospect>
  <prospect status="resend">
    <id sequence="1" source="dongchedi">DCD-1</id>
    <vehicle><model>Seal</model></vehicle>
    <customer><contact><name part="full">李娜</name><phone>13800138000</phone></contact></customer>
    <vendor><vendorname>保客上海店</vendorname></vendor>
  </prospect>
</adf>
kind regards
"""


@pytest.fixture
async def stores(set_policy, store_id, other_store_id):
    """The policy knows the vendors of the document."""
    await set_policy(stores={"SH-01": str(store_id), "保客上海店": str(other_store_id)})


async def test_a_document_makes_one_new_lead_and_repeats_the_one_that_exists(
    client, capture, stores, published, store_id
):
    known = await capture(source={"channel": "dongchedi", "source_id": "DCD-1"}, contact={"phone": "13800138000"})

    response = await client.post("/v1/intake/adf", content=TWO_PROSPECTS.encode(), headers=XML)

    assert response.status_code == 200
    new, repeated = response.json()["prospects"]
    assert (new["outcome"], repeated["outcome"]) == ("created", "repeated")
    assert repeated["lead_id"] == str(known)
    assert [(part["path"], part["value"]) for part in new["dropped"]] == [
        ("adf/prospect[1]/vehicle[2]/colour", "blue"),
        ("customer/contact/phone", "12"),
        ("vehicle (trade-in)", "2019 VW Lavida"),
    ]
    captured = (await published())[2]
    assert isinstance(captured, LeadCaptured)
    assert captured.lead_id == UUID(new["lead_id"])
    assert (captured.store_id, captured.channel, captured.source_id) == (store_id, "autohome", "AH-1")
    assert (captured.make, captured.trim, captured.budget_cents) == ("BYD", "Long Range", 18_980_000)


async def test_what_a_prospect_says_is_kept_with_the_lead(client, stores):
    sent = await client.post("/v1/intake/adf", content=TWO_PROSPECTS.encode(), headers=XML)

    lead = (await client.get(f"/v1/leads/{sent.json()['prospects'][0]['lead_id']}")).json()

    assert lead["contact"]["name"] == "王伟"
    assert lead["contact"]["phone"] == "+8613900001111"
    assert lead["note"] == "R&D 部门，周末看车\ntrade-in: 2019 VW Lavida"
    assert lead["touch_history"][0]["requested_at"] == "2026-01-05T02:30:00Z"


async def test_the_store_is_the_vendors_or_the_callers_or_the_policys(client, set_policy, store_id, other_store_id):
    document = TWO_PROSPECTS.encode()
    unnamed = (await client.post("/v1/intake/adf", content=document, headers=XML)).json()
    await set_policy(default_store_id=str(store_id))

    by_query = await client.post(f"/v1/intake/adf?store_id={other_store_id}", content=document, headers=XML)
    await set_policy(default_store_id=str(store_id))
    by_policy = await client.post("/v1/intake/adf", content=document.replace(b"1111", b"2222"), headers=XML)

    assert [prospect["problem"]["type"] for prospect in unnamed["prospects"]] == ["/problems/store-not-named"] * 2
    shown = await client.get(f"/v1/leads/{by_query.json()['prospects'][0]['lead_id']}")
    assert shown.json()["store_id"] == str(other_store_id)
    assert by_policy.json()["prospects"][0]["outcome"] == "repeated"


async def test_a_prospect_nobody_can_reach_is_answered_with_its_problem_and_the_others_are_taken(client, store_id):
    document = """<adf>
      <prospect><customer><contact><name>A</name><phone>12</phone><email>nobody</email></contact></customer></prospect>
      <prospect><customer><contact><email>li.na@example.com</email></contact></customer></prospect>
    </adf>"""

    response = await client.post(f"/v1/intake/adf?store_id={store_id}", content=document, headers=XML)

    refused, taken = response.json()["prospects"]
    assert refused["problem"]["type"] == "/problems/unreachable"
    assert [part["value"] for part in refused["dropped"]] == ["12", "nobody"]
    assert (refused["lead_id"], taken["outcome"]) == (None, "created")


async def test_a_file_in_gbk_is_read(client, store_id):
    document = '<?xml version="1.0" encoding="GB2312"?>' + TWO_PROSPECTS.partition("?>\n")[2].partition("?>\n")[2]

    response = await client.post(
        f"/v1/intake/adf?store_id={store_id}", content=document.encode("gb18030"), headers={"Content-Type": "text/xml"}
    )

    lead_id = response.json()["prospects"][0]["lead_id"]
    assert (await client.get(f"/v1/leads/{lead_id}")).json()["contact"]["name"] == "王伟"


BOMB = """<?xml version="1.0"?>
<!DOCTYPE adf [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<adf><prospect><customer><comments>&c;</comments></customer></prospect></adf>"""
EXTERNAL = """<!DOCTYPE adf [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><adf><prospect>&xxe;</prospect></adf>"""


@pytest.mark.parametrize(
    "document",
    [BOMB, EXTERNAL, "<adf><prospect></adf>", "<adf>&xxe;</adf>", "no xml at all", "", "<html/>", "\x00\xff"],
)
async def test_what_is_no_adf_or_not_safe_is_refused_and_nothing_is_stored(client, document, published, store_id):
    response = await client.post(f"/v1/intake/adf?store_id={store_id}", content=document.encode("latin-1"), headers=XML)

    assert response.status_code == 400
    assert response.json()["type"] == "/problems/adf-refused"
    assert "root:" not in response.text
    assert await published() == []


async def test_only_xml_is_read_as_adf(client):
    response = await client.post("/v1/intake/adf", json={})

    assert response.status_code == 415


async def test_a_body_over_the_limit_is_refused(client):
    response = await client.post("/v1/intake/adf", content=b"<adf>" + b" " * 10_000_000, headers=XML)

    assert response.status_code == 413


async def test_a_vendor_that_no_store_goes_by_is_named_among_what_was_dropped(client):
    store = "0199d3a0-0000-7000-8000-000000000051"
    document = """<adf><prospect><vehicle><make>BYD</make><model>Seal</model></vehicle>
      <customer><contact><name part="full">王伟</name><phone>13900001111</phone></contact></customer>
      <vendor><id>ZZ-99</id></vendor></prospect></adf>"""

    response = await client.post(
        f"/v1/intake/adf?store_id={store}", content=document.encode(), headers={"Content-Type": "application/xml"}
    )

    (prospect,) = response.json()["prospects"]
    assert prospect["outcome"] == "created"
    assert [(part["path"], part["value"]) for part in prospect["dropped"]] == [("vendor/id", "ZZ-99")]


async def test_a_prospect_without_an_id_is_repeated_when_it_is_sent_again(client, store_id):
    first = """<adf><prospect status="new"><vehicle><model>Seal</model></vehicle>
      <customer><contact><email>li.na@example.com</email></contact></customer></prospect></adf>"""
    other = first.replace("Seal", "Han")
    path = f"/v1/intake/adf?store_id={store_id}"

    answers = [
        (await client.post(path, content=document, headers=XML)).json()["prospects"][0]
        for document in (first, first.replace('"new"', '"resend"'), other)
    ]

    assert [answer["outcome"] for answer in answers] == ["created", "repeated", "created"]
    assert answers[0]["lead_id"] == answers[1]["lead_id"]


async def test_a_fax_merges_nobody(client, store_id):
    document = """<adf>
      <prospect><id>1</id><customer><contact><name>A</name><phone type="fax">021-65550100</phone></contact></customer>
      </prospect>
      <prospect><id>2</id><customer><contact><name>B</name><phone type="fax">021-65550100</phone></contact></customer>
      </prospect>
      <prospect><id>3</id><customer><contact><name>C</name><phone type="fax">021-65550100</phone>
        <phone type="voice">13900001111</phone></contact></customer></prospect></adf>"""

    response = await client.post(f"/v1/intake/adf?store_id={store_id}", content=document, headers=XML)

    prospects = response.json()["prospects"]
    assert [prospect["outcome"] for prospect in prospects] == ["created"] * 3
    lead = (await client.get(f"/v1/leads/{prospects[2]['lead_id']}")).json()
    assert (lead["contact"]["phone"], prospects[2]["dropped"][0]["why"]) == ("+8613900001111", "a fax is not spoken to")


async def test_what_is_too_long_is_cut_and_said(client, store_id):
    document = f"""<adf><prospect><vehicle><model>{"M" * 101}</model></vehicle><customer>
      <contact><name>{"长" * 500}</name><phone>１３９００００１１１１</phone></contact>
      <comments>{"🚗" * 10_000}</comments></customer></prospect></adf>"""

    response = await client.post(f"/v1/intake/adf?store_id={store_id}", content=document.encode(), headers=XML)

    (prospect,) = response.json()["prospects"]
    lead = (await client.get(f"/v1/leads/{prospect['lead_id']}")).json()
    assert (lead["contact"]["name"], lead["note"], lead["contact"]["phone"]) == (
        "长" * 100,
        "🚗" * 2000,
        "+8613900001111",
    )
    assert [(part["path"], part["why"]) for part in prospect["dropped"]] == [
        ("customer/contact/name", "it has 500 characters; the first 100 are kept"),
        ("vehicle/model", "it has 101 characters; the first 100 are kept"),
        ("note", "it has 10,000 characters; the first 2,000 are kept"),
    ]


async def test_a_document_has_a_thousand_prospects_at_most(client, store_id, published):
    document = "<adf>" + "<prospect/>" * 1001 + "</adf>"

    response = await client.post(f"/v1/intake/adf?store_id={store_id}", content=document, headers=XML)

    assert (response.status_code, response.json()["type"]) == (422, "/problems/too-many-prospects")
    assert await published() == []


@pytest.mark.parametrize("charset", ["punycode", "undefined", "klingon"])
async def test_a_charset_that_nobody_knows_is_no_fault_of_ours(client, store_id, charset):
    contact = "<contact><name>王伟</name><phone>13900001111</phone></contact>"
    document = f"<adf><prospect><customer>{contact}</customer></prospect></adf>"

    response = await client.post(
        f"/v1/intake/adf?store_id={store_id}",
        content=document.encode(),
        headers={"Content-Type": f"application/xml; charset={charset}"},
    )

    assert response.json()["prospects"][0]["outcome"] == "created"
    assert [part["path"] for part in response.json()["dropped"]] == ["encoding"]
