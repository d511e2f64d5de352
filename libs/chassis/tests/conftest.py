"""A service as small as one can be: notes that are written over HTTP, and stages that are heard of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import pytest
from baoke_chassis.access import Caller, Role, admits
from baoke_chassis.bodies import Body, Reply
from baoke_chassis.clock import utc_now
from baoke_chassis.database import Database
from baoke_chassis.policy_changes import Effect
from baoke_chassis.routing import Router, Transaction
from baoke_chassis.schema import platform_metadata
from baoke_chassis.service import Api, Service
from baoke_chassis.settings import ServiceSettings
from baoke_chassis.testing import DEALER, Databases
from baoke_events import LeadAssigned, LeadContacted, LeadStageChanged
from baoke_events.consuming import Subscriptions
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from baoke_events.transports.embedded import EmbeddedTransport
from baoke_events.transports.kafka import KafkaTransport
from pydantic import Field
from sqlalchemy import Column, Identity, Integer, Table, Text, Uuid, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

METADATA = platform_metadata()
NOTE = Table(
    "note",
    METADATA,
    Column("dealer_id", Uuid, primary_key=True),
    Column("note_id", Uuid, primary_key=True),
    Column("words", Text, nullable=False),
)
HEARD = Table(
    "heard",
    METADATA,
    Column("place", Integer, Identity(), primary_key=True),
    Column("lead_id", Uuid, nullable=False),
    Column("what", Text, nullable=False),
)

router = Router(prefix="/v1/notes", tags=["notes"])
subscriptions = Subscriptions()


class NoteNotFound(Exception):
    """There is no such note."""


class NewNote(Body):
    words: str = Field(min_length=1, max_length=100)
    weight: int = 0
    noted_at: datetime | None = None


class ShownNote(Reply):
    note_id: UUID
    words: str


@dataclass(frozen=True, slots=True)
class NotePolicy:
    """The dealer's rules for notes."""

    most_letters: int = 100
    tags: tuple[str, ...] = ()
    by_role: Mapping[str, int] = field(default_factory=dict)


def check_notes(policy: NotePolicy) -> None:
    if policy.most_letters < 1:
        raise ValueError("a note has a letter at least")


async def preview_notes(session: AsyncSession, dealer_id: UUID, _: NotePolicy, after: NotePolicy) -> Sequence[Effect]:
    """Which notes would be too long."""
    query = select(NOTE.c.note_id).where(NOTE.c.dealer_id == dealer_id, func.length(NOTE.c.words) > after.most_letters)
    too_long = (await session.scalars(query)).all()
    return [Effect("notes_too_long", len(too_long), too_long[:2])]


@router.post("", status_code=201)
async def write_note(
    body: NewNote, session: Transaction, caller: Annotated[Caller, admits(Role.MANAGER, scope="notes:write")]
) -> ShownNote:
    """Keep a note and tell of it."""
    note_id = uuid7()
    await session.execute(insert(NOTE).values(dealer_id=caller.dealer_id, note_id=note_id, words=body.words))
    told = LeadAssigned(
        dealer_id=caller.dealer_id, occurred_at=utc_now(), lead_id=note_id, store_id=note_id, advisor_id=note_id
    )
    await publish(session, [told])
    if body.words == "too late":
        raise NoteNotFound(str(note_id))
    return ShownNote(note_id=note_id, words=body.words)


@router.get("/{note_id}")
async def read_note(note_id: UUID, session: Transaction, caller: Annotated[Caller, admits(Role.MANAGER)]) -> ShownNote:
    """Show a note of the caller's dealer."""
    query = select(NOTE).where(NOTE.c.dealer_id == caller.dealer_id, NOTE.c.note_id == note_id)
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NoteNotFound(str(note_id))
    return ShownNote.model_validate(row)


@subscriptions.on(LeadStageChanged)
async def hear_stages(session: AsyncSession, events: Sequence[LeadStageChanged], *, now: datetime) -> None:
    if any(event.to_stage == "broken" for event in events):
        raise ValueError("a stage nobody knows")
    await session.execute(insert(HEARD), [{"lead_id": e.lead_id, "what": e.to_stage} for e in events])


@subscriptions.on(LeadContacted)
async def hear_contacts(session: AsyncSession, events: Sequence[LeadContacted], *, now: datetime) -> None:
    await session.execute(insert(HEARD), [{"lead_id": e.lead_id, "what": e.outcome} for e in events])


@pytest.fixture(scope="session")
def service() -> Service:
    return Service(
        name="sample-service",
        title="Sample",
        description="Notes and stages.",
        package="baoke_chassis",
        settings=ServiceSettings(database_url="unused"),
        metadata=METADATA,
        load_api=lambda: Api(
            routers=[router], refusals={NoteNotFound: HTTPStatus.NOT_FOUND}, preview_policy=preview_notes
        ),
        subscriptions=[subscriptions],
        policy=NotePolicy,
        check_policy=check_notes,
    )


@pytest.fixture
async def database(service: Service, databases: Databases) -> Database:
    return await databases.of(service, create_tables=[NOTE, HEARD])


@pytest.fixture
def stage_of() -> Callable[..., LeadStageChanged]:
    """Makes stage events of a lead."""

    def make(lead_id: UUID, to_stage: str) -> LeadStageChanged:
        return LeadStageChanged(
            dealer_id=DEALER,
            occurred_at=datetime.now(UTC),
            lead_id=lead_id,
            store_id=DEALER,
            from_stage="new",
            to_stage=to_stage,
        )

    return make


@pytest.fixture
def heard(database: Database) -> Callable[[UUID], Awaitable[list[str]]]:
    """Reads what the service heard of a lead, in order."""

    async def read(lead_id: UUID) -> list[str]:
        async with database.engine.connect() as connection:
            query = select(HEARD.c.what).where(HEARD.c.lead_id == lead_id).order_by(HEARD.c.place)
            return list((await connection.scalars(query)).all())

    return read


@pytest.fixture(params=["embedded", pytest.param("kafka", marks=pytest.mark.kafka)])
async def transport(request):
    """Both transports pass this suite."""
    if request.param == "embedded":
        yield EmbeddedTransport()
    else:
        transport = KafkaTransport(request.getfixturevalue("kafka"), client_id="test")
        yield transport
        await transport.close()
