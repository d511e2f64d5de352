"""Heed what customers answer by SMS."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.commands.unsubscribe import unsubscribe
from notification_service.db import parties as db_parties
from notification_service.domain.messages import Channel, MessageClass
from notification_service.domain.opt_out import is_opt_out
from notification_service.domain.unsubscribe_links import Unsubscription


async def take_sms_reply(session: AsyncSession, dealer_id: UUID, *, phone: str, text: str, now: datetime) -> int:
    """Everybody with that phone is unsubscribed from marketing where the reply asks for it; returns how many parties.

    `phone` is E.164. Any other reply changes nothing.
    """
    if not is_opt_out(text):
        return 0
    keys = await db_parties.with_phone(session, dealer_id, phone)
    wishes = [
        Unsubscription(key.dealer_id, key.party_id, MessageClass.MARKETING.value, Channel.SMS.value) for key in keys
    ]
    if wishes:
        await unsubscribe(session, wishes, how="sms_reply", now=now)
    return len(wishes)
