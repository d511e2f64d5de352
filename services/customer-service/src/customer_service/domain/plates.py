"""Chinese number plates (GA 36): seven characters, eight on vehicles of new energy."""

import re

from customer_service.domain.errors import InvalidPlate

SEPARATORS = re.compile(r"[\s·•.-]")
WELL_FORMED = re.compile(r"[A-Z0-9\u4e00-\u9fff]{7,8}")


def checked_plate(text: str) -> str:
    """Return the plate in `text` in upper case and without separators.

    Raises:
        InvalidPlate: it does not have seven or eight characters.
    """
    plate = SEPARATORS.sub("", text).upper()
    if not WELL_FORMED.fullmatch(plate):
        raise InvalidPlate("A plate has seven characters, or eight on a vehicle of new energy.")
    return plate
