"""Streams as declarations: what a list endpoint is called, how it is read, what it means."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from connectors.sdk.cursors import Cursor, Since
from connectors.sdk.duration import Duration
from connectors.sdk.model import Model
from connectors.sdk.options import KeyColumns, StreamName
from connectors.sdk.pages import AnyPages, BodyPath, Single
from connectors.sdk.webhooks import KeysOf, Webhook

Rows = Iterator[Sequence[dict[str, Any]]]
CodeReader = Callable[..., Rows]


def _cursor(value: Any) -> Any:
    return {"path": value} if isinstance(value, str) else value


def _since(value: Any) -> Any:
    return {"param": value} if isinstance(value, str) else value


def _paths(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Paths = Annotated[tuple[BodyPath, ...], BeforeValidator(_paths)]


class Deletes(BaseModel):
    """An endpoint that lists what was deleted. key: where each row names the deleted record."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    path: str
    key: KeyColumns = ("id",)
    items: Paths = ("",)
    cursor: Annotated[Cursor, BeforeValidator(_cursor)] | None = None
    since: Annotated[Since, BeforeValidator(_since)] | None = None
    pages: AnyPages = Single()
    params: dict[str, Any] = {}


class StreamSpec(BaseModel):
    """All that may be said of a stream; Python and YAML fill the same.

    items: the path to the list in an answer ("" where the answer is it), or several; each: the path
    to the record inside an item; reads: the author's own reading of a record that is no plain JSON,
    before anything else looks at it. cursor, since: see there. ordered: rows come in ascending
    order of the cursor (say so in `params`), which is observed all the same. lookback: how far
    behind the last cursor to read again. complete: a listing without `since` holds all records
    there are, so that a missing one is deleted. full_every: how often a stream with `since` is
    listed whole nevertheless. backfill: how many pages of a long first read one run takes on, while
    changes are read as they come. tombstone: a field that says that a record is deleted. nulls:
    values that stand for none. volatile: fields whose change is none. item: the path of one record,
    with {key}; item_at: where the record stands in that answer. webhook: what the source sends by
    itself when a record changes, which is then read again by `item`. link: the path of the page
    where people see a record, with {key}, below `base_url`. error: where a 200 holds an error.
    parent: the stream whose records' keys stand in `path` as {key}; parent_field: a field that is
    added to each row and holds that key.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: StreamName
    path: str
    key: KeyColumns = ("id",)
    items: Paths = ("",)
    each: BodyPath = ""
    reads: Callable[[Any], Any] | None = Field(default=None, exclude=True)
    cursor: Annotated[Cursor, BeforeValidator(_cursor)] | None = None
    since: Annotated[Since, BeforeValidator(_since)] | None = None
    ordered: bool = False
    lookback: Duration = timedelta(0)
    pages: AnyPages = Single()
    params: dict[str, Any] = {}
    method: Literal["GET", "POST"] = "GET"
    body: Any = None
    maps_to: str | None = None
    complete: bool = True
    full_every: Duration | None = None
    backfill: Annotated[int, Field(ge=1)] | None = None
    tombstone: BodyPath | None = None
    nulls: tuple[Any, ...] = ()
    volatile: tuple[str, ...] = ()
    free_text: tuple[str, ...] = ()
    item: str | None = None
    item_at: BodyPath = ""
    webhook: Webhook | None = None
    link: str | None = None
    error: BodyPath | None = None
    parent: StreamName | None = None
    parent_field: str | None = None
    deletes: Deletes | None = None

    @model_validator(mode="after")
    def _cursor_for_since(self) -> "StreamSpec":
        if self.cursor is None and (self.since is not None or self.ordered or self.lookback):
            raise ValueError("`since`, `ordered` and `lookback` go with `cursor`")
        if self.backfill is not None and not (self.ordered and self.since):
            raise ValueError("`backfill` goes with `ordered` and `since`")
        return self

    @model_validator(mode="after")
    def _item_for_webhook(self) -> "StreamSpec":
        if self.item is not None and "{key}" not in self.item:
            raise ValueError("`item` is the path of one record: it holds {key}")
        if self.link is not None and not (self.link.startswith("/") and "{key}" in self.link):
            raise ValueError("`link` is a path below base_url: it begins with / and holds {key}")
        if self.webhook is not None and (self.item is None or len(self.key) != 1):
            raise ValueError("`webhook` goes with `item` and a `key` of one field")
        return self


@dataclass(eq=False)
class Stream:
    """One kind of object of a source, as its author declares it."""

    model: type[Model]
    spec: StreamSpec
    parent: "Stream | None" = None
    reader: CodeReader | None = None

    def __init__(
        self,
        model: type[Model],
        path: str = "",
        *,
        name: str | None = None,
        parent: "Stream | None" = None,
        reader: CodeReader | None = None,
        **said: Any,
    ) -> None:
        """Declare a stream of `model` at `path`; what else may be said: see StreamSpec.

        name: the last word of the path where none is given. Raises ValueError for what does not
        hold.
        """
        said = {key: value for key, value in said.items() if value is not None}
        self.model, self.parent, self.reader = model, parent, reader
        self.spec = StreamSpec.model_validate(
            {
                "name": name or _name_in(path),
                "path": path,
                **said,
                **({"parent": parent.name} if parent else {}),
            }
        )

    @classmethod
    def of(cls, model: type[Model], spec: StreamSpec, parent: "Stream | None" = None) -> "Stream":
        """Return the stream of a spec that has been read already."""
        said = {key: getattr(spec, key) for key in spec.model_fields_set - {"parent"}}
        return cls(model, parent=parent, **said)

    @property
    def name(self) -> str:
        """How the stream is called in the configuration and in record refs."""
        return self.spec.name

    @classmethod
    def code(
        cls, model: type[Model], *, name: str | None = None, **said: Any
    ) -> Callable[[CodeReader], "Stream"]:
        """Declare a stream whose pages the decorated function yields, as lists of rows.

        It is called with the api, then the parent record where there is a parent, then the cursor.
        """

        def declared(reader: CodeReader) -> "Stream":
            return cls(model, name=name or reader.__name__, reader=reader, **said)

        return declared

    def deleted(self, path: str, **said: Any) -> Callable[[Any], Any]:
        """State the endpoint that lists what was deleted; as a decorator or a plain call."""
        deletes = Deletes.model_validate({"path": path, "key": self.spec.key, **said})
        self.spec = self.spec.model_copy(update={"deletes": deletes})
        return lambda function: function

    def webhook(self, *events: str, **said: Any) -> Callable[[KeysOf], KeysOf]:
        """State what the source sends by itself; see Webhook.

        As a decorator, the function reads the key, or keys, out of a body. Raises ValueError for
        what does not hold.
        """
        given = {"events": events, **said} if events else said
        self._set_webhook(Webhook.model_validate(given))

        def read(keys_of: KeysOf) -> KeysOf:
            self._set_webhook(Webhook.model_validate({**given, "keys_of": keys_of}))
            return keys_of

        return read

    def _set_webhook(self, webhook: Webhook) -> None:
        said = {name: getattr(self.spec, name) for name in self.spec.model_fields_set}
        self.spec = StreamSpec.model_validate({**said, "webhook": webhook})


def _name_in(path: str) -> str:
    """Return the last fixed word of a path: contacts of /v1/contacts, issues of /issues.json."""
    words = [word for word in path.partition("?")[0].split("/") if word and "{" not in word]
    last = words[-1].partition(".")[0].lower() if words else ""
    return re.sub(r"[^a-z0-9_-]+", "_", last)


def in_order(streams: Iterable[Stream]) -> list[Stream]:
    """Return the streams as declared. Raises ValueError for two of one name."""
    found = list(streams)
    names = [stream.name for stream in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"two streams are called {min(twice)!r}: give one a `name`")
    return found
