"""Bringing a restored database and Kafka together again (docs/adr/0007)."""
