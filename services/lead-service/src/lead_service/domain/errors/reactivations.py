"""Refusals about market signals and opportunities."""

from datetime import date
from uuid import UUID


class SignalExpired(Exception):
    """The signal is no longer valid."""

    def __init__(self, valid_until: date) -> None:
        super().__init__(f"It was valid until {valid_until.isoformat()}; nobody can be told of it any more.")


class SignalNotFound(Exception):
    """There is no such market signal."""

    def __init__(self, signal_id: UUID) -> None:
        super().__init__(f"No market signal {signal_id} is known here.")


class CareNotWithdrawn(Exception):
    """Greetings by the clock are stopped by the rules, not withdrawn."""

    def __init__(self, signal_id: UUID) -> None:
        super().__init__(
            f"Signal {signal_id} stands for a day's greetings; the policy (`reactivation.care`) stops them."
        )


class ReactivationNotFound(Exception):
    """There is no such re-activation."""

    def __init__(self, reactivation_id: UUID) -> None:
        super().__init__(f"No re-activation {reactivation_id} is known here.")


class ReactivationEnded(Exception):
    """It is known already what became of the re-activation."""

    def __init__(self, reactivation_id: UUID, outcome: str) -> None:
        super().__init__(f"Re-activation {reactivation_id} has ended: {outcome}.")


class NotApproached(Exception):
    """Nobody was approached, so nobody can have declined."""

    def __init__(self, reactivation_id: UUID) -> None:
        super().__init__(f"Lead of re-activation {reactivation_id} is held out: nothing was said to the person.")
