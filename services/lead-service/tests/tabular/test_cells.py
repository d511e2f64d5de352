"""What dirty cells come to, or the very words that tell somebody at the dealer how to mend the file."""

from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.tabular import (
    CellRefused,
    bounded,
    cleaned,
    digits_kept,
    joined_moment,
    read_cents,
    read_moment,
    read_phones,
)
from lead_service.tabular.writing import csv_lines

CHINA = ZoneInfo("Asia/Shanghai")
LOST = (
    "Excel has turned the number into 1.38E+10; its last digits are lost and cannot be restored. "
    'Format the column as "Text" in the original and export it again.'
)


def refusal(read, *said, **options) -> tuple[str, str]:
    """The two sentences of a refused cell."""
    with pytest.raises(CellRefused) as refused:
        read(*said, **options)
    return refused.value.saying.zh, refused.value.saying.en


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        (
            "1.38E+10",
            "Excel 把号码变成了 1.38E+10，后面的数字已经丢失，无法还原。请在原表里把这一列设为“文本”格式，再重新导出。",
            LOST,
        ),
        (
            "138****8000",
            "号码被隐藏了几位：138****8000。请填写完整的号码。",
            "Digits are hidden: 138****8000. Write the whole number.",
        ),
    ],
)
def test_a_phone_that_cannot_be_saved_says_why(written, zh, en):
    assert refusal(read_phones, written) == (zh, en)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("'13800138000", "13800138000"),
        ("  李娜  ", "李娜"),
        ("李娜👩‍💼🚗", "李娜👩‍💼🚗"),
        ("\ufeff李\u200b娜\x00", "李娜"),
        ("O’Neil", "O’Neil"),
        ("N/A", ""),
        ("——", ""),
        ("无", ""),
        ("无忌", "无忌"),
        ("不限", ""),
        ("面议", ""),
        (r"\N", ""),
        ("0000-00-00 00:00:00", ""),
        ("'=1+1", "=1+1"),
        ('="013800138000"', "013800138000"),
        ("Na", "Na"),
    ],
)
def test_a_cell_is_freed_of_what_nobody_sees(written, text):
    assert cleaned(written) == text


def test_an_error_of_excel_is_named():
    assert refusal(cleaned, "#REF!") == (
        "Excel 在这里显示错误 #REF!。请改正公式，或填写实际内容。",
        "Excel shows the error #REF! here. Correct the formula, or write what it should be.",
    )
    assert refusal(cleaned, "########")[1].startswith("Excel shows the error ######## here.")


def test_a_note_of_ten_thousand_characters_is_counted():
    assert bounded("长" * 2_000, 2_000) == "长" * 2_000
    assert refusal(bounded, "长" * 10_000, 2_000) == (
        "有 10,000 个字，最多 2,000 个。请缩短。",
        "It has 10,000 characters, at most 2,000 fit. Shorten it.",
    )


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("150000", 150_000),
        ("¥150,000.00", 150_000),
        ("￥１５万", 150_000),
        ("15.8万元", 158_000),
        ("15w", 150_000),
        ("15-20万", 200_000),
        ("15万~20万", 200_000),
        ("15 至 20 万元左右", 200_000),
        ("150000-200000", 200_000),
        ("20万以内", 200_000),
        ("预算20万", 200_000),
        ("RMB 150000元", 150_000),
        ("150k", 150_000),
        ("20萬", 200_000),
        ("200.000,00", 200_000),
        ("≤20万", 200_000),
        ("20万内", 200_000),
        ("15-20w之间", 200_000),
        ("20万(全款)", 200_000),
    ],
)
def test_an_amount_is_read_as_people_write_it_and_a_range_by_its_upper_end(written, yuan):
    assert read_cents(written) == yuan * 100


def test_a_number_counts_what_its_header_says():
    assert read_cents("15", factor=10_000) == read_cents("15-20", factor=10_000) * 3 // 4 == 15_000_000
    assert read_cents("15万", factor=10_000) == 15_000_000


