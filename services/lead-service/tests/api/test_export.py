import csv
import json
from io import StringIO
from uuid import UUID, uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import DEALER, OTHER_DEALER
from sqlalchemy import text

NDJSON = {"Accept": "application/x-ndjson"}


async def test_leads_leave_as_a_table_with_one_row_each(client, capture, store_id):
    lead_id = await capture(contact={"name": "李娜", "phone": "13800138000"}, note='说"好", 再来')

    response = await client.get("/v1/leads/export")

    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"].endswith('.csv"')
    assert response.text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}lead_id,captured_at,")
    [row] = _table(response.text)
    assert (row["lead_id"], row["store_id"], row["name"], row["phone"], row["note"]) == (
        str(lead_id),
        str(store_id),
        "李娜",
        "'+8613800138000",
        '说"好", 再来',
    )


async def test_leads_leave_as_lines_of_json_as_they_are_listed(client, capture):
    for _ in range(3):
        await capture()

    response = await client.get("/v1/leads/export", headers=NDJSON)

    assert response.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in response.text.splitlines()] == (await client.get("/v1/leads")).json()["items"]


async def test_the_filters_of_the_list_narrow_an_export(client, capture):
    await capture(grade="c")
    hot = await capture(grade="h", contact={"name": "王伟"})

    rows = _table((await client.get("/v1/leads/export?grades=h&q=王")).text)

    assert [row["lead_id"] for row in rows] == [str(hot)]


@pytest.mark.parametrize("headers", [{}, NDJSON])
async def test_marketing_and_auditors_take_no_numbers_out(client_as, capture, headers):
    await capture(contact={"phone": "13800138000,12"})

    for role in (Role.MARKETING, Role.AUDITOR):
        response = await client_as(role).get("/v1/leads/export", headers=headers)
        assert "+86138****8000" in response.text
        assert "13800138000" not in response.text


async def test_no_cell_runs_in_a_spreadsheet(client, capture):
    await capture(contact={"name": "=HYPERLINK(1)"}, source={"channel": "event", "campaign": "@SUM(A1)"}, note="-2+3")

    [row] = _table((await client.get("/v1/leads/export")).text)

    assert (row["name"], row["campaign"], row["note"]) == ("'=HYPERLINK(1)", "'@SUM(A1)", "'-2+3")


async def test_a_table_says_what_brought_the_lead_last_and_whose_the_number_is(client, capture):
    await capture(contact={"phone": "13800138000"}, source={"channel": "douyin", "campaign": "live"})
    lead_id = await capture(contact={"phone": "13800138000"}, source={"channel": "website", "campaign": "spring"})
    await capture(contact={"phone": "17012345678"})

    relay, lead = _table((await client.get("/v1/leads/export")).text)

    assert (relay["phone_is_relay"], lead["phone_is_relay"]) == ("True", "False")
    assert (lead["lead_id"], lead["channel"], lead["campaign"]) == (str(lead_id), "douyin", "live")
    assert (lead["last_channel"], lead["last_campaign"]) == ("website", "spring")
    assert lead["captured_at"] < lead["last_touched_at"]


async def test_numbers_and_ids_come_back_as_they_left(client, capture, run_job, store_id):
    source = {"channel": "douyin", "source_id": "7345120986612345678", "campaign": "0012"}
    await capture(source=source, contact={"phone": "13800138000"})
    [row] = _table((await client.get("/v1/leads/export")).text)
    names = ["name", "phone", "make", "model", "channel", "campaign", "source_id"]
    table = "\n".join([",".join(names), ",".join(row[name] for name in names)])

    asked = {"content": table.encode(), "headers": {"Content-Type": "text/csv"}, "params": {"store_id": str(store_id)}}
    sent = (await client.post("/v1/lead-imports", **asked)).json()
    await run_job("take-imports-in")

    assert (row["phone"], row["source_id"]) == ("'+8613800138000", "'7345120986612345678")
    taken = (await client.get(f"/v1/lead-imports/{sent['import_id']}")).json()
    assert (taken["rows_read"], taken["repeated"]) == (1, 1)


