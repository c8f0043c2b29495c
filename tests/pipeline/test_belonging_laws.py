"""Companies, their people and their projects end as one full run has them, whatever the order."""

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.clock import instant_text
from hub.pipeline.changes import announce
from hub.pipeline.resolve import resolve
from hub.store import canonical, judgements, work
from hub.store.database import Database
from hub.store.tables import crosswalk, profile_records, profiles
from tests.conftest import HandClock
from tests.pipeline.companies import MODELS
from tests.store.canonical_rows import made, source

COMPANIES = [f"{where}:a:{at}" for where in ("crm", "desk") for at in range(2)]
COMPANIES += [f"desk:t:{at}#company" for at in range(2)]
KINDS = {
    **dict.fromkeys(COMPANIES, "organization"),
    **{f"{where}:p:{at}": "person" for where in ("crm", "desk") for at in range(2)},
    **{f"{where}:j:{at}": "project" for where in ("crm", "desk") for at in range(2)},
}
_told = st.fixed_dictionaries(
    {"name": st.sampled_from(["Weber Logistik GmbH", "Weber Logistik", "Anna Weber", "Los 2"])},
    optional={
        "vat_id": st.sampled_from(["DE136695976", "DE811569869"]),
        "emails": st.sampled_from([["info@weber.example"], ["a.weber@weber.example"]]),
        "of": st.sampled_from(COMPANIES),
    },
)
_Told = dict[str, Any] | None
_ref = st.sampled_from(sorted(KINDS))
_change = st.tuples(_ref, st.one_of(st.none(), _told, _told, _told))
_word = st.tuples(_ref, _ref, st.sampled_from(["same", "different"]))


class Hub:
    """A store with the resolution stage alone."""

    def __init__(self, db: Database, whole_from: int) -> None:
        self.db, self.clock, self.whole_from = db, HandClock(), whole_from

    def put(self, changes: Iterable[tuple[str, _Told]]) -> None:
        """Write or (None) remove records by ref."""
        with self.db.transaction() as tx:
            for ref, told in dict(changes).items():
                rows = []
                if told is not None:
                    refs = [("organization", told["of"])] if "of" in told else []
                    fields = {name: value for name, value in told.items() if name != "of"}
                    rows = [made(tx, ref, KINDS[ref], refs=refs, **fields)]
                announce(tx, canonical.replace(tx, [source(tx, ref)], rows))

    def say(self, words: Iterable[tuple[str, str, Any]], known: dict[str, _Told]) -> None:
        """Judge pairs of one kind that are there."""
        with self.db.transaction() as tx:
            now = instant_text(self.clock())
            for left, right, word in words:
                alike = left != right and KINDS[left] == KINDS[right]
                if alike and known.get(left) and known.get(right):
                    judgements.add(tx, left, right, word, author="anna", reason="", now=now)

    def resolve(self) -> None:
        self.clock.turn(seconds=1)
        resolve(self.db, MODELS, self.clock(), whole_from=self.whole_from)

    def told(self) -> dict[str, str]:
        """Return what resolution is told of each record, as JSON."""
        of = profile_records.c.profile_id == profiles.c.id
        with self.db.reading() as tx:
            rows = tx.execute(
                sa.select(profile_records.c.ref, profiles.c.features).join(profiles, of)
            )
            return {row.ref: row.features for row in rows}

    def clusters(self) -> list[list[str]]:
        found: dict[str, list[str]] = {}
        with self.db.reading() as tx:
            assert work.counts(tx).get("resolve", 0) == 0
            for ref, entity in tx.execute(sa.select(crosswalk.c.ref, crosswalk.c.entity_id)):
                found.setdefault(entity, []).append(ref)
        return sorted(sorted(refs) for refs in found.values())


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    increments=st.lists(st.lists(_change, min_size=1, max_size=6), min_size=1, max_size=6),
    words=st.lists(_word, max_size=3),
)
def test_who_belongs_to_whom_is_told_alike_in_any_order(
    new_database: Callable[[], Database],
    increments: list[list[tuple[str, _Told]]],
    words: list[tuple[str, str, Any]],
) -> None:
    slow, at_once = Hub(new_database(), 10**9), Hub(new_database(), 1)
    known: dict[str, _Told] = {}
    for changes in increments:
        slow.put(changes)
        known |= dict(changes)
        slow.resolve()
    at_once.put(known.items())
    for hub in (slow, at_once):
        hub.say(words, known)
        hub.resolve()
    assert slow.clusters() == at_once.clusters()
    assert slow.told() == at_once.told()
