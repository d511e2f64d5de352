"""How warm a lead is (意向级别)."""

from enum import StrEnum


class Grade(StrEnum):
    """H buys this week, A this month, B this quarter, C some day."""

    H = "h"
    A = "a"
    B = "b"
    C = "c"
