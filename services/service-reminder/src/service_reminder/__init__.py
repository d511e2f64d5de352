"""Maintenance plans, reminders, workshop visits and bookings."""
