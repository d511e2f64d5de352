"""A dealer group's rules: versioned data with the product's defaults, one frozen dataclass tree per service."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from baoke_events.statements import fetch
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

P = TypeVar("P")

_NEWEST = """
SELECT DISTINCT ON (dealer_id) dealer_id, version, document FROM policy
WHERE dealer_id = ANY($1::uuid[]) ORDER BY dealer_id, version DESC
"""
_ADD = text("""
INSERT INTO policy (dealer_id, version, document, created_by)
VALUES (:dealer_id, :version, CAST(:document AS jsonb), :created_by) ON CONFLICT DO NOTHING RETURNING version
""")


_VERSIONS = """
SELECT version, document, created_by, created_at FROM policy
WHERE dealer_id = $1 AND version <= coalesce($2, version) ORDER BY version DESC LIMIT $3
"""


class PolicyVersionNotFound(Exception):
    """The rules never had this version."""


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """Rules as they were set: the document, which today's rules may refuse."""

    version: int
    document: Any
    created_by: str
    created_at: datetime


_adapters: dict[type[Any], TypeAdapter[Any]] = {}
_read: dict[tuple[type[Any], UUID], tuple[Any, Any]] = {}
"""The document last read of each kind and dealer, and the rules it says: most requests find the same again."""


def policy_adapter(kind: type[P]) -> TypeAdapter[P]:
    """Reads and writes policies of one kind; built once, since building is dear."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def policy_document(policy: Any) -> Any:
    """Rules as they are stored and sent."""
    return policy_adapter(type(policy)).dump_python(policy, mode="json")


async def policy_of(session: AsyncSession, dealer_ids: Iterable[UUID], kind: type[P]) -> dict[UUID, P]:
    """Each dealer's rules in force; the defaults for a dealer that never set any."""
    wanted = set(dealer_ids)
    documents = {row["dealer_id"]: row["document"] for row in await fetch(session, _NEWEST, list(wanted))}
    return {dealer_id: _rules(kind, dealer_id, documents.get(dealer_id)) for dealer_id in wanted}


async def rules_of(session: AsyncSession, dealer_id: UUID, kind: type[P]) -> P:
    """A dealer's rules in force; the defaults for a dealer that never set any."""
    return (await policy_of(session, {dealer_id}, kind))[dealer_id]


def _rules(kind: type[P], dealer_id: UUID, document: Any) -> P:
    known, rules = _read.get((kind, dealer_id), (None, None))
    if rules is None or known != document:
        rules = kind() if document is None else policy_adapter(kind).validate_python(document)
        _read[kind, dealer_id] = document, rules
    return cast("P", rules)


async def policy_version(session: AsyncSession, dealer_id: UUID) -> int:
    """The number of the rules in force; 0 while they are the defaults."""
    rows = await fetch(session, _NEWEST, [dealer_id])
    return rows[0]["version"] if rows else 0


async def policy_versions(
    session: AsyncSession, dealer_id: UUID, *, below: int | None, limit: int
) -> list[StoredPolicy]:
    """The versions of a dealer's rules, newest first; those `below` one, or all."""
    rows = await fetch(session, _VERSIONS, dealer_id, None if below is None else below - 1, limit)
    return [StoredPolicy(r["version"], r["document"], r["created_by"], r["created_at"]) for r in rows]


async def policy_at(session: AsyncSession, dealer_id: UUID, kind: type[Any], *, version: int) -> Any:
    """The document of a dealer's rules as they were set in a version; 0 are the defaults.

    Raises:
        PolicyVersionNotFound: there is none of that number.
    """
    if version == 0:
        return policy_document(kind())
    found = await policy_versions(session, dealer_id, below=version + 1, limit=1)
    if not found or found[0].version != version:
        raise PolicyVersionNotFound(str(version))
    return found[0].document


async def add_policy(session: AsyncSession, dealer_id: UUID, policy: Any, *, version: int, created_by: str) -> bool:
    """The rules from now on. False where somebody else added this version at the same time."""
    document = policy_adapter(type(policy)).dump_json(policy).decode()
    row = {"dealer_id": dealer_id, "version": version, "document": document, "created_by": created_by}
    return await session.scalar(_ADD, row) is not None
