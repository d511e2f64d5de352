"""Names that no other writer of a run uses: phones, chassis numbers, and words for everything else."""

from itertools import count

WRITERS = 10_000


class Names:
    """The names of one of `WRITERS` writers, at most 100,000 of each kind."""

    def __init__(self, writer: int) -> None:
        self._writer = writer % WRITERS
        self._numbers = count()

    def phone(self) -> str:
        """A mobile number of China, without its country."""
        return f"13{self._writer:04d}{next(self._numbers):05d}"

    def vin(self) -> str:
        """A chassis number of a German maker, which has no check digit."""
        return f"WBA{self._writer:06d}{next(self._numbers):08d}"

    def fresh(self) -> str:
        """A word that is said once."""
        return f"w{self._writer}-{next(self._numbers)}"
