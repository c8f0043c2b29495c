"""Killed at any commit, a hub comes to the end it would have come to: nothing lost or doubled."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT, HandClock
from tests.flow import canary
from tests.flow.hub_folder import HubFolder
from tests.flow.killing import Death, killed, left, round_of
from tests.notify.receiver import Receiver, receiver

SECRET = "whsec_" + "A" * 43 + "="
NOTIFY = """
rules: {folder: rules}
notify:
  allow: [127.0.0.0/8]
  targets: {hook: {webhook: 'URL', secret: {env: HOOK_SECRET}}}
  routes: [{to: [hook]}]
  pace: {group_wait: 0s, group_interval: 5m}
"""


class KilledHub(HubFolder):
    """A hub of five sources, all shipped rules and one that is told."""

    @property
    def env(self) -> dict[str, str]:
        return {**super().env, "HOOK_SECRET": SECRET}


def at_first() -> canary.Rows:
    """Return what the sources hold: a deal at risk, an open invoice, a firm known by four."""
    told = canary.rows()
    told["helpdesk/tickets"][0] |= {"priority": "dringend"}
    return told


def later() -> canary.Rows:
    """Return what they hold then: paid, solved, a call gone, two firms become one."""
    told = at_first()
    told["helpdesk/tickets"][0] |= {"status": "closed", "closed_at": "2026-11-23T10:10:00Z"}
    told["books/invoices"][0] |= {"status": "bezahlt"}
    told["crm/accounts"][1] |= {"Firma": canary.FIRM, "Ort": "Ulm"}
    told["crm/activities"].clear()
    return told


ROUNDS = (at_first, later, later, later)
"""A day apart. The last one sends what a process that died had claimed."""


@contextmanager
def laid_out(path: Path, url: str) -> Iterator[tuple[KilledHub, Receiver]]:
    """Lay out a hub that has read nothing yet, and run what it tells of alerts."""
    canary.lay_out(path, url)
    folder = KilledHub(path, url)
    shutil.copytree(ROOT / "configs/rules", path / "configs/rules", dirs_exist_ok=True)
    with receiver() as told:
        config = (path / "configs/hub.yaml").read_text("utf-8")
        folder.write("configs/hub.yaml", config + NOTIFY.replace("URL", told.url))
        yield folder, told


def lived(folder: HubFolder, deaths: Mapping[int, Sequence[Death]]) -> None:
    """Let all rounds pass, each begun again after every death."""
    clock = HandClock()
    for number, rows in enumerate(ROUNDS):
        canary.export(folder, rows())
        for death in deaths.get(number, ()):
            assert killed(folder, clock, death), death
        round_of(folder, clock)
        clock.turn(hours=25)


def notices(told: Receiver) -> Counter[str]:
    """Return how often each notice arrived, by its id."""
    return Counter(headers["webhook-id"] for headers, _ in told.got)


DEATHS = {
    0: [
        Death("sync", 40, before=True),
        *(Death("walk", 3), Death("walk", 6, before=True), Death("walk", 14)),
        *(Death("sweep", 3), Death("announce", 1)),
    ],
    1: [Death("walk", 8)],
    2: [Death("deliver", 2, before=True)],
}
"""By round. The last one has sent a notice and dies before it is noted."""


def test_killed_again_and_again_a_hub_ends_as_one_left_alone(
    tmp_path: Path, new_sqlite_url: Callable[[], str]
) -> None:
    with laid_out(tmp_path / "twin", new_sqlite_url()) as (twin, told_by_twin):
        lived(twin, {})
    with laid_out(tmp_path / "killed", new_sqlite_url()) as (folder, told):
        lived(folder, DEATHS)
    undisturbed, found = left(twin.url), left(folder.url)
    for table, rows in undisturbed.items():
        assert found[table] == rows, table
    assert len(undisturbed["alert_events"]) > len(undisturbed["alerts"]) > 1
    assert len(notices(told_by_twin)) == undisturbed["outbox"].total() == 3
    # What was sent and not noted is sent again, under the same id.
    assert sorted(notices(told).values()) == [1, 1, 2]
