"""How messages leave: providers per channel, and the local outbox where none is connected."""
