"""Cars that a person may take in place of the one they asked for (相似车型)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lead_service.domain.interest import folded, model_key

SAME = 100
"""How similar a car is to itself."""


@dataclass(frozen=True, slots=True)
class Car:
    """A model, or one trim of it.

    Raises:
        ValueError: make or model is empty.
    """

    make: str
    model: str
    trim: str | None = None

    def __post_init__(self) -> None:
        if not folded(self.make) or not folded(self.model):
            raise ValueError("a substitute names make and model")

    @property
    def model_key(self) -> str:
        """The same for every spelling of the model."""
        return model_key(self.make, self.model)

    @property
    def trim_key(self) -> str | None:
        """The same for every spelling of the trim; None is any."""
        return (folded(self.trim) or None) if self.trim else None


@dataclass(frozen=True, slots=True)
class Substitute:
    """Two cars, each of which may stand in for the other.

    `similarity` is 1-99. The one that is offered costs, where that is known, at most `price_band_percent`
    more than the person meant to spend.

    Raises:
        ValueError: a number is outside its bounds, or the two are one.
    """

    car: Car
    other: Car
    similarity: int
    price_band_percent: int = 10

    def __post_init__(self) -> None:
        if not 1 <= self.similarity < SAME or not 0 <= self.price_band_percent <= 100:  # noqa: PLR2004 (per cent)
            raise ValueError("similarity lies between 1 and 99, price_band_percent between 0 and 100")
        if (self.car.model_key, self.car.trim_key) == (self.other.model_key, self.other.trim_key):
            raise ValueError("a car is no substitute for itself")


@dataclass(frozen=True, slots=True)
class AcceptableCar:
    """What a lead may have asked for that a signal's car answers.

    A lead that named no trim, or any where `trim_key` is None, is meant. `price_band_percent` is None where the
    price is no question, since it is the car that was asked for.
    """

    model_key: str
    trim_key: str | None
    similarity: int
    price_band_percent: int | None = None


def acceptable_for(
    make: str, model: str, trim: str | None, substitutes: Sequence[Substitute], *, other_trims: tuple[int, int]
) -> tuple[AcceptableCar, ...]:
    """What leads may have asked for that this car answers, the most similar first; the first that fits a lead counts.

    `other_trims` are similarity and price band of two trims of one model; a similarity of 0 is none.
    """
    own = Car(make, model, trim)
    found = [AcceptableCar(own.model_key, own.trim_key, SAME), *_stood_in_for(own, substitutes)]
    similarity, band = other_trims
    if own.trim_key and similarity:
        found.append(AcceptableCar(own.model_key, None, similarity, band))
    return tuple(sorted(found, key=lambda car: -car.similarity))


def _stood_in_for(own: Car, substitutes: Sequence[Substitute]) -> Iterator[AcceptableCar]:
    for pair in substitutes:
        for offered, asked in ((pair.car, pair.other), (pair.other, pair.car)):
            trims = {offered.trim_key, own.trim_key} - {None}
            if offered.model_key == own.model_key and len(trims) <= 1:
                yield AcceptableCar(asked.model_key, asked.trim_key, pair.similarity, pair.price_band_percent)
