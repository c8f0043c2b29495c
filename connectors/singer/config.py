"""What the configuration of a `singer` connection may say."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from connectors.sdk.isolation.environment import Requirement
from connectors.sdk.options import (
    MAX_RECORD_BYTES,
    ColumnName,
    KeyColumns,
    RecordBytes,
    StreamName,
)


class SingerStreamConfig(BaseModel):
    """One stream of the tap.

    stream: its name in the tap where that is no name for the hub. key: in place of the tap's own
    key properties. fields: ask for these alone. beside: streams the tap needs for this one, such
    as its parent; their records are passed over. replication: what the tap is told to do.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    stream: Annotated[str, Field(min_length=1)] | None = None
    key: KeyColumns | None = None
    fields: tuple[ColumnName, ...] | None = None
    beside: tuple[str, ...] = ()
    replication: Literal["FULL_TABLE", "INCREMENTAL", "LOG_BASED"] | None = None
    replication_key: ColumnName | None = None


class SingerConfig(BaseModel):
    """A tap and its own configuration.

    install: what the hub installs into an environment of the tap's own; without it, `command` is
    a program that is there already. settings: the tap's configuration; secrets: more of it, kept
    out of every text (`credentials.token` stands for a field inside another).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    command: Annotated[str, Field(min_length=1)]
    install: tuple[Requirement, ...] = ()
    environments: Path = Path(".environments")
    settings: dict[str, Any] = {}
    secrets: dict[ColumnName, SecretStr] = {}
    streams: Annotated[dict[StreamName, SingerStreamConfig], Field(min_length=1)]
    catalog: Path | None = None
    catalog_option: Literal["--catalog", "--properties"] = "--catalog"
    silence_s: Annotated[float, Field(gt=0, le=86_400)] = 600
    max_record_bytes: RecordBytes = MAX_RECORD_BYTES

    @model_validator(mode="after")
    def _secrets_have_a_place(self) -> "SingerConfig":
        self.tap_config()
        return self

    def tap_config(self) -> dict[str, Any]:
        """Return the tap's configuration with its secrets. Raises ValueError for a bad path."""
        config = _copied(self.settings)
        for path, secret in self.secrets.items():
            *outer, last = path.split(".")
            at = config
            for name in outer:
                at = at.setdefault(name, {})
                if not isinstance(at, dict):
                    raise ValueError(f"secrets: {path!r} leads into {name!r}, which is no mapping")
            if last in at:
                raise ValueError(f"secrets: {path!r} stands in settings, too")
            at[last] = secret.get_secret_value()
        return config


def _copied(value: dict[str, Any]) -> dict[str, Any]:
    return {k: _copied(v) if isinstance(v, dict) else v for k, v in value.items()}
