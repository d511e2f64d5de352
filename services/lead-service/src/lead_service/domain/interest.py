"""The car a person asks for, and when two people mean the same one."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class DecisionStyle(StrEnum):
    """How a person decides: by comparison (决策谨慎型) or by opportunity (行动果断型)."""

    CAUTIOUS = "cautious"
    DECISIVE = "decisive"


@dataclass(frozen=True, slots=True)
class Interest:
    """What was asked for. `make` and `model` are empty where the sender did not say."""

    make: str = ""
    model: str = ""
    trim: str | None = None
    budget_cents: int | None = None


def model_key(make: str, model: str) -> str:
    """The same text for every spelling of one model: case, width and spacing do not count."""
    return f"{folded(make)}|{folded(model)}"


def folded(text: str) -> str:
    """`text` without what people write differently: NFKC, case-folded, without white space."""
    bare = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return unicodedata.normalize("NFKC", bare)
