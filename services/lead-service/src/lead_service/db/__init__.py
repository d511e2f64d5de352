"""SQL, and rows to domain values and back. No rules."""
