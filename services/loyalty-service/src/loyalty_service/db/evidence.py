"""What is known of referrals' two sides, read in one statement."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.domain.referrals import Evidence, Referral

_EVIDENCE = text("""
SELECT r.id,
       p.won_event_id IS NOT NULL AND p.sale > p.cancelled_sale AS sold,
       coalesce(p.cancelled_sale > 0 AND (p.won_event_id IS NULL OR p.sale <= p.cancelled_sale), false)
           AS sale_cancelled,
       p.won_event_id,
       coalesce(p.vehicle_registered AND p.registered_sale >= p.sale, false) AS vehicle_registered,
       coalesce(lead.contact_known, false) AS lead_contact_known,
       coalesce(referrer.contact_known, false) AS referrer_contact_known,
       coalesce(cardinality(referrer.phone_hashes) > 0, false) AS referrer_phone_known,
       coalesce(cardinality(referee.phone_hashes) > 0, false) AS referee_phone_known,
       coalesce(referrer.phone_hashes && lead.phone_hashes, false)
           OR coalesce(r.referrer_id <> p.customer_id AND referrer.phone_hashes && referee.phone_hashes, false)
           AS phones_meet,
       EXISTS (
           SELECT FROM vehicle_owner o
           WHERE o.dealer_id = r.dealer_id AND o.vin = p.vin AND o.customer_id = r.referrer_id
       ) AS referrer_owns_vehicle,
       r.referrer_id,
       p.customer_id AS referee_id
FROM unnest(:dealer_ids, :referral_ids) AS given (dealer_id, referral_id)
JOIN referral r ON r.dealer_id = given.dealer_id AND r.id = given.referral_id
LEFT JOIN purchase p ON p.dealer_id = r.dealer_id AND p.lead_id = r.lead_id
LEFT JOIN party lead ON lead.dealer_id = r.dealer_id AND lead.party_id = r.lead_id
LEFT JOIN party referrer ON referrer.dealer_id = r.dealer_id AND referrer.party_id = r.referrer_id
LEFT JOIN party referee ON referee.dealer_id = r.dealer_id AND referee.party_id = p.customer_id
WHERE r.referrer_id IS NOT NULL
""").bindparams(bindparam("dealer_ids", type_=ARRAY(Uuid)), bindparam("referral_ids", type_=ARRAY(Uuid)))


async def of(session: AsyncSession, referrals: Iterable[Referral]) -> dict[UUID, Evidence]:
    """The evidence on each referral that has a referrer, by referral id.

    To decide on it the referrals must be locked by an earlier statement: then what a transaction
    that was waited for has said is seen.
    """
    asked = list(referrals)
    if not asked:
        return {}
    rows = await session.execute(
        _EVIDENCE, {"dealer_ids": [r.dealer_id for r in asked], "referral_ids": [r.id for r in asked]}
    )
    found: dict[UUID, Evidence] = {}
    for row in rows.mappings():
        said = dict(row)
        referral_id = said.pop("id")
        found[referral_id] = Evidence(**said)
    return found
