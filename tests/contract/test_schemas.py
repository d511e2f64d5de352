"""The stored schemas and samples, held against the catalogue and against the rules of docs/events.md."""

from collections.abc import Callable
from typing import Any

import pytest
from baoke_events.contracts.compat import breaking, compare
from baoke_events.contracts.drafts import Contract, drafts, event_of, published
from baoke_events.contracts.headers import HEADERS, headers_of
from baoke_events.contracts.samples import SAMPLES
from baoke_events.contracts.schemas import opened
from baoke_events.contracts.shelf import Shelf
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError

every_type = pytest.mark.parametrize("name", sorted(published()))


@pytest.fixture(scope="session")
def catalogue() -> dict[str, Contract]:
    """The contracts as the catalogue says them today."""
    return drafts()


@pytest.fixture
def stored(shelf: Shelf, name: str) -> list[Contract]:
    """Every contract that was ever published for the type, the one in force last."""
    current = shelf.current(name)
    assert current is not None, "run `make contract ACCEPT=1`"
    return [*shelf.former(name), current]


def test_every_event_type_is_stored_and_nothing_published_was_taken_away(shelf: Shelf) -> None:
    assert shelf.types() == sorted(published())


@every_type
def test_the_stored_contract_is_what_the_catalogue_says(
    name: str, stored: list[Contract], catalogue: dict[str, Contract]
) -> None:
    assert stored[-1] == catalogue[name]


@every_type
def test_a_stored_schema_is_valid_and_closed_at_every_depth(stored: list[Contract]) -> None:
    for contract in stored:
        Draft202012Validator.check_schema(contract.schema)
        for fact in (contract.schema, *contract.schema.get("$defs", {}).values()):
            assert fact["additionalProperties"] is False


@every_type
def test_the_schema_in_force_breaks_no_former_one(stored: list[Contract]) -> None:
    for former in stored:
        assert breaking(compare(former.schema, stored[-1].schema)) == []


@every_type
def test_every_stored_sample_is_read_by_todays_model(name: str, stored: list[Contract]) -> None:
    for contract in stored:
        event = event_of(contract.sample)

        assert type(event) is published()[name]
        assert event.subject == contract.sample["key"]


@every_type
def test_the_sample_in_force_is_read_back_as_the_event_it_was_made_of(name: str, stored: list[Contract]) -> None:
    assert event_of(stored[-1].sample) == SAMPLES[name]


@every_type
def test_todays_sample_is_read_by_every_stored_schema(
    name: str, stored: list[Contract], catalogue: dict[str, Contract]
) -> None:
    for contract in stored:
        reader = Draft202012Validator(opened(contract.schema), format_checker=FormatChecker())

        reader.validate(catalogue[name].sample["value"])


@every_type
def test_a_stored_sample_holds_to_its_own_closed_schema_and_to_the_headers(name: str, stored: list[Contract]) -> None:
    for contract in stored:
        Draft202012Validator(contract.schema, format_checker=FormatChecker()).validate(contract.sample["value"])
        for schema in (HEADERS, headers_of(published()[name])):
            Draft202012Validator(schema, format_checker=FormatChecker()).validate(contract.sample["headers"])


@every_type
def test_a_reader_needs_only_what_the_schema_requires(
    stored: list[Contract], without_options: Callable[[Contract], dict[str, Any]]
) -> None:
    sparse = {**stored[-1].sample, "value": without_options(stored[-1])}

    assert event_of(sparse) is not None


@every_type
def test_readers_tolerate_unknown_fields_and_writers_are_refused_them(
    name: str, stored: list[Contract], estranged: Callable[[Any], Any]
) -> None:
    strange = estranged(stored[-1].sample["value"])

    assert event_of({**stored[-1].sample, "value": strange}) == SAMPLES[name]
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        published()[name].model_validate({**SAMPLES[name].model_dump(), **strange})
    assert not Draft202012Validator(stored[-1].schema).is_valid(strange)


@every_type
def test_a_golden_sample_fills_every_optional_field(
    name: str, unfilled: Callable[[Contract], set[str]], catalogue: dict[str, Contract]
) -> None:
    assert unfilled(catalogue[name]) == set()


@every_type
def test_personal_data_is_on_the_contacts_topic_only(
    name: str, property_names: Callable[[Any], set[str]], catalogue: dict[str, Contract]
) -> None:
    schema = catalogue[name].schema

    personal = property_names(schema) & {"name", "phone", "email", "wecom_id", "address", "birthday", "plate"}

    assert personal == set() or schema["x-topic"] == "baoke.contacts"
