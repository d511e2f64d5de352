"""`make run`: the whole platform on this machine, a demo dealer, its story, and then service until Ctrl-C."""

import argparse
import asyncio
import logging
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
from baoke_chassis import process
from baoke_chassis.logs import install_logs
from baoke_chassis.telemetry import install_telemetry

from baoke_local.demo import Refused, play
from baoke_local.errors import LocalServerError
from baoke_local.folders import FolderLock
from baoke_local.kafka import LocalKafka
from baoke_local.kafka_jars import kafka_available
from baoke_local.platform import Platform
from baoke_local.postgres import EmbeddedPostgres
from baoke_local.topics import ensure_topics, read_topics

ADDRESSES = """
  everything           {url}/
  messages             {url}/notification-service/outbox   (what each customer would have received)
  APIs                 {apis}
  health               {url}/healthz
  figures              {url}/metrics
  manager's token      {token}   (others: make token ROLE=advisor)
  log                  {log}

  curl -H "Authorization: Bearer $(cat {token})" {url}/lead-service/v1/leads

Ctrl-C ends it; the data stays in {folder}/ (make run FRESH=1 starts over)."""


def say(line: str = "") -> None:
    """Tell the person at the terminal, at once."""
    print(line, flush=True)  # noqa: T201 (a terminal program)


def main(argv: Sequence[str] | None = None) -> None:
    """Run until interrupted; say in one sentence why not, where that is impossible."""
    parser = argparse.ArgumentParser(prog="make run", description=main.__doc__)
    parser.add_argument("--port", type=_port, default=8080)
    parser.add_argument("--transport", choices=["embedded", "kafka"], default="embedded")
    parser.add_argument("--fresh", action="store_true", help="forget the data of earlier runs")
    parser.add_argument("--folder", type=Path, default=Path(".local"))
    parser.add_argument("--only-play", action="store_true", help="end after the story")
    asked = parser.parse_args(argv)
    try:
        _run(asked)
    except LocalServerError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        say("\nStopped.")


def _run(asked: argparse.Namespace) -> None:
    with ExitStack() as stack:
        _take_folder(stack, asked.folder, fresh=asked.fresh)
        install_logs("baoke", "INFO", asked.folder / "baoke.log")
        install_telemetry("baoke", os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"))
        say("PostgreSQL …")
        postgres = stack.enter_context(EmbeddedPostgres(asked.folder / "postgres"))
        kafka = _kafka(stack, asked.folder) if asked.transport == "kafka" else None
        platform = Platform(asked.folder, postgres, port=asked.port, kafka=kafka)
        process.run(_serve(platform, asked))


def _take_folder(stack: ExitStack, folder: Path, *, fresh: bool) -> None:
    """Have the folder to ourselves, emptied if a fresh start is wanted; never under another run's feet."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FolderLock(folder)
    stack.callback(lock.release)
    for old in folder.iterdir() if fresh else ():
        if old.is_dir():
            shutil.rmtree(old)
        elif old.name != "lock":
            old.unlink()


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65_536:  # noqa: PLR2004 (the range of ports)
        raise argparse.ArgumentTypeError(f"{text} is no port; choose one from 1 to 65535")
    return int(text)


def _kafka(stack: ExitStack, folder: Path) -> str:
    if reason := kafka_available():
        raise LocalServerError(f"TRANSPORT=kafka is not possible here. {reason}")
    say("Kafka … (its first start on this machine fetches the jars with Maven)")
    server = stack.enter_context(LocalKafka(folder / "kafka"))
    asyncio.run(ensure_topics(server.bootstrap, read_topics()))
    return server.bootstrap


async def _serve(platform: Platform, asked: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        say("Services …")
        await platform.start(say=lambda name: say(f"  {name}"))
        process.settle_memory()
        token = asked.folder / "token"
        token.touch(mode=0o600)
        token.write_text(platform.issuer.token("manager"))
        await _story(platform, asked.folder, stop)
        if not asked.only_play and not stop.is_set():
            say(_addresses(platform, asked.folder))
            await stop.wait()
            say("\nStopping …")
    finally:
        await platform.stop()


async def _story(platform: Platform, folder: Path, stop: asyncio.Event) -> None:
    """Play the demo once per data folder; Ctrl-C interrupts it."""
    if (folder / "demo-played").exists():
        say("\nThe demo dealer is there from an earlier run; make run FRESH=1 plays its story again.")
        return
    playing = asyncio.create_task(play(platform.base_url, platform.issuer, tell=say))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([playing, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if playing.done():
        _end_of(playing, folder)
        return
    playing.cancel()
    with suppress(asyncio.CancelledError):
        await playing


def _end_of(playing: asyncio.Task[None], folder: Path) -> None:
    """Remember that the story was told; where it broke off, say why and go on serving."""
    try:
        playing.result()
    except (Refused, TimeoutError, httpx.HTTPError) as error:
        say(f"\nThe story breaks off: {error}\nThe platform goes on; {folder / 'baoke.log'} says more.")
        say("If an earlier run was interrupted in the middle of the story, make run FRESH=1 tells it from the start.")
    else:
        (folder / "demo-played").touch()


def _addresses(platform: Platform, folder: Path) -> str:
    url = platform.base_url
    apis = "\n                       ".join(f"{url}/{name}/docs" for name in platform.running)
    return ADDRESSES.format(url=url, apis=apis, token=folder / "token", log=folder / "baoke.log", folder=folder)


if __name__ == "__main__":
    logging.captureWarnings(capture=True)
    main()
