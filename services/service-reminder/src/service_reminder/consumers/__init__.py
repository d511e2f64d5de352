"""What this service hears, one file per publisher."""
