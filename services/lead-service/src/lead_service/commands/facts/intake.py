"""How a lead came, and who it is."""

from datetime import datetime
from uuid import UUID

from baoke_events import (
    Consent,
    ContactChanged,
    LeadCaptured,
    LeadTouched,
    ReferralMade,
)

from lead_service.domain.capture import Inquiry
from lead_service.domain.lead import Lead


def captured(lead: Lead, *, next_contact_at: datetime, at: datetime) -> LeadCaptured:
    """A lead arrived that was not known."""
    return LeadCaptured(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        channel=lead.source.channel,
        source_system=lead.source.system,
        source_id=lead.source.source_id,
        campaign=lead.source.campaign,
        make=lead.interest.make,
        model=lead.interest.model,
        trim=lead.interest.trim,
        budget_cents=lead.interest.budget_cents,
        grade=lead.grade,
        decision_style=lead.decision_style,
        advisor_id=lead.advisor_id,
        referral_code=lead.referral_code,
        next_contact_at=next_contact_at,
    )


def referral_named(before: Lead | None, after: Lead, *, at: datetime) -> list[ReferralMade]:
    """What is told of a member's code that was not known of the lead before; nothing where none was named."""
    if after.referral_code is None or (before is not None and before.referral_code is not None):
        return []
    made = ReferralMade(
        dealer_id=after.dealer_id,
        occurred_at=at,
        lead_id=after.id,
        store_id=after.store_id,
        referral_code=after.referral_code,
    )
    return [made]


def touched(lead: Lead, inquiry: Inquiry, *, touches: int, at: datetime) -> LeadTouched:
    """The lead was heard from again; it was the touch of that number."""
    return LeadTouched(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        channel=inquiry.source.channel,
        source_system=inquiry.source.system,
        source_id=inquiry.source.source_id,
        campaign=inquiry.source.campaign,
        make=inquiry.interest.make,
        model=inquiry.interest.model,
        first_channel=lead.source.channel,
        first_campaign=lead.source.campaign,
        touches=touches,
    )


def contact_changed(lead: Lead, *, at: datetime, causation_id: UUID | None = None) -> ContactChanged:
    """How the lead's person is reached, all of it."""
    contact, phone = lead.contact, lead.contact.phone
    return ContactChanged(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        causation_id=causation_id,
        party_id=lead.id,
        party_kind="lead",
        name=contact.name,
        phone=phone.number if phone else None,
        phone_is_relay=bool(phone and phone.is_relay),
        email=contact.email,
        wecom_id=contact.wecom_id,
        locale=contact.locale,
        time_zone=contact.time_zone,
        consents=tuple(Consent(purpose=c.purpose, channel=c.channel, granted=c.granted) for c in lead.consents),
    )
