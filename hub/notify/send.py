"""Hands one notice to its target, whatever that is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hub.model.notice import Letter, instant
from hub.notify import mail, webhook
from hub.notify.address import Network
from hub.notify.target import Target, WebhookTarget

TIMEOUT_S = 15.0


@dataclass(frozen=True, slots=True)
class Post:
    """The targets there are, and addresses that may be told though they are not public."""

    targets: dict[str, Target]
    allowed: Sequence[Network] = ()
    timeout_s: float = TIMEOUT_S


def send(post: Post, letter: Letter, now: datetime) -> None:
    """Hand a letter over. Raises NotDeliveredError; KeyError where there is no such target."""
    target = post.targets[letter.target]
    if isinstance(target, WebhookTarget):
        data = {"type": f"hub.{letter.body['type']}", "timestamp": letter.created_at}
        webhook.send(
            target,
            letter.id,
            {**data, "data": letter.body},
            timestamp=int(now.timestamp()),
            allowed=post.allowed,
            timeout_s=post.timeout_s,
        )
        return
    left = letter.body.get("left", target.to)
    to = [one for one in target.to if one in left]
    if not to:  # who has not taken it is in the configuration no more
        return
    mail.send(
        replace(target, to=tuple(to)),
        letter.id,
        letter.body,
        created_at=instant(letter.created_at),
        allowed=post.allowed,
        timeout_s=post.timeout_s,
    )
