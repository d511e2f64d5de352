import pytest
from sqlalchemy import text

ROUTE = "/v1/lead-imports"
CSV = {"Content-Type": "text/csv"}


async def test_rows_are_rejected_alone_and_can_be_fetched_mended_and_sent_again(take, errors, client, run_job):
    table = (
        "姓名,手机,留资时间,备注\n"
        "李娜,13800138000,2026-01-05,好\n"
        "王伟,1.38E+10,05/01/2026,好\n"
        "\n"
        "=HYPERLINK(1),,2026-01-05,好\n"
        "张三,13900001111,2026-01-05,多,一格\n"
        '赵六,13900002222,2026-01-05,"没关\n'
        "钱七,13900003333,2026-01-05,好\n"
    )

    done = await take(table)
    rejected = await errors(done["import_id"])

    assert [done[name] for name in ("rows_read", "created", "rejected")] == [6, 2, 4]
    assert [(row["行号 row"], row["列 column"], row["姓名"]) for row in rejected] == [
        ("3", "手机、留资时间", "王伟"),
        ("5", "（整行 row）", "'=HYPERLINK(1)"),
        ("6", "（整行 row）", "张三"),
        ("7", "（整行 row）", "赵六"),
    ]
    assert rejected[1]["问题 problem"] == "没有联系方式。请填写手机、邮箱或企业微信。"
    assert rejected[1]["problem in English"] == (
        "Nobody can be reached. Write a phone number, an e-mail address or a WeCom id."
    )
    report = (await client.get(f"{ROUTE}/{done['import_id']}/errors")).content.decode("utf-8-sig")
    for wrong, right in (("1.38E+10", "13900004444"), ("05/01/2026", "2026-01-05"), ("多,一格", "多"), ("'=", "孙")):
        report = report.replace(wrong, right)
    again = await take(report)
    assert (again["created"], again["rejected"]) == (3, 1)
    assert [row["行号 row"] for row in await errors(again["import_id"])] == ["3"]


WRONG_ROWS = [
    ("12345", {}, "手机", '"12345" is not a phone number that anybody can have.'),
    ("", {"邮箱": "nobody"}, "邮箱", '"nobody" is not an e-mail address.'),
    ("#N/A", {}, "手机", "Excel shows the error #N/A here."),
    ("1" * 301, {}, "手机", "It has 301 characters, at most 300 fit. Shorten it."),
]


@pytest.mark.parametrize(("phone", "cells", "column", "sentence"), WRONG_ROWS)
async def test_each_wrong_cell_is_named(take, errors, phone, cells, column, sentence):
    table = ",".join(["手机", *cells]) + "\n" + ",".join([phone, *cells.values()]) + "\n"

    done = await take(table)

    [row] = await errors(done["import_id"])
    assert (done["created"], done["warned"], row["列 column"]) == (0, 0, column)
    assert row["problem in English"].startswith(sentence)
    assert row["问题 problem"]


LEFT_OUT = [
    ("门店", "SH-99", 'No store is called "SH-99". Those of the policy: —.'),
    ("意向级别", "S", '"S" is no grade. Write H, A, B or C.'),
    ("备注", "长" * 10_000, "It has 10,000 characters, at most 2,000 fit. Shorten it."),
    ("品牌", "x" * 101, "It has 101 characters, at most 100 fit. Shorten it."),
    ("预算", "15", 'Is "15" yuan or 万 (ten thousands)? Write 15万, or all of the digits.'),
    ("留资时间", "2199-01-05", '"2199-01-05" lies in the future. Look at it again.'),
    ("线索ID", "1.2E+15", "Excel has turned the number into 1.2E+15; its last digits are lost"),
    ("预算", "#REF!", "Excel shows the error #REF! here."),
]


@pytest.mark.parametrize(("column", "cell", "sentence"), LEFT_OUT)
async def test_a_person_comes_in_without_what_cannot_be_read_and_the_row_can_be_fetched(
    take, errors, column, cell, sentence
):
    done = await take(f"手机,{column}\n13800138000,{cell}\n")

    [row] = await errors(done["import_id"], "warnings")
    assert [done[name] for name in ("created", "rejected", "warned")] == [1, 0, 1]
    assert (row["列 column"], row["手机"], row[column].removeprefix("'")) == (column, "13800138000", cell)
    assert row["problem in English"].startswith(sentence)
    assert await errors(done["import_id"]) == []


