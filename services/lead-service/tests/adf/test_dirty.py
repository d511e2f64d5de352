"""Files as senders really send them: what is read, and what is reported as dropped."""

import html

import pytest
from lead_service import adf
from lead_service.adf import AdfRefused, Dropped, Status

ONE = "<prospect><customer><contact><name>王伟</name><phone>13900001111</phone></contact></customer></prospect>"
WESTERN = (
    "<adf><prospect><customer><contact><name>José Muñoz</name><phone>1</phone></contact></customer></prospect></adf>"
)


@pytest.fixture
def names():
    """The customers' names of a document, in order."""
    return lambda document, **options: [
        prospect.customer.contact.name for prospect in adf.parse(document, **options).prospects
    ]


@pytest.mark.parametrize(
    ("document", "dropped"),
    [
        (f'<?ADF VERSION "1.0"?><adf>{ONE}</adf>', []),
        (f'<?adf version="1.0"?><adf>{ONE}</adf>', []),
        (f"<?adf version='1.0'?>\n<ADF>{ONE}</ADF>", []),
        (f'<adf xmlns="urn:adf">{ONE}</adf>', []),
        (f"{ONE}", [("adf", "", "the element is missing, or never closed; whole prospects are taken")]),
        (
            f"<adf>{ONE}<prospect><id>7</id>",
            [("adf", "<prospect><id>7</id>", "the element is missing, or never closed; whole prospects are taken")],
        ),
        (f"<adf>{ONE}<prospect/></adf>", []),
        (f"<adf>{ONE}</adf><adf/>", []),
        (f"<adf>{ONE}<checksum>7</checksum></adf>", [("adf/checksum", "7", "not part of ADF 1.0")]),
        (f"Hello,\n\n<adf>{ONE}</adf>\n\n-- \nSent from my <phone>", []),
        (f"<!DOCTYPE html><html><body><pre><adf>{ONE}</adf></pre></body></html>", []),
        (f"<adf>{ONE.replace('</phone>', '</phone><![CDATA[<!DOCTYPE html></adf>]]>')}</adf>", []),
    ],
)
def test_a_file_is_read_whatever_stands_around_it(names, document, dropped):
    for form in (document, document.encode()):
        assert names(form)[0] == "王伟"
        assert list(adf.parse(form).dropped) == [Dropped(*parts) for parts in dropped]


@pytest.mark.parametrize(
    ("inside", "comments", "dropped"),
    [
        ("R&D &nbsp;&amp; A&B <![CDATA[<b>Q&A</b>]]> &eacute;\x0b", "R&D & A&B <b>Q&A</b> é", []),
        ("AT&T; &check; &undeclared; &#11;&#xFFFF;!", "AT&T; ✓ &undeclared; !", []),
        ("&#xD83D;&#xDE00; &#55357; it&#146;s", "😀 it’s", []),
        ("budget < 20000 & > 10000", "budget < 20000 & > 10000", []),
        ("mail me <ann@example.com>", "mail me <ann@example.com>", []),
        ("one<br>two<hr>three", "one\ntwothree", []),
        ("<P>one</p>", "one", []),
        ("<font color=red size='2'>one", "one", [("line 2", "<font>", "it is never closed")]),
        ("one</b>", "one", [("line 2", "</b>", "nothing is open that it could close")]),
        ('see "a?b=1&region=2"', 'see "a?b=1&region=2"', []),
    ],
)
def test_what_is_not_well_formed_is_read_as_it_was_meant(inside, comments, dropped):
    contact = "<contact><name part=full>Ann</Name><phone>1</phone></contact>"
    document = f"""<adf><prospect><id source=portal>1</id>
      <customer><comments>{inside}</comments>{contact}</customer><vendor><id>V</id></vendor></prospect></adf>"""

    read = adf.parse(document)

    [prospect] = read.prospects
    assert prospect.customer.comments == comments
    assert (prospect.ids[0].source, prospect.customer.contact.name, prospect.vendor.id) == ("portal", "Ann", "V")
    assert list(read.dropped) == [Dropped(*parts) for parts in dropped]


def test_a_prospect_that_is_not_closed_takes_nothing_from_the_next():
    document = f"<adf>\n<prospect><customer><contact><name>李娜\n{ONE}\n</adf>"

    read = adf.parse(document)

    assert [prospect.customer.contact.name for prospect in read.prospects] == ["李娜", "王伟"]
    assert [(part.path, part.value) for part in read.dropped] == [
        ("line 2", "<name>"),
        ("line 2", "<contact>"),
        ("line 2", "<customer>"),
        ("line 2", "<prospect>"),
    ]


@pytest.mark.parametrize(
    ("around", "inside"),
    [
        ("<comments>is it red?</comments>", ""),
        ("", "<comments>is it red?</comments>"),
        ("<comments>Call me</comments>", "<comments>is it red?</comments>"),
    ],
)
def test_what_somebody_says_is_read_where_senders_misplace_it(around, inside):
    document = f"""<adf><prospect>{around}<customer><contact><name>Ann</name>{inside}</contact>
      <comments>Call me</comments></customer></prospect></adf>"""

    [prospect] = adf.parse(document).prospects

    assert prospect.customer.comments == "Call me\nis it red?"
    assert prospect.dropped == []


