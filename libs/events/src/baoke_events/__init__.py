"""The published language of Baoke and the machinery that carries it."""

from baoke_events.catalogue import *  # noqa: F403
