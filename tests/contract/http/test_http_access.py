"""Every operation of every service is tried without a token, with the wrong role, and by another dealer."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER, ClientAs
from baoke_events.contracts.samples.cast import DEALER

Operations = list[Any]
Ids = dict[str, list[str]]

DEALERS_OWN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
"""Ids of what was made here are UUIDv7; what ships with the product has the same id everywhere."""
ECHOES = {"GET /v1/lead-exports"}
"""What the asker typed is shown to the asker, by the audit of its exports."""


@pytest.fixture
def inner(operations: Operations) -> Operations:
    """The operations that callers with a token use."""
    return [operation for operation in operations if not operation.is_open]


@pytest.fixture
def of_one_thing(inner: Operations, settled: Ids) -> Operations:
    """The operations on something that exists, named by the ids in their path."""
    return [each for each in inner if each.is_of_one_thing and settled.keys() >= set(each.path_names)]


async def test_nobody_gets_in_without_a_token(anonymous: httpx.AsyncClient, inner: Operations, call: Any) -> None:
    for operation in inner:
        answer = await call(anonymous, operation, {})

        assert answer.status_code == 401, operation
        assert answer.json()["type"] == "/problems/unauthenticated"
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("role", ["gardener", Role.PARTNER], ids=["a role nobody knows", "a partner without a scope"])
async def test_no_operation_admits(role: str, client_as: ClientAs, inner: Operations, call: Any) -> None:
    for operation in inner:
        answer = await call(client_as(role), operation, {})

        assert answer.status_code == 403, operation
        assert answer.json()["type"] == "/problems/forbidden"


async def test_an_auditor_changes_nothing(client_as: ClientAs, inner: Operations, call: Any) -> None:
    for operation in inner:
        if operation.method != "get":
            answer = await call(client_as(Role.AUDITOR), operation, {})
            assert answer.status_code == 403, operation


async def test_what_holds_for_all_stores_is_not_for_who_is_limited_to_one(
    client_as: ClientAs, inner: Operations, call: Any
) -> None:
    of_one_store = client_as(Role.ADMIN, stores=[uuid4()])
    for_all = [each for each in inner if "It holds for all stores" in each.spec["description"]]

    assert {each.path for each in for_all} >= {"/v1/policy", "/v1/api-keys"}
    for operation in for_all:
        assert (await call(of_one_store, operation, {})).status_code == 403, operation


async def test_every_operation_admits_an_admin(client_as: ClientAs, inner: Operations, call: Any) -> None:
    for operation in inner:
        answer = await call(client_as(Role.ADMIN), operation, {})

        assert answer.status_code not in {401, 403, 405, 500}, operation


async def test_every_read_of_one_thing_shows_it_to_its_own_dealer(
    client_as: ClientAs, of_one_thing: Operations, settled: Ids, call: Any
) -> None:
    owner = client_as(Role.ADMIN, dealer_id=DEALER)
    answers = {str(each): await call(owner, each, settled) for each in of_one_thing if each.method == "get"}

    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 200} == {}


async def test_no_operation_finds_what_belongs_to_another_dealer(
    client_as: ClientAs, of_one_thing: Operations, settled: Ids, call: Any
) -> None:
    stranger = client_as(Role.ADMIN, dealer_id=OTHER_DEALER)
    answers = {str(each): await call(stranger, each, settled) for each in of_one_thing}

    assert {name: answer.text for name, answer in answers.items() if answer.status_code != 404} == {}


async def test_no_list_shows_what_belongs_to_another_dealer(
    client_as: ClientAs, inner: Operations, settled: Ids, call: Any
) -> None:
    stranger = client_as(Role.ADMIN, dealer_id=OTHER_DEALER)
    theirs = {value for values in settled.values() for value in values if DEALERS_OWN.fullmatch(value)}
    for operation in inner:
        if operation.method == "get" and not operation.path_names and str(operation) not in ECHOES:
            answer = await call(stranger, operation, settled)
            assert answer.status_code in {200, 404}, operation
            assert not [id_ for id_ in theirs if id_ in answer.text], operation


async def test_every_example_of_a_new_thing_works_as_it_stands(
    client_as: ClientAs, inner: Operations, settled: Ids, call: Any
) -> None:
    owner = client_as(Role.ADMIN, dealer_id=DEALER)
    creating = [each for each in inner if each.method == "post" and not each.path_names]
    answers = {str(each): await call(owner, each, settled) for each in creating if each.body}

    assert {name: answer.text for name, answer in answers.items() if not answer.is_success} == {}


async def test_every_operation_with_an_id_was_tried(inner: Operations, of_one_thing: Operations) -> None:
    assert {str(each) for each in inner if each.is_of_one_thing} == {str(each) for each in of_one_thing}
