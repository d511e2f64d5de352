"""Every consumer takes every stored record of what it subscribes to, and the documents know who hears what."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from baoke_chassis.service import Service
from baoke_events.consuming import Subscriptions
from baoke_events.contracts.drafts import Contract, event_of
from baoke_events.contracts.shelf import Shelf
from baoke_events.contracts.subscribers import heard_by, hearers
from baoke_events.event import Event
from baoke_events.ids import uuid7

Deliver = Callable[..., Awaitable[None]]
Published = Callable[[], Awaitable[list[Event]]]


@pytest.fixture
def contracts(service: Service, shelf: Shelf) -> list[Contract]:
    """The contracts of what the service subscribes to, superseded ones too."""
    types = sorted(Subscriptions.of(service.subscriptions).types)
    return [each for name in types for each in (*shelf.former(name), shelf.current(name)) if each]


@pytest.fixture
def story(contracts: list[Contract]) -> list[Event]:
    """An event of each contract, in the order in which the samples say it happened."""
    events = [event for contract in contracts if (event := event_of(contract.sample))]
    told = [event.model_copy(update={"id": uuid7()}) for event in sorted(events, key=lambda e: e.occurred_at)]
    assert len(told) == len(contracts)
    return told


@pytest.fixture
def sparse_story(contracts: list[Contract], without_options: Callable[[Contract], dict[str, Any]]) -> list[Event]:
    """The same with nothing in it but what the schemas require."""
    samples = [{**contract.sample, "value": without_options(contract)} for contract in contracts]
    return sorted((event for sample in samples if (event := event_of(sample))), key=lambda e: e.occurred_at)


async def test_a_service_takes_every_sample_one_by_one(deliver: Deliver, story: list[Event]) -> None:
    for event in story:
        await deliver(event)


async def test_a_service_takes_every_sample_as_one_batch(deliver: Deliver, story: list[Event]) -> None:
    await deliver(*story)


async def test_a_service_takes_samples_with_only_the_required_fields(
    deliver: Deliver, sparse_story: list[Event]
) -> None:
    await deliver(*sparse_story)


async def test_a_service_takes_the_topics_in_any_order(deliver: Deliver, story: list[Event]) -> None:
    for topic in sorted({event.topic for event in story}, reverse=True):
        await deliver(*(event for event in story if event.topic == topic))


async def test_a_service_says_nothing_new_when_everything_comes_again(
    deliver: Deliver, published: Published, story: list[Event]
) -> None:
    await deliver(*story)
    said = await published()

    await deliver(*story)

    assert await published() == said


async def test_what_a_service_says_is_its_to_say(
    service: Service, deliver: Deliver, published: Published, story: list[Event]
) -> None:
    await deliver(*story)

    assert {event.type for event in await published() if service.name not in event.publishers} == set()


def test_the_documents_name_exactly_what_the_service_subscribes_to(service: Service, repository: Path) -> None:
    documented = heard_by(hearers(repository / "services")).get(service.name, [])

    assert set(documented) == Subscriptions.of(service.subscriptions).types
