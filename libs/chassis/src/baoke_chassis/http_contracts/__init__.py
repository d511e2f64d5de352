"""What callers were promised: a stored OpenAPI document per service, and what may change in it."""
