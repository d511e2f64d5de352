"""Refusals: what a lead-service rule says no to. The class names the rule, the message the case."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID


class LeadNotFound(Exception):
    """There is no such lead."""

    def __init__(self, lead_id: UUID) -> None:
        super().__init__(f"No lead {lead_id} is known here.")


class LeadClosed(Exception):
    """The lead is won or defeated and no longer worked."""

    def __init__(self, lead_id: UUID, stage: str) -> None:
        super().__init__(f"Lead {lead_id} is {stage}. A new inquiry of this person opens a new lead.")


class StageNotReachable(Exception):
    """The lead cannot move to that stage from where it is."""

    def __init__(self, at: str, to: str, because: str) -> None:
        super().__init__(f"A lead at {at} does not move to {to}: {because}.")


class NextContactInThePast(Exception):
    """The next contact must lie ahead."""

    def __init__(self, next_contact_at: datetime) -> None:
        super().__init__(f"{next_contact_at.isoformat()} has passed already.")


class NextContactTooFar(Exception):
    """The next contact is put off too far."""

    def __init__(self, next_contact_at: datetime, furthest: datetime, grade: str) -> None:
        super().__init__(
            f"A lead of grade {grade} waits until {furthest.isoformat()} at most, not {next_contact_at.isoformat()}."
        )


class ContactOverdue(Exception):
    """The contact is overdue and can only be made."""

    def __init__(self, lead_id: UUID, due_at: datetime) -> None:
        super().__init__(f"Lead {lead_id} was owed a contact by {due_at.isoformat()}: making it sets the next date.")


class ScriptNotFound(Exception):
    """There is no such script."""

    def __init__(self, script_id: UUID) -> None:
        super().__init__(f"No script {script_id} is in the library.")


class LibraryFull(Exception):
    """The script library is full."""

    def __init__(self, most: int) -> None:
        super().__init__(f"A library holds {most} scripts; retire one, or write over one that there is.")


class AdvisorNotFound(Exception):
    """There is no such advisor."""

    def __init__(self, advisor_id: UUID) -> None:
        super().__init__(f"No advisor {advisor_id} is on a roster here.")


class AdvisorKnown(Exception):
    """The advisor is on a roster already."""

    def __init__(self, advisor_id: UUID) -> None:
        super().__init__(f"Advisor {advisor_id} is on a roster already, with other words; change those.")


class NotOnTheRoster(Exception):
    """Leads are given to active advisors of the roster only."""

    def __init__(self, advisor_ids: Iterable[UUID]) -> None:
        named = ", ".join(str(advisor_id) for advisor_id in advisor_ids)
        super().__init__(f"{named or 'The caller'}: not an active advisor of the roster.")


class AdvisorAtCapacity(Exception):
    """The advisor can take no more leads."""

    def __init__(self, open_leads: int, capacity: int) -> None:
        super().__init__(f"{open_leads} leads are open, of {capacity} that the advisor can take.")


class AdvisorHoldsLeads(Exception):
    """Who leaves the roster has no open leads any more."""

    def __init__(self, open_leads: int) -> None:
        super().__init__(f"{open_leads} open leads are the advisor's; reassign them first.")


class LeadTaken(Exception):
    """The lead is another advisor's."""

    def __init__(self, lead_id: UUID) -> None:
        super().__init__(f"Lead {lead_id} does not lie in the pool any more: somebody else was faster.")


class TakenBack(Exception):
    """What was taken from an advisor is not claimed back at once."""

    def __init__(self, lead_id: UUID, until: datetime) -> None:
        super().__init__(f"Lead {lead_id} was neglected by you; you may claim it from {until.isoformat()}.")


class ReassignmentNotFound(Exception):
    """There is no such reassignment."""

    def __init__(self, reassignment_id: UUID) -> None:
        super().__init__(f"No reassignment {reassignment_id} is known here.")


class DemoCarNotFound(Exception):
    """There is no such demo car."""

    def __init__(self, demo_car_id: UUID) -> None:
        super().__init__(f"No demo car {demo_car_id} is known here.")


class DemoCarNotAvailable(Exception):
    """The demo car cannot be had for this."""

    def __init__(self, plate: str, because: str) -> None:
        super().__init__(f"{plate} {because}.")


class DemoCarBooked(Exception):
    """A demo car with open bookings stays."""

    def __init__(self, bookings: int) -> None:
        super().__init__(f"{bookings} test drives are booked with it; move or cancel them first.")


class PlateTaken(Exception):
    """Another demo car has this plate."""

    def __init__(self, plate: str) -> None:
        super().__init__(f"{plate} is the plate of another demo car.")


class TestDriveNotFound(Exception):
    """There is no such test drive."""

    __test__ = False

    def __init__(self, test_drive_id: UUID) -> None:
        super().__init__(f"No test drive {test_drive_id} is known here.")


