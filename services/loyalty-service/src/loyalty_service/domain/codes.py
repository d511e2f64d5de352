"""Codes that people read to each other: Crockford's Base32 (https://www.crockford.com/base32.html).

No I, L, O or U, so that nothing is misread; typed in any case, with hyphens or spaces.
"""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS_PER_SYMBOL = 5

REFERRAL_CODE_BITS = 50
"""10 symbols: 10^15 codes, which a rate-limited guesser does not meet."""

VOUCHER_CODE_BITS = 80
"""16 symbols: worth money, so as long as a key."""

_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def spell(number: int, bits: int) -> str:
    """`number` (of `bits` random bits, a multiple of 5) in symbols."""
    return "".join(ALPHABET[number >> shift & 31] for shift in range(bits - BITS_PER_SYMBOL, -1, -BITS_PER_SYMBOL))


def as_typed(text: str) -> str:
    """What somebody typed, in the spelling that codes are kept in."""
    return text.strip().upper().translate(_READ_AS)
