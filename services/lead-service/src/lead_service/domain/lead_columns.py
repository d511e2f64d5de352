"""The columns that a table of leads may have, and what the field calls them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class LeadColumn(StrEnum):
    """What a column of a table of leads holds."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    PHONE = "phone"
    EMAIL = "email"
    WECOM_ID = "wecom_id"
    WECHAT = "wechat"
    MAKE = "make"
    MODEL = "model"
    TRIM = "trim"
    BUDGET = "budget"
    BUDGET_CENTS = "budget_cents"
    CHANNEL = "channel"
    STORE = "store"
    CAMPAIGN = "campaign"
    SOURCE_ID = "source_id"
    REQUESTED_AT = "requested_at"
    GRADE = "grade"
    REFERRAL_CODE = "referral_code"
    NOTE = "note"


_COUNTRY = re.compile(r"[A-Z]{2}")

CONTACT_COLUMNS = (LeadColumn.PHONE, LeadColumn.EMAIL, LeadColumn.WECOM_ID)
"""A table has one of these at least, or nobody in it can be reached."""

_NAMES: Mapping[LeadColumn, str] = {
    LeadColumn.NAME: (
        "姓名 客户姓名 客户名称 客户 名字 称呼 联系人 联系人姓名 客户称呼 用户名 用户姓名 用户名称 线索姓名 "
        "留资姓名 full_name customer_name customer contact_name lead_name"
    ),
    LeadColumn.FIRST_NAME: "名 昵称 用户昵称 nickname given_name firstname vorname",
    LeadColumn.LAST_NAME: "姓 姓氏 family_name surname lastname nachname",
    LeadColumn.PHONE: (
        "手机 手机号 手机号码 手機 手機號 手機號碼 電話 電話號碼 联系手机 移动电话 电话 电话号码 联系电话 "
        "联系方式 客户电话 客户手机 客户手机号 用户手机 用户手机号 用户电话 留资电话 留资手机号 线索手机号 "
        "线索电话 备用电话 其他电话 隐私号 虚拟号 中间号 mobile mobile_phone mobile_phone_number tel telephone "
        "telefon cell phone_number phone_no mobile_no mobile_number cellphone cell_phone home_phone "
        "business_phone work_phone contact_number 真实号码 真实手机号 whatsapp whatsapp_phone_number "
        "telefonnummer mobiltelefon mobilnummer handy"
    ),
    LeadColumn.EMAIL: "邮箱 电子邮箱 邮箱地址 邮件 电子邮件 e-mail mail email_address e-mail-adresse",
    LeadColumn.WECOM_ID: "企业微信 企微 企微id 企业微信id 外部联系人id wecom external_userid external_user_id",
    LeadColumn.WECHAT: "微信 微信号 微信id 微信账号 wechat_id weixin",
    LeadColumn.MAKE: "品牌 意向品牌 车品牌 关注品牌 brand marke brand_name make_name 品牌名称",
    LeadColumn.MODEL: (
        "车系 意向车系 关注车系 咨询车系 询价车系 试驾车系 车系名称 车型 意向车型 关注车型 咨询车型 询价车型 "
        "试驾车型 车型名称 车款 车系车型 series vehicle car_model vehicle_model vehicle_of_interest "
        "model_of_interest modell series_name model_name"
    ),
    LeadColumn.TRIM: "版本 配置 车型版本 具体车型 意向版本 version variant",
    LeadColumn.BUDGET: "预算 购车预算 预算范围 预算区间 意向价格 心理价位 价格 price budget_range",
    LeadColumn.BUDGET_CENTS: "预算分 budget_fen",
    LeadColumn.CHANNEL: (
        "渠道 来源 线索来源 来源渠道 线索渠道 渠道名称 客户来源 订单来源 信息来源 平台 来源平台 渠道来源 一级渠道 "
        "获知渠道 source lead_source original_source platform clue_source source_name channel_name "
        "original_traffic_source quelle"
    ),
    LeadColumn.STORE: (
        "门店 门店编码 门店名称 店 店铺 经销商 经销商名称 经销商代码 所属门店 跟进门店 意向门店 store_id "
        "store_code store_name dealer"
    ),
    LeadColumn.CAMPAIGN: (
        "活动 活动名称 推广活动 市场活动 计划 计划名称 广告计划 投放计划 广告计划名称 二级渠道 campaign_name "
        "utm_campaign lead_campaign"
    ),
    LeadColumn.SOURCE_ID: "线索id 线索编号 线索号 线索单号 来源id 订单号 订单编号 lead_id record_id record_id_contact",
    LeadColumn.REQUESTED_AT: (
        "留资时间 留资日期 提交时间 咨询时间 创建时间 创建日期 添加时间 线索时间 线索创建时间 线索生成时间 "
        "线索提交时间 线索下发时间 下单时间 下发时间 登记时间 登记日期 来访日期 来电时间 到店时间 到店日期 "
        "录入时间 日期 时间 created_at created_on create_time create_date created_date created time date "
        "submitted_at captured_at submitted_on erstellt_am created_time angelegt_am date_created"
    ),
    LeadColumn.GRADE: "意向级别 级别 等级 客户级别 客户等级 线索等级 意向等级 意向度 level rating",
    LeadColumn.REFERRAL_CODE: "推荐码 转介绍码 老带新 邀请码 referral invite_code",
    LeadColumn.NOTE: (
        "备注 说明 留言 描述 需求 客户需求 客户备注 用户备注 用户留言 线索备注 跟进备注 沟通记录 跟进记录 备注信息 "
        "备注内容 咨询内容 留言内容 remark remarks comment comments description memo message bemerkung notes "
        "bemerkungen internal_notes"
    ),
}
"""Beside the columns' own names, with spaces between them; how a name is spelt does not matter."""

COLUMN_NAMES: Mapping[str, LeadColumn] = {
    **{name: column for column, names in _NAMES.items() for name in names.split()},
    **{column.value: column for column in LeadColumn},
}


@dataclass(frozen=True, slots=True)
class ImportPolicy:
    """How a dealer group's tables of leads are read.

    `column_names` says what a column of that name holds, in any case, width and spacing; others are not read. A number
    without a country code is one of `phone_country` (ISO 3166-1). What was rejected can be fetched for `kept_days`.

    Raises:
        ValueError: nothing names a phone, an e-mail or a WeCom column, `phone_country` is no code, or `kept_days` is
            out of bounds.
    """

    column_names: Mapping[str, LeadColumn] = field(default_factory=lambda: dict(COLUMN_NAMES))
    phone_country: str = "CN"
    kept_days: int = 30

    def __post_init__(self) -> None:
        if not set(CONTACT_COLUMNS) & set(self.column_names.values()):
            raise ValueError("column_names has no name for a phone, an e-mail or a WeCom column")
        if not _COUNTRY.fullmatch(self.phone_country):
            raise ValueError("phone_country is a code of two letters, such as CN")
        if not 1 <= self.kept_days <= 365:  # noqa: PLR2004 (see above)
            raise ValueError("kept_days lies between 1 and 365")