def test_a_vendor_and_a_provider_beside_prospects_are_those_of_prospects_that_have_none():
    own = ONE.replace("</prospect>", "<vendor><id>SH-02</id></vendor></prospect>")
    beside = "<vendor><id>SH-01</id></vendor><provider><name>Portal</name><phone>1</phone></provider>"

    read = adf.parse(f"<adf>{ONE}{own}{ONE}{beside}</adf>")

    assert [prospect.vendor.id for prospect in read.prospects] == ["SH-01", "SH-02", "SH-01"]
    assert {prospect.provider.name for prospect in read.prospects} == {"Portal"}
    assert read.dropped == [Dropped("adf/provider/phone", "1", "there is no place for it")]


def test_a_vendor_beside_prospects_that_all_have_their_own_is_dropped():
    own = ONE.replace("</prospect>", "<vendor><id>SH-02</id></vendor></prospect>")

    read = adf.parse(f"<adf>{own}<vendor><id>SH-01</id></vendor></adf>")

    assert read.dropped == [Dropped("adf/vendor", "SH-01", "not part of ADF 1.0")]


@pytest.mark.parametrize("end_of_line", ["\n", "<br>", "<br />\n"])
def test_a_page_that_shows_the_document_is_read(end_of_line):
    shown = html.escape(ONE.replace("王伟", "R&amp;D 王伟").replace("<phone>", "\n<phone>")).replace("\n", end_of_line)

    read = adf.parse(f"<!DOCTYPE html><html><body><pre>&lt;adf&gt;{shown}&lt;/adf&gt;</pre></body></html>")

    assert read.prospects[0].customer.contact.name == "R&D 王伟"
    assert (read.dropped, read.prospects[0].dropped) == ([], [])


def test_a_page_that_shows_entities_is_refused_all_the_same():
    with pytest.raises(AdfRefused, match="DTDs and entity declarations are refused"):
        adf.parse(html.escape('<!DOCTYPE adf [<!ENTITY a "b">]><adf>&a;</adf>'))


def test_names_count_in_any_case():
    [prospect] = adf.parse("<ADF><Prospect Status='RESEND'><ID Source='a'>1</ID></Prospect></ADF>").prospects

    assert (prospect.status, prospect.ids[0].source) == (Status.RESEND, "a")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (f"<adf>{ONE}</adf>".encode(), None),
        (("\ufeff" + f"<?xml version='1.0' encoding='UTF-8'?><adf>{ONE}</adf>").encode(), None),
        (f"<adf>{ONE}</adf>".encode("utf-16"), None),
        (f"<adf>{ONE}</adf>".encode("utf-16-le"), None),
        (f'<?xml version="1.0" encoding="gb2312"?><adf>{ONE}</adf>'.encode("gb18030"), None),
        (f'<?xml version="1.0" encoding="UTF-8"?><adf>{ONE}</adf>'.encode("gbk"), ("UTF-8", "gb18030")),
        (f"<adf>{ONE}</adf>".encode("gbk"), ("utf-8", "gb18030")),
        (f'<?xml version="1.0" encoding="ascii"?><adf>{ONE}</adf>'.encode(), ("ascii", "utf-8")),
        (f'<?xml version="1.0" encoding="utf-16"?><adf>{ONE}</adf>'.encode(), ("utf-16", "utf-8")),
        (f'<?xml version="1.0" encoding="klingon"?><adf>{ONE}</adf>'.encode(), ("klingon", "utf-8")),
        (f'<?xml version="1.0" encoding="zlib"?><adf>{ONE}</adf>'.encode(), ("zlib", "utf-8")),
    ],
)
def test_bytes_are_read_as_they_declare_themselves_or_as_they_were_meant(names, document, said):
    assert names(document) == ["王伟"]
    assert [(part.value, part.why) for part in adf.parse(document).dropped] == (
        [(said[0], f"it is written in {said[1]}")] if said else []
    )


@pytest.mark.parametrize("declared", ["", '<?xml version="1.0" encoding="UTF-8"?>', '<?xml encoding="ISO-8859-1"?>'])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_letters_of_the_west_stay_letters(names, declared, encoding):
    assert names((declared + WESTERN).encode(encoding)) == ["José Muñoz"]


@pytest.mark.parametrize("charset", ["punycode", "undefined", "idna", "rot13", "utf-7", "utf-16"])
def test_a_charset_that_the_transport_has_made_up_does_no_harm(names, charset):
    assert names(f"<adf>{ONE}</adf>".encode(), encoding=charset) == ["王伟"]


def test_the_charset_of_the_transport_counts(names):
    traditional = f"<adf>{ONE.replace('伟', '偉')}</adf>"

    assert names(traditional.encode("big5"), encoding="Big5") == ["王偉"]
    assert names(f"<adf>{ONE}</adf>".encode("gbk"), encoding="GBK") == ["王伟"]


def test_of_a_file_that_is_damaged_what_can_be_read_is():
    document = f"<adf>{ONE * 9}</adf>".encode().replace("王".encode(), b"\xe7\x8e", 1)

    read = adf.parse(document)

    assert [prospect.customer.contact.name for prospect in read.prospects] == ["\ufffd伟", *["王伟"] * 8]
    assert [(part.path, part.value) for part in read.dropped] == [("encoding", "utf-8")]
