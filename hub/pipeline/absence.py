"""What a listing lacked: whether its source still knows it by its key."""

from collections.abc import Sequence

from connectors.sdk.contract import LookupStream, Stream
from connectors.sdk.errors import ConnectorError

LOOKED_UP = 20
"""Up to so many records are asked for one by one; above, another listing costs less."""


def all_gone(stream: Stream, keys: Sequence[str]) -> bool:
    """Return whether the source says of every key that there is no such record.

    False where one is there, where a record cannot be asked for, or where there are too many. A
    record that is there says nothing: many products still answer for what was deleted.
    """
    if len(keys) > LOOKED_UP or not isinstance(stream, LookupStream) or not stream.can_look_up:
        return False
    try:
        return all(_is_gone(stream, key) for key in keys)
    except ConnectorError:
        return False


def _is_gone(stream: LookupStream, key: str) -> bool:
    records = stream.look_up(key).records
    return bool(records) and all(record.deleted for record in records)
