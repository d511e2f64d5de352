"""A lead as a row, and a row as a lead."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from asyncpg import Record

from lead_service.domain.consent import Consent, MessageChannel, Purpose
from lead_service.domain.contact import Contact, Phone
from lead_service.domain.escalation import Escalation
from lead_service.domain.grade import Grade
from lead_service.domain.interest import DecisionStyle, Interest
from lead_service.domain.lead import Lead
from lead_service.domain.source import Channel, Source
from lead_service.domain.stage import Stage

Row = Mapping[Any, Any] | Record
"""Columns by name, as SQLAlchemy gives them or as the driver does."""


def row_of(lead: Lead) -> dict[str, Any]:
    """The lead's row, by column. Words instead of values of ours, which are dear to make JSON of."""
    return {
        "dealer_id": lead.dealer_id,
        "id": lead.id,
        "store_id": lead.store_id,
        "advisor_id": lead.advisor_id,
        "channel": lead.source.channel.value,
        "source_system": lead.source.system,
        "source_id": lead.source.source_id,
        "campaign": lead.source.campaign,
        **_contact_row(lead.contact),
        "consents": [_consent_row(consent) for consent in lead.consents],
        "make": lead.interest.make,
        "model": lead.interest.model,
        "trim": lead.interest.trim,
        "budget_cents": lead.interest.budget_cents,
        "decision_style": lead.decision_style.value if lead.decision_style else None,
        "referral_code": lead.referral_code,
        "note": lead.note,
        "grade": lead.grade.value,
        "stage": lead.stage.value,
        "touches": lead.touches,
        "next_contact_at": lead.next_contact_at,
        "follow_up_missed": lead.follow_up_missed,
        "missed_follow_ups": lead.missed_follow_ups,
        "neglected_at": lead.neglected_at,
        "follow_up_level": lead.follow_up_escalation.level,
        "follow_up_escalates_at": lead.follow_up_escalation.next_at,
        "respond_by": lead.respond_by,
        "responded_at": lead.responded_at,
        "response_minutes": lead.response_minutes,
        "response_level": lead.response_escalation.level,
        "response_escalates_at": lead.response_escalation.next_at,
        "answerable_id": lead.answerable_id,
        "ranked_at": lead.ranked_at,
        "captured_at": lead.captured_at,
        "closed_at": lead.closed_at,
        **_last_touch_row(lead.last_source),
        "last_touched_at": lead.last_touched_at,
    }


def lead_of(row: Row) -> Lead:
    """The lead of a row."""
    return Lead(
        dealer_id=row["dealer_id"],
        id=row["id"],
        store_id=row["store_id"],
        source=Source(Channel(row["channel"]), row["source_system"], row["source_id"], row["campaign"]),
        contact=_contact_of(row),
        consents=_consents_of(row["consents"]),
        interest=interest_of(row, budget_cents=row["budget_cents"]),
        grade=Grade(row["grade"]),
        stage=Stage(row["stage"]),
        touches=row["touches"],
        captured_at=row["captured_at"],
        next_contact_at=row["next_contact_at"],
        advisor_id=row["advisor_id"],
        decision_style=DecisionStyle(row["decision_style"]) if row["decision_style"] else None,
        referral_code=row["referral_code"],
        note=row["note"],
        follow_up_missed=row["follow_up_missed"],
        missed_follow_ups=row["missed_follow_ups"],
        neglected_at=row["neglected_at"],
        follow_up_escalation=Escalation(row["follow_up_level"], row["follow_up_escalates_at"]),
        respond_by=row["respond_by"],
        responded_at=row["responded_at"],
        response_minutes=row["response_minutes"],
        response_escalation=Escalation(row["response_level"], row["response_escalates_at"]),
        answerable_id=row["answerable_id"],
        ranked_at=row["ranked_at"],
        closed_at=row["closed_at"],
        last_source=_last_source_of(row),
        last_touched_at=row["last_touched_at"],
    )


def interest_of(row: Row, *, budget_cents: int | None = None) -> Interest:
    """The car that a row with make, model and trim names."""
    return Interest(row["make"], row["model"], row["trim"], budget_cents)


def _last_touch_row(source: Source | None) -> dict[str, Any]:
    return {
        "last_channel": source.channel.value if source else None,
        "last_system": source.system if source else None,
        "last_source_id": source.source_id if source else None,
        "last_campaign": source.campaign if source else None,
    }


def _last_source_of(row: Row) -> Source | None:
    if row["last_channel"] is None:
        return None
    return Source(Channel(row["last_channel"]), row["last_system"], row["last_source_id"], row["last_campaign"])


def _contact_row(contact: Contact) -> dict[str, Any]:
    phone = contact.phone
    return {
        "name": contact.name,
        "phone": phone.number if phone else None,
        "phone_extension": phone.extension if phone else None,
        "phone_is_relay": bool(phone and phone.is_relay),
        "email": contact.email,
        "wecom_id": contact.wecom_id,
        "locale": contact.locale,
        "time_zone": contact.time_zone,
    }


def _contact_of(row: Row) -> Contact:
    phone = Phone(row["phone"], row["phone_extension"], row["phone_is_relay"]) if row["phone"] else None
    return Contact(row["name"], phone, row["email"], row["wecom_id"], row["locale"], row["time_zone"])


def _consent_row(consent: Consent) -> dict[str, Any]:
    return {
        "purpose": consent.purpose.value,
        "channel": consent.channel.value,
        "granted": consent.granted,
        "wording_version": consent.wording_version,
        "at": consent.at,
    }


def _consents_of(values: Iterable[Mapping[str, Any]]) -> tuple[Consent, ...]:
    return tuple(
        Consent(
            purpose=Purpose(value["purpose"]),
            channel=MessageChannel(value["channel"]),
            granted=value["granted"],
            wording_version=value["wording_version"],
            at=datetime.fromisoformat(value["at"]),
        )
        for value in values
    )
