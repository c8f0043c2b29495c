"""What the configuration of an `isolated` connection may say."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from connectors.sdk.isolation.environment import Requirement
from connectors.sdk.options import MAX_RECORD_BYTES, ColumnName, RecordBytes


class IsolatedConfig(BaseModel):
    """Which source to run, where it is installed, and its own options.

    install: what the hub installs into an environment of its own, the SDK among it; or python: the
    interpreter of an environment that is there. secrets: options whose values stay out of texts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[str, Field(min_length=1)]
    install: tuple[Requirement, ...] = ()
    python: Path | None = None
    environments: Path = Path(".environments")
    options: dict[str, Any] = {}
    secrets: dict[ColumnName, SecretStr] = {}
    silence_s: Annotated[float, Field(gt=0, le=86_400)] = 600
    max_record_bytes: RecordBytes = MAX_RECORD_BYTES

    @model_validator(mode="after")
    def _one_environment(self) -> "IsolatedConfig":
        if bool(self.install) == (self.python is not None):
            raise ValueError("state `install` or `python`, one of them")
        return self

    def all_options(self) -> dict[str, Any]:
        """Return the options with the secret ones among them."""
        return {**self.options, **{k: v.get_secret_value() for k, v in self.secrets.items()}}