async def test_a_store_that_the_policy_does_not_know_among_others_is_to_be_mended(take, errors, set_policy, store_id):
    await set_policy(stores={"SH-01": str(store_id)})

    done = await take("手机,门店\n13800138000,SH-99\n13900001111,SH-01\n")

    [row] = await errors(done["import_id"])
    assert (done["created"], row["列 column"]) == (1, "门店")
    assert row["problem in English"] == 'No store is called "SH-99". Those of the policy: SH-01.'


async def test_a_row_that_was_warned_of_fills_its_lead_when_it_is_mended_and_sent_again(take, errors, client):
    done = await take("手机,预算\n13800138000,15\n")
    report = (await client.get(f"{ROUTE}/{done['import_id']}/warnings")).content.decode("utf-8-sig")

    again = await take(report.replace(",15\r\n", ",15万\r\n"))

    assert (again["touched"], again["warned"], again["remarks"]["unread_columns"]) == (1, 0, [])
    [lead] = (await client.get("/v1/leads")).json()["items"]
    assert lead["interest"]["budget_cents"] == 15_000_000


async def test_what_is_to_be_said_of_all_rows_is_said_once(take):
    table = "姓名,称呼,手机,来源,年龄\n李娜,李女士,13800138000,易车网,33\n王伟,王先生,13900001111,易车网,34\n"

    done = await take(table)

    assert done["remarks"] == {
        "unread_columns": ["年龄"],
        "unknown_channels": ["易车网"],
        "differing_columns": ["姓名 ≠ 称呼"],
    }


async def test_a_dry_run_says_how_a_file_is_understood_and_keeps_nothing(client, store_id, session):
    table = "2026年1月,,,\n姓名,手机,预算,年龄\n李娜,13800138000,15,33\n王伟,12,,\n赵六,13900001111,20万,\n"
    asked = {"store_id": str(store_id), "dry_run": "true"}

    response = await client.post(ROUTE, content=table.encode(), headers=CSV, params=asked)

    budget = {
        "column": "预算",
        "zh": "“15”是元还是万元？请写成 15万，或写全数字。",
        "en": 'Is "15" yuan or 万 (ten thousands)? Write 15万, or all of the digits.',
    }
    phone = {
        "column": "手机",
        "zh": "“12”不是有效的电话号码。请核对位数。",
        "en": '"12" is not a phone number that anybody can have.',
    }
    assert (response.status_code, response.json()) == (
        200,
        {
            "encoding": "utf-8",
            "delimiter": ",",
            "header_row": 2,
            "columns": [
                {"header": "姓名", "field": "name"},
                {"header": "手机", "field": "phone"},
                {"header": "预算", "field": "budget"},
                {"header": "年龄", "field": None},
            ],
            "would_take": 2,
            "would_reject": 1,
            "would_warn": 1,
            "remarks": {"unread_columns": ["年龄"], "unknown_channels": [], "differing_columns": []},
            "rows": [
                {"row_number": 3, "is_taken": True, "problems": [budget]},
                {"row_number": 4, "is_taken": False, "problems": [phone]},
            ],
        },
    )
    assert (await client.get(ROUTE)).json()["items"] == []
    assert await session.scalar(text("SELECT count(*) FROM lead_import_part")) == 0


async def test_a_cell_whose_bytes_are_no_text_is_left_out_and_shown(take, errors):
    table = "姓名,手机\n".encode() + b"\xff\xfe\xff,13800138000\n" + "王伟,13900001111\n".encode() * 9

    done = await take(table)

    [row] = await errors(done["import_id"], "warnings")
    assert (row["列 column"], done["created"]) == ("姓名", 2)
    assert row["problem in English"].startswith("The characters cannot be read.")


async def test_a_row_as_long_as_a_part_crosses_it(take):
    rows = [f'{13_900_000_000 + number},"{"长" * 1_999}\n"' for number in range(300)]

    done = await take("手机,备注\n" + "\n".join(rows))

    assert [done[name] for name in ("rows_read", "created", "rejected")] == [300, 300, 0]


async def test_the_columns_of_a_table_are_called_as_the_policy_says(take, set_policy, store_id):
    await set_policy(imports={"column_names": {"Kontakt": "phone"}})

    done = await take("Kontakt,Wohnort\n13800138000,Köln\n")

    assert done["columns"] == [{"header": "Kontakt", "field": "phone"}, {"header": "Wohnort", "field": None}]
    assert done["created"] == 1


async def test_a_thousand_rejected_rows_are_all_reported(take, errors):
    done = await take("手机\n" + "12\n" * 1_234)

    assert [row["行号 row"] for row in await errors(done["import_id"])] == [str(n) for n in range(2, 1_236)]
