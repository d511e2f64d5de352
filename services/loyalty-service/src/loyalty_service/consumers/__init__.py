"""The event door: one file per publisher we listen to."""
