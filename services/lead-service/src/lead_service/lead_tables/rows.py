"""A row of a table of leads as an inquiry, or what is wrong with it."""

import re
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from baoke_events.ids import uuid7

from lead_service.domain.capture import Inquiry
from lead_service.domain.contact import Contact, Phone
from lead_service.domain.grade import Grade
from lead_service.domain.interest import Interest, folded
from lead_service.domain.lead_columns import LeadColumn
from lead_service.domain.lead_import import LeadImport, RejectedRow
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.source import Channel, Source
from lead_service.lead_tables.row_cells import RowCells
from lead_service.phones import parse_phone
from lead_service.tabular import CellRefused, Record, bounded, digits_kept, plain, read_moment, read_phone, shown

LONGEST_TERM = 100
LONGEST_REFERENCE = 200
LONGEST_EMAIL = 254
LONGEST_NOTE = 2000

FILE = "file"
"""Whose id a row without one gets: the file's digest and the row's number, the same whenever the file is sent."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CLOCKS_DIFFER = timedelta(days=1)
_STORES_NAMED = 5


class RowReader:
    """Reads the rows of one import by its columns and the dealer's rules."""

    def __init__(self, import_: LeadImport, policy: LeadPolicy, *, now: datetime) -> None:
        self._import = import_
        self._policy = policy
        self._zone = ZoneInfo(policy.time_zone)
        self._now = now
        self._channels: dict[str, Channel] = {}
        self._stores: dict[str, UUID | None] = {}

    def read(self, record: Record, row_number: int) -> Inquiry | RejectedRow | None:
        """The inquiry of a row, or the row with everything that is wrong with it; None for a blank one."""
        file = self._import.file
        cells = RowCells.of(record, file.columns, file.encoding)
        if cells is None:
            return None
        if inquiry := self._inquiry(cells, row_number):
            return inquiry
        return RejectedRow(row_number, [shown(cell, file.encoding) for cell in record.cells], cells.problems)

    def _inquiry(self, cells: RowCells, row_number: int) -> Inquiry | None:
        store_id, contact, source = self._store(cells), self._contact(cells), self._source(cells, row_number)
        interest = _interest(cells)
        grade = cells.take(LeadColumn.GRADE, _grade)
        referral_code = cells.take(LeadColumn.REFERRAL_CODE, _reference)
        note = cells.take(LeadColumn.NOTE, lambda text: bounded(text, LONGEST_NOTE))
        requested_at = cells.take(LeadColumn.REQUESTED_AT, self._moment)
        if cells.problems or store_id is None or contact is None:
            return None
        return Inquiry(
            id=uuid7(),
            lead_id=uuid7(),
            dealer_id=self._import.dealer_id,
            store_id=store_id,
            source=source,
            contact=contact,
            interest=interest,
            grade=grade,
            advisor_id=self._import.defaults.advisor_id,
            referral_code=referral_code,
            note=note,
            requested_at=requested_at,
        )

    def _contact(self, cells: RowCells) -> Contact | None:
        name = cells.take(LeadColumn.NAME, _term) or ""
        phone = cells.take(LeadColumn.PHONE, _phone)
        email = cells.take(LeadColumn.EMAIL, _email)
        wecom_id = cells.take(LeadColumn.WECOM_ID, _reference)
        if phone or email or wecom_id:
            return Contact(name, phone, email, wecom_id, time_zone=self._policy.time_zone)
        if not cells.problems:
            cells.refuse(
                "没有联系方式。请填写手机、邮箱或企业微信。",
                "Nobody can be reached. Write a phone number, an e-mail address or a WeCom id.",
            )
        return None

    def _source(self, cells: RowCells, row_number: int) -> Source:
        defaults, digest = self._import.defaults, self._import.file.digest
        named = cells.take(LeadColumn.CHANNEL, _reference)
        channel = self._channel(named) if named else defaults.channel
        campaign = cells.take(LeadColumn.CAMPAIGN, _reference) or defaults.campaign
        source_id = cells.take(LeadColumn.SOURCE_ID, _reference)
        if source_id is None:
            return Source(channel, FILE, f"{digest[:32]}-{row_number}", campaign)
        system = folded(named) if named and channel is Channel.OTHER else channel
        return Source(channel, system, source_id, campaign)

    def _channel(self, name: str) -> Channel:
        if name not in self._channels:
            self._channels[name] = self._policy.channel_of(name)
        return self._channels[name]

    def _store(self, cells: RowCells) -> UUID | None:
        """The store that the row is for: the one it names, the import's, or the policy's."""
        store_id = cells.take(LeadColumn.STORE, self._store_named)
        if not cells.says(LeadColumn.STORE):
            store_id = self._import.defaults.store_id or self._policy.default_store_id
            if store_id is None:
                cells.refuse("没有门店。请填写门店编码。", "No store is named. Write the store's code.")
        stores = self._import.defaults.stores
        if store_id and stores is not None and store_id not in stores:
            cells.refuse("您没有这个门店的权限。", "You may not bring leads to this store.")
        return store_id

    def _store_named(self, text: str) -> UUID:
        if text not in self._stores:
            self._stores[text] = self._policy.store_of(text) or _uuid(text)
        if store_id := self._stores[text]:
            return store_id
        known = "、".join(list(self._policy.stores)[:_STORES_NAMED]) or "—"
        raise CellRefused(
            f"没有叫“{text}”的门店。规则里的门店：{known}。",
            f'No store is called "{text}". Those of the policy: {known}.',
        )

    def _moment(self, text: str) -> datetime:
        moment = read_moment(text, self._zone)
        if moment > self._now + _CLOCKS_DIFFER:
            raise CellRefused(f"日期“{text}”在将来。请检查。", f'"{text}" lies in the future. Look at it again.')
        return moment


def _interest(cells: RowCells) -> Interest:
    return Interest(
        make=cells.take(LeadColumn.MAKE, _term) or "",
        model=cells.take(LeadColumn.MODEL, _term) or "",
        trim=cells.take(LeadColumn.TRIM, _term),
        budget_cents=cells.cents(LeadColumn.BUDGET),
    )


def _term(text: str) -> str:
    return bounded(" ".join(text.split()), LONGEST_TERM)


def _reference(text: str) -> str:
    return bounded(digits_kept(text), LONGEST_REFERENCE)


def _phone(text: str) -> Phone:
    number = read_phone(text)
    try:
        return parse_phone(number)
    except ValueError:
        raise CellRefused(
            f"“{text}”不是有效的电话号码。请核对位数。", f'"{text}" is not a phone number that anybody can have.'
        ) from None


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(address := plain(text)):
        raise CellRefused(f"“{text}”不是邮箱地址。", f'"{text}" is not an e-mail address.')
    return bounded(address, LONGEST_EMAIL)


def _grade(text: str) -> Grade:
    try:
        return Grade(plain(text).casefold().removesuffix("级"))
    except ValueError:
        raise CellRefused(
            f"没有“{text}”这个意向级别。请填写 H、A、B 或 C。", f'"{text}" is no grade. Write H, A, B or C.'
        ) from None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
