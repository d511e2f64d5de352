"""What tests hold every service to while they look at something else: its answers and its events are as documented."""
