"""The outbox is emptied: in order, at least once, with pauses; what cannot be sent is kept."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from hub.clock import instant_text
from hub.errors import ConflictError, NotFoundError
from hub.model.notice import Letter
from hub.notify.address import networks
from hub.notify.send import Post
from hub.notify.target import MailServer, MailTarget, NotDeliveredError, WebhookTarget
from hub.pipeline.deliver import LONGEST_PAUSE, deliver, next_attempt
from hub.store import outbox
from hub.store.database import Database
from tests.conftest import HandClock
from tests.notify.mailbox import Mailbox, served
from tests.notify.receiver import Receiver, receiver

SECRET = "whsec_" + base64.b64encode(bytes(32)).decode()


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


class Sending:
    """An outbox, one target on loopback, and one that is always away."""

    def __init__(self, db: Database, clock: HandClock, server: Receiver) -> None:
        self.db, self.clock, self.server = db, clock, server
        targets = {
            "hook": WebhookTarget(server.url, SECRET),
            "away": WebhookTarget("http://127.0.0.1:1/", SECRET),
        }
        self.post = Post(dict(targets), networks(["127.0.0.0/8"]), timeout_s=2)

    def write(self, *names: str, to: str = "hook") -> None:
        at = instant_text(self.clock())
        with self.db.transaction() as tx:
            outbox.add(tx, [Letter(name, to, at, 0, {"type": "alerts"}) for name in names])

    def deliver(self) -> int:
        return deliver(self.db, self.post, self.clock, chance=Random(1))

    @property
    def arrived(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.server.got]

    def letter(self, wanted: str) -> Letter:
        with self.db.reading() as tx:
            return next(one for _, one in outbox.page(tx) if one.id == wanted)


@pytest.fixture
def sending(database: Database, clock: HandClock, server: Receiver) -> Sending:
    return Sending(database, clock, server)


def test_each_is_sent_once_in_order(sending: Sending) -> None:
    sending.write("a", "b", "c")
    assert sending.deliver() == 3
    assert sending.deliver() == 0
    assert sending.arrived == ["a", "b", "c"]


def test_a_target_that_fails_for_a_day_gets_all_in_order_when_it_is_back(sending: Sending) -> None:
    sending.server.status = 500
    sending.write("a", "b")
    for _ in range(24):
        sending.deliver()
        sending.clock.turn(hours=1)
    asked = len(sending.arrived)
    assert set(sending.arrived) == {"a"}  # the second waits for the first
    assert 8 <= asked <= 15
    sending.server.status = 200
    sending.clock.turn(hours=4)
    assert sending.deliver() == 2
    assert sending.arrived[asked:] == ["a", "b"]


def test_after_three_days_it_is_a_dead_letter_which_can_be_sent_again(sending: Sending) -> None:
    sending.server.status = 500
    sending.write("a")
    for _ in range(80):
        sending.deliver()
        sending.clock.turn(hours=1)
    assert sending.letter("a").state == "dead"
    assert sending.letter("a").error == "the target answered 500"
    sending.write("b")
    sending.server.status = 200
    assert sending.deliver() == 1
    with sending.db.transaction() as tx:
        assert outbox.dead(tx) == ["a"]
        outbox.replay(tx, "a", instant_text(sending.clock()))
        with pytest.raises(ConflictError):
            outbox.replay(tx, "a", instant_text(sending.clock()))
        with pytest.raises(NotFoundError):
            outbox.replay(tx, "none", "")
    assert sending.deliver() == 1
    assert sending.arrived[-1] == "a"


def test_mailboxes_that_took_a_notice_are_not_told_again(
    database: Database, clock: HandClock
) -> None:
    mailbox = Mailbox()
    mailbox.refuses = {"ina@a.example": "451 greylisted, come again"}
    with served(mailbox) as port:
        there = MailServer("127.0.0.1", port, "hub@a.example", "none")
        to = MailTarget(("eva@a.example", "ina@a.example"), "de", there)
        post = Post({"desk": to}, networks(["127.0.0.0/8"]), timeout_s=5)
        with database.transaction() as tx:
            at = instant_text(clock())
            outbox.add(tx, [Letter("a", "desk", at, 0, {"type": "test", "target": "desk"})])
        for _ in range(8):
            assert deliver(database, post, clock, chance=Random(1)) == 0
            clock.turn(hours=4)
        mailbox.refuses = {}
        assert deliver(database, post, clock, chance=Random(1)) == 1
    assert mailbox.told == [["eva@a.example"], ["ina@a.example"]]


def test_a_clock_that_was_a_year_ahead_keeps_nothing_back(sending: Sending) -> None:
    sending.clock.turn(days=365)
    sending.server.status = 500
    sending.write("a", "b")
    sending.deliver()
    with sending.db.transaction() as tx:  # of a process that died while it sent
        later = instant_text(sending.clock() + timedelta(hours=3))
        assert outbox.claim(tx, later, later, latest=later)
    sending.server.status = 200
    sending.clock.turn(days=-365)
    sending.write("c")
    assert sending.deliver() == 3
    assert sending.arrived[-3:] == ["a", "b", "c"]


def test_one_that_says_no_is_asked_five_times_and_one_that_is_gone_once(sending: Sending) -> None:
    sending.server.status = 400
    sending.write("a")
    for _ in range(10):
        sending.deliver()
        sending.clock.turn(hours=4)
    assert (sending.letter("a").state, len(sending.arrived)) == ("dead", 5)
    sending.server.status = 410
    sending.write("b")
    sending.deliver()
    assert sending.letter("b").state == "dead"


def test_one_target_that_is_away_keeps_nobody_else_waiting(sending: Sending) -> None:
    sending.write("x", "y", to="away")
    sending.write("z", to="unknown")
    sending.write("a")
    assert sending.deliver() == 1
    assert sending.arrived == ["a"]
    assert sending.letter("z").state == "dead"
    assert (sending.letter("x").attempts, sending.letter("y").attempts) == (1, 0)


def test_what_a_process_claimed_and_never_noted_is_sent_again(sending: Sending) -> None:
    sending.write("a")
    now = sending.clock()
    with sending.db.transaction() as tx:
        until = instant_text(now + timedelta(minutes=5))
        claimed = outbox.claim(tx, instant_text(now), until, latest=until)
    assert [letter.id for letter in claimed] == ["a"]
    assert sending.deliver() == 0  # another one has it
    sending.clock.turn(minutes=5)
    assert sending.deliver() == 1


def test_pauses_grow_and_are_spread(clock: HandClock) -> None:
    letter = Letter("a", "t", instant_text(clock()), 0, {})
    error = NotDeliveredError("no")
    pauses = []
    for attempts in range(8):
        again = Letter("a", "t", letter.created_at, attempts, {})
        due = next_attempt(again, error, clock(), Random(attempts))
        assert due is not None
        pauses.append(due - clock())
    assert timedelta(seconds=24) <= pauses[0] <= timedelta(seconds=36)
    assert all(later > sooner for sooner, later in pairwise(pauses[:5]))
    assert max(pauses) <= LONGEST_PAUSE * 1.2
    spread = {next_attempt(letter, error, clock(), Random(n)) for n in range(20)}
    assert len(spread) == 20
    later = NotDeliveredError("later", retry_after_s=600)
    due = next_attempt(letter, later, clock(), Random(1))
    assert due == clock() + timedelta(seconds=600)
