import asyncio
import hashlib
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
