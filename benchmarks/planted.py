"""The demo company by its shipped configuration: which of its planted cases the rules find.

    python -m benchmarks.planted --seeds 3

Its exports walk the whole street, from files to alerts, with the newsletter's export late at first
and access to the project office's files about to end (R20).
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from hub.demo.model import World
from hub.demo.repair import repair
from hub.demo.world import SMALLEST, world
from hub.demo.write import write
from hub.model.alert import Condition
from hub.runtime import Runtime, opened
from hub.store import alerts, entities, vorgaenge
from hub.store.database import Database
from hub.store.migrations import migrate

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CONFIGS = Path(__file__).parents[1] / "configs"
CASES = ("R09", "R19")
"""Rules that speak of business cases; what is planted for them is a paper of one."""
ERRORS = 3
"""Runs in a row that fail until R20 speaks."""
Found = set[tuple[str, str]]
"""Rule and subject; the seed of the world before a subject's name."""


def told_and_planted(seed: int) -> tuple[Found, Found]:
    """Return what the rules tell of one demo company, and what is planted in it."""
    made = world(seed, NOW.date(), SMALLEST)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        for name in ("demo", "rules"):
            shutil.copytree(CONFIGS / name, folder / "configs" / name)
        write(made, folder / "data/demo")
        settings = {"HUB_DATABASE_URL": f"sqlite:///{folder / 'hub.db'}"}
        migrate(Database(settings["HUB_DATABASE_URL"]))
        with opened(folder / "configs/demo/hub.yaml", settings, lambda: NOW) as hub:
            for _ in range(ERRORS):
                _run(hub)
            told = {one for one in _told(hub) if one[0] == "R20"}
            repair(folder / "data/demo", "R20", NOW)
            _run(hub)
            told |= {one for one in _told(hub) if one[0] != "R20"}
            planted = _planted(hub, made)
    return _of(seed, told), _of(seed, planted)


def _run(hub: Runtime) -> None:
    for name in hub.connections:
        hub.sync(name)
    hub.walk()
    hub.sweep()


def _told(hub: Runtime) -> Iterable[tuple[str, str]]:
    with hub.database.reading() as tx:
        found = alerts.page(tx, conditions=[Condition.PENDING, Condition.FIRING], limit=1_000).items
    return {(one.rule, one.subject.id.partition("/")[0]) for one in found}


def _planted(hub: Runtime, made: World) -> Found:
    found: Found = set()
    for case in made.planted:
        if not case.fires:
            continue
        ref = case.refs[0]
        with hub.database.reading() as tx:
            if case.rule in CASES:
                names = vorgaenge.of_members(tx, {ref})
            else:
                standing = entities.current(tx, {ref})
                names = {standing[ref].entity_id if ref in standing else ref}
        found |= {(case.rule, name) for name in names}
    return found


def _of(seed: int, found: Iterable[tuple[str, str]]) -> Found:
    return {(rule, f"{seed} {name}") for rule, name in found}


def report(told: Found, planted: Found) -> None:
    """Print precision and recall of each rule."""
    print("rule  planted  found  precision  recall")
    for rule in sorted({rule for rule, _ in told | planted}):
        mine = {one for one in told if one[0] == rule}
        wanted = {one for one in planted if one[0] == rule}
        right = len(mine & wanted)
        precision, recall = right / max(1, len(mine)), right / max(1, len(wanted))
        print(f"{rule}   {len(wanted):7}  {len(mine):5}  {precision:9.3f}  {recall:6.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    told: Found = set()
    planted: Found = set()
    for seed in range(7, 7 + parser.parse_args().seeds):
        some, wanted = told_and_planted(seed)
        told |= some
        planted |= wanted
    report(told, planted)


if __name__ == "__main__":
    main()
