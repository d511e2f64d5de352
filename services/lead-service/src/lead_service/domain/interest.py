"""The car a person asks for, and when two people mean the same one."""

import unicodedata
from dataclasses import dataclass, replace
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


def completed(known: Interest, said: Interest) -> Interest:
    """The interest with what was not known of it. What is said of another car completes nothing but the budget."""
    if known.budget_cents is None:
        known = replace(known, budget_cents=said.budget_cents)
    other_make = known.make and said.make and folded(known.make) != folded(said.make)
    if other_make or (known.model and folded(known.model) != folded(said.model)):
        return known
    return replace(known, make=known.make or said.make, model=known.model or said.model, trim=known.trim or said.trim)


def model_key(make: str, model: str) -> str:
    """The same text for every spelling of one model: case, width and spacing do not count."""
    return f"{folded(make)}|{folded(model)}"


def folded(text: str) -> str:
    """`text` without what people write differently: NFKC, case-folded, without white space."""
    bare = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return unicodedata.normalize("NFKC", bare)
