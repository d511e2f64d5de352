"""Identifiers that sort by the time they were made (UUIDv7, RFC 9562)."""

from uuid_utils.compat import uuid7

__all__ = ["uuid7"]
