from collections.abc import Awaitable, Callable


async def test_migrations_build_what_the_tables_declare(check_migrations: Callable[[], Awaitable[None]]):
    await check_migrations()
