"""Phone numbers as they are shown."""


def masked(number: str) -> str:
    """The number without the digits that make it one person's: `+86138****8000`."""
    return f"{number[:-8]}****{number[-4:]}"
