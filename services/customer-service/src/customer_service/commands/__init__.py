"""The use cases: load, decide, save, publish."""
