"""A writer that skips HTTP: `python -m faults.command_writer PACKAGE FOLDER DEALER NUMBER MEMBER…`.

It runs a service's commands in a process of its own, transaction by transaction, until it is killed
or stopped. What it knows it writes into a new journal of the folder.
"""

import asyncio
import random
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from baoke_chassis.cli import open_database
from baoke_chassis.database import Database
from baoke_events.consuming.consumer import is_transient
from sqlalchemy.ext.asyncio import AsyncSession

from faults.journal import Journal
from faults.names import Names

PAUSE_S = 0.1

Transact = Callable[[AsyncSession], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line says."""

    package: str
    folder: Path
    dealer_id: UUID
    number: int
    members: tuple[UUID, ...]

    @classmethod
    def read(cls, words: list[str]) -> "Order":
        package, folder, dealer, number, *members = words
        return cls(package, Path(folder), UUID(dealer), int(number), tuple(map(UUID, members)))


def registering(order: Order, names: Names) -> tuple[str, str, Transact]:
    """A customer is registered; the name is the phone."""
    from customer_service.commands.admit_people import Person  # noqa: PLC0415 (each process needs one service)
    from customer_service.commands.register_customer import register_customer  # noqa: PLC0415
    from customer_service.domain.customers import Contact  # noqa: PLC0415

    phone = f"+86{names.phone()}"
    person = Person(order.dealer_id, UUID(int=7), Contact("顾客", phone))
    return "customer", phone, lambda s: register_customer(s, person, consents_are_explicit=False, now=datetime.now(UTC))


def redeeming(order: Order, names: Names) -> tuple[str, str, Transact]:
    """Points of a member whom many serve at once are spent; the name is the reason."""
    from loyalty_service.commands.redeem_points import RedeemPoints, redeem_points  # noqa: PLC0415

    name = names.fresh()
    member, points = random.choice(order.members), random.randint(1, 40)
    command = RedeemPoints(order.dealer_id, member, points, name, by="a writer")
    return "redeem", name, lambda s: redeem_points(s, command, now=datetime.now(UTC))


WRITES = {"customer_service": registering, "loyalty_service": redeeming}


async def write_until_stopped(order: Order, database: Database, refusals: tuple[type[Exception], ...]) -> None:
    """One write after the other. One that fails in passing stays uncertain and is not tried again."""
    mine = sorted(order.folder.glob(f"{order.package}-*.journal"))
    journal = Journal(order.folder / f"{order.package}-{len(mine):03d}.journal")
    names = Names(order.number + len(mine))
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    while not stopping.is_set():
        kind, name, transact = WRITES[order.package](order, names)
        journal.asked(kind, name)
        try:
            async with database.begin() as session:
                await transact(session)
        except refusals:
            journal.refused(kind, name)
        except Exception as error:
            if not is_transient(error):
                raise
        else:
            journal.accepted(kind, name)
        await asyncio.sleep(PAUSE_S * random.random())
    journal.close()
    await database.close()


def main() -> None:
    """Write as the command line and the service's environment say."""
    order = Order.read(sys.argv[1:])
    if order.package == "customer_service":
        from customer_service.app import service  # noqa: PLC0415
        from customer_service.settings import Settings  # noqa: PLC0415

        refusals: tuple[type[Exception], ...] = ()
        database = open_database(service(Settings()))
    else:
        from loyalty_service.app import service  # noqa: PLC0415
        from loyalty_service.domain.errors import InsufficientPoints  # noqa: PLC0415
        from loyalty_service.settings import Settings  # noqa: PLC0415

        refusals = (InsufficientPoints,)
        database = open_database(service(Settings()))
    asyncio.run(write_until_stopped(order, database, refusals))


if __name__ == "__main__":
    main()
