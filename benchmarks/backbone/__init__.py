"""What the rows about outbox, relay and consumers share: a service as small as one can be, its events, its effect."""
