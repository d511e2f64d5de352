"""SQL: rows and domain values, one file per noun."""
