"""The script library (话术库)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from baoke_chassis.access import Caller
from baoke_chassis.clock import utc_now
from baoke_chassis.etags import IfMatch, set_etag
from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from baoke_events.ids import uuid7
from fastapi import Depends, Query, Response

from lead_service.api.callers import Librarian, Reader
from lead_service.api.schemas.fields import GradeName
from lead_service.api.schemas.scripts import ScriptIn, ScriptOut, ScriptVersionOut
from lead_service.commands.write_script import Writer, add_script, retire_script, rewrite_script
from lead_service.db import scripts
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.errors import ScriptNotFound
from lead_service.domain.interest import DecisionStyle
from lead_service.domain.script import Content, Occasion, Script
from lead_service.domain.source import Channel
from lead_service.domain.stage import Stage

router = Router(prefix="/v1/scripts", tags=["scripts"])


@router.get("")
async def list_scripts(
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    content: Content | None = None,
    occasion: Occasion | None = None,
    stage: Stage | None = None,
    grade: Annotated[GradeName | None, Query()] = None,
    decision_style: DecisionStyle | None = None,
    channel: Channel | None = None,
    reason: DefeatReason | None = None,
) -> Page[ScriptOut]:
    """The scripts of the library, those that ship with the product among them.

    Each tag that is asked for leaves the scripts that name it, or name none of its kind.
    """
    asked = {
        "occasions": occasion,
        "stages": stage,
        "grades": grade,
        "decision_styles": decision_style,
        "channels": channel,
        "reasons": reason,
    }
    after = paging.after_one(UUID)
    found = [
        script
        for script in await scripts.library(session, caller.dealer_id)
        if (after is None or script.id > after) and content in (None, script.content) and _fits(script, asked)
    ]
    return paging.page(found, cursor=lambda script: [script.id]).showing(ScriptOut.of)


@router.post("", status_code=HTTPStatus.CREATED)
async def write_script(body: ScriptIn, caller: Librarian, session: Transaction, response: Response) -> ScriptOut:
    """Add a script to the library."""
    script = await add_script(session, _writer(caller), uuid7(), body.wording(), now=utc_now())
    set_etag(response, script.version)
    return ScriptOut.of(script)


@router.get("/{script_id}")
async def show_script(script_id: UUID, caller: Reader, session: Transaction, response: Response) -> ScriptOut:
    """A script as it is now. The ETag is its version."""
    script = await scripts.find(session, caller.dealer_id, script_id)
    set_etag(response, script.version)
    return ScriptOut.of(script)


@router.put("/{script_id}")
async def change_script(
    script_id: UUID, body: ScriptIn, caller: Librarian, session: Transaction, if_match: IfMatch, response: Response
) -> ScriptOut:
    """Write a new version of a script, one that ships with the product too. Earlier versions are kept."""
    script = await rewrite_script(session, _writer(caller), script_id, body.wording(), seen=if_match, now=utc_now())
    set_etag(response, script.version)
    return ScriptOut.of(script)


@router.delete("/{script_id}", status_code=HTTPStatus.NO_CONTENT)
async def drop_script(script_id: UUID, caller: Librarian, session: Transaction, if_match: IfMatch) -> None:
    """Take a script out of the library. Its versions are kept, for contacts refer to it."""
    await retire_script(session, _writer(caller), script_id, seen=if_match, now=utc_now())


@router.get("/{script_id}/versions")
async def list_script_versions(
    script_id: UUID, caller: Reader, session: Transaction, paging: Annotated[Paging, Depends(Paging)]
) -> Page[ScriptVersionOut]:
    """What the dealer wrote of a script, newest first, and whether it was retired. One never touched has none."""
    before = paging.after_one(int)
    rows = await scripts.versions(session, caller.dealer_id, script_id, before=before, limit=paging.limit + 1)
    if not rows and not await scripts.is_known(session, caller.dealer_id, script_id):
        raise ScriptNotFound(script_id)
    page = paging.page(rows, cursor=lambda version: [version.script.version])
    return page.showing(ScriptVersionOut.of_version)


def _fits(script: Script, asked: Mapping[str, object]) -> bool:
    return all(
        wanted is None or not (named := getattr(script.tags, name)) or wanted in named for name, wanted in asked.items()
    )


def _writer(caller: Caller) -> Writer:
    return Writer(caller.dealer_id, caller.subject)
