"""How leads are shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from baoke_chassis.bodies import Reply

from lead_service.api.phones import masked
from lead_service.api.schemas.endings import DefeatOut, SaleOut, UndoneSaleOut
from lead_service.db.lead_reads import LeadHistory
from lead_service.domain.capture import Touch
from lead_service.domain.consent import MessageChannel, Purpose
from lead_service.domain.contact import Contact
from lead_service.domain.follow_up import ContactChannel, ContactOutcome
from lead_service.domain.grade import Grade
from lead_service.domain.interest import DecisionStyle
from lead_service.domain.lead import Lead
from lead_service.domain.script import Content
from lead_service.domain.source import Channel, Source
from lead_service.domain.stage import Stage, StageChange


class SourceOut(Reply):
    """Where a lead, or a touch of it, came from. `system` says whose id `source_id` is."""

    channel: Channel
    system: str
    source_id: str | None
    campaign: str | None


class AttributionOut(SourceOut):
    """A touch that a lead's success is counted for."""

    touched_at: datetime

    @classmethod
    def at(cls, source: Source, touched_at: datetime) -> Self:
        """What brought the lead at that moment."""
        return cls(
            channel=source.channel,
            system=source.system,
            source_id=source.source_id,
            campaign=source.campaign,
            touched_at=touched_at,
        )


class ContactOut(Reply):
    """How to reach the person. The number is masked for those who may not see it."""

    name: str
    phone: str | None
    phone_extension: str | None
    phone_is_relay: bool
    email: str | None
    wecom_id: str | None
    locale: str
    time_zone: str

    @classmethod
    def of(cls, contact: Contact, *, sees_phones: bool) -> Self:
        """The contact as this reader may see it."""
        phone = contact.phone
        number = phone.number if phone else None
        return cls(
            name=contact.name,
            phone=number if sees_phones or number is None else masked(number),
            phone_extension=phone.extension if phone and sees_phones else None,
            phone_is_relay=bool(phone and phone.is_relay),
            email=contact.email,
            wecom_id=contact.wecom_id,
            locale=contact.locale,
            time_zone=contact.time_zone,
        )


class ConsentOut(Reply):
    """What the person agreed to, or refused."""

    purpose: Purpose
    channel: MessageChannel
    granted: bool
    wording_version: str | None
    at: datetime


class InterestOut(Reply):
    """The car that is asked for. Make and model are empty where the sender did not say."""

    make: str
    model: str
    trim: str | None
    budget_cents: int | None


class LeadOut(Reply):
    """A lead as it stands."""

    lead_id: UUID
    store_id: UUID
    advisor_id: UUID | None
    source: SourceOut
    first_touch: AttributionOut
    """What brought the person first; it stays."""
    last_touch: AttributionOut
    """What brought the person last."""
    contact: ContactOut
    consents: list[ConsentOut]
    interest: InterestOut
    grade: Grade
    decision_style: DecisionStyle | None
    referral_code: str | None
    note: str | None
    stage: Stage
    touches: int
    captured_at: datetime
    next_contact_at: datetime | None
    """When the dealer owes the next contact; null once the lead is closed."""
    follow_up_missed: bool
    """Whether that has passed and was reported."""
    closed_at: datetime | None

    @classmethod
    def of(cls, lead: Lead, *, sees_phones: bool) -> Self:
        """The lead as this reader may see it."""
        return cls(
            lead_id=lead.id,
            store_id=lead.store_id,
            advisor_id=lead.advisor_id,
            source=SourceOut.model_validate(lead.source),
            first_touch=AttributionOut.at(lead.source, lead.captured_at),
            last_touch=AttributionOut.at(*lead.last_touch),
            contact=ContactOut.of(lead.contact, sees_phones=sees_phones),
            consents=[ConsentOut.model_validate(consent) for consent in lead.consents],
            interest=InterestOut.model_validate(lead.interest),
            grade=lead.grade,
            decision_style=lead.decision_style,
            referral_code=lead.referral_code,
            note=lead.note,
            stage=lead.stage,
            touches=lead.touches,
            captured_at=lead.captured_at,
            next_contact_at=lead.next_contact_at,
            follow_up_missed=lead.follow_up_missed,
            closed_at=lead.closed_at,
        )


class TouchOut(Reply):
    """One time that the person was heard from, through any channel."""

    touch_id: UUID
    source: SourceOut
    name: str
    interest: InterestOut
    referral_code: str | None
    note: str | None
    requested_at: datetime | None
    """When the person asked, by the sender's clock."""
    touched_at: datetime

    @classmethod
    def all_of(cls, touches: Sequence[Touch]) -> list[Self]:
        """The same, for the wire."""
        return [
            cls(
                touch_id=touch.id,
                source=SourceOut.model_validate(touch.source),
                name=touch.name,
                interest=InterestOut.model_validate(touch.interest),
                referral_code=touch.referral_code,
                note=touch.note,
                requested_at=touch.requested_at,
                touched_at=touch.touched_at,
            )
            for touch in touches
        ]


class FollowUpOut(Reply):
    """One contact that the dealer made, or tried to."""

    channel: ContactChannel
    outcome: ContactOutcome
    note: str | None
    advisor_id: UUID | None
    made_at: datetime
    due_at: datetime
    on_time: bool
    next_contact_at: datetime
    script_id: UUID | None
    content: Content | None
    """What was said, where a script of the library was used."""


class StageChangeOut(Reply):
    """One step along the way, by whom, and how long the lead stood at the stage that it left."""

    from_stage: Stage
    to_stage: Stage
    changed_by: str
    changed_at: datetime
    stayed_s: int
    """0 where it is not known."""
    is_stay_known: bool
    """Whether the step by which the lead came to that stage is known."""

    @classmethod
    def all_of(cls, changes: Sequence[StageChange]) -> list[Self]:
        """The same, for the wire."""
        return [
            cls(
                from_stage=change.from_stage,
                to_stage=change.to_stage,
                changed_by=change.changed_by,
                changed_at=change.changed_at,
                stayed_s=max(int(change.stayed.total_seconds()), 0) if change.stayed else 0,
                is_stay_known=change.stayed is not None,
            )
            for change in changes
        ]


class LeadDetailOut(LeadOut):
    """A lead with its history, newest first, up to 50 entries of a kind."""

    touch_history: list[TouchOut]
    follow_ups: list[FollowUpOut]
    stages: list[StageChangeOut]
    defeat: DefeatOut | None
    sale: SaleOut | None
    undone_sales: list[UndoneSaleOut]
    """Sales that were cancelled, newest first."""

    @classmethod
    def with_history(cls, lead: Lead, history: LeadHistory, *, sees_phones: bool) -> Self:
        """The lead and what happened to it, as this reader may see it."""
        return cls(
            **dict(LeadOut.of(lead, sees_phones=sees_phones)),
            touch_history=TouchOut.all_of(history.touches),
            follow_ups=[FollowUpOut.model_validate(follow_up) for follow_up in history.follow_ups],
            stages=StageChangeOut.all_of(history.stages),
            defeat=DefeatOut.model_validate(history.defeat) if history.defeat else None,
            sale=SaleOut.model_validate(history.sale.sale) if history.sale else None,
            undone_sales=UndoneSaleOut.all_of(history.undone_sales),
        )
