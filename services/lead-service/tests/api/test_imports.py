import asyncio
import codecs
import csv
import hashlib
from io import StringIO
from uuid import UUID, uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.clock import utc_now
from baoke_events import LeadCaptured, LeadTouched
from lead_service.commands import take_imports_in
from sqlalchemy import text

ROUTE = "/v1/lead-imports"
CSV = {"Content-Type": "text/csv"}
JOB = "take-imports-in"

TABLE = """姓名,手机,品牌,车系,预算,渠道,线索ID,留资时间,备注
李娜,138 0013 8000,BYD,Seal,15-20万,懂车帝,D-1,2026-01-05 10:30,"周末看车,
带家人"
王伟,１３９００００１１１１,BYD,Seal,20万,汽车之家,,2026/1/5,
"""


@pytest.fixture
def send(client, store_id):
    """Sends a table for a store; answers the import."""

    async def send_(table, client_=None, **asked):
        content = table if isinstance(table, bytes) else table.encode()
        response = await (client_ or client).post(
            ROUTE, content=content, headers=CSV, params={"store_id": str(store_id), **asked}
        )
        assert response.status_code == 202, response.text
        return response.json()

    return send_


@pytest.fixture
def take(send, client, run_job):
    """Sends a table, lets it be taken in, and answers how the import stands."""

    async def take_(table, **asked):
        sent = await send(table, **asked)
        await run_job(JOB)
        return (await client.get(f"{ROUTE}/{sent['import_id']}")).json()

    return take_


@pytest.fixture
def errors(client):
    """The rows of an import's error report, or of its warnings, by column."""

    async def read(import_id, report="errors"):
        response = await client.get(f"{ROUTE}/{import_id}/{report}")
        assert response.content.startswith(codecs.BOM_UTF8)
        return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"), newline="")))

    return read


async def test_a_table_waits_and_is_then_taken_in_row_by_row(client, run_job, published, store_id):
    response = await client.post(
        ROUTE, content=TABLE.encode(), headers=CSV, params={"store_id": str(store_id), "file_name": "一月.csv"}
    )

    waiting = response.json()
    assert response.status_code == 202
    assert response.headers["Location"] == f"lead-imports/{waiting['import_id']}"
    assert (waiting["state"], waiting["rows_read"], waiting["file_name"]) == ("waiting", 0, "一月.csv")
    assert waiting["columns"][3] == {"header": "车系", "field": "model"}
    assert await run_job(JOB) == 2
    done = (await client.get(f"{ROUTE}/{waiting['import_id']}")).json()
    assert (done["state"], done["progress_percent"]) == ("done", 100)
    assert [done[name] for name in ("rows_read", "created", "touched", "repeated", "rejected")] == [2, 2, 0, 0, 0]
    captured = [fact for fact in await published() if isinstance(fact, LeadCaptured)]
    assert {(fact.channel, fact.source_id, fact.budget_cents, fact.store_id) for fact in captured} == {
        ("dongchedi", "D-1", 20_000_000, store_id),
        ("autohome", f"{hashlib.sha256(TABLE.encode()).hexdigest()[:32]}-3", 20_000_000, store_id),
    }
    assert {fact.correlation_id for fact in captured} == {captured[0].correlation_id}


async def test_what_a_row_says_is_kept_with_the_lead(client, take):
    await take(TABLE)

    [lead] = (await client.get("/v1/leads", params={"channel": "dongchedi"})).json()["items"]

    shown = (await client.get(f"/v1/leads/{lead['lead_id']}")).json()
    assert (shown["contact"]["name"], shown["contact"]["phone"]) == ("李娜", "+8613800138000")
    assert shown["note"] == "周末看车,\n带家人"
    assert shown["touch_history"][0]["requested_at"] == "2026-01-05T02:30:00Z"


async def test_the_same_file_sent_twice_is_repeated(take, published):
    await take(TABLE)
    told = await published()

    again = await take(TABLE)

    assert (again["created"], again["repeated"]) == (0, 2)
    assert await published() == told


async def test_a_row_with_a_source_id_that_came_as_json_is_repeated(capture, take):
    await capture(source={"channel": "dongchedi", "source_id": "D-1"})

    assert (await take(TABLE))["repeated"] == 1


async def test_a_person_twice_in_a_file_is_one_lead(take, published):
    table = "手机\n" + "13800138000\n" * 3

    done = await take(table)

    assert (done["created"], done["touched"]) == (1, 2)
    assert [fact.touches for fact in await published() if isinstance(fact, LeadTouched)] == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_a_table_is_read_as_excel_writes_it(take, client, encoding, delimiter):
    table = f"姓名{delimiter}手机\r\n王伟{delimiter}13800138000\r\n".encode(encoding)

    done = await take(table)

    assert (done["created"], done["rejected"]) == (1, 0)
    [lead] = (await client.get("/v1/leads")).json()["items"]
    assert lead["contact"]["name"] == "王伟"


