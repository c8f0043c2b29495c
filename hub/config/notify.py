"""What hub.yaml may say of notices: where they go, who hears of what, and when nobody does."""

import ipaddress
import re
from datetime import time, timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from hub.model.alert import Severity
from hub.model.duration import Duration

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_MAILBOX = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


def _clock(value: Any) -> time:
    if isinstance(value, time):
        return value
    match = _CLOCK.fullmatch(str(value))
    if not match:
        raise ValueError(f"expected a time of day such as 07:30, not {value!r}")
    return time(int(match[1]), int(match[2]))


def _mailbox(text: str) -> str:
    if not _MAILBOX.fullmatch(text):
        raise ValueError(f"{text!r} is no mail address")
    return text


def _network(text: str) -> str:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise ValueError(f"{text!r} is no network; expected e.g. 10.1.0.0/16") from error
    return text


Clock = Annotated[time, BeforeValidator(_clock)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s@/]+(/\S*)?$", max_length=2000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class FromEnv(_Part):
    """The environment variable that holds a secret."""

    env: str

    @model_validator(mode="before")
    @classmethod
    def _names_a_variable(cls, value: Any) -> Any:
        if not isinstance(value, dict):  # what stands there may be the secret: it is not repeated
            raise ValueError("expected {env: NAME}: the variable that holds it, never the value")
        return value


class MailServer(_Part):
    """The server that takes the hub's mail."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    sender: Annotated[str, StringConstraints(pattern=r"^[^\r\n]+@[^\r\n]+$")]
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: FromEnv | None = None
    ca_file: str | None = None


class Target(_Part):
    """Who is told: mailboxes or a webhook. digest: the time of day it hears of all at once."""

    mail: list[Mailbox] = []
    webhook: Url | None = None
    secret: FromEnv | None = None
    language: Literal["de", "en"] | None = None
    digest: Clock | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Target":
        if bool(self.mail) == (self.webhook is not None):
            raise ValueError("expected either 'mail: [name@example.org]' or 'webhook: https://...'")
        if self.webhook is not None and self.secret is None:
            raise ValueError("a webhook needs 'secret: {env: NAME}' to sign with")
        return self


class Route(_Part):
    """Which alerts go to which targets; what it does not name, it does not ask for."""

    to: Annotated[list[str], Field(min_length=1)]
    departments: list[str] = []
    rules: list[str] = []
    severity: Severity = Severity.INFO


class Quiet(_Part):
    """When nobody is disturbed; urgent: the severities that are told all the same."""

    start: Clock | None = Field(default=None, alias="from")
    end: Clock | None = Field(default=None, alias="to")
    weekends: bool = True
    holidays: bool = True
    urgent: list[Severity] = [Severity.CRITICAL]


class Pace(_Part):
    """How often the same people are told."""

    group_wait: Duration = timedelta(minutes=10)
    group_interval: Duration = timedelta(hours=4)
    repeat_days: Annotated[int, Field(ge=1, le=90)] = 3


class Notify(_Part):
    """All of it. allow: networks that may be told though they are not public."""

    base_url: str = ""
    mail: MailServer | None = None
    targets: dict[str, Target] = {}
    routes: list[Route] = []
    owners: dict[str, str] = {}
    allow: list[Annotated[str, AfterValidator(_network)]] = []
    pace: Pace = Pace()
    quiet: Quiet = Quiet()

    @model_validator(mode="after")
    def _complete(self) -> "Notify":
        for name, target in self.targets.items():
            if target.mail and self.mail is None:
                raise ValueError(f"target {name} gets mail, but no server is named under 'mail'")
        for route in self.routes:
            for name in route.to:
                if name not in self.targets:
                    known = ", ".join(self.targets) or "none"
                    raise ValueError(f"a route leads to {name!r}; the targets are: {known}")
        return self
