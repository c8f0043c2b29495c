"""Where notices go, and how handing one over may fail."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal


class NotDeliveredError(Exception):
    """A target did not take a notice; its text holds no secret and nothing the target said.

    refused: it was there and said no, so that asking for long is of no use; gone: it asked never
    to be told again. retry_after_s: when it wants to be asked again, where it said so. left: the
    mailboxes that did not take it, where others did.
    """

    def __init__(
        self,
        message: str,
        *,
        refused: bool = False,
        gone: bool = False,
        retry_after_s: float | None = None,
        left: Collection[str] = (),
    ) -> None:
        super().__init__(message)
        self.refused, self.gone, self.retry_after_s = refused, gone, retry_after_s
        self.left = left


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """An address that takes signed notices. secret: `whsec_` and base64, as the receiver has it."""

    url: str
    secret: str

    def __repr__(self) -> str:
        return "WebhookTarget(...)"


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server. tls: starttls, tls from the first byte, or none at all."""

    host: str
    port: int
    sender: str
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = None
    ca_file: str | None = None

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"


@dataclass(frozen=True, slots=True)
class MailTarget:
    """Mailboxes that get notices in one language."""

    to: tuple[str, ...]
    language: Literal["de", "en"]
    server: MailServer


Target = WebhookTarget | MailTarget
