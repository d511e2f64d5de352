"""An issuer for one machine: a key in a folder, its JWKS beside it, tokens on demand. Not for production."""

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from baoke_chassis.access import Role

ISSUER = "baoke-local"
AUDIENCE = "baoke"
DEMO_DEALER = UUID("0199d3a0-0000-7000-8000-00000000d3a0")
DEMO_STORE = UUID("0199d3a0-0000-7000-8000-000000005701")
_KID = "local"


class LocalIssuer:
    """Signs tokens with the key kept in `folder`, which it makes at first use."""

    def __init__(self, folder: Path) -> None:
        self._key_file = folder / "issuer.pem"
        self.jwks_file = folder / "jwks.json"
        if not self._key_file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            self._make_key()

    def token(
        self,
        *roles: str,
        dealer_id: UUID = DEMO_DEALER,
        subject: str | None = None,
        stores: Sequence[UUID] | None = None,
        scopes: Sequence[str] = (),
        hours: float = 24 * 30,
    ) -> str:
        """A signed token (JWT, RFC 7519) for a caller of these roles."""
        claims: dict[str, object] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject or str(uuid5(dealer_id, "-".join(roles))),
            "exp": datetime.now(UTC) + timedelta(hours=hours),
            "dealer_id": str(dealer_id),
            "roles": list(roles),
            "scope": " ".join(scopes),
        }
        if stores is not None:
            claims["stores"] = [str(store) for store in stores]
        return jwt.encode(claims, self._key_file.read_text(), algorithm="ES256", headers={"kid": _KID})

    def _make_key(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = json.loads(ECAlgorithm.to_jwk(key.public_key()))
        self.jwks_file.write_text(json.dumps({"keys": [{**public, "kid": _KID, "alg": "ES256", "use": "sig"}]}))
        self._key_file.touch(mode=0o600)
        self._key_file.write_bytes(pem)


def main(argv: Sequence[str] | None = None) -> None:
    """Print a token for the demo dealer, or for another."""
    parser = argparse.ArgumentParser(prog="baoke-token", description=main.__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".local"))
    parser.add_argument(
        "--role", action="append", choices=[role.value for role in Role], help="manager unless given; may be repeated"
    )
    parser.add_argument("--dealer", type=UUID, default=DEMO_DEALER)
    parser.add_argument("--store", type=UUID, action="append", help="limit to this store; may be repeated")
    parser.add_argument("--scope", action="append", default=[], help="for the role partner, such as leads:write")
    parser.add_argument("--subject", help="the person's id")
    asked = parser.parse_args(argv)
    if Role.PARTNER in (asked.role or []) and not asked.scope:
        parser.error("a partner needs at least one --scope, such as leads:write")
    issuer = LocalIssuer(asked.folder)
    token = issuer.token(
        *(asked.role or ["manager"]),
        dealer_id=asked.dealer,
        subject=asked.subject,
        stores=asked.store,
        scopes=asked.scope,
    )
    print(token)  # noqa: T201 (its purpose)


if __name__ == "__main__":
    main()
