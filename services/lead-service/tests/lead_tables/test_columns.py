import pytest
from lead_service.domain.lead_columns import COLUMN_NAMES, ImportPolicy, LeadColumn
from lead_service.lead_tables.columns import layout_of
from lead_service.tabular import TableRefused


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("手机,车型", ["phone", "model"]),
        ("手机,车系,车型", ["phone", "model", "trim"]),
        ("手机,意向车型,意向车系", ["phone", "trim", "model"]),
        ("手机,车系,版本", ["phone", "model", "trim"]),
        ("手机,车系,车型,版本", ["phone", "model", "model", "trim"]),
        ("手机,车型,意向车型", ["phone", "model", "model"]),
        ("手机,询价车系,询价车型,订单来源", ["phone", "model", "trim", "channel"]),
        ("Contact Name,Mobile,Created on,Internal Notes", ["name", "phone", "requested_at", "note"]),
    ],
)
def test_columns_are_known_by_the_names_of_exports_and_a_model_beside_a_series_is_the_trim(header, fields):
    layout = layout_of(f"{header}\n".encode(), "utf-8", COLUMN_NAMES, is_last=True)

    assert [column.field for column in layout.columns] == fields


def test_a_table_in_which_nobody_can_be_reached_is_refused_with_its_columns():
    with pytest.raises(TableRefused) as refused:
        layout_of("姓名,品牌\n".encode(), "utf-8", COLUMN_NAMES, is_last=True)

    assert refused.value.saying.zh == "表里没有联系方式：需要“手机”“邮箱”“企业微信”三列中的一列。现有的列：姓名、品牌。"
    assert refused.value.saying.en == (
        "Nobody in it can be reached: it needs a column phone, email or wecom_id. Its columns: 姓名、品牌."
    )


def test_every_column_goes_by_its_own_name_and_by_a_chinese_one():
    for column in LeadColumn:
        names = [name for name, named in COLUMN_NAMES.items() if named is column]
        assert column.value in names
        assert any(not name.isascii() for name in names)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"column_names": {"姓名": LeadColumn.NAME}}, "no name for a phone"),
        ({"column_names": {}}, "no name for a phone"),
        ({"phone_country": "China"}, "two letters"),
        ({"kept_days": 0}, "between 1 and 365"),
        ({"kept_days": 366}, "between 1 and 365"),
    ],
)
def test_a_policy_by_which_no_table_could_be_read_is_refused(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        ImportPolicy(**wrong)
