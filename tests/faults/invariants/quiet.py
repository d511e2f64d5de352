"""Nothing is stuck: what was written has left, what was said was heard, and nothing was set aside."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from faults.evidence import Books
from faults.invariants.findings import Finding, Wrong

EVERY_S = 0.5
EMPTY = {
    "waits in the outbox": "SELECT count(*) FROM outbox",
    "is in quarantine": "SELECT count(*) FROM outbox_quarantine",
    "is parked": "SELECT count(*) FROM parked_event",
}
UNSENT = """
SELECT count(*) FROM message WHERE state = 'sending' OR (state = 'waiting' AND wake_at < now() + interval '1 hour')
"""

UNSETTLED = "SELECT count(*) FROM vehicle WHERE unsettled_since IS NOT NULL"
"""Readings that were heard and wait until no more come: the projection has not taken them in yet."""


async def stuck(books: Books, packages: Sequence[str], bootstrap: str) -> list[Finding]:
    """What has not come to rest at this moment."""
    findings = []
    for package in packages:
        for what, query in EMPTY.items():
            if count := (await books.rows(package, query))[0][0]:
                findings.append(Finding(Wrong.STUCK, f"{count} of {package} {what}"))
    if count := (await books.rows("notification_service", UNSENT))[0][0]:
        findings.append(Finding(Wrong.STUCK, f"{count} messages wait to be sent"))
    if count := (await books.rows("service_reminder", UNSETTLED))[0][0]:
        findings.append(Finding(Wrong.STUCK, f"the readings of {count} vehicles are not projected from"))
    groups = [package.replace("_", "-") for package in packages]
    return findings + [
        Finding(Wrong.STUCK, f"{group} lags {behind} records behind")
        for group, behind in (await lag(bootstrap, groups)).items()
        if behind
    ]


async def lag(bootstrap: str, groups: Sequence[str]) -> dict[str, int]:
    """How many records each group has not committed, of the partitions it ever committed."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    reader = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        await reader.start()
        behind = {}
        for group in groups:
            committed = await admin.list_consumer_group_offsets(group)
            ends = await reader.end_offsets(list(committed)) if committed else {}
            behind[group] = sum(ends[partition] - max(0, known.offset) for partition, known in committed.items())
    finally:
        await reader.stop()
        await admin.close()
    return behind


async def until_quiet(look: Callable[[], Awaitable[list[Finding]]], *, within_s: float) -> list[Finding]:
    """Nothing, as soon as `look` finds nothing twice in a row; otherwise what it still finds at the deadline."""
    loop = asyncio.get_running_loop()
    end, calm = loop.time() + within_s, 0
    while True:
        findings = await look()
        calm = 0 if findings else calm + 1
        if calm > 1 or loop.time() > end:
            return findings
        await asyncio.sleep(EVERY_S)
