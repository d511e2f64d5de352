"""Leads leave the system as a file, page by page, and it is on record who took them."""

from collections.abc import AsyncIterator, Iterable
from typing import Annotated, Any
from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.database import Database
from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from baoke_events.ids import uuid7
from fastapi import Depends, Request
from fastapi.responses import StreamingResponse

from lead_service.api.callers import Exporter, Inspector
from lead_service.api.lead_query import Asked
from lead_service.api.schemas.exports import LeadExportOut
from lead_service.api.schemas.leads import LeadOut
from lead_service.db import exports, lead_reads
from lead_service.db.lead_filter import LeadFilter, LeadSort
from lead_service.domain.errors import NotAcceptable
from lead_service.domain.export import ExportFormat, LeadExport
from lead_service.domain.lead import Lead
from lead_service.tabular.writing import MARK, csv_lines

router = Router(tags=["export"])

PAGE = 500
"""Leads read and held at a time, whatever the number that is asked for."""

MEDIA_TYPES = {ExportFormat.CSV: "text/csv", ExportFormat.NDJSON: "application/x-ndjson"}

COLUMNS = (
    "lead_id",
    "captured_at",
    "store_id",
    "advisor_id",
    "channel",
    "campaign",
    "source_id",
    "name",
    "phone",
    "phone_extension",
    "email",
    "wecom_id",
    "make",
    "model",
    "trim",
    "budget_cents",
    "grade",
    "stage",
    "touches",
    "next_contact_at",
    "closed_at",
    "referral_code",
    "note",
    "phone_is_relay",
    "last_channel",
    "last_campaign",
    "last_touched_at",
)

_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": ",".join(COLUMNS)},
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
        "description": "The leads, newest first; by `Accept`, one a row of a table or one a line as in `GET /v1/leads`",
    }
}


@router.get("/v1/leads/export", response_class=StreamingResponse, responses=_CONTENT)
async def export_leads(query: Asked, caller: Exporter, session: Transaction, request: Request) -> StreamingResponse:
    """All leads that fit, as CSV (`Accept: text/csv`, the default) or NDJSON (`application/x-ndjson`).

    Who exported which leads, when, and how many, is on record (`GET /v1/lead-exports`). Numbers are masked for those
    who may not see them. No cell of a table runs in a spreadsheet or loses digits in it: what would begins with an
    apostrophe, which `POST /v1/lead-imports` takes away again.
    """
    format_ = _format(request.headers.get("accept", ""))
    export = LeadExport(
        dealer_id=caller.dealer_id,
        id=uuid7(),
        exported_by=caller.subject,
        format=format_,
        wanted={name: request.query_params.getlist(name) for name in request.query_params},
        with_phones=caller.sees_phones,
        started_at=utc_now(),
    )
    await exports.add(session, export)
    leads = _written(request.app.state.database, query.asked(caller, seen_by=None), export)
    name = f"leads-{export.started_at:%Y%m%dT%H%M%SZ}.{format_}"
    return StreamingResponse(
        leads, media_type=MEDIA_TYPES[format_], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.get("/v1/lead-exports")
async def list_lead_exports(
    caller: Inspector, session: Transaction, paging: Annotated[Paging, Depends(Paging)]
) -> Page[LeadExportOut]:
    """Who took which leads out of the system, newest first."""
    found = await exports.page(session, caller.dealer_id, before=paging.after_one(UUID), limit=paging.limit + 1)
    return paging.page(found, cursor=lambda export: [export.id]).showing(LeadExportOut.of)


def _format(accept: str) -> ExportFormat:
    """The first that is accepted of what the header asks for, its weights aside.

    Raises:
        NotAcceptable: it asks for neither.
    """
    asked = [part.partition(";")[0].strip().lower() for part in accept.split(",") if part.strip()]
    for media_type in asked or ["*/*"]:
        if media_type in ("*/*", "text/*", "text/csv"):
            return ExportFormat.CSV
        if media_type in ("application/*", "application/x-ndjson", "application/ndjson"):
            return ExportFormat.NDJSON
    raise NotAcceptable(MEDIA_TYPES.values())


async def _written(database: Database, asked: LeadFilter, export: LeadExport) -> AsyncIterator[bytes]:
    """The leads as text. Each page is a transaction of its own, which counts what is about to leave.

    So a caller who reads slowly, or goes away, holds no connection.
    """
    written, last, is_last = 0, None, False
    if export.format is ExportFormat.CSV:
        yield MARK + csv_lines([COLUMNS])
    while not is_last:
        async with database.begin() as session:
            leads = await lead_reads.page(session, asked, LeadSort.NEWEST, after=last, limit=PAGE)
            written, is_last = written + len(leads), len(leads) < PAGE
            await exports.note(session, export, leads=written, finished_at=utc_now() if is_last else None)
        if leads:
            last = (leads[-1].id,)
            yield _text(leads, export)


def _text(leads: Iterable[Lead], export: LeadExport) -> bytes:
    shown = [LeadOut.of(lead, sees_phones=export.with_phones) for lead in leads]
    if export.format is ExportFormat.NDJSON:
        return "".join(f"{lead.model_dump_json()}\n" for lead in shown).encode()
    return csv_lines(_cells(lead) for lead in shown)


def _cells(lead: LeadOut) -> list[str]:
    whole = lead.model_dump(mode="json")
    last = {f"last_{name}": whole["last_touch"][name] for name in ("channel", "campaign")}
    last["last_touched_at"] = whole["last_touch"]["touched_at"]
    flat = {**whole["source"], **whole["contact"], **whole["interest"], **whole, **last}
    return ["" if flat[name] is None else str(flat[name]) for name in COLUMNS]
