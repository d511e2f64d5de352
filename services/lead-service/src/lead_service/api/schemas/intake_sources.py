"""Bodies and answers of webhook sources and field mappings."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from lead_service.api.schemas.fields import Term
from lead_service.commands.keep_intake_sources import SourceTerms
from lead_service.domain.intake import IntakeSource, Signing
from lead_service.domain.mapping import MOST_ALTERNATIVES, FieldMapping, LeadField, MoneyUnit
from lead_service.domain.mapping_documents import document_of, mapping_of
from lead_service.domain.places import LONGEST_PLACE
from lead_service.domain.source import Channel
from lead_service.domain.webhook_signatures import require_usable
from lead_service.mappings import ReadyMapping, ready_mappings

Place = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PLACE)]
"""A place in a payload: `attr.store_code`, `leads[0].phone`, or a JSON pointer; `$.` before it looks at the whole."""

Value = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]

_EXAMPLE: JsonDict = {
    "name": "官网表单",
    "ready_mapping": "website",
    "store_id": "0199d3a0-0000-7000-8000-0000000000a1",
}


class AlternativeIn(Body):
    """One way to know a field: what is `at` a place, or a `constant`."""

    at: Place | None = None
    constant: Value | None = None
    table: dict[Value, Value] = Field(default_factory=dict, max_length=500)
    """What the sender's values mean."""
    otherwise: Value | None = None
    """What a value means that the table does not have; left out, it is not told."""
    label: Value | None = None
    """Stands before the value, as in a note: `微信：`."""


class MappingIn(Body):
    """How to read the leads of a payload."""

    fields: dict[LeadField, Annotated[list[Place | AlternativeIn], Field(min_length=1, max_length=MOST_ALTERNATIVES)]]
    """For each field of a lead where to look, in order: the first that can be read counts; of a note all do."""
    list_root: Annotated[str, StringConstraints(max_length=LONGEST_PLACE)] = ""
    """The list of the leads, where a payload has several."""
    embedded_json: list[Place] = Field(default_factory=list, max_length=10)
    """Places whose text is JSON itself."""
    time_formats: list[Annotated[str, StringConstraints(min_length=1, max_length=50)]] = Field(
        default=["iso8601"], min_length=1, max_length=10
    )
    """Tried in order: iso8601, unix_s, unix_ms, or one such as %Y-%m-%d %H:%M:%S; then dates as people write them.

    A number of 10 or 13 digits is Unix time in any order."""
    budget_unit: MoneyUnit = MoneyUnit.YUAN
    sent_time: Place | None = None
    """Where the payload says when it was sent; held against the clock."""

    @model_validator(mode="after")
    def _works(self) -> Self:
        self.mapping()
        return self

    def mapping(self) -> FieldMapping:
        """The same as a value of the domain.

        Raises:
            ValueError: it says none that works.
        """
        return mapping_of(self.model_dump(mode="json"))


class SourceTermsIn(Body):
    """A partner that sends leads by webhook, with a mapping of its own or one of the ready ones."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    name: Term
    ready_mapping: Term | None = None
    """The name of a ready mapping (`GET /v1/intake-mappings`), of which the source gets a copy."""
    mapping: MappingIn | None = None
    channel: Channel | None = None
    """Where its leads come from; left out, the ready mapping's."""
    signing: Signing | None = None
    """How it signs; left out, as senders of the ready mapping do."""
    store_id: UUID | None = None
    """Takes the leads whose payload names no store of the policy's `stores`."""
    is_enabled: bool = True

    @model_validator(mode="after")
    def _mapped(self) -> Self:
        if (self.ready_mapping is None) == (self.mapping is None):
            raise ValueError("give a mapping, or the name of a ready one")
        if self.ready_mapping is not None and self.ready_mapping not in ready_mappings():
            raise ValueError(f"ready_mapping is one of {', '.join(ready_mappings())}")
        if self.mapping is not None and (self.channel is None or self.signing is None):
            raise ValueError("a mapping of one's own needs channel and signing beside it")
        return self

    def terms(self) -> SourceTerms:
        """The same as a value of the use cases."""
        if self.mapping is not None and self.channel is not None and self.signing is not None:
            mapping, channel, signing = self.mapping.mapping(), self.channel, self.signing
        else:
            ready = ready_mappings()[self.ready_mapping or ""]
            mapping, channel, signing = ready.mapping, self.channel or ready.channel, self.signing or ready.signing
        return SourceTerms(self.name, channel, signing, self.store_id, self.is_enabled, mapping)


class NewSourceIn(SourceTermsIn):
    """A new partner that sends leads by webhook."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    secret: Annotated[str, StringConstraints(max_length=256)] | None = None
    """The partner's own secret, where it gives one out; left out, one is made."""

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if self.secret is not None:
            require_usable(self.secret, self.terms().signing)
        return self


class NewSecretIn(Body):
    """A secret to change over to."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})

    secret: Annotated[str, StringConstraints(max_length=256)] | None = None
    """The partner's own, where it gives one out; left out, one is made."""


class SamplePayloadIn(Body):
    """A payload to try a source's mapping with."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"payload": ready_mappings()["tmall"].sample}]})

    payload: dict[str, Any] | list[Any] | str
    """A JSON document, or a form as its text."""


class SecretOut(Reply):
    """A secret as it is kept: not the secret itself."""

    made_at: datetime
    valid_until: datetime | None
    """Null for the present one."""


class IntakeSourceOut(Reply):
    """A partner that sends leads by webhook."""

    intake_source_id: UUID
    name: str
    channel: Channel
    signing: Signing
    store_id: UUID | None
    is_enabled: bool
    webhook_path: str
    """Where the partner sends to, under this service's address."""
    mapping: dict[str, Any]
    mapping_version: int
    secrets: list[SecretOut]
    created_by: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, source: IntakeSource) -> Self:
        """The same, for the wire."""
        return cls.model_validate(_shown(source))


class NewSourceOut(IntakeSourceOut):
    """The source, with its secret: shown here and never again."""

    secret: str

    @classmethod
    def with_secret(cls, source: IntakeSource, secret: str) -> Self:
        """The source and the secret that was just made for it."""
        return cls.model_validate({**_shown(source), "secret": secret})


class ReadyMappingOut(Reply):
    """A mapping that is ready to use, with a payload that it reads."""

    name: str
    title_zh: str
    title_en: str
    channel: Channel
    signing: Signing
    mapping: dict[str, Any]
    media_type: str
    sample: Any
    """A JSON document, or a form as its text."""

    @classmethod
    def of(cls, ready: ReadyMapping) -> Self:
        """The same, for the wire."""
        said = {name: getattr(ready, name) for name in cls.model_fields}
        return cls.model_validate({**said, "mapping": document_of(ready.mapping)})


def _shown(source: IntakeSource) -> dict[str, Any]:
    return {
        **{name: getattr(source, name) for name in IntakeSource.__slots__},
        "intake_source_id": source.id,
        "webhook_path": f"/v1/intake/webhooks/{source.id}",
        "mapping": document_of(source.mapping),
    }
