"""Resolution is asked for where anything waits for it, and only there."""

import pytest

from hub.store import profiles, resolving, work
from hub.store.database import Database

TODAY = {"person": "person-1"}
EDITION = 2


@pytest.mark.parametrize(
    ("stages", "scored", "expected"),
    [
        ((), None, False),
        (("alert", "canonicalize", "review"), None, False),
        (("resolve",), None, True),
        (("reweigh",), None, True),
        (("rescore",), None, True),
        ((), ("person", profiles.Base("person-1", 3, EDITION)), False),
        ((), ("person", profiles.Base("person-0", 3, EDITION)), True),
        ((), ("person", profiles.Base("person-0", 0, EDITION)), False),
        ((), ("person", profiles.Base("person-1", 3, EDITION - 1)), True),
        ((), ("person", profiles.Base("person-1", 0, EDITION - 1)), False),
        ((), ("thing", profiles.Base("thing-0", 3, EDITION)), False),
        ((), ("thing", profiles.Base("thing-0", 3, EDITION - 1)), False),
    ],
)
def test_what_waits_for_resolution(
    database: Database,
    stages: tuple[str, ...],
    scored: tuple[str, profiles.Base] | None,
    expected: bool,
) -> None:
    with database.transaction() as tx:
        for stage in stages:
            work.add(tx, stage, ["crm:contacts:1"])
        if scored:
            profiles.save_base(tx, *scored)
        assert resolving.is_due(tx, TODAY, EDITION) is expected
