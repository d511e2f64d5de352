"""Members get a code to give to others."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.db import members as db_members
from loyalty_service.db import referral_codes as db_codes
from loyalty_service.domain.codes import REFERRAL_CODE_BITS, spell
from loyalty_service.domain.errors import MemberNotFound


async def issue_referral_code(session: AsyncSession, dealer_id: UUID, customer_id: UUID, *, now: datetime) -> str:
    """The member has a code, the same whenever asked.

    Raises:
        MemberNotFound: the customer is not a member.
    """
    key = (dealer_id, customer_id)
    if await db_members.find(session, key) is None:
        raise MemberNotFound(customer_id)
    return await db_codes.claim(session, key, spell(secrets.randbits(REFERRAL_CODE_BITS), REFERRAL_CODE_BITS), now=now)
