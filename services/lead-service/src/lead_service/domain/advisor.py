"""Who works leads: a store's roster (顾问名册) with what each serves and how much each can take."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from lead_service.domain.errors import NotOnTheRoster
from lead_service.domain.interest import folded
from lead_service.domain.lead import Lead
from lead_service.domain.source import Channel


@dataclass(frozen=True, slots=True)
class Skills:
    """What an advisor serves. Nothing named is everything: an empty set narrows nothing.

    Languages are primary subtags of BCP 47, such as `zh` and `en`.
    """

    makes: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    channels: frozenset[Channel] = frozenset()
    languages: frozenset[str] = frozenset()

    def fit(self, lead: Lead) -> bool:
        """Whether they serve this lead's car, channel and language, however people write them."""
        return (
            _names(self.makes, lead.interest.make)
            and _names(self.models, lead.interest.model)
            and (not self.channels or lead.source.channel in self.channels)
            and _names(self.languages, lead.contact.locale.partition("-")[0])
        )


def _names(terms: frozenset[str], term: str) -> bool:
    return not terms or folded(term) in {folded(each) for each in terms}


@dataclass(frozen=True, slots=True)
class Advisor:
    """A member of a store's sales staff. `capacity` is how many open leads they can take; 0 is none.

    Who is not active, or away, gets no leads by themselves; what they have stays theirs.
    """

    dealer_id: UUID
    id: UUID
    store_id: UUID
    name: str
    skills: Skills = field(default_factory=Skills)
    capacity: int = 60
    is_active: bool = True
    away_until: datetime | None = None

    def is_here(self, at: datetime) -> bool:
        """Whether they take leads at that moment."""
        return self.is_active and (self.away_until is None or self.away_until <= at)


@dataclass(frozen=True, slots=True)
class Standing:
    """An advisor with their open leads, and when they last got one."""

    advisor: Advisor
    open_leads: int
    last_assigned_at: datetime | None = None

    @property
    def is_full(self) -> bool:
        """Whether they can take no more."""
        return self.open_leads >= self.advisor.capacity

    @property
    def load(self) -> float:
        """Open leads for each that they can take."""
        return self.open_leads / max(self.advisor.capacity, 1)


def require_active(
    advisor_ids: Collection[UUID], standings: Mapping[UUID, Standing], *, stores: Collection[UUID] | None
) -> None:
    """Let these advisors pass, each of whom is active on the roster of one of the stores; None is all.

    Raises:
        NotOnTheRoster: one of them is not.
    """
    active = {
        standing.advisor.id
        for standing in standings.values()
        if standing.advisor.is_active and (stores is None or standing.advisor.store_id in stores)
    }
    if missing := sorted(set(advisor_ids) - active):
        raise NotOnTheRoster(missing)
