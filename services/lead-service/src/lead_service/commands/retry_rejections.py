"""Payloads that could not be read are tried again, after their mapping was mended."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.receive_delivery import Item, captured
from lead_service.db import deliveries as db_deliveries
from lead_service.domain.capture import Capture
from lead_service.domain.intake import IntakeSource, Rejection, Wanting


@dataclass(frozen=True, slots=True)
class RetryRejection:
    """Take what is still wanting of a payload, locked by the caller, as it reads now."""

    rejection: Rejection
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of a payload that was tried again."""

    rejection: Rejection
    answers: Sequence[Capture | Wanting]


async def retry_rejections(
    session: AsyncSession, source: IntakeSource, commands: Sequence[RetryRejection], *, now: datetime
) -> list[Retried]:
    """Each payload's leads that can be read now are taken. A payload of which nothing is wanting is forgotten."""
    answers = iter(await captured(session, [item for command in commands for item in command.items], now=now))
    retried = [
        Retried(_tried(command, of_payload := [next(answers) for _ in command.items], source), of_payload)
        for command in commands
    ]
    await db_deliveries.settle(
        session,
        settled=[one.rejection for one in retried if not one.rejection.items],
        left=[one.rejection for one in retried if one.rejection.items],
    )
    return retried


def _tried(command: RetryRejection, answers: Sequence[Capture | Wanting], source: IntakeSource) -> Rejection:
    rejection = command.rejection
    return replace(
        rejection,
        items=tuple(answer for answer in answers if isinstance(answer, Wanting)),
        attempts=rejection.attempts + 1,
        mapping_version=source.mapping_version,
    )
