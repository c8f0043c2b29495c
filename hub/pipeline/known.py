"""What a run knows of the pages of one stream, so that one that comes again is not read again."""

from collections.abc import Sequence

from connectors.sdk.record import Page, Recalled
from hub.store import known_pages, quarantine
from hub.store.database import Database, Tx
from hub.store.known_pages import Standing


class KnownPages:
    """The pages that were stored of a stream; recalls none while something waits in quarantine.

    A good record closes the entry that waits under its key: that has to be looked at.
    """

    def __init__(self, db: Database, connection: str, stream: str) -> None:
        self._db, self._connection, self._stream = db, connection, stream
        with db.reading() as tx:
            self._kept = known_pages.digests(tx, connection, stream)
            self._waits = quarantine.waits(tx, connection, stream)
        self._came: set[bytes] = set()

    def recall(self, digest: bytes) -> Recalled | None:
        """Return the page of this digest, if all its records stand as it held them."""
        if self._waits or digest not in self._kept:
            return None
        with self._db.reading() as tx:
            found = known_pages.recall(tx, self._connection, self._stream, digest)
        if found is not None:
            self._came.add(digest)
        return found

    def keep(self, tx: Tx, page: Page, standing: Sequence[Standing], *, rejected: int) -> None:
        """Keep a page that has just been stored, if all of it was good."""
        self._waits |= rejected > 0
        if page.mark is not None and len(standing) == len(page.records):
            known_pages.keep(tx, self._connection, self._stream, page.mark, standing)
            self._came.add(page.mark.digest)

    def forget_others(self, tx: Tx) -> None:
        """Let go of what the whole listing that has just ended did not hold."""
        gone = self._kept - self._came
        known_pages.forget(tx, self._connection, self._stream, gone)
