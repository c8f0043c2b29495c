"""Tries what stands in quarantine again, from the text that was kept, without asking its source."""

from connectors.sdk.contract import Connector, ReplayableStream
from hub.clock import Clock, instant_text
from hub.pipeline import lease
from hub.pipeline.sync import hold_connection, lease_name
from hub.store import quarantine, staging
from hub.store.database import Database, Tx
from hub.store.quarantine import Quarantined
from hub.store.suppressions import Sieve

BATCH = 500


def replay_quarantine(
    db: Database, clock: Clock, *, name: str, connector: Connector, sieve: Sieve | None = None
) -> int:
    """Store the records that have come right, and return how many.

    A record that has since arrived anew is left alone: what was rejected is older. Raises
    BusyError while a run reads the connection.
    """
    streams = {
        stream.name: stream
        for stream in connector.streams()
        if isinstance(stream, ReplayableStream)
    }
    holder, after, done = lease.process_name(), 0, 0
    while True:
        with db.transaction() as tx:
            hold_connection(tx, name, holder, clock())
            entries = quarantine.rejected(tx, name, after=after, limit=BATCH)
            for stream_name, stream in streams.items():
                here = [entry for entry in entries if entry.stream == stream_name]
                done += _replay(tx, stream, here, instant_text(clock()), sieve)
            if not entries:
                lease.release(tx, lease_name(name), holder)
                return done
        after = entries[-1].id


def _replay(
    tx: Tx, stream: ReplayableStream, entries: list[Quarantined], now: str, sieve: Sieve | None
) -> int:
    right = [(entry, record) for entry in entries if (record := stream.replayed(entry.raw))]
    if not right:
        return 0
    connection = right[0][0].connection
    keys = [record.key for _, record in right]
    newest = staging.fetched_at(tx, connection, stream.name, keys)
    fresh = [record for entry, record in right if newest.get(record.key, "") <= entry.first_seen_at]
    staging.stage(tx, connection, stream.name, fresh, now=now, sieve=sieve)
    quarantine.close(tx, [entry.id for entry, _ in right])
    return len(right)
