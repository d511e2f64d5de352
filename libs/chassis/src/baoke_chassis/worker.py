"""The other half of a service: it carries events out, takes events in, and does what the clock starts."""

import asyncio
import logging
from datetime import datetime

from baoke_events import telemetry
from baoke_events.backlog import backlog_of
from baoke_events.bell import Bell
from baoke_events.consuming import Consumer, Subscriptions, inbox
from baoke_events.relay import Relay
from baoke_events.transports import Running, Transport

from baoke_chassis import idempotency
from baoke_chassis.database import Database
from baoke_chassis.jobs import Job, keep_running
from baoke_chassis.service import Service

log = logging.getLogger(__name__)

STOP_S = 10


class Worker:
    """Relay, consumer and jobs of one service, started and stopped together."""

    def __init__(self, service: Service, database: Database, transport: Transport) -> None:
        self._service = service
        self._database = database
        self._transport = transport
        self._relay = Relay(database.engine, transport, service=service.name)
        self._consumer = consumer_of(service, database)
        self._jobs = [*service.jobs, *_housekeeping(service, transport)]
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._running: Running | None = None
        self._bell = Bell(database.engine)
        database.on_published(self._relay.wake)
        database.on_published(self._bell.ring)

    async def listen(self) -> None:
        """Take events in. With the embedded transport all services listen before the first one starts."""
        topics = self._consumer.subscriptions.topics
        telemetry.announce(self._service.name, topics)
        if topics and self._running is None:
            self._running = await self._transport.consume(self._service.name, topics, self._consumer.process)

    async def start(self) -> None:
        """Begin to work, whether or not the transport can be reached yet."""
        await self.listen()
        self._tasks = [
            asyncio.create_task(self._relay.run(), name=f"relay {self._service.name}"),
            asyncio.create_task(self._bell.keep_ringing(), name=f"bell {self._service.name}"),
            asyncio.create_task(self._bell.listen(self._relay.wake), name=f"ear {self._service.name}"),
            *(
                asyncio.create_task(keep_running(job, self._database, self._stopping), name=job.name)
                for job in self._jobs
            ),
        ]

    @property
    def lost(self) -> list[str]:
        """The names of what should be running and is not."""
        return [] if self._stopping.is_set() else [task.get_name() for task in self._tasks if task.done()]

    async def stop(self) -> None:
        """Take nothing new, finish what is in hand, commit, and leave."""
        self._stopping.set()
        self._relay.stop()
        self._bell.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_S)
            for task in late:
                log.warning("%s did not stop in time", task.get_name())
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._running is not None:
            await self._running.stop()


def consumer_of(service: Service, database: Database) -> Consumer:
    """The service as a reader of topics."""
    return Consumer(service.name, Subscriptions.of(service.subscriptions), database.begin)


def _housekeeping(service: Service, transport: Transport) -> list[Job]:
    async def show_backlog(database: Database, *, now: datetime) -> int:
        async with database.begin() as session:
            telemetry.show_backlog(service.name, await backlog_of(session))
        return 0

    async def show_transport(database: Database, *, now: datetime) -> int:
        telemetry.show_transport(service.name, up=await transport.ready())
        return 0

    async def forget_old_keys(database: Database, *, now: datetime) -> int:
        async with database.begin() as session:
            await idempotency.forget(session)
            await inbox.forget(session, older_than_days=service.settings.inbox_days)
        return 0

    return [
        Job("show_backlog", 5, show_backlog),
        Job("show_transport", 5, show_transport),
        Job("forget_old_keys", 3600, forget_old_keys),
    ]
