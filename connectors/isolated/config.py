"""What the configuration of an `isolated` connection may say."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from connectors.sdk.isolation.environment import Requirement
from connectors.sdk.options import MAX_RECORD_BYTES, ColumnName, RecordBytes


class IsolatedConfig(BaseModel):
    """Which source to run, where it is installed, and its own options.

    install: what the hub installs into an environment of its own, the SDK among it; or python: the
    interpreter of an environment that is there; or command: a program in whatever language that
    reads one request and writes the lines of a source. secrets: options whose values stay out of
    texts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    source: Annotated[str, Field(min_length=1)] = ""
    install: tuple[Requirement, ...] = ()
    python: Path | None = None
    command: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    environments: Path = Path(".environments")
    options: dict[str, Any] = {}
    secrets: dict[ColumnName, SecretStr] = {}
    silence_s: Annotated[float, Field(gt=0, le=86_400)] = 600
    max_record_bytes: RecordBytes = MAX_RECORD_BYTES

    @model_validator(mode="after")
    def _one_environment(self) -> "IsolatedConfig":
        ways = [bool(self.install), self.python is not None, bool(self.command)]
        if sum(ways) != 1:
            raise ValueError("state `install`, `python` or `command`, one of them")
        if not self.command and not self.source:
            raise ValueError("`source` names the source that is to be run")
        return self

    @property
    def called(self) -> str:
        """How the source is called in messages."""
        return self.source or self.command[-1]

    def all_options(self) -> dict[str, Any]:
        """Return the options with the secret ones among them."""
        return {**self.options, **{k: v.get_secret_value() for k, v in self.secrets.items()}}
