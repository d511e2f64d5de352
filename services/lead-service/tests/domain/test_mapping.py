from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.errors import PayloadUnreadable
from lead_service.domain.mapping import (
    MOST_LEADS,
    Alternative,
    FieldMapping,
    LeadField,
    Misread,
    instant_of,
    parts_of,
    read,
    unused,
)
from lead_service.domain.mapping_documents import document_of, mapping_of
from lead_service.domain.places import find, steps_of
from lead_service.mappings import ready_mappings

SHANGHAI = ZoneInfo("Asia/Shanghai")


def mapping(**fields):
    return mapping_of({"fields": {"phone": ["mobile"], **fields}})


@pytest.mark.parametrize(
    ("place", "steps"),
    [
        ("", ()),
        ("mobile", ("mobile",)),
        ("attr.store_code", ("attr", "store_code")),
        ("leads[0].phone", ("leads", "0", "phone")),
        ("form.手机号", ("form", "手机号")),
        ("/a~1b/m~0n/0", ("a/b", "m~n", "0")),
    ],
)
def test_a_place_is_written_as_people_write_it_or_as_a_pointer(place, steps):
    assert steps_of(place) == steps


@pytest.mark.parametrize("place", [".", "a..b", "a.", "[0]", "a[", "a]b", "a[0", "x" * 201, "a\x00"])
def test_a_place_that_is_none_is_refused(place):
    with pytest.raises(ValueError, match="place"):
        steps_of(place)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_whatever_a_document_is_a_place_is_found_or_not(document):
    found = find(document, ("a", "0", "b"))

    assert found is None or isinstance(document, dict)


def test_the_first_place_that_is_not_empty_counts():
    told = read(
        {}, {"name": " ", "nick": "小鹿", "mobile": 13900001111}, mapping(name=["name", "nick", {"constant": "?"}])
    )

    assert (told.get(LeadField.NAME), told.get(LeadField.PHONE)) == ("小鹿", "13900001111")
    assert told.all(LeadField.NAME) == [("/nick", "小鹿"), ("", "?")]


def test_a_constant_says_what_the_payload_does_not():
    assert read({}, {}, mapping(make=["brand", {"constant": "BYD"}])).get(LeadField.MAKE) == "BYD"


def test_a_table_says_what_the_senders_values_mean():
    by_level = mapping(grade=[{"at": "level", "table": {"高": "a"}}])
    or_else = mapping(grade=[{"at": "level", "table": {"高": "a"}, "otherwise": "c"}])

    assert read({}, {"level": "高"}, by_level).get(LeadField.GRADE) == "a"
    assert read({}, {"level": "低"}, or_else).get(LeadField.GRADE) == "c"
    unknown = read({}, {"level": "低"}, by_level)
    assert (unknown.get(LeadField.GRADE), unknown.misread) == (
        None,
        (Misread("/level", "低", "not in the mapping's table"),),
    )


def test_a_label_stands_before_its_value():
    by = mapping(note=["remark", {"at": "weixin", "label": "微信："}])

    assert read({}, {"remark": "周末", "weixin": "li_na"}, by).all(LeadField.NOTE) == [
        ("/remark", "周末"),
        ("/weixin", "微信：li_na"),
    ]
    assert mapping_of(document_of(by)) == by


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_whatever_a_text_holds_what_is_told_can_be_stored(text):
    told = read({}, {"name": text}, mapping(name=["name"]))

    assert "\x00" not in (told.get(LeadField.NAME) or "").encode().decode()


def test_several_values_are_no_value():
    told = read({}, {"mobile": ["13900001111", "13900001112"], "name": {"first": "娜"}}, mapping(name=["name"]))

    assert told.said == {}
    assert [(one.path, one.why) for one in told.misread] == [
        ("/mobile", "not a single value"),
        ("/name", "not a single value"),
    ]


def test_each_lead_of_a_list_is_read_beside_what_is_said_of_all():
    by = mapping_of(
        {"fields": {"phone": ["tel"], "campaign": ["act", "$.act"], "store": ["$./shop/id"]}, "list_root": "a.b"}
    )
    payload = {"act": "spring", "shop": {"id": 7}, "a": {"b": [{"tel": "1"}, {"tel": "2", "act": "own"}]}}

    told = [read(*one, by) for one in [(payload, part) for part in parts_of(payload, by)[1]]]

    assert [one.get(LeadField.CAMPAIGN) for one in told] == ["spring", "own"]
    assert [one.get(LeadField.STORE) for one in told] == ["7", "7"]


