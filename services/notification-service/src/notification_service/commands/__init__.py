"""What can be done here: load, decide, save, publish. One file per use case."""
