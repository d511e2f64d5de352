"""Tables of leads are sent, taken in behind the scenes, and their rejected rows fetched."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from baoke_chassis.access import Caller, Forbidden
from baoke_chassis.clock import utc_now
from baoke_chassis.limits import allows
from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from baoke_events.origin import Origin
from fastapi import Depends, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.api.callers import Reader, Worker, advisor_id
from lead_service.api.flawed_rows import flawed_as_csv
from lead_service.api.reach import is_only_advisor
from lead_service.api.schemas.fields import Reference
from lead_service.api.schemas.imports import ImportOut, ImportPreviewOut
from lead_service.api.uploads import FORM, TABLES, uploaded
from lead_service.commands.cancel_import import CancelImport, cancel_import
from lead_service.commands.receive_import import ReceiveImport, preview_import, receive_import
from lead_service.db import lead_imports
from lead_service.domain.lead_import import ImportDefaults, LeadImport
from lead_service.domain.source import Channel

router = Router(prefix="/v1/lead-imports", tags=["intake"])

MAX_BYTES = 300_000_000
"""A million rows of 300 bytes. Longer files want to be two."""
TIMEOUT_S = 900
"""For 300 MB over a line of 3 Mbit/s."""

_EXAMPLE = """姓名,手机,品牌,车系,预算,渠道,门店,留资时间,备注
李娜,138 0013 8000,BYD,Seal,15-20万,懂车帝,0199d3a0-0000-7000-8000-0000000000a1,2026-01-05 10:30,周末看车
"""
_FILE = {"type": "string", "format": "binary"}
_REQUEST_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            **{kind: {"schema": _FILE} for kind in TABLES},
            TABLES[0]: {"schema": _FILE, "example": _EXAMPLE},
            FORM: {"schema": {"type": "object", "properties": {"file": _FILE}, "required": ["file"]}},
        },
    }
}
_DRY_RUN: dict[int | str, dict[str, Any]] = {200: {"model": ImportPreviewOut, "description": "A dry run's answer"}}
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"description": "UTF-8 with a byte order mark", "content": {"text/csv": {"schema": _FILE}}}
}

Campaign = Annotated[Reference | None, Query(description="the campaign of rows that name none")]
FileName = Annotated[Reference | None, Query(description="what to show the import by; a form's file has its own")]
StoreId = Annotated[UUID | None, Query(description="the store of rows that name none")]
RowChannel = Annotated[Channel, Query(description="the channel of rows that name none")]
DryRun = Annotated[bool, Query(description="say what would become of the file, and keep nothing")]


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    response_model=ImportOut,
    responses=_DRY_RUN,
    openapi_extra=_REQUEST_BODY,
)
@allows(max_bytes=MAX_BYTES, timeout_s=TIMEOUT_S)
async def import_leads(
    request: Request,
    response: Response,
    caller: Worker,
    session: Transaction,
    store_id: StoreId = None,
    channel: RowChannel = Channel.OTHER,
    campaign: Campaign = None,
    file_name: FileName = None,
    dry_run: DryRun = False,
) -> ImportOut | JSONResponse:
    """Send a table of leads, as CSV of up to 300 MB, in the body or as the part `file` of a form.

    The answer (202) says where the import can be looked at, and for what each column was taken: names in Chinese and
    English are known by the policy's `column_names`. Encoding (UTF-8, GB18030, UTF-16) and delimiter are found out.
    Good rows are taken as if each had been sent alone; what cannot be read beside the person and the store is left out
    with a warning; other rows are rejected with what is wrong. A row without a source id is known by the file and its
    number in it, so that the same file sent twice changes nothing. With `dry_run` the answer (200) says how the file is
    understood and what would become of its first rows, and nothing is kept.
    """
    if store_id is not None:
        caller.require_store(store_id)
    defaults = ImportDefaults(store_id or _only_store(caller), channel, campaign, caller.stores, advisor_id(caller))
    async with uploaded(request, request.app.state.uploads) as upload:
        command = ReceiveImport(caller.dealer_id, file_name or upload.name, defaults, Origin.now().correlation_id)
        if dry_run:
            preview = await preview_import(session, command, upload.pieces, now=utc_now())
            return JSONResponse(ImportPreviewOut.of_first(*preview).model_dump(mode="json"))
        import_ = await receive_import(session, command, upload.pieces, now=utc_now())
    response.headers["Location"] = f"lead-imports/{import_.id}"
    return ImportOut.of(import_)


@router.get("")
async def list_imports(
    caller: Reader, session: Transaction, paging: Annotated[Paging, Depends(Paging)]
) -> Page[ImportOut]:
    """Imports, newest first. A token that is limited to stores sees those that bring leads to these only."""
    rows = await lead_imports.page(
        session, caller.dealer_id, stores=caller.stores, before=paging.after_one(UUID), limit=paging.limit + 1
    )
    return paging.page(rows, cursor=lambda row: [row.id]).showing(ImportOut.of)


@router.get("/{import_id}")
async def show_import(import_id: UUID, caller: Reader, session: Transaction) -> ImportOut:
    """An import: how far it has come, and what became of its rows."""
    return ImportOut.of(await lead_imports.find(session, caller.dealer_id, import_id, stores=caller.stores))


@router.get("/{import_id}/errors", response_class=StreamingResponse, responses=_CSV)
async def download_errors(import_id: UUID, request: Request, caller: Worker, session: Transaction) -> StreamingResponse:
    """The rejected rows so far, as a table to mend in Excel and send again; to an advisor those of their own imports.

    Before the columns of the file stand the row's number, the column, and what is wrong, in Chinese and English.
    """
    import_ = await _own(import_id, caller, session)
    return _flawed_rows(request, import_, taken=False)


@router.get("/{import_id}/warnings", response_class=StreamingResponse, responses=_CSV)
async def download_warnings(
    import_id: UUID, request: Request, caller: Worker, session: Transaction
) -> StreamingResponse:
    """The rows so far that were taken without something that cannot be read, such as a budget, as `…/errors` has them.

    Mended and sent again, a row is a touch of its lead, and fills what was not known.
    """
    return _flawed_rows(request, await _own(import_id, caller, session), taken=True)


@router.delete("/{import_id}")
async def stop_import(import_id: UUID, caller: Worker, session: Transaction) -> ImportOut:
    """Read no further row of an import, and drop its file. Leads that it brought stay, as do its errors.

    An advisor cancels those they sent themselves.
    """
    await _own(import_id, caller, session)
    command = CancelImport(caller.dealer_id, import_id, stores=caller.stores)
    return ImportOut.of(await cancel_import(session, command, now=utc_now()))


async def _own(import_id: UUID, caller: Caller, session: AsyncSession) -> LeadImport:
    """The import; its rows hold phone numbers, so that an advisor is let in to those they sent themselves.

    Raises:
        ImportNotFound: the dealer has no such import, or not one for these stores only.
        Forbidden: the caller is an advisor, and somebody else sent it.
    """
    import_ = await lead_imports.find(session, caller.dealer_id, import_id, stores=caller.stores)
    if is_only_advisor(caller) and (caller.user_id is None or import_.defaults.advisor_id != caller.user_id):
        raise Forbidden("an import is for who sent it, and their manager")
    return import_


def _flawed_rows(request: Request, import_: LeadImport, *, taken: bool) -> StreamingResponse:
    name = f"{'warnings' if taken else 'errors'}-{import_.id}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    rows = flawed_as_csv(request.app.state.database, import_, taken=taken)
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


def _only_store(caller: Caller) -> UUID | None:
    """The store of a token that is for one store."""
    return next(iter(caller.stores)) if caller.stores is not None and len(caller.stores) == 1 else None
