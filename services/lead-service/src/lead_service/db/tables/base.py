"""What all tables of leads are declared on."""

from datetime import datetime
from typing import Any

from baoke_chassis.schema import platform_metadata
from sqlalchemy import DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Everything that lead-service keeps, beside what every service keeps."""

    metadata = platform_metadata()
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's own name)
        str: Text,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[dict[str, Any]]: JSONB,
        list[str]: ARRAY(Text),
    }
