"""The demo dealer's rules: everything at once visible. No quiet hours, no hold-out, no hold on referrals."""

from typing import Any

from baoke_local.demo.dealer import Dealer

CHANNELS = (
    "website",
    "showroom",
    "phone",
    "dongchedi",
    "autohome",
    "douyin",
    "xiaohongshu",
    "wecom",
    "mini_program",
    "referral",
    "event",
    "other",
)
STORE_CODE = "SH-01"
_WORDING = {
    "wording_version": "2026-01",
    "grants": [
        {"purpose": purpose, "channel": channel} for purpose in ("service", "marketing") for channel in ("sms", "email")
    ],
}


async def set_rules(dealer: Dealer) -> None:
    """Give the dealer the demo's rules in every service."""
    wordings = dict.fromkeys(CHANNELS, _WORDING)
    rules: dict[str, dict[str, Any]] = {
        "lead-service": {
            "consent_wordings": wordings,
            "stores": {STORE_CODE: dealer.store_id},
            "default_store_id": dealer.store_id,
            "reactivation": {"hold_out_percent": 0},
        },
        "customer-service": {"consent_wordings": wordings},
        "service-reminder": {"steps": {"from_hour": 0}},
        "loyalty-service": {"referral": {"hold_days": 0}},
        "notification-service": {"quiet_hours": None},
    }
    for service, policy in rules.items():
        await dealer.call("PUT", f"/{service}/v1/policy", policy)
