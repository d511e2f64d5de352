"""A row of a table of leads as an inquiry, and what is wrong with it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from baoke_events.ids import uuid7

from lead_service.domain.capture import Inquiry
from lead_service.domain.contact import Contact, Phone
from lead_service.domain.grade import Grade
from lead_service.domain.interest import Interest
from lead_service.domain.lead_columns import LeadColumn
from lead_service.domain.lead_import import FlawedRow, ImportRemarks, LeadImport
from lead_service.domain.policy import LeadPolicy
from lead_service.inquiry_fields import LARGEST_BUDGET_CENTS, LONGEST_NOTE, LONGEST_TERM, email_of
from lead_service.lead_tables.row_cells import RowCells
from lead_service.lead_tables.row_sources import SourceReader, reference
from lead_service.phones import parse_phone
from lead_service.tabular import CellRefused, Record, bounded, joined_moment, plain, read_moment, read_phones, shown

_MOBILE = re.compile(r"\+861[3-9]\d{9}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_CLOCKS_DIFFER = timedelta(days=1)
_STORES_NAMED = 5


@dataclass(frozen=True, slots=True)
class ReadRow:
    """The inquiry of a row, or None where it is rejected; what could not be read of it; what is to be said once."""

    inquiry: Inquiry | None
    flaw: FlawedRow | None
    remarks: ImportRemarks


@dataclass(frozen=True, slots=True)
class _Person:
    """Whom a row is about, and what beside that stands where they are named: 微信号, another number."""

    contact: Contact | None
    aside: Sequence[str]


class RowReader:
    """Reads the rows of one import by its columns and the dealer's rules."""

    def __init__(self, import_: LeadImport, policy: LeadPolicy, *, now: datetime) -> None:
        self._import = import_
        self._policy = policy
        self._zone = ZoneInfo(policy.time_zone)
        self._now = now
        self._sources = SourceReader(import_, policy)
        self._stores: dict[str, UUID | None] = {}

    def read(self, record: Record, row_number: int) -> ReadRow | None:
        """What a row comes to, with everything that is wrong with it; None for a blank one."""
        file = self._import.file
        cells = RowCells.of(record, file.columns, file.encoding)
        if cells is None:
            return None
        inquiry = self._inquiry(cells, row_number)
        problems = [*cells.problems, *cells.warnings]
        sent = [shown(cell, file.encoding) for cell in record.cells] if problems else []
        flaw = FlawedRow(row_number, sent, problems, is_taken=inquiry is not None) if problems else None
        unknown = self._sources.unknown(cells)
        return ReadRow(inquiry, flaw, ImportRemarks(tuple(cells.unread), unknown, tuple(cells.differing)))

    def _inquiry(self, cells: RowCells, row_number: int) -> Inquiry | None:
        store_id, person = self._store(cells), self._person(cells)
        source = self._sources.read(cells, row_number, store_id)
        interest = _interest(cells)
        grade = cells.take(LeadColumn.GRADE, _grade)
        referral_code = cells.take(LeadColumn.REFERRAL_CODE, reference)
        requested_at = self._requested_at(cells)
        note = _note([*cells.texts(LeadColumn.NOTE), *person.aside], cells)
        if cells.problems or store_id is None or person.contact is None:
            return None
        return Inquiry(
            id=uuid7(),
            lead_id=uuid7(),
            dealer_id=self._import.dealer_id,
            store_id=store_id,
            source=source,
            contact=person.contact,
            interest=interest,
            grade=grade,
            advisor_id=self._import.defaults.advisor_id,
            referral_code=referral_code,
            note=note,
            requested_at=requested_at,
        )

    def _person(self, cells: RowCells) -> _Person:
        """Whom the row is about. A number that cannot be read is to be mended, whatever else there is of the person."""
        name = cells.take(LeadColumn.NAME, _term) or _full_name(cells)
        country = self._policy.imports.phone_country
        read = cells.all(LeadColumn.PHONE, lambda text: _phones(text, country), is_needed=True)
        phones = sorted({phone: None for numbers, _ in read for phone in numbers}, key=_is_no_mobile)
        email = cells.take(LeadColumn.EMAIL, _email, is_needed=not phones)
        wecom_id = cells.take(LeadColumn.WECOM_ID, reference, is_needed=not (phones or email))
        wechat = cells.take(LeadColumn.WECHAT, reference)
        aside = [words for _, words in read if words] + [f"其他电话：{phone.number}" for phone in phones[1:]]
        if wechat:
            aside.append(f"微信：{wechat}")
        if phones or email or wecom_id:
            phone = phones[0] if phones else None
            return _Person(Contact(name, phone, email, wecom_id, time_zone=self._policy.time_zone), aside)
        if not cells.problems:
            cells.refuse(
                "没有联系方式。请填写手机、邮箱或企业微信。",
                "Nobody can be reached. Write a phone number, an e-mail address or a WeCom id.",
            )
        return _Person(None, aside)

    def _store(self, cells: RowCells) -> UUID | None:
        """The store that the row is for: the one it names, the import's, or the policy's.

        A policy that knows no store by name leaves what is named to the import.
        """
        otherwise = self._import.defaults.store_id or self._policy.default_store_id
        is_needed = bool(self._policy.stores) or otherwise is None
        store_id = cells.take(LeadColumn.STORE, self._store_named, is_needed=is_needed)
        if store_id is None and not (is_needed and cells.says(LeadColumn.STORE)):
            store_id = otherwise
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

    def _requested_at(self, cells: RowCells) -> datetime | None:
        """When the person asked; date and time may stand in columns of their own."""
        match cells.texts(LeadColumn.REQUESTED_AT):
            case [first, second] if joined := joined_moment(first, second):
                cells.replace(LeadColumn.REQUESTED_AT, joined)
        return cells.take(LeadColumn.REQUESTED_AT, self._moment)

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
        budget_cents=cells.cents(LeadColumn.BUDGET) or cells.take(LeadColumn.BUDGET_CENTS, _fen),
    )


