"""What an operator may set for this service, beside what all services have."""

from baoke_chassis.settings import ServiceSettings
from pydantic import Field, SecretStr


class Settings(ServiceSettings):
    """Read once from `BAOKE_…` variables. A channel that nothing here serves fails its messages as no_provider."""

    public_base_url: str = Field(
        default="http://localhost:8080/notification-service",
        description="where customers reach this service, for the unsubscribe links in their messages",
    )
    unsubscribe_secret: SecretStr = Field(
        default=SecretStr("baoke-on-this-machine-only"),
        description="signs unsubscribe links; keep it for as long as old messages lie in inboxes",
    )
    local_outbox: bool = Field(
        default=False,
        description="keep messages instead of sending them, and show them all, without a login, at /outbox",
    )
    sms_url: str | None = Field(default=None, description="HTTP gateway that takes {to, text} as JSON")
    sms_token: SecretStr = Field(default=SecretStr(""), description="bearer token for the SMS gateway")
    smtp_host: str | None = Field(default=None, description="mail server")
    smtp_port: int = Field(default=587, description="its port: 587 for STARTTLS, 465 for TLS from the first byte")
    smtp_tls: bool = Field(default=False, description="TLS from the first byte; otherwise STARTTLS where offered")
    smtp_username: str | None = Field(default=None, description="whom the mail server knows us as")
    smtp_password: SecretStr | None = Field(default=None, description="and by what")
    smtp_sender: str = Field(default="noreply@localhost", description="From address of every mail")