def test_json_inside_a_text_is_read():
    by = mapping_of({"fields": {"phone": ["data.tel"]}, "embedded_json": ["data"]})
    payload, [part] = parts_of({"data": '{"tel": "13900001111"}'}, by)

    assert read(payload, part, by).get(LeadField.PHONE) == "13900001111"
    assert read(*[parts_of({"data": "{broken"}, by)[0]] * 2, by).said == {}


@pytest.mark.parametrize("payload", [{}, {"leads": []}, {"leads": "none"}, {"leads": [{}] * (MOST_LEADS + 1)}])
def test_a_payload_without_its_list_is_not_read(payload):
    with pytest.raises(PayloadUnreadable) as refused:
        parts_of(payload, mapping_of({"fields": {"phone": ["tel"]}, "list_root": "leads"}))

    assert refused.value.pointer == "/leads"


def test_what_the_mapping_looks_at_nowhere_is_named():
    payload = {"mobile": "1", "attr": {"vip": True, "empty": ""}, "list": [1]}

    assert unused(payload, mapping()) == ["/attr/vip", "/list/0"]


@pytest.mark.parametrize(
    ("text", "formats", "at"),
    [
        ("2026-01-05T10:30:00+08:00", ("iso8601",), datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026-01-05T10:30:00", ("iso8601",), datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026/01/05 10:30", ("iso8601", "%Y/%m/%d %H:%M"), datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("1767580200", ("unix_s",), datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("1767580200000", ("iso8601", "unix_ms"), datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("1770021120313", ("iso8601", "unix_ms"), datetime(2026, 2, 2, 8, 32, 0, 313000, tzinfo=UTC)),
        ("1767580200", ("unix_ms", "unix_s"), datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("1767580200", ("iso8601", "unix_ms"), datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("1767580200.5", ("unix_ms",), datetime(2026, 1, 5, 2, 30, 0, 500000, tzinfo=UTC)),
        ("20260105", ("unix_s", "unix_ms", "iso8601"), datetime(2026, 1, 4, 16, tzinfo=UTC)),
        ("2601051030", ("unix_s", "%y%m%d%H%M"), datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
    ],
)
def test_times_come_in_many_formats(text, formats, at):
    assert instant_of(text, formats, SHANGHAI) == at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "nan",
        "20260105103000",
        "1999-12-31T00:00:00Z",
        "2100-01-01T00:00:00Z",
        "1e300",
        "0001-01-01T00:00:00",
        "-1e18",
    ],
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match="not a time"):
        instant_of(text, ("unix_s", "iso8601"), SHANGHAI)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"fields": {"name": ["name"]}}, "nobody could be reached"),
        ({"fields": {"phone": []}}, "nobody could be reached"),
        ({"fields": {"phone": [{"at": "a", "constant": "b"}]}}, "a place"),
        ({"fields": {"phone": [{}]}}, "a place"),
        ({"fields": {"phone": ["a..b"]}}, "no place"),
        ({"fields": {"phone": ["a"]}, "list_root": "[0]"}, "no place"),
        ({"fields": {"phone": ["a"] * 21}}, "at most 20"),
        ({"fields": {"phone": ["a"]}, "time_formats": []}, "time_formats"),
        ({"fields": {"shoe_size": ["a"], "phone": ["a"]}}, "shoe_size"),
        ({"fields": {"phone": ["a"]}, "budget_unit": "dollar"}, "dollar"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused(document, why):
    with pytest.raises(ValueError, match=why):
        mapping_of(document)


def test_a_mapping_is_the_same_after_it_was_kept():
    for ready in ready_mappings().values():
        assert mapping_of(document_of(ready.mapping)) == ready.mapping


def test_a_mapping_names_its_fields_once():
    one = FieldMapping({LeadField.PHONE: (Alternative(at="mobile"),)})

    assert document_of(one)["fields"] == {"phone": ["mobile"]}
