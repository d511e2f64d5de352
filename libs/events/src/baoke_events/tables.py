"""The tables that carry events, declared on a service's own metadata.

They hold machinery, not facts: a relay or a consumer works for all dealers at once, so these
are the only tables whose keys do not begin with `dealer_id`.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

SLOTS = 64


def add_event_tables(metadata: MetaData) -> None:
    """Declare outbox, stream heads, relay leases, inbox, parked, discarded and lost events on `metadata`."""
    now = func.now()
    Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True, cache=1)),
        Column("slot", SmallInteger, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("payload", LargeBinary),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=now),
        PrimaryKeyConstraint("slot", "id"),
    )
    Table(
        "outbox_quarantine",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("payload", LargeBinary),
        Column("reason", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("quarantined_at", DateTime(timezone=True), nullable=False, server_default=now),
    )
    Table(
        "discarded_event",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("taken_from", Text, primary_key=True),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("type", Text),
        Column("error", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("discarded_at", DateTime(timezone=True), nullable=False, server_default=now),
    )
    Table(
        "lost_event",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("topic", Text, primary_key=True),
        Column("key", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("type", Text, nullable=False),
        Column("causation_id", Uuid),
        Column("occurred_at", DateTime(timezone=True)),
        Column("found_at", DateTime(timezone=True), nullable=False, server_default=now),
        Column("said_again_at", DateTime(timezone=True)),
    )
    Table(
        "stream_head",
        metadata,
        Column("topic", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("sequence", BigInteger, nullable=False),
        postgresql_with={"fillfactor": "80"},  # each event of a key counts up the same row
    )
    Table(
        "relay_lease",
        metadata,
        Column("slot", SmallInteger, primary_key=True, autoincrement=False),
        Column("owner", Uuid, nullable=False),
        Column("expires_at", DateTime(timezone=True), nullable=False),
    )
    Table(
        "relay_member",
        metadata,
        Column("owner", Uuid, primary_key=True),
        Column("expires_at", DateTime(timezone=True), nullable=False),
    )
    Table(
        "inbox",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("consumer", Text, primary_key=True),
        Column("received_at", DateTime(timezone=True), nullable=False, server_default=now),
        Index("ix_inbox_received_at", "received_at", postgresql_using="brin"),
    )
    Table(
        "parked_event",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("consumer", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("payload", LargeBinary),
        Column("error", Text, nullable=False),
        Column("attempts", Integer, nullable=False, server_default="1"),
        Column("parked_at", DateTime(timezone=True), nullable=False, server_default=now),
        Index("ux_parked_event_consumer_event", "consumer", "event_id", unique=True),
        Index("ix_parked_event_key", "consumer", "topic", "key", "id"),
    )
