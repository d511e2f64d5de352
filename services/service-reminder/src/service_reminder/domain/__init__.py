"""The rules of maintenance, reminders, visits and workshop slots. Standard library only."""
