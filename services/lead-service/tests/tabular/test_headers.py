from time import perf_counter

import pytest
from lead_service.domain.lead_columns import COLUMN_NAMES, CONTACT_COLUMNS
from lead_service.tabular import TableRefused, find_layout


def layout(text, **options):
    return find_layout(text.encode(), "utf-8", COLUMN_NAMES, **{"is_last": True, "wanted": CONTACT_COLUMNS, **options})


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("姓名,手机,品牌,车系", ["name", "phone", "make", "model"]),
        ("Name;Phone;Make;Model", ["name", "phone", "make", "model"]),
        ("客户姓名\t联系电话\t备注", ["name", "phone", "note"]),
        ("*姓 名,手机号码（必填）,Ｅｍａｉｌ", ["name", "phone", "email"]),
        ("Phone Number,customer_name,Requested At", ["phone", "name", "requested_at"]),
        ("手机1,手机2,幸运数字", ["phone", "phone", None]),
        (
            "渠道,门店,线索ID,留资时间,预算(万元),版本",
            ["channel", "store", "source_id", "requested_at", "budget", "trim"],
        ),
        ("手机,,", ["phone", None, None]),
        ("姓名|手机|备注", ["name", "phone", "note"]),
        (
            "First Name,Last Name,Mobile Phone Number,Create Date,Record ID",
            ["first_name", "last_name", "phone", "requested_at", "source_id"],
        ),
        ("用户姓名,線索,手機,线索创建时间", ["name", None, "phone", "requested_at"]),
        ("编号,流水号,ID,手机", [None, None, None, "phone"]),
        ("您的姓名,请输入您的手机号", ["name", "phone"]),
        ("留资门店,来店渠道,备注信息,客户级别", ["store", "channel", "note", "grade"]),
        (
            "user_id,user_name,user_mobile,series_name,brand_name,created_time",
            [None, "name", "phone", "model", "make", "requested_at"],
        ),
        ("销售顾问电话,手机,跟进时间,预计购车时间,线索状态", [None, "phone", None, None, None]),
        ("Record ID - Contact,WhatsApp Phone Number,Create Date (GMT+8)", ["source_id", "phone", "requested_at"]),
        ("企业微信,微信号", ["wecom_id", "wechat"]),
    ],
)
def test_columns_go_by_their_names_in_two_languages_and_any_spelling(header, fields):
    assert [column.field for column in layout(f"{header}\n1,2\n").columns] == fields


def test_the_unit_of_a_header_is_kept():
    assert [c.factor for c in layout("手机,预算（万）,预算(元),预算万元,budget(W)\n").columns] == [
        1,
        10_000,
        1,
        10_000,
        10_000,
    ]


@pytest.mark.parametrize(
    ("above", "number"),
    [("", 1), ("sep=,\n", 2), ("2026年1月线索表,,\n\n", 3), ("\n\n", 3), ('"导出人：王伟\n仅供内部",,\n', 2)],
)
def test_the_header_is_found_below_titles_and_blank_rows(above, number):
    found = layout(f"{above}姓名,手机\n李娜,13800138000\n")

    assert (found.row_number, found.delimiter) == (number, ",")
    assert f"{above}姓名,手机\n".encode().__len__() == found.position


@pytest.mark.parametrize(
    ("text", "delimiter", "number"),
    [
        ("客户姓名;手机;备注\n李;13800138000;您好,需求,活动,预算\n", ";", 1),
        ("姓名,手机\n李娜,13800138000\n姓名,手机,品牌,车系\n", ",", 1),
        ("基本信息,联系方式,,\n姓名,手机,品牌,车系\n", ",", 2),
    ],
)
def test_the_header_is_the_first_row_that_is_one(text, delimiter, number):
    found = layout(text)

    assert (found.delimiter, found.row_number) == (delimiter, number)


@pytest.mark.parametrize("cell", ["(" * 40_000, "[" * 40_000, "," * 130_000])
def test_a_header_made_to_be_slow_is_read_in_a_moment(cell):
    began = perf_counter()
    layout(f"手机,{cell}\n13800138000\n" * 3)

    assert perf_counter() - began < 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty. 文件是空的。"),
        ("\n \n", "The file is empty. 文件是空的。"),
        ("李娜,13800138000\n", "There is no header: none of the first 10 rows has a column name that is known"),
        ("x|y\n", "Add one, such as name, phone, make, model."),
    ],
)
def test_a_file_without_a_header_is_refused_with_what_was_seen(text, sentence):
    with pytest.raises(TableRefused, match=sentence.replace("(", r"\(")):
        layout(text)
