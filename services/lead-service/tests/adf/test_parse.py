from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lead_service import adf
from lead_service.adf import Adf, AdfRefused, Phone, Price, Status


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
            <finance><method>lease</method></finance><comments>soon</comments>
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
    assert (vehicle.odometer, vehicle.odometer_unit, vehicle.exterior_colour) == (12_500, "mi", "black")
    assert (vehicle.price, list(vehicle.options), vehicle.finance_method) == (
        Price(26_995.0, "quote", "USD"),
        ["sport"],
        "lease",
    )
    contact = prospect.customer.contact
    assert (contact.name, list(contact.emails)) == ("John Doe", ["john@example.com"])
    assert list(contact.phones) == [Phone("393-999-3922", "voice", "evening", preferred=True)]
    assert contact.address
    assert (contact.address.city, list(contact.address.street)) == ("Atlanta", ["1 Main St"])
    assert (prospect.customer.timeframe, prospect.customer.comments) == ("within a week", "Call me.")
    assert (prospect.vendor.id, prospect.vendor.name) == ("D-7", "Acura of Bellevue")
    assert (prospect.provider.name, prospect.provider.service) == ("CarPoint", "Used cars")
    assert prospect.dropped == []


@pytest.mark.parametrize(
    "around",
    [
        '<?ADF VERSION "1.0"?>{}',
        '<?adf version="1.0"?>{}',
        '\ufeff<?xml version="1.0" encoding="UTF-8"?>{}',
        'Dear dealer,\n<?XML version="1.0"?>\n{}\n-- \nsent by a robot <robot@example.com>',
        "{}<adf/>",
    ],
)
def test_what_stands_around_the_element_does_not_matter(around):
    document = around.format("<ADF><Prospect Status='RESEND'><ID Source='a'>1</ID></Prospect></ADF>")

    for form in (document, document.encode()):
        [prospect] = adf.parse(form).prospects
        assert (prospect.status, prospect.ids[0].source) == (Status.RESEND, "a")


def test_several_prospects_and_several_documents_are_read_in_order():
    document = "".join(f"<adf><prospect><id>{n}a</id></prospect><prospect><id>{n}b</id></prospect></adf>" for n in "12")

    assert [prospect.ids[0].value for prospect in adf.parse(document).prospects] == ["1a", "1b", "2a", "2b"]


def test_an_empty_prospect_has_nothing_and_drops_nothing(prospect):
    empty = prospect("")

    assert (empty.status, list(empty.ids), empty.requested_at, list(empty.vehicles)) == (Status.NEW, [], None, [])
    assert (empty.customer.contact.name, empty.vendor.name, list(empty.dropped)) == (None, None, [])


def test_what_cannot_be_used_is_named(prospect):
    read = prospect(
        "<id sequence='9'/><requestdate>soon</requestdate>"
        "<vehicle><year>new</year><make>A</make><make>B</make><price>call us</price><wings>2</wings></vehicle>"
        "<leadtype>Sales</leadtype>"
    )

    assert [(part.path, part.value, part.why) for part in read.dropped] == [
        ("adf/prospect[1]/id", "", "an id without a value identifies nothing"),
        ("adf/prospect[1]/requestdate", "soon", 'Invalid date value or format "soon"'),
        ("adf/prospect[1]/vehicle/year", "new", "not a whole number"),
        ("adf/prospect[1]/vehicle/make[2]", "B", "ADF has one; the first is kept"),
        ("adf/prospect[1]/vehicle/price", "call us", "not an amount"),
        ("adf/prospect[1]/vehicle/wings", "2", "not part of ADF 1.0"),
        ("adf/prospect[1]/leadtype", "Sales", "not part of ADF 1.0"),
    ]


def test_bare_ampersands_and_entities_of_html_are_mended_outside_of_cdata(prospect):
    comments = "R&D &nbsp;&amp; A&B <![CDATA[<b>Q&A</b>]]> &eacute;\x0b"

    assert prospect(f"<customer><comments>{comments}</comments></customer>").customer.comments == (
        "R&D & A&B <b>Q&A</b> é"
    )


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ("<name part='full'>Li Na</name><name part='last'>Li</name>", "Li Na"),
        ("<name>Li Na</name>", "Li Na"),
        ("<name part='first'>娜</name><name part='last'>李</name>", "李娜"),
        ("<name part='first'>Ann</name><name part='middle'>B.</name><name part='last'>Lee</name>", "Ann B. Lee"),
        ("<name part='first'> </name>", None),
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


def test_bytes_are_read_as_they_declare_themselves():
    text = "<adf><prospect><customer><contact><name>王伟</name></contact></customer></prospect></adf>"
    documents = [
        text.encode(),
        text.encode("utf-16"),
        ('<?xml version="1.0" encoding="gb2312"?>' + text).encode("gb18030"),
        ('<?xml version="1.0" encoding="Big5"?>' + text.replace("伟", "偉")).encode("big5"),
    ]

    names = [adf.parse(document).prospects[0].customer.contact.name for document in documents]

    assert names == ["王伟", "王伟", "王伟", "王偉"]
    assert adf.parse(text.encode("gbk"), encoding="GBK").prospects[0].customer.contact.name == "王伟"


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("", "no complete <adf>"),
        ("<html/>", "no complete <adf>"),
        ("<adf><prospect>", "no complete <adf>"),
        ("<adf><prospect></adf>", "not well-formed"),
        ("<adf>&lol;</adf>", "not well-formed"),
        ('<!DOCTYPE adf SYSTEM "http://evil.example/adf.dtd"><adf/>', "DTDs"),
        ("<!DOCTYPE adf [<!ENTITY a 'b'>]><adf>&a;</adf>", "DTDs"),
        (b"<adf>\xff</adf>", "not written in utf-8"),
        (b"<?xml version='1.0' encoding='klingon'?><adf/>", "not written in klingon"),
        (b"<?xml version='1.0' encoding='zlib'?><adf/>", "not written in zlib"),
    ],
)
def test_what_is_not_well_formed_or_not_safe_is_refused(document, why):
    with pytest.raises(AdfRefused, match=why):
        adf.parse(document)


@given(st.binary() | st.text())
@example("<adf" * 20_000)
@example("<adf>" + "<![CDATA[" * 20_000 + "</adf>")
@example("<adf>" + "<a>" * 20_000 + "</a>" * 20_000 + "</adf>")
def test_any_input_is_read_or_refused(document):
    with suppress(AdfRefused):
        assert isinstance(adf.parse(document), Adf)
