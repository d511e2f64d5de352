"""The columns that a table of leads may have, and what the field calls them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class LeadColumn(StrEnum):
    """What a column of a table of leads holds."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    WECOM_ID = "wecom_id"
    MAKE = "make"
    MODEL = "model"
    TRIM = "trim"
    BUDGET = "budget"
    CHANNEL = "channel"
    STORE = "store"
    CAMPAIGN = "campaign"
    SOURCE_ID = "source_id"
    REQUESTED_AT = "requested_at"
    GRADE = "grade"
    REFERRAL_CODE = "referral_code"
    NOTE = "note"


CONTACT_COLUMNS = (LeadColumn.PHONE, LeadColumn.EMAIL, LeadColumn.WECOM_ID)
"""A table has one of these at least, or nobody in it can be reached."""

_NAMES: Mapping[LeadColumn, str] = {
    LeadColumn.NAME: "姓名 客户姓名 客户名称 客户 名字 称呼 联系人 客户称呼 用户名 full_name customer_name "
    "customer contact_name",
    LeadColumn.PHONE: "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 客户电话 客户手机 mobile tel "
    "telephone cell phone_number mobile_number cellphone",
    LeadColumn.EMAIL: "邮箱 电子邮箱 邮件 电子邮件 e-mail mail email_address",
    LeadColumn.WECOM_ID: "企业微信 企微 企微id 企业微信id 微信 微信号 wecom wechat",
    LeadColumn.MAKE: "品牌 意向品牌 车品牌 brand",
    LeadColumn.MODEL: "车系 意向车系 车型 意向车型 关注车型 咨询车型 车款 series vehicle",
    LeadColumn.TRIM: "版本 配置 车型版本 具体车型 意向版本 version variant",
    LeadColumn.BUDGET: "预算 购车预算 意向价格 心理价位 价格 price",
    LeadColumn.CHANNEL: "渠道 来源 线索来源 来源渠道 线索渠道 平台 渠道来源 source lead_source platform",
    LeadColumn.STORE: "门店 门店编码 门店名称 店 经销商 经销商代码 所属门店 意向门店 store_id store_code dealer",
    LeadColumn.CAMPAIGN: "活动 活动名称 推广活动 市场活动 计划 campaign_name utm_campaign",
    LeadColumn.SOURCE_ID: "线索id 线索编号 线索号 编号 来源id 订单号 流水号 lead_id id",
    LeadColumn.REQUESTED_AT: "留资时间 留资日期 提交时间 咨询时间 创建时间 线索时间 下发时间 日期 时间 created_at "
    "create_time time date submitted_at",
    LeadColumn.GRADE: "意向级别 级别 等级 客户级别 意向等级 level",
    LeadColumn.REFERRAL_CODE: "推荐码 转介绍码 老带新 邀请码 referral invite_code",
    LeadColumn.NOTE: "备注 说明 留言 描述 需求 客户需求 remark remarks comment comments memo message",
}
"""Beside the columns' own names, with spaces between them; how a name is spelt does not matter."""

COLUMN_NAMES: Mapping[str, LeadColumn] = {
    **{name: column for column, names in _NAMES.items() for name in names.split()},
    **{column.value: column for column in LeadColumn},
}


@dataclass(frozen=True, slots=True)
class ImportPolicy:
    """How a dealer group's tables of leads are read.

    `column_names` says what a column of that name holds, in any case, width and spacing; others are not read. What was
    rejected can be fetched for `kept_days`.

    Raises:
        ValueError: nothing names a phone, an e-mail or a WeCom column, or `kept_days` is out of bounds.
    """

    column_names: Mapping[str, LeadColumn] = field(default_factory=lambda: dict(COLUMN_NAMES))
    kept_days: int = 30

    def __post_init__(self) -> None:
        if not set(CONTACT_COLUMNS) & set(self.column_names.values()):
            raise ValueError("column_names has no name for a phone, an e-mail or a WeCom column")
        if not 1 <= self.kept_days <= 365:  # noqa: PLR2004 (see above)
            raise ValueError("kept_days lies between 1 and 365")
