"""The use cases: load, decide, save, publish. None commits, reads the clock, or knows who called."""
