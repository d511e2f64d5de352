from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lead_service import adf
from lead_service.adf import Adf, AdfRefused, Colours, Finance, Phone, Price, Status, TooManyProspects


@pytest.fixture
def prospect():
    """The only prospect of a document with this inside it."""

    def parse(inside, **options):
        [only] = adf.parse(f"<adf><prospect>{inside}</prospect></adf>", **options).prospects
        return only

    return parse


def test_a_whole_prospect_is_read():
    [prospect] = adf.parse(
        """<?xml version="1.0"?><?adf version="1.0"?>
        <adf><prospect status="new">
          <id sequence="1" source="acme">42</id><id sequence="2" source="other">43</id>
          <requestdate>2000-03-30T15:30:20-08:00</requestdate>
          <vehicle interest="lease" status="used">
            <year>1999</year><make>Chevrolet</make><model>Blazer</model><vin>1GNDT13W3W2149206</vin>
            <stock>S-1</stock><trim>4WD</trim><odometer units="mi">12,500</odometer>
            <colorcombination><exteriorcolor>black</exteriorcolor><interiorcolor>tan</interiorcolor></colorcombination>
            <price type="quote" currency="USD">26995</price>
            <option><optionname>sport</optionname></option>
            <finance><method>lease</method><amount type="monthly" currency="USD">500</amount>
              <balance>9000</balance></finance><comments>soon</comments>
          </vehicle>
          <customer>
            <contact>
              <name part="first">John</name><name part="last">Doe</name>
              <email>john@example.com</email>
              <phone type="voice" time="evening" preferredcontact="1">393-999-3922</phone>
              <address><street line="1">1 Main St</street><city>Atlanta</city><regioncode>GA</regioncode></address>
            </contact>
            <timeframe><description>within a week</description></timeframe>
            <comments>Call me.</comments>
          </customer>
          <vendor><id>D-7</id><vendorname>Acura of Bellevue</vendorname><contact><name>Sam</name></contact></vendor>
          <provider><name part="full">CarPoint</name><service>Used cars</service><url>https://x.example</url></provider>
        </prospect></adf>"""
    ).prospects

    assert [(id_.value, id_.sequence, id_.source) for id_ in prospect.ids] == [("42", 1, "acme"), ("43", 2, "other")]
    assert prospect.requested_at == datetime(2000, 3, 30, 23, 30, 20, tzinfo=UTC)
    [vehicle] = prospect.vehicles
    assert (vehicle.interest, vehicle.status, vehicle.year, vehicle.make) == ("lease", "used", 1999, "Chevrolet")
    assert (vehicle.odometer, vehicle.odometer_unit, list(vehicle.colours)) == (12_500, "mi", [Colours("tan", "black")])
    assert (list(vehicle.prices), list(vehicle.options)) == ([Price(26_995.0, "quote", "USD")], ["sport"])
    assert vehicle.finance == Finance("lease", [Price(500.0, "monthly", "USD")], Price(9000.0, None, None))
    contact = prospect.customer.contact
    assert (contact.name, list(contact.emails)) == ("John Doe", ["john@example.com"])
    assert list(contact.phones) == [Phone("393-999-3922", "voice", "evening", preferred=True)]
    assert contact.address
    assert (contact.address.city, list(contact.address.street)) == ("Atlanta", ["1 Main St"])
    assert (prospect.customer.timeframe, prospect.customer.comments) == ("within a week", "Call me.")
    assert (prospect.vendor.id, prospect.vendor.name) == ("D-7", "Acura of Bellevue")
    assert (prospect.provider.name, prospect.provider.service) == ("CarPoint", "Used cars")
    assert prospect.dropped == []


def test_several_prospects_and_several_documents_are_read_in_order():
    document = "".join(f"<adf><prospect><id>{n}a</id></prospect><prospect><id>{n}b</id></prospect></adf>" for n in "12")

    assert [prospect.ids[0].value for prospect in adf.parse(document).prospects] == ["1a", "1b", "2a", "2b"]


def test_an_empty_prospect_has_nothing_and_drops_nothing(prospect):
    empty = prospect("")

    assert (empty.status, list(empty.ids), empty.requested_at, list(empty.vehicles)) == (Status.NEW, [], None, [])
    assert (empty.customer.contact.name, empty.vendor.name, list(empty.dropped)) == (None, None, [])