class TestDriveOver(Exception):
    """The test drive is past that."""

    __test__ = False

    def __init__(self, test_drive_id: UUID, state: str) -> None:
        super().__init__(f"Test drive {test_drive_id} is {state}.")


class SlotNotOffered(Exception):
    """Demo cars cannot be had then."""

    def __init__(self, starts_at: datetime, because: str) -> None:
        super().__init__(f"{starts_at.isoformat()}: {because}.")


class SlotTaken(Exception):
    """Somebody else has the demo car then."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(f"The car is taken in the half hour from {starts_at.isoformat()}.")


class NotAcceptable(Exception):
    """The answer comes in other media types only."""

    def __init__(self, media_types: Iterable[str]) -> None:
        super().__init__(f"Accept {' or '.join(media_types)}.")


class LicenceNotValid(Exception):
    """The driving licence does not admit to the test drive."""

    def __init__(self, because: str) -> None:
        super().__init__(f"{because[0].upper()}{because[1:]}.")


class SignalExpired(Exception):
    """The signal is no longer valid."""

    def __init__(self, valid_until: date) -> None:
        super().__init__(f"It was valid until {valid_until.isoformat()}; nobody can be told of it any more.")


class SignatureRefused(Exception):
    """The webhook is not signed by a source that is known here, or not lately."""

    headers = {"WWW-Authenticate": "Webhook-Signature"}  # noqa: RUF012 (read only)


class IntakeSourceOff(Exception):
    """The source is switched off."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} takes no leads at present.")


class IntakeSourceNotFound(Exception):
    """There is no such webhook source."""

    def __init__(self, source_id: UUID) -> None:
        super().__init__(f"No webhook source {source_id} is known here.")


class SigningFixed(Exception):
    """A source keeps its way of signing, which its secrets are made for."""

    def __init__(self, signing: str) -> None:
        super().__init__(f"This source signs by {signing}; set up another one for another way.")


class PayloadUnreadable(Exception):
    """The payload has no leads that could be read."""

    def __init__(self, pointer: str, why: str) -> None:
        self.pointer, self.why = pointer, why
        super().__init__(f"{pointer}: {why}" if pointer else why)


class NotWon(Exception):
    """The lead has no sale to undo."""

    def __init__(self, lead_id: UUID, stage: str) -> None:
        super().__init__(f"Lead {lead_id} is {stage}; only a sale can be undone.")


class CancellationTooLate(Exception):
    """A sale can be undone for some hours only."""

    def __init__(self, lead_id: UUID, hours: int) -> None:
        super().__init__(f"The sale of lead {lead_id} could be undone for {hours} hours after it was recorded.")


class PersonHasOpenLead(Exception):
    """The person has another lead that is open."""

    def __init__(self, lead_id: UUID) -> None:
        super().__init__(f"This person has come back with lead {lead_id}, which is open; work that one.")


class ReferralKnown(Exception):
    """The lead came with another member's code."""

    def __init__(self, lead_id: UUID) -> None:
        super().__init__(f"Lead {lead_id} came with another code, whose terms are fixed since.")


class SignalNotFound(Exception):
    """There is no such market signal."""

    def __init__(self, signal_id: UUID) -> None:
        super().__init__(f"No market signal {signal_id} is known here.")


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


class LeadNotDefeated(Exception):
    """Only a lost lead is worked again."""

    def __init__(self, lead_id: UUID, stage: str) -> None:
        super().__init__(f"Lead {lead_id} is {stage}, not defeated.")


class DefeatPending(Exception):
    """A manager has yet to decide on the lead's defeat."""

    def __init__(self, lead_id: UUID) -> None:
        super().__init__(f"The defeat of lead {lead_id} waits for a manager's word.")


class NoDefeatPending(Exception):
    """Nobody asked to give the lead up, or it was decided already."""

    def __init__(self, lead_id: UUID) -> None:
        super().__init__(f"No defeat of lead {lead_id} waits for a manager's word.")


class DefeatNotFounded(Exception):
    """The dealer's rules ask for more before a lead is given up for this reason."""

    def __init__(self, reason: str, because: str) -> None:
        super().__init__(f"A lead is not given up as {reason}: {because}.")


class StoreNotNamed(Exception):
    """Nothing says which store the lead is for."""

    def __init__(self, vendor: str | None) -> None:
        named = f"The vendor {vendor!r} is none of the policy's stores" if vendor else "No vendor is named"
        super().__init__(f"{named}, the policy has no default store, and the request has no store_id.")


class Unreachable(Exception):
    """Nobody can be reached with this."""

    def __init__(self) -> None:
        super().__init__("A contact needs a phone number, an e-mail address or a WeCom id.")


class ImportNotFound(Exception):
    """There is no such import."""

    def __init__(self, import_id: UUID) -> None:
        super().__init__(f"No import {import_id} is known here.")


class ImportFinished(Exception):
    """The import has nothing left to cancel."""

    def __init__(self, import_id: UUID, state: str) -> None:
        super().__init__(f"Import {import_id} is {state}. The leads that it brought stay.")
