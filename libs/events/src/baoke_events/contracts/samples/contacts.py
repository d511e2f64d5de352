"""`baoke.contacts`: how to reach the lead. The person and the number are invented."""

from baoke_events.catalogue import Consent, ContactChanged
from baoke_events.contracts.samples.cast import LEAD, told

SAMPLES = (
    ContactChanged(
        **told("contact changed", "2026-03-09 02:15", sequence=1),
        party_id=LEAD,
        party_kind="lead",
        name="李伟",
        phone="+8613800138000",
        phone_is_relay=False,
        email="li.wei@example.com",
        wecom_id="wmAbCdEfGh1234567890ijklmnopqrst",
        consents=(
            Consent(purpose="service", channel="sms", granted=True),
            Consent(purpose="marketing", channel="sms", granted=True),
            Consent(purpose="marketing", channel="email", granted=False),
        ),
    ),
)