@pytest.mark.parametrize(
    ("inside", "path", "value", "why"),
    [
        ("<requestdate>soon</requestdate>", "requestdate", "soon", 'Invalid date value or format "soon"'),
        ("<requestdate>2026-02-30</requestdate>", "requestdate", "2026-02-30", "day is out of range for month"),
        ("<vehicle><year>20O6</year></vehicle>", "vehicle/year", "20O6", "not a whole number"),
        ("<vehicle><price>面议</price></vehicle>", "vehicle/price", "面议", "not an amount"),
        ("<vehicle><price>15-20万</price></vehicle>", "vehicle/price", "15-20万", "not an amount"),
        ("<vehicle><odometer>12k</odometer></vehicle>", "vehicle/odometer", "12k", "not a whole number"),
        ("<vehicle><make>A</make><make>B</make></vehicle>", "vehicle/make[2]", "B", "ADF has one; the first is kept"),
        ("<vehicle><wings>2</wings></vehicle>", "vehicle/wings", "2", "not part of ADF 1.0"),
        ("<vendor><address>浦东</address></vendor>", "vendor/address", "浦东", "not part of ADF 1.0"),
        ("<vendor><id>1</id><id>2</id></vendor>", "vendor/id[2]", "2", "one id is kept"),
        ("<vendor><url>x.example</url></vendor>", "vendor/url", "x.example", "there is no place for it"),
        ("<customer><id>7</id></customer>", "customer/id", "7", "there is no place for it"),
        (
            "<customer><contact><name part='first'>A</name><name part='nick'>B</name></contact></customer>",
            "customer/contact/name[2]",
            "B",
            "a name has no nick",
        ),
        (
            "<customer/><customer><comments>?</comments></customer>",
            "customer[2]",
            "?",
            "ADF has one; the first is kept",
        ),
        ("<id/>", "id", "", "an id without a value identifies nothing"),
        ("<x>" + "长" * 500 + "</x>", "x", "长" * 100, "not part of ADF 1.0"),
    ],
)
def test_what_cannot_be_used_is_named_and_the_rest_is_read(inside, path, value, why):
    [prospect] = adf.parse(f"<adf><prospect><id>1</id>{inside}</prospect></adf>").prospects

    assert prospect.ids[0].value == "1"
    [dropped] = prospect.dropped
    at = dropped.path.removeprefix("adf/prospect[1]/")
    assert (at if at == path else at.replace("id[2]", "id"), dropped.value, dropped.why) == (path, value, why)


@pytest.mark.parametrize(
    "inside",
    [
        "<vendor><id>SH-01</id></vendor>",
        "<vehicle><model>Seal</model></vehicle>",
        "<vehicle><colorcombination><exteriorcolor>red</exteriorcolor></colorcombination><colorcombination/></vehicle>",
        "<customer><contact><phone type='wechat'>13900001111</phone></contact></customer>",
        "<customer><contact><phone type='CELLPHONE' time='nopreference'>1</phone></contact></customer>",
        "<customer><contact><name part='nick'>Ann</name></contact></customer>",
        "<vehicle interest='BUY' status=''/>",
        "<provider><name part='first'>懂车帝</name></provider>",
        "<requestdate/>",
        "<!-- nothing -->",
    ],
)
def test_what_is_missing_or_odd_and_can_be_used_is_not_dropped(prospect, inside):
    assert list(prospect(inside).dropped) == []


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ("<name part='full'>Li Na</name><name part='last'>Li</name>", "Li Na"),
        ("<name>Li Na</name>", "Li Na"),
        ("<name part='first'>娜</name><name part='last'>李</name>", "李娜"),
        ("<name part='first'>Ann</name><name part='middle'>B.</name><name part='last'>Lee</name>", "Ann B. Lee"),
        ("<name part='first'> </name>", None),
        ("<name part='firstname'>Ann</name><name part='SurName'>Lee</name>", "Ann Lee"),
        ("<name part='given'>Ann</name><name part='family name'>Lee</name>", "Ann Lee"),
        ("<name part='display'>Ann Lee</name>", "Ann Lee"),
        ("<name><first>Ann</first><last>Lee</last></name>", "Ann Lee"),
    ],
)
def test_a_name_is_put_together_as_its_bearer_writes_it(prospect, parts, name):
    assert prospect(f"<customer><contact>{parts}</contact></customer>").customer.contact.name == name


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-01-05T10:30:00+08:00", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026-01-05T10:30:00", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026-01-05 10:30", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026-01-05T2:30:00Z", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026-01-05T10:30:00.123+08", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026/1/5 10:30", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026年1月5日 10:30", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("1/5/2026 10:30:00 AM", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("1/5/26 10:30 AM", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("13/1/2026 10:30", datetime(2026, 1, 13, 2, 30, tzinfo=UTC)),
        ("2026-01-04T18:30:00 PST", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("1/4/2026 9:30 p.m. EST", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("Mon Jan 05 10:30:00 CST 2026", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026-01-05 10:30 CST", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("January 5, 2026 10:30 AM", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("20260105T103000", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("20260105T023000Z", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026年1月5日 上午10:30", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026-01-05 10:30 XYZ", None),
        ("Mon, 05 Jan 2026 02:30:00 GMT", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2000-03-30T15:30:20-08:0", datetime(2000, 3, 30, 23, 30, 20, tzinfo=UTC)),
        ("2026-01-05", datetime(2026, 1, 4, 16, tzinfo=UTC)),
        ("2026-13-05", None),
        ("0001-01-01", None),
        ("2026-01-05T10:30:00+99:00", None),
    ],
)
def test_a_date_is_read_as_it_is_written_and_local_without_a_zone(prospect, written, instant):
    read = prospect(f"<requestdate>{written}</requestdate>", zone=ZoneInfo("Asia/Shanghai"))

    assert read.requested_at == instant
    assert len(read.dropped) == (instant is None)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<price>35,000</price>", Price(35_000.0)),
        ("<price type='Offer'>$35,000</price>", Price(35_000.0, "offer", "USD")),
        ("<price currency='usd'>35000.50</price>", Price(35_000.5, None, "USD")),
        ("<price>¥219,800</price>", Price(219_800.0, None, "CNY")),
        ("<price>21.98万元</price>", Price(219_800.0, None, "CNY")),
        ("<price>35k USD</price>", Price(35_000.0, None, "USD")),
    ],
)
def test_an_amount_keeps_its_currency(prospect, written, read):
    assert list(prospect(f"<vehicle>{written}</vehicle>").vehicles[0].prices) == [read]


