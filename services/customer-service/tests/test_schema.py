"""The migrations and the tables agree."""


async def test_migrations_build_what_the_tables_declare(check_migrations):
    await check_migrations()
