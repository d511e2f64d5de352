"""What the numbers in a dealer's rules may be: enough for any dealer, and every date can be computed.

One dealer's rules must never fail, because jobs look at the customers of all dealers together.
"""

MAX_DAYS = 3_650
MAX_HOURS = 8_760
MAX_MONTHS = 360
MAX_PERCENT = 1_000
MAX_KM = 10_000_000
MAX_KM_PER_DAY = 10_000
MAX_CENTS = 10**12
MAX_COUNT = 1_000


def require_within(rules: object, **most: int) -> None:
    """Go on only if each number of the rules that is named here is between 1 and what is said of it.

    Raises:
        ValueError: one is not.
    """
    for name, at_most in most.items():
        value = getattr(rules, name)
        if not 1 <= value <= at_most:
            raise ValueError(f"{name} is {value}, it has to be between 1 and {at_most}")
