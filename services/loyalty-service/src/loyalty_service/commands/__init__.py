"""One file per use case: load, decide, save, publish.

A use case that is a step of others returns the events it caused instead of publishing them, so
that each transaction publishes once. Locks are taken in one order everywhere (purchase, party,
referral, member, and the events' keys last of all), so that transactions queue instead of
deadlocking.
"""
