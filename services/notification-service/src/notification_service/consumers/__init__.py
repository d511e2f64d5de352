"""What other services say, in this service's words. One file per topic."""
