"""The HTTP interface: parses, calls one command or one read, and answers."""
