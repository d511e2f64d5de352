"""Every refusal of this service."""

from uuid import UUID


class PartyNotFound(Exception):
    """No such party."""

    def __init__(self, party_id: UUID) -> None:
        super().__init__(f"Nobody has told us how to reach a party {party_id}.")


class UnknownTemplate(Exception):
    """No such template."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no template {name!r}; GET /v1/templates lists them.")


class UnfitTemplateData(Exception):
    """The template cannot be filled from this data."""

    def __init__(self, template: str, why: str) -> None:
        super().__init__(f"Template {template!r} cannot be filled: {why}.")


class UnknownUnsubscribeLink(Exception):
    """No such unsubscribe link."""

    def __init__(self) -> None:
        super().__init__("This unsubscribe link is incomplete or was not made by us.")
