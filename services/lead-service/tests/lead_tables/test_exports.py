"""Exports as they come out of other systems: everybody in them comes in, with what the export says of them."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from baoke_chassis.testing import DEALER
from lead_service.domain.grade import Grade
from lead_service.domain.interest import Interest
from lead_service.domain.lead_columns import ImportPolicy
from lead_service.domain.lead_import import (
    ImportCounts,
    ImportDefaults,
    ImportFile,
    ImportRemarks,
    ImportState,
    LeadImport,
)
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.source import Channel
from lead_service.lead_tables.batches import read_batch
from lead_service.lead_tables.columns import import_columns, layout_of
from lead_service.tabular import Incoming

SALESFORCE = """"First Name","Last Name","Title","Company","Email","Phone","Mobile","Lead Source","Create Date"
"Na","Li","","[Individual]","li.na@example.com","021-62345678","138 0013 8000","Web","13/01/2026"
"Wei","Wang","Mr","[Individual]","","","+86 139-0000-1111","Trade Show","Jan 14, 2026"
"John","Smith","","Shell","john@example.com","+1 310-555-1212","","Partner Referral","15/01/2026"

"Grand Totals (3 Records)"
"""

HUBSPOT = """\
Record ID,First Name,Last Name,Email,Mobile Phone Number,Phone Number,Create Date,Original Source,Stage
51834227001,娜,李,li.na@example.com,13800138000,,2026-01-13 10:30,Organic Search,Lead
51834227002,伟,王,,,13900001111,2026-01-14 11:00,Direct Traffic,Lead
"""

DONGCHEDI = """线索ID,用户姓名,用户手机号,意向车系,意向车型,线索来源,线索创建时间,经销商名称,状态
7301122334455667788,李女士,13800138000,秦PLUS,2025款 DM-i 冠军版,懂车帝APP-询底价,2026-01-13 10:30:15,,未跟进
7301122334455667789,王先生,"17012345678,0123",宋PLUS,2025款 EV,懂车帝APP-试驾,2026-01-13 11:30:15,,未跟进
"""

AUTOHOME = """"订单编号","客户姓名","联系电话","意向车系","意向车型","来源","下单时间","用户备注"
\t="202601130001","李娜","13800138000","海豹","2025款 DM-i","汽车之家-智能展厅","2026/1/13 10:30:15","想问
落地价"
\t="202601130002","王伟","13900001111-801","海豹","2025款 EV","汽车之家","2026/1/13 下午 3:20",""
"""

LAIKE = """线索编号\t昵称\t姓名\t手机号\t来源渠道\t广告计划名称\t线索生成时间\t预算
LK20260113001\t爱车的李\t李娜\t13800138000\t抖音直播\t元旦直播专场\t20260113103015\t15-20w之间
LK20260113002\t王大锤\t\t13900001111\t抖音来客\t\t20260113113015\t面议
"""

WECOM = """客户名称,备注,描述,来源,手机,外部联系人ID,添加时间,添加人
李娜,李女士 看秦,周末到店,扫描二维码,13800138000,wmXXXXAAAA,2026年1月13日 星期二 10:30,陈晓
王伟,,,搜索手机号,,wmXXXXBBBB,2026年1月13日 星期二 中午12:30,陈晓
"""

EXCEL = """2026年1月份客户登记表,,,,,,,
制表人：陈晓,,,联系电话：021-62345678,,,,
序号,日期,时间,姓名,电话,手机,意向车型,备注
1,2026-01-13,10:30,李娜,021-62345678,13800138000,秦PLUS,周末来
2,2026-01-13,15:20,王伟,,13900001111（微信同号）,宋PLUS,
3,2026-01-13,,赵六,,13900002222 赵先生,宋PLUS,N
合计,3,,,,,,
"""

SAP = """Vorname;Nachname;Telefon;E-Mail;Marke;Modell;Erstellt am;Kommentar
Na;Li;+86 138 0013 8000;li.na@example.com;BYD;Seal;13.01.2026 10:30:00;Ruft Samstag, nach 10 Uhr, zurück
Wei;Wang;0086 139 0000 1111;;BYD;Han;14.01.2026 00:00:00;
"""

MYSQL = r""""id","name","mobile","email","brand","series","created_at","remark"
"1","李娜","13800138000",\N,"BYD","Seal","2026-01-13 10:30:00","他说\"便宜点\",再来"
"2","王伟","13900001111",\N,"BYD","Han","0000-00-00 00:00:00",\N
"""

YICHE = """编号|客户姓名|手机号码|来源|预算(万元)|留资时间
1|李娜|13800138000|易车网|20|1768271415
2|王伟|13900001111|易车网|¥150,000|1768271415000
"""

TRADITIONAL = """姓名,手機,車款,預算,備註
李娜,１３８００１３８０００,海豹,20萬,
王偉,139-0000-1111,海豹,≤25萬,週末
"""

FORMS = """提交时间,您的称呼,您的姓名,联系方式,微信号,意向级别,购车预算,备注
2026-01-13 24:00:00,李女士,李娜,13800138000,lina-88,高,待定,
2026-01-13 10:30,王先生,王伟,13900001111 13900002222,,B,$30000,
"""


@pytest.fixture
def read(store_id):
    """Reads a table as a file of the store; answers its batch."""

    def read_(table, encoding="utf-8", policy=None, **defaults):
        incoming = Incoming()
        file = incoming.take(table.encode(encoding)) + incoming.end()
        rules = policy or LeadPolicy()
        layout = layout_of(file, incoming.encoding, rules.imports.column_names, is_last=True)
        return read_batch(
            LeadImport(
                DEALER,
                UUID(int=1),
                ImportState.WAITING,
                ImportFile(
                    None, incoming.digest, incoming.encoding, layout.delimiter, import_columns(layout), len(file)
                ),
                replace(ImportDefaults(store_id, Channel.OTHER, None, None, None), **defaults),
                layout.position,
                layout.row_number,
                ImportCounts(),
                ImportRemarks(),
                UUID(int=2),
                NOW,
                NOW,
            ),
            rules,
            file[layout.position :],
            is_last=True,
            most=1_000,
            now=NOW,
        )

    return read_


NOW = datetime(2026, 1, 20, tzinfo=UTC)
LI, WANG = "+8613800138000", "+8613900001111"

EXPORTS = {
    "Salesforce report": (SALESFORCE, [("Na Li", LI), ("Wei Wang", WANG), ("John Smith", "+13105551212")]),
    "HubSpot": (HUBSPOT, [("李娜", LI), ("王伟", WANG)]),
    "懂车帝": (DONGCHEDI, [("李女士", LI), ("王先生", "+8617012345678")]),
    "汽车之家": (AUTOHOME, [("李娜", LI), ("王伟", WANG)]),
    "抖音来客": (LAIKE, [("李娜", LI), ("王大锤", WANG)]),
    "企业微信": (WECOM, [("李娜", LI), ("王伟", None)]),
    "Excel with titles": (EXCEL, [("李娜", LI), ("王伟", WANG), ("赵六", "+8613900002222")]),
    "semicolons": (SAP, [("Na Li", LI), ("Wei Wang", WANG)]),
    "MySQL": (MYSQL, [("李娜", LI), ("王伟", WANG)]),
    "bars": (YICHE, [("李娜", LI), ("王伟", WANG)]),
    "traditional": (TRADITIONAL, [("李娜", LI), ("王偉", WANG)]),
    "a form": (FORMS, [("李女士", LI), ("王先生", WANG)]),
}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("export", EXPORTS)
def test_everybody_in_an_export_comes_in(read, export, encoding):
    table, people = EXPORTS[export]

    batch = read(table, encoding)

    contacts = [inquiry.contact for inquiry in batch.inquiries]
    assert [(each.name, each.phone.number if each.phone else None) for each in contacts] == people


def test_a_report_of_salesforce_says_who_when_and_how_else_to_reach_them(read):
    li, wang, john = read(SALESFORCE).inquiries

    assert (li.contact.email, li.note, li.source.channel) == ("li.na@example.com", "其他电话：+862162345678", "website")
    assert wang.requested_at == datetime(2026, 1, 13, 16, tzinfo=UTC)
    assert [each.source.channel for each in (wang, john)] == ["event", "referral"]


def test_ids_of_a_platform_are_its_own_and_others_those_of_their_table_and_store(read, store_id):
    dongchedi, hubspot, autohome = (read(table).inquiries[0].source for table in (DONGCHEDI, HUBSPOT, AUTOHOME))

    assert (dongchedi.system, dongchedi.source_id, dongchedi.campaign) == (
        "dongchedi",
        "7301122334455667788",
        "懂车帝APP-询底价",
    )
    assert (autohome.system, autohome.source_id) == ("autohome", "202601130001")
    assert (hubspot.system, hubspot.source_id) == (f"table:{store_id}:website:recordid", "51834227001")


@pytest.mark.parametrize("column", ["编号", "流水号", "id", "线索编号"])
def test_a_column_that_counts_rows_names_other_people_next_week(read, column):
    files = [f"{column},渠道,手机\n1,懂车帝,{phone}\n2,官网,1390000222{phone[-1]}\n" for phone in (LI[3:], WANG[3:])]

    first, second = ({(i.source.system, i.source.source_id) for i in read(file).inquiries} for file in files)

    assert not first & second


def test_a_relay_number_is_dialled_with_its_extension(read):
    _, relayed = read(DONGCHEDI).inquiries

    assert (relayed.contact.phone.extension, relayed.contact.phone.is_relay) == ("0123", True)


def test_date_and_time_of_two_columns_are_one_moment_and_words_beside_a_number_a_note(read):
    li, wang, zhao = read(EXCEL).inquiries

    assert li.requested_at == datetime(2026, 1, 13, 2, 30, tzinfo=UTC)
    assert (li.note, wang.note, zhao.note) == ("周末来\n其他电话：+862162345678", "微信同号", "N\n赵先生")


def test_a_name_that_no_channel_has_is_kept_and_told(read):
    batch = read(YICHE)

    assert batch.remarks.unknown_channels == ("易车网",)
    assert {(i.source.channel, i.source.campaign) for i in batch.inquiries} == {(Channel.OTHER, "易车网")}
    assert [i.interest.budget_cents for i in batch.inquiries] == [20_000_000, 15_000_000]
    assert read(YICHE, channel=Channel.EVENT).inquiries[0].source.channel is Channel.EVENT


def test_our_own_export_comes_in_with_its_budgets_and_moments(read, store_id):
    columns = {
        "lead_id": "0199d3a0-0000-7000-8000-0000000000e1",
        "captured_at": "2026-01-13T02:30:00+00:00",
        "store_id": str(store_id),
        "channel": "dongchedi",
        "name": "李娜",
        "phone": "+8613800138000",
        "make": "BYD",
        "model": "Seal",
        "budget_cents": "20000000",
        "grade": "a",
    }
    exported = f"{','.join(columns)}\n{','.join(columns.values())}\n"

    batch = read(exported)
    [li] = batch.inquiries
    [odd] = (flawed := read(exported.replace("20000000", "200000.5"))).inquiries

    assert (li.interest, li.grade) == (Interest("BYD", "Seal", None, 20_000_000), Grade.A)
    assert (li.requested_at, li.store_id) == (datetime(2026, 1, 13, 2, 30, tzinfo=UTC), store_id)
    assert not batch.flawed
    assert not batch.remarks.unread_columns
    assert odd.interest.budget_cents is None
    assert [problem.column for flaw in flawed.flawed for problem in flaw.problems] == ["budget_cents"]


def test_unread_columns_and_those_that_differ_are_told_once(read):
    remarks = read("手机,电话,渠道,来源,车龄,空\n13800138000,021-62345678,懂车帝,抖音,3,\n" * 1).remarks

    assert (remarks.unread_columns, remarks.unknown_channels) == (("车龄",), ())
    assert read("姓名,称呼,手机\n李娜,李女士,13800138000\n").remarks.differing_columns == ("姓名 ≠ 称呼",)


def test_what_cannot_be_read_beside_the_person_is_a_warning(read):
    li, wang = (batch := read(FORMS)).inquiries

    assert [(flaw.row_number, flaw.is_taken, [p.column for p in flaw.problems]) for flaw in batch.flawed] == [
        (2, True, ["意向级别"]),
        (3, True, ["购车预算"]),
    ]
    assert (li.note, wang.note) == ("微信：lina-88", "其他电话：+8613900002222")
    assert (li.contact.wecom_id, li.interest.budget_cents, wang.interest.budget_cents) == (None, None, None)
    assert li.requested_at == datetime(2026, 1, 13, 16, tzinfo=UTC)


def test_a_quotation_mark_with_a_backslash_ends_no_cell_and_dates_of_zeros_are_none(read):
    li, wang = (batch := read(MYSQL)).inquiries

    assert (li.note, wang.note, wang.requested_at) == ('他说"便宜点",再来', None, None)
    assert not batch.flawed


def test_a_person_without_a_number_that_can_be_read_is_rejected_whatever_else_is_known(read):
    batch = read("手机,邮箱\n12345,a@b.cn\n,mailto:a@b.cn\n13800138000,nobody\n,Li Na <li@b.cn>\n")

    assert [(flaw.row_number, flaw.is_taken) for flaw in batch.flawed] == [(2, False), (4, True)]
    assert [inquiry.contact.email for inquiry in batch.inquiries] == ["a@b.cn", None, "li@b.cn"]


def test_a_number_without_a_country_code_is_one_of_the_policys_country(read):
    policy = LeadPolicy(imports=ImportPolicy(phone_country="US"))

    batch = read("手机\n310-555-1212\n(310) 555-1213\n+8613800138000\n", policy=policy)

    numbers = [inquiry.contact.phone.number for inquiry in batch.inquiries]
    assert numbers == ["+13105551212", "+13105551213", "+8613800138000"]


def test_a_number_without_its_area_code_is_nobodys(read):
    batch = read("手机\n310-555-1212\n0310-5551212\n")

    assert [flaw.row_number for flaw in batch.flawed] == [2]
    assert [inquiry.contact.phone.number for inquiry in batch.inquiries] == ["+863105551212"]