def _full_name(cells: RowCells) -> str:
    """A name of two columns, in the order of its language."""
    first, last = (cells.take(column, _term) or "" for column in (LeadColumn.FIRST_NAME, LeadColumn.LAST_NAME))
    return last + first if _HAN.search(last + first) else f"{first} {last}".strip()


def _note(parts: Iterable[str], cells: RowCells) -> str | None:
    """The parts, a line each, as far as a note goes; what is cut off is warned of."""
    note = "\n".join(dict.fromkeys(parts))
    try:
        return bounded(note, LONGEST_NOTE) or None
    except CellRefused as refused:
        cells.warn(cells.header_of(LeadColumn.NOTE) if cells.says(LeadColumn.NOTE) else None, refused)
        return note[:LONGEST_NOTE]


def _term(text: str) -> str:
    return bounded(" ".join(text.split()), LONGEST_TERM)


def _phones(text: str, country: str) -> tuple[list[Phone], str]:
    """The numbers of a cell, in `country` where they name none, and what is said of them."""
    written = read_phones(text)
    try:
        return [parse_phone(number, country) for number in written.numbers], written.words
    except ValueError:
        raise CellRefused(
            f"“{text}”不是有效的电话号码。请核对位数。", f'"{text}" is not a phone number that anybody can have.'
        ) from None


def _is_no_mobile(phone: Phone) -> bool:
    return not _MOBILE.fullmatch(phone.number)


def _email(text: str) -> str:
    try:
        return email_of(text)
    except ValueError as error:
        raise CellRefused(f"“{text}”不是邮箱地址。", f'"{text}" is not an e-mail address.') from error


def _grade(text: str) -> Grade:
    try:
        return Grade(plain(text).casefold().removesuffix("级"))
    except ValueError:
        raise CellRefused(
            f"没有“{text}”这个意向级别。请填写 H、A、B 或 C。", f'"{text}" is no grade. Write H, A, B or C.'
        ) from None


def _fen(text: str) -> int:
    """An amount as our own export writes it."""
    digits = plain(text)
    if not (digits.isascii() and digits.isdecimal() and int(digits) <= LARGEST_BUDGET_CENTS):
        raise CellRefused(f"“{text}”不是以分为单位的整数。", f'"{text}" is no whole number of fen.')
    return int(digits)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
