"""Who is asking, and whether they may: JWTs of an OAuth 2 issuer for people, scoped API keys for partners."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

import jwt
from fastapi import Depends, Request

from baoke_chassis import api_keys
from baoke_chassis.jwks import Keys, UnknownKey
from baoke_chassis.verified import Verified


class Role(StrEnum):
    """A post at the dealer, or a partner of it."""

    ADVISOR = "advisor"
    SERVICE_ADVISOR = "service_advisor"
    MARKETING = "marketing"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMIN = "admin"
    PARTNER = "partner"


class Unauthenticated(Exception):
    """Say who you are: a bearer token, or an API key."""

    headers = {"WWW-Authenticate": "Bearer"}  # noqa: RUF012 (read only)


class Forbidden(Exception):
    """Your role, scope or stores do not admit this."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller of one dealer group."""

    dealer_id: UUID
    subject: str
    roles: frozenset[Role]
    stores: frozenset[UUID] | None = None
    """The stores a token is limited to; None is all of the dealer's."""
    scopes: frozenset[str] = frozenset()

    @property
    def user_id(self) -> UUID | None:
        """The subject where it is a UUID, as members of staff have."""
        try:
            return UUID(self.subject)
        except ValueError:
            return None

    @property
    def sees_phones(self) -> bool:
        """Whether contact data is shown in full: marketing and auditors see it masked."""
        return bool(self.roles - {Role.MARKETING, Role.AUDITOR})

    def admits_store(self, store_id: UUID) -> bool:
        """Whether the caller may act for the store."""
        return self.stores is None or store_id in self.stores

    def require_store(self, store_id: UUID) -> None:
        """Go on only for a store of the caller's.

        Raises:
            Forbidden: the token is limited to other stores.
        """
        if not self.admits_store(store_id):
            raise Forbidden(f"your token is not for store {store_id}")


SCHEMES = {
    "HTTPBearer": {
        "type": "http",
        "description": "A JWT of the dealer's issuer; `make token` prints one for the demo",
        "scheme": "bearer",
    },
    "APIKeyHeader": {
        "type": "apiKey",
        "description": "A partner's key, from POST /v1/api-keys",
        "in": "header",
        "name": "X-API-Key",
    },
}
"""How to say who one is, in OpenAPI's words. FastAPI's own classes for it would be two more dependencies to solve with
every request, a twentieth of its calls."""


async def authenticate(request: Request) -> Caller:
    """The caller of a request, read once.

    Raises:
        Unauthenticated: there is no token or key, or it is not valid here and now.
    """
    known: Caller | None = getattr(request.state, "caller", None)
    if known is None:
        authorization = request.headers.get("authorization", "")
        if key := request.headers.get("x-api-key"):
            known = await _caller_of_key(request, key)
        elif authorization.lower().startswith("bearer "):
            known = await _caller_of_token(request.app.state.tokens, authorization[7:])
        else:
            raise Unauthenticated("send Authorization: Bearer …, or X-API-Key")
        request.state.caller = known
    return known


@dataclass(frozen=True, slots=True)
class Admission:
    """A dependency that lets in some roles, admins, and partners that hold `scope`; hands on the `Caller`.

    What holds `for_all_stores` is not for callers who are limited to some.
    """

    roles: tuple[Role, ...]
    scope: str | None
    for_all_stores: bool

    async def __call__(self, request: Request) -> Caller:
        """The caller of a request.

        Raises:
            Unauthenticated: nobody valid is calling.
            Forbidden: somebody else is.
        """
        caller = await authenticate(request)
        admitted = caller.roles & {*self.roles, Role.ADMIN}
        if not admitted and not (Role.PARTNER in caller.roles and self.scope in caller.scopes):
            partner = [f"partner with scope {self.scope}"] if self.scope else []
            raise Forbidden(f"this is for {', '.join([*sorted(self.roles), *partner])}")
        if self.for_all_stores and caller.stores is not None:
            raise Forbidden("this is for all stores of the dealer, and your token for some")
        return caller


def admits(*roles: Role, scope: str | None = None, for_all_stores: bool = False) -> Any:
    """The dependency of a route that is for these roles, admins, and partners that hold `scope`.

    Where it holds `for_all_stores`, a token that is limited to some is refused.
    """
    return Depends(Admission(roles, scope, for_all_stores))


@dataclass(frozen=True, slots=True)
class Tokens:
    """What makes a token valid here."""

    keys: Keys
    issuer: str
    audience: str
    verified: Verified[Caller] = field(default_factory=Verified)

    async def claims(self, token: str) -> dict[str, Any]:
        """The claims of a valid token (RFC 7519).

        Raises:
            Unauthenticated: it is malformed, expired, of another issuer, or signed by an unknown key.
        """
        try:
            key = await self.keys.find(jwt.get_unverified_header(token).get("kid"))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["ES256", "RS256", "EdDSA"],
                audience=self.audience,
                issuer=self.issuer,
                leeway=10,
                options={"require": ["exp", "sub", "dealer_id"]},
            )
        except (jwt.PyJWTError, UnknownKey) as error:
            raise Unauthenticated(f"the token is not valid: {error}") from error
        return claims


async def _caller_of_token(tokens: Tokens, token: str) -> Caller:
    caller = tokens.verified.get(token)
    if caller is None:
        claims = await tokens.claims(token)
        caller = _caller_of_claims(claims)
        tokens.verified.keep(token, caller, ends_at=claims["exp"])
    return caller


def _caller_of_claims(claims: Mapping[str, Any]) -> Caller:
    try:
        return Caller(
            dealer_id=UUID(claims["dealer_id"]),
            subject=str(claims["sub"]),
            roles=_known_roles(claims.get("roles", [])),
            stores=frozenset(UUID(store) for store in claims["stores"]) if claims.get("stores") is not None else None,
            scopes=frozenset(str(claims.get("scope", "")).split()),
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise Unauthenticated(f"a claim is malformed: {error}") from error


async def _caller_of_key(request: Request, key: str) -> Caller:
    found = await api_keys.find(request.state.session, key)
    if found is None:
        raise Unauthenticated("the API key is not known, or was revoked")
    return Caller(found.dealer_id, f"api-key:{found.key_id}", frozenset({Role.PARTNER}), None, frozenset(found.scopes))


def _known_roles(claim: str | Collection[str]) -> frozenset[Role]:
    """The roles of a claim, a list or words in one text. Those this version does not know admit nothing."""
    roles = claim.split() if isinstance(claim, str) else claim
    return frozenset(role for role in Role if role in roles)
