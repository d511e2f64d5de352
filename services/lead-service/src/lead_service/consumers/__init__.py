"""What other services say, one file per publisher."""
