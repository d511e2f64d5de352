"""The layout of a table of leads, and its cells by column."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lead_service.domain.lead_columns import CONTACT_COLUMNS, LeadColumn
from lead_service.domain.lead_import import ImportColumn
from lead_service.tabular import Column, Layout, TableRefused, find_layout

_SERIES = "车系"


def layout_of(head: bytes, encoding: str, names: Mapping[str, LeadColumn], *, is_last: bool) -> Layout:
    """How the table of leads is written that begins with `head`.

    Raises:
        TableRefused: there is no header, or no column by which anybody could be reached.
    """
    layout = find_layout(head, encoding, names, is_last=is_last, wanted=CONTACT_COLUMNS)
    if not {column.field for column in layout.columns} & set(CONTACT_COLUMNS):
        seen = "、".join(column.header for column in layout.columns if column.header)[:200]
        raise TableRefused(
            f"表里没有联系方式：需要“手机”“邮箱”“企业微信”三列中的一列。现有的列：{seen}。",
            f"Nobody in it can be reached: it needs a column phone, email or wecom_id. Its columns: {seen}.",
        )
    return replace(layout, columns=_told_apart(layout.columns))


def import_columns(layout: Layout) -> list[ImportColumn]:
    """The columns as an import keeps them."""
    return [ImportColumn(column.header, column.field, column.factor) for column in layout.columns]


def _told_apart(columns: Sequence[Column]) -> list[Column]:
    """Where a table has both 车系 (series) and 车型 (model), as platforms export it, the second is the trim."""
    models = [column for column in columns if column.field == LeadColumn.MODEL]
    has_trim = any(column.field == LeadColumn.TRIM for column in columns)
    if has_trim or len(models) == 1 or not any(_SERIES in column.header for column in models):
        return list(columns)
    finer = [column for column in models if _SERIES not in column.header]
    return [replace(column, field=LeadColumn.TRIM) if column in finer else column for column in columns]
