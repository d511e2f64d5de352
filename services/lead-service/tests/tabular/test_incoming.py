import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.tabular import Incoming, TableRefused, text_of

WORDS = "姓名,手机\n王伟,13800138000\n"


@pytest.mark.parametrize(
    ("written", "encoding"),
    [
        (WORDS.encode(), "utf-8"),
        (codecs.BOM_UTF8 + WORDS.encode(), "utf-8"),
        (WORDS.encode("gbk"), "gb18030"),
        (("𠮷" + WORDS).encode("gb18030"), "gb18030"),
        (codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), "utf-8"),
        (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), "utf-8"),
        (WORDS.encode("utf-16-le"), "utf-8"),
        (b"name,phone\nLi Na,13800138000\n", "utf-8"),
        (WORDS.encode() * 100 + "王伟".encode("gbk"), "utf-8"),
        (b"", "utf-8"),
    ],
    ids=[
        "utf-8",
        "utf-8 mark",
        "gbk",
        "gb18030",
        "utf-16 le",
        "utf-16 be",
        "utf-16 no mark",
        "ascii",
        "damaged",
        "empty",
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1_000_000])
def test_the_encoding_of_a_file_is_found_out_whatever_the_size_of_its_pieces(written, encoding, size):
    incoming = Incoming()

    kept = b"".join(incoming.take(written[at : at + size]) for at in range(0, len(written), size)) + incoming.end()

    assert incoming.encoding == encoding
    assert not written or "13800138000" in kept.decode(encoding, "replace")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_text_comes_in_as_it_was_written(text):
    for encoding in ("utf-8-sig", "utf-16"):
        incoming = Incoming()
        assert incoming.take(text.encode(encoding)) + incoming.end() == text.encode()


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (b"PK\x03\x04" + b"xl/workbook.xml", "CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "CSV UTF-8"),
        (b"\x89PNG\r\n\x1a\n" + bytes(600), "not a text file"),
    ],
)
def test_what_is_no_text_is_refused_with_what_to_send_instead(written, sentence):
    incoming = Incoming()

    with pytest.raises(TableRefused, match=sentence):
        incoming.take(written) + incoming.end()


def test_the_digest_is_of_the_file_as_it_was_sent():
    same, other = Incoming(), Incoming()
    same.take(codecs.BOM_UTF8 + b"a")
    other.take(b"a")

    assert same.digest != other.digest


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_cell_of_the_other_encoding_is_read_by_itself(encoding):
    other = {"utf-8": "gb18030", "gb18030": "utf-8"}[encoding]

    assert text_of("王伟".encode(encoding).decode("latin-1"), encoding) == "王伟"
    assert text_of("比亚迪汽车有限公司".encode(other).decode("latin-1"), encoding) == "比亚迪汽车有限公司"
