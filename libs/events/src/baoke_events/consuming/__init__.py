"""Consuming events: subscriptions, batches in one transaction, repeats dropped, poison parked."""

from baoke_events.consuming.consumer import Consumer
from baoke_events.consuming.subscriptions import Subscriptions
from baoke_events.origin import Origin, origin_of

__all__ = ["Consumer", "Origin", "Subscriptions", "origin_of"]
