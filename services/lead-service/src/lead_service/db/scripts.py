"""The script library: what a dealer wrote, over what ships with the product."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.statements import fetch
from sqlalchemy import Table, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.lead_mapping import Row
from lead_service.db.tables import ScriptRow
from lead_service.domain.default_scripts import DEFAULT_SCRIPTS
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.errors import ScriptNotFound
from lead_service.domain.grade import Grade
from lead_service.domain.interest import DecisionStyle
from lead_service.domain.script import Content, Occasion, Script, Tags, Texts
from lead_service.domain.source import Channel
from lead_service.domain.stage import Stage

_SCRIPT: Table = ScriptRow.metadata.tables["script"]
_NEWEST = "SELECT * FROM script WHERE dealer_id = $1 AND is_newest"


@dataclass(frozen=True, slots=True)
class ScriptVersion:
    """A script as it was written at some time, or that it was retired then."""

    script: Script
    is_retired: bool
    written_by: str
    written_at: datetime


async def library(session: AsyncSession, dealer_id: UUID) -> list[Script]:
    """All scripts that the dealer's advisors have, in the order of their ids."""
    return _over_defaults(await fetch(session, _NEWEST, dealer_id))


async def find(session: AsyncSession, dealer_id: UUID, script_id: UUID) -> Script:
    """The script as it is now.

    Raises:
        ScriptNotFound: there is none of this id, or it was retired.
    """
    rows = await fetch(session, f"{_NEWEST} AND id = $2", dealer_id, script_id)
    found = next((script for script in _over_defaults(rows) if script.id == script_id), None)
    if found is None:
        raise ScriptNotFound(script_id)
    return found


async def is_known(session: AsyncSession, dealer_id: UUID, script_id: UUID) -> bool:
    """Whether there is, or was, a script of this id."""
    written = await fetch(session, f"{_NEWEST} AND id = $2", dealer_id, script_id)
    return bool(written) or any(script.id == script_id for script in DEFAULT_SCRIPTS)


async def versions(
    session: AsyncSession, dealer_id: UUID, script_id: UUID, *, before: int | None, limit: int
) -> list[ScriptVersion]:
    """Up to `limit` versions of a script that the dealer wrote, newest first, before version `before`."""
    query = select(_SCRIPT).where(_SCRIPT.c.dealer_id == dealer_id, _SCRIPT.c.id == script_id)
    if before is not None:
        query = query.where(_SCRIPT.c.version < before)
    rows = (await session.execute(query.order_by(_SCRIPT.c.version.desc()).limit(limit))).mappings()
    return [ScriptVersion(_script(row), row["is_retired"], row["written_by"], row["written_at"]) for row in rows]


async def add_version(session: AsyncSession, dealer_id: UUID, version: ScriptVersion) -> bool:
    """The version is the newest of its script. False where somebody else wrote one at the same time."""
    script = version.script
    await session.execute(
        update(_SCRIPT)
        .where(_SCRIPT.c.dealer_id == dealer_id, _SCRIPT.c.id == script.id, _SCRIPT.c.is_newest)
        .where(_SCRIPT.c.version == script.version - 1)
        .values(is_newest=False)
    )
    added = insert(_SCRIPT).values(
        dealer_id=dealer_id,
        id=script.id,
        version=script.version,
        title=script.title,
        content=script.content,
        tags=asdict(script.tags),
        texts=asdict(script.texts),
        weight=script.weight,
        written_by=version.written_by,
        written_at=version.written_at,
        is_retired=version.is_retired,
        is_newest=True,
    )
    return (await session.execute(added.on_conflict_do_nothing().returning(_SCRIPT.c.id))).scalar() is not None


def _over_defaults(rows: Iterable[Row]) -> list[Script]:
    written = {row["id"]: None if row["is_retired"] else _script(row) for row in rows}
    scripts = {script.id: script for script in DEFAULT_SCRIPTS} | written
    return sorted((script for script in scripts.values() if script), key=lambda script: script.id)


def _script(row: Row) -> Script:
    return Script(
        id=row["id"],
        version=row["version"],
        title=row["title"],
        content=Content(row["content"]),
        tags=_tags(row["tags"]),
        texts=Texts(**row["texts"]),
        weight=row["weight"],
    )


def _tags(values: Mapping[str, Sequence[str]]) -> Tags:
    return Tags(
        occasions=tuple(map(Occasion, values["occasions"])),
        stages=tuple(map(Stage, values["stages"])),
        grades=tuple(map(Grade, values["grades"])),
        decision_styles=tuple(map(DecisionStyle, values["decision_styles"])),
        channels=tuple(map(Channel, values["channels"])),
        reasons=tuple(map(DefeatReason, values["reasons"])),
    )