async def test_a_form_brings_a_file_with_its_name(client, store_id, run_job):
    files = {"file": ("一月线索.csv", TABLE.encode("gbk"), "application/vnd.ms-excel")}

    response = await client.post(ROUTE, files=files, params={"store_id": str(store_id)})

    assert (response.status_code, response.json()["file_name"]) == (202, "一月线索.csv")
    assert await run_job(JOB) == 2


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


WRONG_FILES = [
    (b"", "The file is empty."),
    (b"\n\n", "The file is empty."),
    (b"PK\x03\x04rest", "This is an Excel workbook."),
    (b"\x89PNG" + bytes(99), "This is not a text file."),
    ("李娜,13800138000\n".encode(), "There is no header"),
    ("姓名,备注\n李娜,好\n".encode(), "Nobody in it can be reached: it needs a column phone, email or wecom_id."),
]


@pytest.mark.parametrize(("file", "sentence"), WRONG_FILES)
async def test_what_is_no_table_is_refused_whole_and_nothing_is_kept(client, store_id, session, file, sentence):
    response = await client.post(ROUTE, content=file, headers=CSV, params={"store_id": str(store_id)})

    assert (response.status_code, response.json()["type"]) == (422, "/problems/table-refused")
    assert response.json()["detail"].startswith(sentence)
    assert await session.scalar(text("SELECT count(*) FROM lead_import_part")) == 0


async def test_a_table_that_names_no_store_needs_one_with_the_request_or_in_the_policy(client, set_policy, store_id):
    asked = {"content": TABLE.encode(), "headers": CSV}
    without = await client.post(ROUTE, **asked)
    await set_policy(default_store_id=str(store_id))

    assert (without.status_code, without.json()["type"]) == (422, "/problems/store-not-named")
    assert (await client.post(ROUTE, **asked)).status_code == 202


