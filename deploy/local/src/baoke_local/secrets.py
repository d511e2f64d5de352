"""Secrets of one machine, made at first use and kept in its folder."""

import json
import secrets
from pathlib import Path
from typing import Any


class LocalSecrets:
    """Random keys by name. Not for production: they lie in a file."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "secrets.json"

    def get(self, name: str) -> str:
        """The secret of this name, the same over restarts."""
        known: dict[str, str] = json.loads(self._file.read_text()) if self._file.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(32)
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.touch(mode=0o600)
            self._file.write_text(json.dumps(known, indent=2))
        return known[name]

    def settings(self, package: str, *, public_url: str) -> dict[str, Any]:
        """What a service's settings need beyond the common ones."""
        known: dict[str, dict[str, Any]] = {
            "lead_service": {"intake_secret_key": self.get("intake_secret_key")},
            "loyalty_service": {"phone_hash_key": self.get("phone_hash_key")},
            "notification_service": {
                "unsubscribe_secret": self.get("unsubscribe_secret"),
                "public_base_url": public_url,
                "local_outbox": True,
            },
        }
        return known.get(package, {})
