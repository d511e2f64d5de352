"""Leads: intake, follow-up, defeat and re-activation, sale."""
