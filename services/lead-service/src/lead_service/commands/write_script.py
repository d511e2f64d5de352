"""Writing the script library (话术库): new scripts, new versions, and scripts that are used no more."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from baoke_chassis.versions import StaleVersion, require_version
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import scripts as db_scripts
from lead_service.db.scripts import ScriptVersion
from lead_service.domain.errors import LibraryFull
from lead_service.domain.script import MOST_SCRIPTS, Content, Script, Tags, Texts


@dataclass(frozen=True, slots=True)
class Wording:
    """What a version of a script says, and to whom."""

    title: str
    content: Content
    tags: Tags
    texts: Texts
    weight: int


@dataclass(frozen=True, slots=True)
class Writer:
    """Who changes a dealer's library."""

    dealer_id: UUID
    name: str


async def add_script(
    session: AsyncSession, writer: Writer, script_id: UUID, wording: Wording, *, now: datetime
) -> Script:
    """The library has one script more, in its first version.

    Raises:
        LibraryFull: it holds as many as it may.
    """
    if len(await db_scripts.library(session, writer.dealer_id)) >= MOST_SCRIPTS:
        raise LibraryFull(MOST_SCRIPTS)
    return await _write(session, writer, _worded(script_id, 1, wording), now)


async def rewrite_script(
    session: AsyncSession, writer: Writer, script_id: UUID, wording: Wording, *, seen: int | None, now: datetime
) -> Script:
    """The script says this from now on; what it said before is kept. `seen` is the version the writer saw, if any.

    Raises:
        ScriptNotFound: there is none of this id, or it was retired.
        StaleVersion: somebody else wrote a version since.
    """
    known = await db_scripts.find(session, writer.dealer_id, script_id)
    require_version(seen, known.version)
    return await _write(session, writer, _worded(script_id, known.version + 1, wording), now)


async def retire_script(
    session: AsyncSession, writer: Writer, script_id: UUID, *, seen: int | None, now: datetime
) -> None:
    """Nobody is offered the script any more; its versions are kept.

    Raises:
        ScriptNotFound: there is none of this id, or it was retired.
        StaleVersion: somebody else wrote a version since.
    """
    known = await db_scripts.find(session, writer.dealer_id, script_id)
    require_version(seen, known.version)
    await _write(session, writer, replace(known, version=known.version + 1), now, is_retired=True)


def _worded(script_id: UUID, version: int, wording: Wording) -> Script:
    return Script(script_id, version, wording.title, wording.content, wording.tags, wording.texts, wording.weight)


async def _write(
    session: AsyncSession, writer: Writer, script: Script, now: datetime, *, is_retired: bool = False
) -> Script:
    version = ScriptVersion(script, is_retired, writer.name, now)
    if not await db_scripts.add_version(session, writer.dealer_id, version):
        raise StaleVersion("somebody else changed the script at the same time")
    return script
