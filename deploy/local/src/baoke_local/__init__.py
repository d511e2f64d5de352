"""The platform on one machine: an embedded PostgreSQL and a real Kafka without Docker."""
