"""The tables every service has beside its own."""

from baoke_events.tables import add_event_tables
from sqlalchemy import Column, DateTime, Index, Integer, LargeBinary, MetaData, SmallInteger, Table, Text, Uuid, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def platform_metadata() -> MetaData:
    """Fresh metadata with the platform's tables: events, policy, idempotency keys, API keys."""
    metadata = MetaData(naming_convention=NAMING)
    add_event_tables(metadata)
    now = func.now()
    Table(
        "policy",
        metadata,
        Column("dealer_id", Uuid, primary_key=True),
        Column("version", Integer, primary_key=True),
        Column("document", JSONB, nullable=False),
        Column("created_by", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=now),
    )
    Table(
        "idempotency_key",
        metadata,
        Column("dealer_id", Uuid, primary_key=True),
        Column("caller", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("status", SmallInteger, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=now),
        Index("ix_idempotency_key_created_at", "created_at"),
    )
    Table(
        "api_key",
        metadata,
        Column("dealer_id", Uuid, primary_key=True),
        Column("key_id", Uuid, primary_key=True),
        Column("name", Text, nullable=False),
        Column("secret_sha256", LargeBinary, nullable=False),
        Column("scopes", ARRAY(Text), nullable=False),
        Column("created_by", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=now),
        Column("revoked_at", DateTime(timezone=True)),
        Index("ux_api_key_key_id", "key_id", unique=True),
    )
    return metadata
