"""Courses of several things at once: a storm and a digest, a rule that changes, a day without."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from random import Random

import msgspec
import pytest

from hub.alerts.rule_files import load_rules
from hub.model.notice import Pace, Route
from hub.model.setting import Company
from hub.notify.address import networks
from hub.notify.send import Post
from hub.notify.target import WebhookTarget
from hub.pipeline.announce import announce
from hub.pipeline.deliver import deliver
from hub.pipeline.release import release
from hub.pipeline.watch import Watch
from hub.store.database import Database
from tests.conftest import HandClock
from tests.notify.receiver import Receiver, receiver
from tests.pipeline.alerting import CONNECTIONS, CUSTOMER, DEAL, FIRE, R01, RULES, WATCH, Hub
from tests.pipeline.test_announce import ROUTING, Told, firing

DIGEST = replace(
    ROUTING,
    routes=(*ROUTING.routes, Route(("boss",), departments=frozenset({"sales"}))),
    targets=ROUTING.targets | {"boss"},
    digests={"boss": time(8)},
    pace=Pace(),
)


@pytest.fixture
def told(database: Database, clock: HandClock) -> Told:
    found = Told(database, clock)
    found.routing = DIGEST
    return found


@pytest.fixture
def hub(database: Database, clock: HandClock) -> Hub:
    found = Hub(database, clock)
    found.sync()
    return found


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


def test_a_digest_leaves_out_what_a_storm_holds_and_brings_it_once_let_go(told: Told) -> None:
    storm = [firing("R07", n, f"01{n:02}") for n in range(51)]
    told.put(firing("R01", 1), storm[0])  # Monday at eleven: both wait for tomorrow's digest
    told.look()
    told.put(*storm)
    told.look(minutes=5)
    told.look(minutes=5)
    assert told.said == [("authors", []), ("sales", ["new"])]  # of R01: the storm came in time
    told.look(hours=20)
    told.look(hours=2)
    assert told.said[2:] == [("boss", ["new"])]
    told.resolve(*storm[:20])  # they came and went unheard
    told.look()
    with told.db.transaction() as tx:
        release(tx, "R07", told.clock())
    told.look()
    told.look(minutes=10)
    assert told.said[3:] == [("sales", ["new"])] * 31
    told.look(days=1)
    assert told.said[34:] == [("boss", ["new"] * 31)]
    told.resolve(*storm[20:], firing("R01", 1))
    told.look()
    told.look(days=1)
    ends = told.said[35:]
    assert sorted(len(reasons) for _, reasons in ends) == [1] * 32 + [32]
    assert {reason for _, reasons in ends for reason in reasons} == {"resolved"}
    assert [told.look(days=1).letters for _ in range(3)] == [0, 0, 0]


def test_a_rule_that_changes_while_it_fires_keeps_its_alert_and_says_so(hub: Hub) -> None:
    def watch(**params: int) -> Watch:
        return Watch(load_rules(RULES, {"R01": params}), WATCH.company, CONNECTIONS)

    hub.lay(CUSTOMER, DEAL, FIRE)
    before = hub.alert("R01", R01)
    assert before is not None
    for _ in range(2):  # told once
        hub.sweep(watch(min_amount=400_000), minutes=5)
        hub.sync()
    kept = hub.alert("R01", R01)
    assert kept is not None
    assert (kept.id, kept.state) == (before.id, before.state)
    assert kept.evidence["current"]["params"]["min_amount"] == 400_000
    assert kept.evidence["first"]["params"]["min_amount"] == 500_000
    assert hub.reasons("R01", R01)[1:] == ["the rule was changed, and is true"]
    stricter = watch(min_amount=900_000)
    for _ in range(2):
        hub.sweep(stricter, minutes=5)
        hub.sync()
    assert hub.condition("R01", R01) == "recovering"
    assert hub.reasons("R01", R01)[2:] == ["the rule was changed, and is false"]
    hub.sweep(watch(min_amount=400_000), minutes=5)
    assert hub.condition("R01", R01) == "firing"
    assert hub.reasons("R01", R01)[3:] == ["the rule is true"]


def test_a_target_that_is_away_for_a_day_hears_all_in_order_once(
    told: Told, server: Receiver
) -> None:
    target = WebhookTarget(server.url, "whsec_" + base64.b64encode(bytes(32)).decode())
    post = Post({"sales": target}, networks(["127.0.0.0/8"]), timeout_s=2)
    told.routing = replace(DIGEST, targets=frozenset({"sales"}))
    came, comes, stays = firing("R01", 1, "01A"), firing("R07", 2, "01B"), firing("R01", 3, "01C")
    server.status = 500
    told.put(came, stays)
    for hour in range(24):
        told.look(hours=1)
        if hour == 3:
            told.resolve(came)
        if hour == 6:
            told.put(comes)
        deliver(told.db, post, told.clock, chance=Random(hour))
    refused = len(server.got)
    server.status = 204
    told.clock.turn(hours=4)
    deliver(told.db, post, told.clock, chance=Random(1))
    assert deliver(told.db, post, told.clock, chance=Random(1)) == 0
    arrived = server.got[refused:]
    assert len({headers["webhook-id"] for headers, _ in arrived}) == len(arrived)
    heard = [
        (item["id"], item["reason"])
        for _, body in arrived
        for item in msgspec.json.decode(body)["data"]["items"]
    ]
    assert len(heard) == 4
    assert set(heard) == {
        (came.id, "new"),
        (stays.id, "new"),
        (came.id, "resolved"),
        (comes.id, "new"),
    }
    assert heard.index((came.id, "new")) < heard.index((came.id, "resolved"))
    assert heard[-1] == (comes.id, "new")
    assert announce(told.db, told.routing, Company(), told.clock()).letters == 0
