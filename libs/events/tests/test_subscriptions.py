"""A plan makes few calls, and no key's facts change their order."""

from datetime import UTC, datetime
from uuid import UUID

from baoke_events import LeadContacted, LeadDefeated, LeadStageChanged
from baoke_events.consuming import Subscriptions
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 1, 5, tzinfo=UTC)
LEADS = [UUID(int=number) for number in range(3)]


def make(kind: type, lead: UUID):
    common = {"dealer_id": UUID(int=9), "occurred_at": NOW, "lead_id": lead, "store_id": UUID(int=8)}
    data = {
        LeadStageChanged: {"from_stage": "new", "to_stage": "visited"},
        LeadContacted: {"channel": "phone", "outcome": "reached", "due_at": NOW, "on_time": True},
        LeadDefeated: {"stage": "visited", "grade": "b", "reason": "price", "make": "BYD", "model": "Seal"},
    }[kind]
    return kind(**common, **data)


events = st.lists(
    st.builds(make, st.sampled_from([LeadStageChanged, LeadContacted, LeadDefeated]), st.sampled_from(LEADS)),
    max_size=40,
)


def subscribed() -> Subscriptions:
    subscriptions = Subscriptions()

    @subscriptions.on(LeadStageChanged, LeadContacted)
    async def follow(session, events, *, now): ...

    @subscriptions.on(LeadDefeated)
    async def mourn(session, events, *, now): ...

    @subscriptions.on(LeadDefeated)
    async def count(session, events, *, now): ...

    return subscriptions


@given(events)
def test_every_handler_gets_each_of_its_events_once(batch):
    heard: dict[str, list] = {"follow": [], "mourn": [], "count": []}
    for handler, part in subscribed().plan(batch):
        heard[handler.__name__] += part

    defeats = [event.id for event in batch if isinstance(event, LeadDefeated)]
    others = [event.id for event in batch if not isinstance(event, LeadDefeated)]
    assert sorted(event.id for event in heard["follow"]) == sorted(others)
    assert sorted(event.id for event in heard["mourn"]) == sorted(defeats)
    assert sorted(event.id for event in heard["count"]) == sorted(defeats)


@given(events)
def test_what_happened_to_a_key_is_handled_in_that_order(batch):
    plan = subscribed().plan(batch)
    for lead in LEADS:
        order = [event.id for event in batch if event.lead_id == lead]
        handled = [
            event.id
            for handler, part in plan
            if handler.__name__ in ("follow", "mourn")
            for event in part
            if event.lead_id == lead
        ]
        assert handled == order


def test_events_of_different_keys_share_a_call():
    batch = [make(kind, lead) for lead in LEADS for kind in (LeadStageChanged, LeadDefeated)]

    calls = [(handler.__name__, len(part)) for handler, part in subscribed().plan(batch)]

    assert calls == [("follow", 3), ("mourn", 3), ("count", 3)]
