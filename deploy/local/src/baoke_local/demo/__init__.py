"""The demo dealer's story: the platform's flows, played over HTTP on the files beside this one."""

from collections.abc import Callable
from uuid import UUID

from baoke_chassis.local_issuer import DEMO_STORE, LocalIssuer

from baoke_local.demo import cap, maintenance, referral, won_back
from baoke_local.demo.dealer import Dealer, Refused
from baoke_local.demo.rules import set_rules

__all__ = ["Dealer", "Refused", "play", "set_rules"]


async def play(base_url: str, issuer: LocalIssuer, *, tell: Callable[[str], None], store_id: UUID = DEMO_STORE) -> None:
    """Set the demo dealer up and play its story, telling it line by line as it happens."""
    async with Dealer(base_url, issuer.token("manager"), store_id=store_id) as dealer:
        tell("\nThe demo dealer: no quiet hours, no hold-out group, no hold on referrals.")
        await set_rules(dealer)
        await won_back.play(dealer, tell)
        owner = await maintenance.play(dealer, tell)
        await referral.play(dealer, tell, member_id=owner)
        await cap.play(dealer, tell)
