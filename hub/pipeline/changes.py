"""Says what hangs on canonical records that changed: who they are, and who refers to them."""

from hub.store import canonical, work
from hub.store.canonical import Changes
from hub.store.database import Tx

RESOLVED = frozenset({"organization", "person", "project"})


def announce(tx: Tx, changes: Changes) -> None:
    """Make due what hangs on changed records: resolution, links, and who refers to them."""
    touched = [*changes.written, *changes.vanished]
    pointing = canonical.referrers(tx, touched)
    resolved = [ref for ref in touched if not RESOLVED.isdisjoint(changes.kinds[ref])]
    # A person's company and a project's customer are evidence for who they are, and the people of
    # a company for who it is.
    beside = [ref for ref, kind in pointing.items() if kind in RESOLVED]
    work.add(tx, "resolve", [*resolved, *beside, *changes.employers])
    work.add(tx, "thread", [*touched, *pointing])
