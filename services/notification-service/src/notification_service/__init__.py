"""notification-service: what may be said to whom, when and where; and the record of it."""
