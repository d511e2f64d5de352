"""Who asked, and how to reach them."""

from dataclasses import dataclass, replace

from lead_service.domain.errors import Unreachable


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164, with the extension to dial after it.

    A relay number (隐私号) reaches a person for a while and then another: it identifies nobody.
    """

    number: str
    extension: str | None = None
    is_relay: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """A person as their sender names them.

    Raises:
        Unreachable: neither a phone nor an e-mail address nor a WeCom id is given.
    """

    name: str
    phone: Phone | None = None
    email: str | None = None
    wecom_id: str | None = None
    locale: str = "zh-CN"
    time_zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        if not (self.phone or self.email or self.wecom_id):
            raise Unreachable

    @property
    def identifying_phone(self) -> str | None:
        """The E.164 number that tells this person from others, if there is one."""
        return self.phone.number if self.phone and not self.phone.is_relay else None


def filled(known: Contact, said: Contact) -> Contact:
    """The person with what was not known of them: name, e-mail address, WeCom id."""
    return replace(
        known,
        name=known.name or said.name,
        email=known.email or said.email,
        wecom_id=known.wecom_id or said.wecom_id,
    )
