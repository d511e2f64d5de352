"""E-mail by SMTP."""

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib
from baoke_chassis.clock import utc_now

from notification_service.channels.provider import Parcel, ProviderAway, Refused

TIMEOUT_S = 10
FOR_GOOD = 500


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server that takes our mail; `sender` is the envelope's and the From address."""

    host: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = None
    use_tls: bool = False
    """TLS from the first byte (port 465); else STARTTLS where the server offers it."""

    async def deliver(self, parcel: Parcel) -> None:
        """Hand the parcel to the server. Only what it says of this very mail can be a refusal."""
        try:
            mail = mail_of(parcel, sender=self.sender)
        except (IndexError, ValueError, MessageError) as error:
            raise Refused("the address is none") from error
        try:
            await aiosmtplib.send(
                mail,
                hostname=self.host,
                port=self.port,
                username=self.username,
                password=self.password,
                use_tls=self.use_tls,
                timeout=TIMEOUT_S,
            )
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            raise _answer(error.code) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _answer(error.recipients[0].code) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ProviderAway(f"mail server: {type(error).__name__}") from error


def mail_of(parcel: Parcel, *, sender: str) -> EmailMessage:
    """The mail as it leaves, with one-click unsubscription where there is a link (RFC 2369, RFC 8058).

    The Message-ID is made of the message's id, so a mail that was handed over twice is one mail to its reader.
    """
    mail = EmailMessage()
    domain = sender.rpartition("@")[2]
    mail["From"] = Address(parcel.sender, addr_spec=sender)
    mail["To"] = Address(addr_spec=parcel.address)
    mail["Subject"] = " ".join((parcel.subject or "").split())
    mail["Date"] = format_datetime(utc_now())
    mail["Message-ID"] = f"<{parcel.message_id}@{domain}>"
    if parcel.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{parcel.unsubscribe_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(parcel.text)
    return mail


def _answer(code: int) -> Refused | ProviderAway:
    """What the server said of this mail: 5xx is for good, 4xx for now (RFC 5321 §4.2.1)."""
    kind = Refused if code >= FOR_GOOD else ProviderAway
    return kind(f"mail server answered {code}")
