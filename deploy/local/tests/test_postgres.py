import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from baoke_local.errors import FolderInUse, StaleDataFolder
from baoke_local.postgres import EmbeddedPostgres
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

RUN_AND_WAIT = """
import sys
from pathlib import Path
from baoke_local.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as server:
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def ask():
    async def ask(server: EmbeddedPostgres, sql: str, database: str = "postgres") -> object:
        engine = create_async_engine(server.url(database), poolclass=NullPool)
        async with engine.begin() as connection:
            result = await connection.execute(text(sql))
            answer = result.scalar() if result.returns_rows else None
        await engine.dispose()
        return answer

    return ask


@pytest.fixture
def servers_on():
    def servers_on(folder: Path) -> list[psutil.Process]:
        running = psutil.process_iter(["cmdline", "ppid"])
        found = [process for process in running if str(folder / "data") in (process.info["cmdline"] or ())]
        pids = {process.pid for process in found}
        return [process for process in found if process.info["ppid"] not in pids]  # a child is named a moment later

    return servers_on


@pytest.fixture
def another_run(folder: Path):
    command = [sys.executable, "-c", RUN_AND_WAIT, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:  # noqa: S603
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
        yield run


async def test_a_new_server_has_room_for_300_connections_and_flushes_what_it_commits(folder, ask):
    with EmbeddedPostgres(folder) as server:
        assert await ask(server, "SHOW max_connections") == "300"
        assert await ask(server, "SHOW fsync") == "on"
        assert await ask(server, "SHOW server_version") == "18.4"
        assert await ask(server, "SHOW timezone") == "UTC"


async def test_a_server_for_tests_does_not_wait_for_the_disk(ask):
    with EmbeddedPostgres.temporary() as server:
        assert await ask(server, "SHOW fsync") == "off"
        assert await ask(server, "SHOW synchronous_commit") == "off"
        folder = server.folder

    assert not folder.exists()


async def test_databases_are_created_once_under_any_name(folder, ask):
    with EmbeddedPostgres(folder, durable=False) as server:
        for name in ("lead_service", "lead_service", 'it\'s "odd" 潜客?'):
            server.create_database(name)

            assert await ask(server, "SELECT current_database()", database=name) == name


async def test_committed_rows_survive_a_crash_and_a_stop_at_the_same_address(folder, ask):
    with EmbeddedPostgres(folder) as server:
        address = server.url("postgres")
        await ask(server, "CREATE TABLE fact AS SELECT 1 AS n")
        server.kill()
        server.start()
        await ask(server, "INSERT INTO fact VALUES (2)")
        server.stop()
        server.start()

        assert await ask(server, "SELECT sum(n) FROM fact") == 3
        assert server.url("postgres") == address


async def test_a_later_run_finds_the_data(folder, ask):
    with EmbeddedPostgres(folder) as server:
        await ask(server, "CREATE TABLE fact AS SELECT 1 AS n")

    with EmbeddedPostgres(folder) as server:
        assert await ask(server, "SELECT n FROM fact") == 1


def test_starting_stopping_and_killing_can_be_repeated(folder, servers_on):
    server = EmbeddedPostgres(folder, durable=False)
    server.stop()
    server.start()
    server.start()
    assert len(servers_on(folder)) == 1

    server.kill()
    server.kill()
    server.stop()
    assert servers_on(folder) == []


async def test_a_path_too_long_for_a_socket_does_not_matter(folder, ask):
    deep = folder / ("深" * 40)
    with EmbeddedPostgres(deep, durable=False) as server:
        assert await ask(server, "SELECT 1") == 1


@pytest.mark.parametrize("file", ["PG_VERSION", "global/pg_control"])
def test_a_half_written_folder_is_refused_with_a_sentence(folder, file):
    with EmbeddedPostgres(folder, durable=False):
        pass
    (folder / "data" / file).unlink()

    with pytest.raises(StaleDataFolder, match="holds no complete PostgreSQL database"):
        EmbeddedPostgres(folder).start()


def test_a_folder_of_another_version_is_refused_with_a_sentence(folder):
    with EmbeddedPostgres(folder, durable=False):
        pass
    (folder / "data" / "PG_VERSION").write_text("15\n")

    with pytest.raises(StaleDataFolder, match="was written by PostgreSQL 15, and this is PostgreSQL 18"):
        EmbeddedPostgres(folder).start()


def test_an_interrupted_first_start_is_simply_done_again(folder):
    unfinished = folder / "data.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")

    with EmbeddedPostgres(folder, durable=False):
        assert not unfinished.exists()


def test_the_lock_of_a_dead_process_is_ignored(folder, servers_on):
    with EmbeddedPostgres(folder, durable=False):
        pass
    (folder / "data" / "postmaster.pid").write_text(
        f"{psutil.Process().pid}\n{folder / 'data'}\n0\n5432\n\n\n\nready\n"
    )

    with EmbeddedPostgres(folder, durable=False):
        assert len(servers_on(folder)) == 1


@pytest.mark.usefixtures("another_run")
def test_a_second_run_on_the_same_folder_is_refused_with_a_sentence(folder):
    with pytest.raises(FolderInUse, match="is in use by another run of Baoke"):
        EmbeddedPostgres(folder).start()


def test_no_server_outlives_a_run_that_is_killed(folder, another_run, servers_on):
    assert len(servers_on(folder)) == 1

    another_run.kill()
    another_run.wait()

    deadline = time.monotonic() + 60
    while servers_on(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert servers_on(folder) == []


async def test_a_run_after_a_killed_one_takes_over_at_once(folder, another_run, ask):
    another_run.kill()
    another_run.wait()

    with EmbeddedPostgres(folder, durable=False) as server:
        assert await ask(server, "SELECT 1") == 1


async def test_a_server_that_lost_its_leash_is_ended_by_the_next_run(folder, another_run, servers_on, ask):
    (abandoned,) = servers_on(folder)
    abandoned.parent().kill()
    another_run.kill()
    another_run.wait()

    with EmbeddedPostgres(folder, durable=False) as server:
        assert await ask(server, "SELECT 1") == 1
        assert abandoned not in servers_on(folder)