async def test_every_export_is_on_record(client, client_as, capture):
    for grade in "hhc":
        await capture(grade=grade)
    await client_as(Role.MARKETING, subject="wang").get("/v1/leads/export?grades=h&grades=a", headers=NDJSON)

    [record] = (await client_as(Role.AUDITOR).get("/v1/lead-exports")).json()["items"]

    assert UUID(record.pop("export_id"))
    assert record.pop("started_at") <= record.pop("finished_at")
    assert record == {
        "exported_by": "wang",
        "format": "ndjson",
        "wanted": {"grades": ["h", "a"]},
        "with_phones": False,
        "leads": 2,
    }
    assert (await client_as(Role.ADMIN, dealer_id=OTHER_DEALER).get("/v1/lead-exports")).json()["items"] == []
    assert (await client_as(Role.MARKETING).get("/v1/lead-exports")).status_code == 403
    assert (await client_as(Role.MANAGER, stores=[uuid4()]).get("/v1/lead-exports")).status_code == 403


async def test_an_export_holds_a_page_at_a_time_and_misses_nothing(client, session):
    await session.execute(text(SOME_LEADS), {"dealer_id": DEALER})
    await session.commit()

    lines = (await client.get("/v1/leads/export", headers=NDJSON)).text.splitlines()

    ids = [json.loads(line)["lead_id"] for line in lines]
    assert len(set(ids)) == 1_700
    assert ids == sorted(ids, reverse=True)
    [record] = (await client.get("/v1/lead-exports")).json()["items"]
    assert record["leads"] == 1_700


async def test_nothing_is_exported_of_other_stores_or_dealers(client_as, capture, other_store_id):
    await capture()

    elsewhere = await client_as(Role.MANAGER, stores=[other_store_id]).get("/v1/leads/export")
    stranger = await client_as(Role.ADMIN, dealer_id=OTHER_DEALER).get("/v1/leads/export")

    assert _table(elsewhere.text) == _table(stranger.text) == []


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/csv"),
        ("text/*", "text/csv"),
        ("text/html, text/csv;q=0.5", "text/csv"),
        ("application/x-ndjson;q=0.9", "application/x-ndjson"),
        ("Application/NDJSON", "application/x-ndjson"),
    ],
)
async def test_the_form_is_what_is_accepted(client, accept, media_type):
    response = await client.get("/v1/leads/export", headers={"Accept": accept})

    assert response.headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize("accept", ["text/html", "application/json", "image/png, ;q=1"])
async def test_what_is_neither_is_refused_and_not_on_record(client, accept):
    response = await client.get("/v1/leads/export", headers={"Accept": accept})

    assert (response.status_code, response.json()["type"]) == (406, "/problems/not-acceptable")
    assert (await client.get("/v1/lead-exports")).json()["items"] == []


@pytest.mark.parametrize("query", ["q=", "stage=sold", "grades=z", "limit=5", "captured_since=now"])
async def test_an_export_of_nonsense_is_refused(client, query):
    assert (await client.get(f"/v1/leads/export?{query}")).status_code == 422


async def test_an_advisor_takes_no_list_with_them(advisor):
    assert (await (await advisor()).get("/v1/leads/export")).status_code == 403


SOME_LEADS = """
INSERT INTO lead (dealer_id, id, store_id, channel, source_system, name, email, phone_is_relay, locale, time_zone,
    consents, make, model, grade, stage, touches, next_contact_at, follow_up_missed, captured_at)
SELECT :dealer_id, gen_random_uuid(), :dealer_id, 'website', 'website', '李' || n, 'a@b.cn', false, 'zh-CN',
    'Asia/Shanghai', '[]', '比亚迪', '海豹', 'h', 'new', 1, now(), false, now()
FROM generate_series(1, 1700) AS n
"""


def _table(body):
    return list(csv.DictReader(StringIO(body.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))))
