"""A connector beside what its last release promised."""

from pathlib import Path

from connectors.sdk.conformance.changes import Change, changes
from connectors.sdk.conformance.seam import BreachError, require
from connectors.sdk.conformance.snapshot import (
    Snapshot,
    read_snapshot,
    snapshot_of,
    snapshot_path,
    write_snapshot,
)
from connectors.sdk.connector import Connector
from connectors.sdk.version import may_break, version_of

SHOWN = 5


def keeps_release(home: Path, connector: Connector) -> list[str]:
    """Return what is worth telling about a connector beside the snapshot in `home`.

    Raises BreachError where the last release is broken and the version says nothing of it.
    """
    path = snapshot_path(home, connector)
    before, now = read_snapshot(path), snapshot_of(connector)
    if before is None:
        return [f"there is no {path.name} to compare with: --write-schema writes it"]
    found = _allowed(before, now)
    if not found and now.version == before.version:
        return []
    told = _listed(found) or f"version {now.version}"
    return [f"new since {before.version}: {told}; --write-schema refreshes {path.name}"]


def write_release(home: Path, connector: Connector) -> Path:
    """Write the snapshot of a connector into `home` and return its path.

    Raises BreachError as above: then the old snapshot stays.
    """
    path = snapshot_path(home, connector)
    before, now = read_snapshot(path), snapshot_of(connector)
    if before is not None:
        _allowed(before, now)
    write_snapshot(path, now)
    return path


def _allowed(before: Snapshot, now: Snapshot) -> list[Change]:
    """Return what changed. Raises BreachError where the version does not allow it."""
    was, new = version_of(before.version), version_of(now.version)
    require(new >= was, f"version {now.version} is before the released {before.version}")
    found = changes(before, now)
    broken = [change for change in found if change.breaks]
    if broken and not may_break(new, was):
        raise BreachError(
            f"{_listed(broken)}; released as {before.version}, so undo "
            f'{"this" if len(broken) == 1 else "these"}, or state version="{was[0] + 1}.0.0" of '
            "the connector and tell its users"
        )
    return found


def _listed(found: list[Change]) -> str:
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return "; ".join(map(str, found[:SHOWN])) + more
