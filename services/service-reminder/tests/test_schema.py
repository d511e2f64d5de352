async def test_migrations_match_the_tables(check_migrations):
    await check_migrations()