@pytest.mark.parametrize(
    ("request_", "status", "kind"),
    [
        ({"json": {}}, 415, "unsupported-media-type"),
        ({"content": b"x"}, 415, "unsupported-media-type"),
        ({"data": {"file": "no file"}, "files": {"other": b"x"}}, 422, "invalid-input"),
        ({"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "malformed-form"),
        ({"content": b"x", "headers": {**CSV, "Content-Length": "300000001"}}, 413, "body-too-large"),
    ],
)
async def test_what_is_not_sent_as_a_file_is_refused(client, request_, status, kind):
    response = await client.post(ROUTE, **request_)

    assert (response.status_code, response.json()["type"]) == (status, f"/problems/{kind}")


async def test_a_file_larger_than_other_bodies_is_taken_part_by_part(send, session):
    table = "手机,备注\n" + f"13800138000,{'长' * 1_000}\n" * 1_000

    sent = await send(table)

    parts = await session.execute(text("SELECT number, length(bytes) FROM lead_import_part ORDER BY number"))
    sizes = [size for _, size in parts]
    assert sent["bytes_total"] == len(table.encode()) == sum(sizes) > 2_000_000
    assert set(sizes[:-1]) == {262_144}


async def test_an_import_takes_as_many_rows_a_turn_as_a_batch_has_and_all_take_turns(send, client, database):
    step = next(job for job in (take_imports_in,)).take_next_rows
    long = await send("手机\n" + "".join(f"{13_900_000_000 + number}\n" for number in range(2_500)))
    short = await send("手机\n13800138000\n")

    seen = []
    for _ in range(5):
        async with database.begin() as session:
            handled = await step(session, now=utc_now())
        states = [(await client.get(f"{ROUTE}/{each['import_id']}")).json() for each in (long, short)]
        seen.append((handled, states[0]["created"], states[1]["state"]))

    assert seen == [
        (1_000, 1_000, "waiting"),
        (1, 1_000, "done"),
        (1_000, 2_000, "done"),
        (500, 2_500, "done"),
        (0, 2_500, "done"),
    ]


async def test_a_row_as_long_as_a_part_crosses_it(take):
    rows = [f'{13_900_000_000 + number},"{"长" * 1_999}\n"' for number in range(300)]

    done = await take("手机,备注\n" + "\n".join(rows))

    assert [done[name] for name in ("rows_read", "created", "rejected")] == [300, 300, 0]


async def test_an_import_that_is_cancelled_keeps_what_it_took_and_drops_its_file(send, client, database, session):
    sent = await send("手机\n" + "".join(f"{13_900_000_000 + number}\n" for number in range(1_500)))
    async with database.begin() as turn:
        await take_imports_in.take_next_rows(turn, now=utc_now())

    cancelled = await client.delete(f"{ROUTE}/{sent['import_id']}")
    again = await client.delete(f"{ROUTE}/{sent['import_id']}")

    assert (cancelled.status_code, cancelled.json()["state"], cancelled.json()["created"]) == (200, "cancelled", 1_000)
    assert again.json() == cancelled.json()
    assert await session.scalar(text("SELECT count(*) FROM lead_import_part")) == 0
    async with database.begin() as turn:
        assert await take_imports_in.take_next_rows(turn, now=utc_now()) == 0


async def test_what_is_done_cannot_be_cancelled(take, client):
    done = await take(TABLE)

    response = await client.delete(f"{ROUTE}/{done['import_id']}")

    assert (response.status_code, response.json()["type"]) == (409, "/problems/import-finished")


async def test_imports_are_listed_newest_first(send, client):
    ids = [(await send(TABLE))["import_id"] for _ in range(3)]

    first = (await client.get(ROUTE, params={"limit": 2})).json()
    second = (await client.get(ROUTE, params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [item["import_id"] for item in first["items"] + second["items"]] == ids[::-1]


async def test_a_token_of_one_store_imports_for_it_and_sees_no_others(
    client_as, client, send, run_job, store_id, other_store_id
):
    theirs = (await send(TABLE, store_id=str(other_store_id)))["import_id"]
    mine = client_as(Role.ADVISOR, stores=[store_id])
    table = f"手机,门店\n13900002222,\n13900003333,{other_store_id}\n"
    sent = (await mine.post(ROUTE, content=table.encode(), headers=CSV)).json()
    await run_job(JOB)

    assert sent["store_id"] == str(store_id)
    assert (await mine.get(f"{ROUTE}/{theirs}")).status_code == 404
    assert [item["import_id"] for item in (await mine.get(ROUTE)).json()["items"]] == [sent["import_id"]]
    shown = (await mine.get(f"{ROUTE}/{sent['import_id']}")).json()
    assert (shown["created"], shown["rejected"]) == (1, 1)
    refused = await mine.post(ROUTE, content=TABLE.encode(), headers=CSV, params={"store_id": str(other_store_id)})
    assert refused.status_code == 403


async def test_an_advisor_owns_the_leads_of_their_table(client_as, run_job, store_id, published):
    advisor_id = UUID("0199d3a0-0000-7000-8000-0000000000b1")
    advisor = client_as(Role.ADVISOR, subject=str(advisor_id), stores=[store_id])
    await advisor.post(ROUTE, content=TABLE.encode(), headers=CSV)
    await run_job(JOB)

    assert {fact.advisor_id for fact in await published() if isinstance(fact, LeadCaptured)} == {advisor_id}


async def test_rejected_rows_are_for_those_who_may_see_phones(client_as, take):
    done = await take("手机\n12\n")

    for role, status in ((Role.MARKETING, 403), (Role.AUDITOR, 403), (Role.MANAGER, 200)):
        assert (await client_as(role).get(f"{ROUTE}/{done['import_id']}/errors")).status_code == status
        assert (await client_as(role).get(f"{ROUTE}/{done['import_id']}")).status_code == 200


async def test_an_advisor_fetches_and_cancels_their_own_imports_only(client_as, store_id):
    subjects = str(uuid4()), str(uuid4()), "somebody"
    own, colleague, nameless = (client_as(Role.ADVISOR, subject=each, stores=[store_id]) for each in subjects)
    for sender, others in ((own, (colleague, nameless)), (nameless, (own, nameless))):
        sent = (await sender.post(ROUTE, content=TABLE.encode(), headers=CSV)).json()["import_id"]
        for other in others:
            assert (await other.get(f"{ROUTE}/{sent}/errors")).status_code == 403
            assert (await other.delete(f"{ROUTE}/{sent}")).status_code == 403
            assert (await other.get(f"{ROUTE}/{sent}")).json()["state"] == "waiting"

    mine = (await own.get(ROUTE)).json()["items"][-1]["import_id"]
    assert (await own.get(f"{ROUTE}/{mine}/errors")).status_code == 200
    assert (await own.delete(f"{ROUTE}/{mine}")).json()["state"] == "cancelled"


async def test_the_columns_of_a_table_are_called_as_the_policy_says(take, set_policy, store_id):
    await set_policy(imports={"column_names": {"Kontakt": "phone"}})

    done = await take("Kontakt,Wohnort\n13800138000,Köln\n")

    assert done["columns"] == [{"header": "Kontakt", "field": "phone"}, {"header": "Wohnort", "field": None}]
    assert done["created"] == 1


async def test_a_thousand_rejected_rows_are_all_reported(take, errors):
    done = await take("手机\n" + "12\n" * 1_234)

    assert [row["行号 row"] for row in await errors(done["import_id"])] == [str(n) for n in range(2, 1_236)]


async def test_a_key_makes_sending_a_file_twice_safe(client, store_id):
    asked = {"params": {"store_id": str(store_id)}, "headers": {**CSV, "Idempotency-Key": "k-1"}}
    first = await client.post(ROUTE, content=TABLE.encode(), **asked)

    again = await client.post(ROUTE, content=TABLE.encode(), **asked)
    other = await client.post(ROUTE, content=TABLE.encode() + b"\n", **asked)

    assert (again.status_code, again.json(), again.headers["Location"]) == (
        202,
        first.json(),
        first.headers["Location"],
    )
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert len((await client.get(ROUTE)).json()["items"]) == 1


async def test_uploads_at_once_are_imports_of_their_own(send, run_job, client):
    sent = await asyncio.gather(*(send(f"手机\n{13_900_000_000 + number}\n") for number in range(8)))

    assert await run_job(JOB) == 8
    assert {item["state"] for item in (await client.get(ROUTE)).json()["items"]} == {"done"}
    assert len({each["import_id"] for each in sent}) == 8
