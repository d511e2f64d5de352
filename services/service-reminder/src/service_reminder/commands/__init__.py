"""What this service does: load, decide, save, publish."""
