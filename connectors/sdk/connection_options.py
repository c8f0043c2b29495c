"""What every connection over HTTP may say in the configuration."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from connectors.sdk.options import MAX_RECORD_BYTES, RecordBytes, StreamName
from connectors.sdk.pacing import Rate

MAX_RESPONSE_BYTES = 64 * 1024 * 1024


class Options(BaseModel):
    """A connector's own options are added in a subclass, or made from what its `auth` needs.

    streams: which to read, all without. fields: by stream, what to keep of a record instead of
    what the mapping reads; `*` keeps all. free_text: by stream, fields of free text to keep, too.
    timeout_s: how long to wait for each part of an answer. proxy: its address; the environment's
    is not used. plain_http: the host is asked without encryption. webhook_secret: what proves that
    a webhook is the source's; without it none is taken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    base_url: str
    streams: Annotated[tuple[StreamName, ...], Field(min_length=1)] | None = None
    fields: dict[StreamName, tuple[str, ...]] = {}
    free_text: dict[StreamName, tuple[str, ...]] = {}
    rate: Rate | None = None
    timeout_s: Annotated[float, Field(gt=0, le=600)] = 60.0
    max_response_bytes: Annotated[int, Field(ge=1024)] = MAX_RESPONSE_BYTES
    max_record_bytes: RecordBytes = MAX_RECORD_BYTES
    proxy: SecretStr | None = None
    ca_file: Path | None = None
    plain_http: bool = False
    webhook_secret: SecretStr | None = None


def secrets_of(options: Options) -> list[str]:
    """Return the values that nobody may see, for what has to keep them out of sight."""
    values = (getattr(options, name) for name in type(options).model_fields)
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
