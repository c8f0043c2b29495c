"""Sends what lies in the outbox: claims, hands over, notes; tries again, or gives up."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from random import Random

from hub.clock import Clock, instant_text
from hub.model.notice import Letter, instant
from hub.notify.send import Post, send
from hub.notify.target import NotDeliveredError
from hub.store import outbox
from hub.store.database import Database

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=3)
GIVE_UP_AFTER = timedelta(days=3)
MOST_REFUSALS = 5
"""A target that is there and says no is asked so often, within some 40 minutes."""
JITTER = 0.2
CLAIM = timedelta(minutes=5)
AT_ONCE = 4


def deliver(
    db: Database, post: Post, clock: Clock, *, chance: Random | None = None, rounds: int = 100
) -> int:
    """Send what is due, the oldest letter of each target in turn; return how many arrived.

    A process that dies after handing over and before noting it leaves the letter due: it is sent
    again under the same id.
    """
    chance = chance or Random()
    arrived = 0
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for _ in range(rounds):
            now = clock()
            with db.transaction() as tx:
                letters = outbox.claim(
                    tx,
                    instant_text(now),
                    instant_text(now + CLAIM),
                    latest=instant_text(now + LONGEST_PAUSE * (1 + JITTER)),
                )
            if not letters:
                break
            errors = list(threads.map(partial(_handed_over, post, now), letters))
            arrived += sum(error is None for error in errors)
            _note(db, letters, errors, clock(), chance)
    return arrived


def _handed_over(post: Post, now: datetime, letter: Letter) -> NotDeliveredError | None:
    if letter.target not in post.targets:
        return NotDeliveredError("there is no such target any more", gone=True)
    try:
        send(post, letter, now)
    except NotDeliveredError as error:
        return error
    except Exception as error:  # noqa: BLE001  # one target's oddity must not stop the others
        return NotDeliveredError(f"could not be handed over ({type(error).__name__})")
    return None


def _note(
    db: Database,
    letters: Sequence[Letter],
    errors: Sequence[NotDeliveredError | None],
    now: datetime,
    chance: Random,
) -> None:
    with db.transaction() as tx:
        for letter, error in zip(letters, errors, strict=True):
            if error is None:
                outbox.sent(tx, letter.id, instant_text(now))
                continue
            due = next_attempt(letter, error, now, chance)
            due_at = instant_text(due) if due else None
            outbox.failed(tx, letter.id, error=str(error), due_at=due_at, left=error.left)
            log.warning(
                "notice not delivered id=%s target=%s attempt=%d next=%s: %s",
                letter.id,
                letter.target,
                letter.attempts + 1,
                due_at or "never",
                error,
            )


def next_attempt(
    letter: Letter, error: NotDeliveredError, now: datetime, chance: Random
) -> datetime | None:
    """Return when to try again: pauses grow fourfold from 30 s to 3 h and vary by a fifth.

    None after three days, after five refusals, or where the target wants nothing any more.
    """
    attempts = letter.attempts + 1
    given_up = now - instant(letter.created_at) >= GIVE_UP_AFTER
    if error.gone or given_up or (error.refused and attempts >= MOST_REFUSALS):
        return None
    grown = FIRST_PAUSE * (1 << 2 * min(attempts - 1, 8))
    pause = min(grown, LONGEST_PAUSE) * (1 + JITTER * (2 * chance.random() - 1))
    if error.retry_after_s is not None:
        pause = max(pause, min(timedelta(seconds=error.retry_after_s), LONGEST_PAUSE))
    return now + pause
