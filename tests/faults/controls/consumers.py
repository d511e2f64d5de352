"""A consumer as one would write it at first: the offset is committed after the effect, so nothing is lost. But …"""

from collections.abc import Sequence
from datetime import UTC, datetime

from baoke_chassis.database import Database
from baoke_events.consuming.consumer import typed
from baoke_events.envelope import Record

from faults.controls.pipeline import take_effect


class ForgetfulConsumer:
    """Has no inbox: what is delivered again has its effect again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def process(self, records: Sequence[Record]) -> None:
        """Apply the records and commit."""
        async with self._database.begin() as session:
            await take_effect(session, [typed(record) for record in records], now=datetime.now(UTC))
