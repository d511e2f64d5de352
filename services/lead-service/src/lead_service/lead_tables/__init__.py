"""Tables of leads: which columns they have, and what a row asks for."""
