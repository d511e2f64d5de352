"""A person's name from its parts."""

from collections.abc import Mapping, Sequence

_ORDER = ("first", "middle", "last", "suffix")
_MEANT = {
    **dict.fromkeys(("", "full", "fullname", "name", "whole"), "full"),
    **dict.fromkeys(("first", "firstname", "given", "givenname", "fname", "forename"), "first"),
    **dict.fromkeys(("middle", "middlename", "mi", "initial"), "middle"),
    **dict.fromkeys(("last", "lastname", "surname", "family", "familyname", "lname"), "last"),
    **dict.fromkeys(("suffix", "generation"), "suffix"),
}


def part_of(said: str | None) -> str:
    """What a `part` means: full, first, middle, last or suffix, however it is spelt; else what it says."""
    bare = "".join(letter for letter in (said or "").lower() if letter.isalnum())
    return _MEANT.get(bare, bare)


def whole_name(parts: Mapping[str, Sequence[str]]) -> str | None:
    """The name as its bearer would write it; `parts` has what was given under full, first, middle, last, suffix.

    A full name is whole as it is. Chinese, Japanese and Korean names put the family name first and have no space.
    """
    if whole := parts.get("full"):
        return whole[0]
    words = [word for part in _ORDER for word in parts.get(part, ())]
    if words and all(_is_east_asian(word) for word in words):
        return "".join([*parts.get("last", ()), *parts.get("first", ()), *parts.get("middle", ())])
    return " ".join(words) or None


def _is_east_asian(word: str) -> bool:
    return all("\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af" for letter in word)
