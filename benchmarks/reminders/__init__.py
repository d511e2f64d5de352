"""What the rows about maintenance reminders stand on."""