@pytest.mark.parametrize("written", ["150000元", "¥150,000", "150000"])
def test_a_written_unit_counts_before_the_headers(written):
    assert read_cents(written, factor=10_000) == 15_000_000


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        (
            "15",
            "“15”是元还是万元？请写成 15万，或写全数字。",
            'Is "15" yuan or 万 (ten thousands)? Write 15万, or all of the digits.',
        ),
        (
            "看情况",
            "看不懂金额“看情况”。请写成 150000、15万 或 15-20万。",
            '"看情况" is no amount. Write 150000, 15万 or 15-20万.',
        ),
        ("-5", "看不懂金额“-5”。请写成 150000、15万 或 15-20万。", '"-5" is no amount. Write 150000, 15万 or 15-20万.'),
        ("1,50,000", None, '"1,50,000" is no amount. Write 150000, 15万 or 15-20万.'),
        ("$30000", "“$30000”不是人民币。请换算成元。", '"$30000" is another currency. Write it in yuan.'),
        ("150000万", "金额“150000万”太大，请检查单位。", '"150000万" is too much; look at the unit.'),
    ],
)
def test_an_amount_that_could_be_two_is_none(written, zh, en):
    chinese, english = refusal(read_cents, written)

    assert english == en
    assert zh in (None, chinese)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-01-05", datetime(2026, 1, 4, 16, tzinfo=UTC)),
        ("2026/1/5", datetime(2026, 1, 4, 16, tzinfo=UTC)),
        ("2026.1.5", datetime(2026, 1, 4, 16, tzinfo=UTC)),
        ("2026年1月5日", datetime(2026, 1, 4, 16, tzinfo=UTC)),
        ("20260105", datetime(2026, 1, 4, 16, tzinfo=UTC)),
        ("46027", datetime(2026, 1, 4, 16, tzinfo=UTC)),
        ("46027.4375", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026-01-05 10:30", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026/1/5 10:30:15", datetime(2026, 1, 5, 2, 30, 15, tzinfo=UTC)),
        ("2026年1月5日 10时30分", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026-01-05 下午3:05", datetime(2026, 1, 5, 7, 5, tzinfo=UTC)),
        ("2026-01-05T10:30:00.123+08:00", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026-01-05T02:30:00Z", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("２０２６－０１－０５", datetime(2026, 1, 4, 16, tzinfo=UTC)),
        ("13/01/2026", datetime(2026, 1, 12, 16, tzinfo=UTC)),
        ("01/13/2026 3:05 PM", datetime(2026, 1, 13, 7, 5, tzinfo=UTC)),
        ("05/05/2026", datetime(2026, 5, 4, 16, tzinfo=UTC)),
        ("20260105103000", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("5-Jan-26", datetime(2026, 1, 4, 16, tzinfo=UTC)),
        ("Jan 5, 2026, 10:30 AM", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026年1月5日星期一", datetime(2026, 1, 4, 16, tzinfo=UTC)),
        ("2026-01-05 周一 10:30", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("1767580200", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("1767580200000", datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        ("2026-01-05 24:00:00", datetime(2026, 1, 5, 16, tzinfo=UTC)),
        ("2026/1/5 下午 3:20:15", datetime(2026, 1, 5, 7, 20, 15, tzinfo=UTC)),
        ("2026-01-05 中午11:30", datetime(2026, 1, 5, 3, 30, tzinfo=UTC)),
        ("2026-01-05 中午1:30", datetime(2026, 1, 5, 5, 30, tzinfo=UTC)),
        ("2026-01-05 晚上12:00", datetime(2026, 1, 5, 16, tzinfo=UTC)),
        ("2026-01-05 凌晨12:30", datetime(2026, 1, 4, 16, 30, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_in_a_dozen_styles(written, moment):
    assert read_moment(written, CHINA) == moment


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        (
            "05/01/2026",
            "“05/01/2026”可能是 5 月 1 日，也可能是 1 月 5 日。请写成 2026-01-05 的格式。",
            '"05/01/2026" may be day 1 of month 5 or day 5 of month 1. Write it like 2026-01-05.',
        ),
        (
            "下周二",
            "看不懂日期“下周二”。请写成 2026-01-05 或 2026-01-05 10:30。",
            '"下周二" is no date. Write it like 2026-01-05 or 2026-01-05 10:30.',
        ),
        ("2026-02-30", None, '"2026-02-30" is no date. Write it like 2026-01-05 or 2026-01-05 10:30.'),
        ("26/1/5", None, '"26/1/5" is no date. Write it like 2026-01-05 or 2026-01-05 10:30.'),
        ("99999", None, '"99999" is no date. Write it like 2026-01-05 or 2026-01-05 10:30.'),
        ("0001-01-01", None, '"0001-01-01" is no date. Write it like 2026-01-05 or 2026-01-05 10:30.'),
        ("2026-01-05 25:00", None, '"2026-01-05 25:00" is no date. Write it like 2026-01-05 or 2026-01-05 10:30.'),
    ],
)
def test_a_date_that_two_people_read_differently_is_none(written, zh, en):
    chinese, english = refusal(read_moment, written, CHINA)

    assert english == en
    assert zh in (None, chinese)


def test_a_date_and_a_time_of_two_columns_are_one_in_either_order():
    assert joined_moment("2026-01-05", "10:30") == joined_moment("10:30", "2026-01-05") == "2026-01-05 10:30"
    assert joined_moment("2026-01-05", "2026-01-06") is None


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (read_phones, "1" + " " * 299 + "a"),
        (read_phones, "(" * 300),
        (read_cents, "1," * 150 + "x"),
        (lambda text: read_moment(text, CHINA), "2026-01-05 10:30" + " " * 280 + "x"),
        (lambda text: read_moment(text, CHINA), "5" + " " * 298 + "x"),
    ],
)
def test_the_longest_cell_is_read_in_a_moment(read, written):
    began = perf_counter()
    with suppress(CellRefused):
        read(written)

    assert perf_counter() - began < 0.05


@given(st.text())
def test_any_cell_is_read_or_refused(text):
    for read in (cleaned, digits_kept, read_phones, read_cents, lambda said: read_moment(said, CHINA)):
        with suppress(CellRefused):
            read(text)


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+8613800138000", "-1", "@SUM(A1)"])
def test_what_a_spreadsheet_would_run_is_written_as_text_and_read_back(cell):
    written = csv_lines([[cell, "李娜"]])

    assert written == f"'{cell},李娜\r\n".encode()
    assert cleaned(f"'{cell}") == cell
