"""Rows of this service's database, and the SQL that reads and writes them."""
