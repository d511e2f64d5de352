"""Whether a message may go now: contact, the end of an offer, consent, unsubscription and quiet hours."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from notification_service.domain.local_time import local_date
from notification_service.domain.messages import Channel, Message, MessageClass, Reason
from notification_service.domain.parties import Contact, Permission
from notification_service.domain.policy import NotificationPolicy

LOOK_AGAIN_FOR_CONTACT = timedelta(seconds=1)
_FROM_NEAREST_TO_SENDABLE = (Reason.UNSUBSCRIBED, Reason.NO_CONSENT, Reason.NO_CONTACT)


@dataclass(frozen=True, slots=True)
class Send:
    """It may go, on the first of these channels that takes it."""

    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Not yet: look again at `until`."""

    until: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Suppress:
    """Never."""

    reason: Reason


Verdict = Send | Wait | Suppress


def judge(
    message: Message,
    contact: Contact | None,
    unsubscribed: AbstractSet[Permission],
    policy: NotificationPolicy,
    *,
    now: datetime,
) -> Verdict:
    """Everything but the cap, which depends on the person's other messages (see `budget`)."""
    if contact is None:
        return _without_contact(message, policy, now)
    if message.valid_until and message.valid_until < local_date(now, contact.zone):
        return Suppress(Reason.EXPIRED)
    objections = {c: objection(message.message_class, c, contact, unsubscribed) for c in message.channels}
    channels = tuple(c for c, reason in objections.items() if reason is None)
    if not channels:
        return Suppress(next((r for r in _FROM_NEAREST_TO_SENDABLE if r in objections.values()), Reason.NO_CONTACT))
    until = _quiet_until(message, contact, policy, now)
    return Wait(until, Reason.QUIET_HOURS) if until else Send(channels)


def objection(
    message_class: MessageClass, channel: Channel, contact: Contact, unsubscribed: AbstractSet[Permission]
) -> Reason | None:
    """Why this contact may not be sent this class of message on this channel; none where they may.

    A transactional message needs an address only. The others need a consent that was granted
    for the purpose on that channel; not having been asked is not a consent (PIPL art. 13, 14).
    """
    if contact.address(channel) is None:
        return Reason.NO_CONTACT
    if message_class.purpose is None:
        return None
    permission = Permission(message_class.purpose, channel)
    if permission in unsubscribed:
        return Reason.UNSUBSCRIBED
    return None if permission in contact.granted else Reason.NO_CONSENT


def _without_contact(message: Message, policy: NotificationPolicy, now: datetime) -> Verdict:
    """Contacts travel on a topic of their own and may come after the event that wants them."""
    if now < message.due_at + timedelta(seconds=policy.contact_wait_s):
        return Wait(now + LOOK_AGAIN_FOR_CONTACT, Reason.NO_CONTACT)
    return Suppress(Reason.NO_CONTACT)


def _quiet_until(message: Message, contact: Contact, policy: NotificationPolicy, now: datetime) -> datetime | None:
    if policy.quiet_hours is None or not message.message_class.is_limited:
        return None
    return policy.quiet_hours.quiet_until(now, contact.zone)
