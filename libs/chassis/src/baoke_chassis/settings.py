"""What an operator may set, read once from `BAOKE_…` variables."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Common to all services. A service adds its own by subclassing."""

    model_config = SettingsConfigDict(env_prefix="BAOKE_", frozen=True, extra="ignore")

    database_url: str = Field(description="postgresql+asyncpg://… of this service's own database")
    database_pool_size: int = Field(default=20, ge=1, description="connections opened at most, and kept")
    database_timeout_s: float = Field(
        default=30, ge=1, description="a statement, or a pause in a transaction, that takes longer is given up"
    )
    transport: Literal["kafka", "embedded"] = Field(default="kafka", description="what carries events")
    kafka_bootstrap_servers: str = Field(default="localhost:9092", description="host:port, comma separated")
    host: str = Field(default="127.0.0.1", description="address the api listens on")
    port: int = Field(default=8000, description="port the api listens on")
    drain_s: float = Field(default=3, ge=0, description="how long an api told to stop still answers, as not ready")
    metrics_port: int | None = Field(default=None, description="port of a worker's /metrics, /healthz and /readyz")
    root_path: str = Field(default="", description="prefix a gateway strips, for links in the API pages")
    issuer: str = Field(default="baoke-local", description="`iss` a token must carry")
    audience: str = Field(default="baoke", description="`aud` a token must carry")
    jwks_url: str | None = Field(default=None, description="where the issuer publishes its keys (RFC 7517)")
    jwks_file: Path | None = Field(default=None, description="the same from a file")
    max_body_bytes: int = Field(default=2_000_000, description="larger bodies are refused with 413")
    request_timeout_s: float = Field(default=30, description="a request that takes longer is given up with 503")
    inbox_days: int = Field(default=14, description="how long event ids are remembered; more than the topics keep")
    log_level: str = Field(default="INFO", description="of the log, which is JSON lines on standard error")
    otel_endpoint: str | None = Field(
        default=None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT", description="OTLP/HTTP collector; none, no export"
    )