@pytest.mark.parametrize(
    ("said", "interest"),
    [
        ("tradein", "trade-in"),
        ("Trade In", "trade-in"),
        ("trade_in", "trade-in"),
        ("TRADE", "trade-in"),
        ("Test Drive", "test-drive"),
        ("BUY", "buy"),
        ("rent", "rent"),
    ],
)
def test_an_interest_counts_however_it_is_spelt(prospect, said, interest):
    assert prospect(f"<vehicle interest='{said}'/>").vehicles[0].interest == interest


def test_the_primary_contact_is_the_customer(prospect):
    contacts = "<contact><name>Desk</name></contact><contact primarycontact='1'><name>Ann</name></contact>"

    read = prospect(f"<customer>{contacts}</customer>")

    assert read.customer.contact.name == "Ann"
    assert [(part.value, part.why) for part in read.dropped] == [("Desk", "one contact is kept")]


def test_comments_keep_their_lines(prospect):
    read = prospect("<customer><comments>one\r\n  two<br/>three<p>four</p>five</comments></customer>")

    assert read.customer.comments == "one\ntwo\nthreefour\nfive"


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("", "no complete <adf>"),
        ("<html/>", "no complete <adf>"),
        ("<adf><prospect>", "no complete <adf>"),
        ("<adf><prospect></adf>", "not well-formed"),
        ("<adf>&lol;</adf>", "no prospect"),
        ("<adf/>", "no prospect"),
        ('<!DOCTYPE adf SYSTEM "http://evil.example/adf.dtd"><adf/>', "DTDs"),
        ("<!DOCTYPE html [<!ENTITY a 'b'>]><adf>&a;</adf>", "DTDs"),
        ('<!ENTITY % p SYSTEM "http://evil.example/"><adf/>', "DTDs"),
        ("<adf><!DOCTYPE adf [<!ENTITY a 'b'>]><prospect>&a;</prospect></adf>", "DTDs"),
    ],
)
def test_what_is_not_whole_or_not_safe_is_refused(document, why):
    with pytest.raises(AdfRefused, match=why):
        adf.parse(document)


@given(
    st.binary() | st.text() | st.text(alphabet="<>/&;='\" adfprospect!-[CDATA]?").map("<adf><prospect>{}</adf>".format)
)
@example("<adf" * 20_000)
@example("<adf>" + "<![CDATA[" * 20_000 + "</adf>")
@example("<adf>" + "<a>" * 20_000 + "</a>" * 20_000 + "</adf>")
@example("<adf>" + "<a>" * 20_000 + "</b>" * 20_000 + "</adf>")
@example("<adf/>" * 20_000)
@example("<adf><a " + "x" * 100_000 + "></adf>")
def test_any_input_is_read_or_refused(document):
    with suppress(AdfRefused):
        assert isinstance(adf.parse(document), Adf)


def test_more_prospects_than_are_wanted_are_refused_before_they_are_read():
    document = "<adf>" + "<prospect/>" * 3 + "</adf><adf><prospect/></adf>"

    assert len(adf.parse(document, most=4).prospects) == 4
    with pytest.raises(TooManyProspects, match="It has 4 prospects"):
        adf.parse(document, most=3)


def test_more_tags_than_are_wanted_are_refused_before_they_are_mended():
    document = "<adf><prospect>" + "<x/>" * 96 + "</prospect></adf>"

    assert len(adf.parse(document, most_tags=100).prospects) == 1
    with pytest.raises(AdfRefused, match="more than 99 tags"):
        adf.parse(document, most_tags=99)


def test_ten_megabytes_of_prospects_are_read():
    one = "<prospect><customer><contact><name>王伟</name><phone>13900001111</phone></contact></customer></prospect>"
    document = "<adf>" + one.replace("</name>", "</name>" + "<email>a@b.example</email>" * 20) * 16_500 + "</adf>"

    assert len(document.encode()) > 10_000_000
    assert len(adf.parse(document.encode()).prospects) == 16_500
