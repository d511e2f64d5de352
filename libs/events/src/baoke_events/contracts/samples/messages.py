"""`baoke.messages`: what the lead and the owner were told, what was held back, and an unsubscription."""

from baoke_events.catalogue import MessageDelivered, MessageFailed, MessageSent, MessageSuppressed, Unsubscribed
from baoke_events.contracts.samples.cast import LEAD, MESSAGE, OWNER, at, id_of, told

SAMPLES = (
    MessageSent(
        **told("message sent", "2026-03-27 02:00", sequence=1),
        party_id=LEAD,
        message_id=MESSAGE,
        message_class="marketing",
        channel="sms",
        template="lead_price_drop",
    ),
    MessageDelivered(
        **told("message delivered", "2026-03-27 02:01", sequence=2), party_id=LEAD, message_id=MESSAGE, channel="sms"
    ),
    MessageFailed(
        **told("message failed", "2026-06-02 04:50", sequence=7),
        party_id=OWNER,
        message_id=id_of("bounced message", at("2026-06-02 04:49")),
        channel="email",
        reason="mailbox_unknown",
    ),
    MessageSuppressed(
        **told("message suppressed", "2026-06-02 05:10", sequence=8),
        party_id=OWNER,
        message_id=id_of("fourth message of the day", at("2026-06-02 05:10")),
        message_class="marketing",
        template="member_day",
        reason="capped",
    ),
    Unsubscribed(
        **told("unsubscribed", "2026-06-03 11:20", sequence=9),
        party_id=OWNER,
        purpose="marketing",
        channel="email",
        how="one_click",
    ),
)
