from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from lead_service import adf
from lead_service.adf import (
    Address,
    Adf,
    Colours,
    Contact,
    Customer,
    Finance,
    Id,
    Phone,
    Price,
    Prospect,
    Provider,
    Status,
    Vehicle,
    Vendor,
)

WORDS = (
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=30)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
MAYBE = st.none() | WORDS
LOWER = WORDS.map(str.lower).filter(lambda text: text == text.lower() and text.strip() == text)
COUNT = st.integers(0, 10**9)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)

ADDRESSES = st.builds(
    Address,
    street=st.lists(WORDS, min_size=1, max_size=2),
    apartment=MAYBE,
    city=MAYBE,
    region_code=MAYBE,
    postal_code=MAYBE,
    country=MAYBE,
)
PHONES = st.builds(Phone, number=WORDS, kind=st.none() | LOWER, time=MAYBE, preferred=st.booleans())
CONTACTS = st.builds(
    Contact,
    name=MAYBE,
    emails=st.lists(WORDS, max_size=2),
    phones=st.lists(PHONES, max_size=2),
    address=st.none() | ADDRESSES,
)
PRICES = st.builds(
    Price,
    amount=st.floats(0, 10**9).map(lambda amount: round(amount, 2)),
    kind=st.none() | LOWER,
    currency=st.sampled_from([None, "CNY", "USD"]),
)
COLOURS = st.builds(Colours, interior=MAYBE, exterior=WORDS)
FINANCES = st.builds(Finance, method=MAYBE, amounts=st.lists(PRICES, max_size=2), balance=st.none() | PRICES)
VEHICLES = st.builds(
    Vehicle,
    interest=LOWER,
    status=LOWER,
    year=st.none() | COUNT,
    make=MAYBE,
    model=MAYBE,
    vin=MAYBE,
    stock=MAYBE,
    trim=MAYBE,
    odometer=COUNT,
    odometer_unit=MAYBE,
    odometer_status=MAYBE,
    colours=st.lists(COLOURS, max_size=2),
    prices=st.lists(PRICES, max_size=2),
    options=st.lists(WORDS, max_size=2),
    finance=FINANCES,
    details=st.dictionaries(st.sampled_from(["doors", "bodystyle", "transmission", "condition"]), WORDS, max_size=2),
    comments=MAYBE,
)
PROSPECTS = st.builds(
    Prospect,
    status=st.sampled_from(Status),
    ids=st.lists(st.builds(Id, value=WORDS, sequence=st.none() | COUNT, source=MAYBE), max_size=2),
    requested_at=st.none() | MOMENTS,
    vehicles=st.lists(VEHICLES, max_size=2),
    customer=st.builds(Customer, contact=CONTACTS, timeframe=MAYBE, earliest=MAYBE, latest=MAYBE, comments=MAYBE),
    vendor=st.builds(Vendor, id=MAYBE, name=MAYBE, contact=st.none() | CONTACTS),
    provider=st.builds(Provider, id=MAYBE, name=MAYBE, service=MAYBE, url=MAYBE, email=MAYBE),
    dropped=st.just([]),
)


@settings(max_examples=30)
@given(st.lists(PROSPECTS, min_size=1, max_size=2))
def test_what_is_written_is_read_as_it_was(prospects):
    document = adf.write(Adf(prospects, []))

    assert adf.parse(document) == Adf(prospects, [])
    assert adf.parse(document.encode()) == Adf(prospects, [])


def test_a_character_that_xml_has_no_place_for_is_left_out():
    customer = Customer(Contact("李\x00娜\x0b\ud800"))
    document = adf.write(Adf([Prospect(Status.NEW, [], None, [], customer, Vendor(), Provider())]))

    assert adf.parse(document.encode()).prospects[0].customer.contact.name == "李娜"


def test_elements_stand_in_the_order_of_the_dtd():
    vehicle = Vehicle(year=2026, make="BYD", model="Seal", trim="Long Range", prices=[Price(189_800.0, "offer", "CNY")])
    contact = Contact("王伟", ["wang.wei@example.com"], [Phone("13900001111", "cellphone", preferred=True)])
    prospect = Prospect(
        Status.RESEND,
        [Id("AH-1", 1, "autohome")],
        datetime(2026, 1, 5, 2, 30, tzinfo=UTC),
        [vehicle],
        Customer(contact, comments="R&D"),
        Vendor("SH-01", "保客上海店"),
        Provider(name="汽车之家"),
    )

    assert (
        adf.write(Adf([prospect]))
        == """<?xml version="1.0" encoding="UTF-8"?>
<?adf version="1.0"?>
<adf>
  <prospect status="resend">
    <id sequence="1" source="autohome">AH-1</id>
    <requestdate>2026-01-05T02:30:00+00:00</requestdate>
    <vehicle interest="buy" status="new">
      <year>2026</year>
      <make>BYD</make>
      <model>Seal</model>
      <trim>Long Range</trim>
      <price type="offer" currency="CNY">189800</price>
    </vehicle>
    <customer>
      <contact>
        <name part="full">王伟</name>
        <email>wang.wei@example.com</email>
        <phone type="cellphone" preferredcontact="1">13900001111</phone>
      </contact>
      <comments>R&amp;D</comments>
    </customer>
    <vendor>
      <id>SH-01</id>
      <vendorname>保客上海店</vendorname>
    </vendor>
    <provider>
      <name part="full">汽车之家</name>
    </provider>
  </prospect>
</adf>
"""
    )
