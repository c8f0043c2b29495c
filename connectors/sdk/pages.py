"""How a list endpoint hands out its pages, as declarations without I/O.

Each kind says what to ask first, and after an answer what to ask next or that this was the end.
The end must be stated: where an answer lacks what says so, that is an error and never an end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, get_args

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from connectors.sdk.errors import SourceContractError
from connectors.sdk.paths import MISSING, steps_of, value_at

HEADER = "header:"
"""In front of a name where a path may stand: the value is that header's, as header:X-Total."""


def _checked(path: str) -> str:
    if not path.startswith(HEADER):
        steps_of(path)
    return path


BodyPath = Annotated[str, AfterValidator(_checked)]
Size = tuple[str, Annotated[int, Field(ge=1)]]


@dataclass(frozen=True, slots=True)
class Ask:
    """What to ask for: parameters beside the stream's own, or a link that holds them all."""

    params: Mapping[str, Any] = field(default_factory=dict)
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: rows: what it listed; before: how many the answers before it listed."""

    ask: Ask
    body: Any
    headers: Mapping[str, str]
    rows: Sequence[Any]
    before: int

    @property
    def listed(self) -> int:
        """How many rows have been listed with this answer."""
        return self.before + len(self.rows)

    def value(self, path: str) -> Any:
        """Return what stands at a path of the body, or in a header; MISSING where nothing does."""
        if path.startswith(HEADER):
            return self.headers.get(path.removeprefix(HEADER).lower(), MISSING)
        return value_at(self.body, steps_of(path))


class Pages(BaseModel):
    """What all kinds share: the size asked for, and how many rows there are in all.

    total: where the answer says so, or where it says so of each of its lists. about: it is an
    estimate, good for progress only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    size: Size | None = None
    total: BodyPath | tuple[BodyPath, ...] | None = None
    about: bool = False

    @property
    def totals(self) -> tuple[str, ...]:
        """Return the paths whose numbers together are the total; none where it is not said."""
        return (self.total,) if isinstance(self.total, str) else self.total or ()

    def reads(self) -> tuple[str, ...] | None:
        """Return the paths of an answer that say what to ask next; None where rows say it."""
        own = (getattr(self, name, None) for name in ("more", "count", "token", "link"))
        return (*self.totals, *(path for path in own if path is not None))

    def first(self) -> Ask:
        """Return what to ask first."""
        return Ask(self._sized())

    def after(self, answered: Answered) -> Ask | None:
        """Return what to ask next, None at the stated end."""
        raise NotImplementedError

    def stated_total(self, answered: Answered) -> int | None:
        """Return how many rows the source says there are, None where it is not to say so.

        Raises SourceContractError where it should and does not.
        """
        if self.total is None:
            return None
        return sum(_count(answered.value(path), path) for path in self.totals)

    def _sized(self) -> dict[str, Any]:
        return dict([self.size]) if self.size else {}


class Single(Pages):
    """All there is in one answer."""

    type: Literal["single"] = "single"

    def after(self, answered: Answered) -> Ask | None:
        return None


class _Counted(Pages):
    """Pages by a number in the request. more: where the answer says whether there are more.

    Without `more` and `total` an empty page is the end: a server may shorten pages on its own.
    """

    param: str
    more: BodyPath | None = None

    def __init__(self, param: str | None = None, /, **values: Any) -> None:
        super().__init__(**_with(values, "param", param))

    def _ended(self, answered: Answered) -> bool:
        if self.more is not None:
            more = answered.value(self.more)
            if more is MISSING:
                raise SourceContractError(f"the answer lacks {self.more!r}, which states the end")
            return not _is_true(more)
        total = None if self.about else self.stated_total(answered)
        if total is None:
            return not answered.rows
        if not answered.rows and answered.listed < total:
            raise SourceContractError(
                f"the source says {total} rows, and an empty page came after {answered.listed}"
            )
        return answered.listed >= total


class Number(_Counted):
    """Page 1, 2, 3 ... first: the number of the first page. count: where the number of pages is."""

    type: Literal["number"] = "number"
    param: str = "page"
    first_page: int = Field(default=1, alias="first")
    count: BodyPath | None = None

    def first(self) -> Ask:
        return Ask({self.param: self.first_page, **self._sized()})

    def after(self, answered: Answered) -> Ask | None:
        number = int(answered.ask.params[self.param])
        if self.count is not None:
            count = _count(answered.value(self.count), self.count)
            ended = number - self.first_page + 1 >= count
        else:
            ended = self._ended(answered)
        return None if ended else Ask({**answered.ask.params, self.param: number + 1})


class Offset(_Counted):
    """From row 0, 100, 200 ... step: rows move on by what came, size by what was asked for."""

    type: Literal["offset"] = "offset"
    param: str = "offset"
    step: Literal["rows", "size"] = "rows"

    def first(self) -> Ask:
        return Ask({self.param: 0, **self._sized()})

    def after(self, answered: Answered) -> Ask | None:
        if self._ended(answered):
            return None
        by = self.size[1] if self.step == "size" and self.size else max(1, len(answered.rows))
        return Ask({**answered.ask.params, self.param: int(answered.ask.params[self.param]) + by})


class Token(Pages):
    """A token in each answer leads to the next page; null or empty is the end.

    absent_ends: an answer without the token is the end, too.
    """

    type: Literal["token"] = "token"
    param: str = "cursor"
    token: BodyPath = "next_cursor"
    absent_ends: bool = False

    def __init__(self, param: str | None = None, /, **values: Any) -> None:
        super().__init__(**_with(values, "param", param))

    def after(self, answered: Answered) -> Ask | None:
        token = _stated(answered, self.token, self.absent_ends)
        if token is None:
            return None
        if token == answered.ask.params.get(self.param):
            raise SourceContractError("the token of the next page is the one of this page")
        return Ask({**answered.ask.params, self.param: token})


class NextLink(Pages):
    """The answer holds the address of the next page; null or empty is the end.

    absent_ends: an answer without the link is the end, too.
    """

    type: Literal["next_link"] = "next_link"
    link: BodyPath = "next"
    absent_ends: bool = False

    def __init__(self, link: str | None = None, /, **values: Any) -> None:
        super().__init__(**_with(values, "link", link))

    def after(self, answered: Answered) -> Ask | None:
        link = _stated(answered, self.link, self.absent_ends)
        if link is None:
            return None
        if not isinstance(link, str) or link == answered.ask.link:
            raise SourceContractError("the link to the next page is none, or leads to this page")
        return Ask(link=link)


class LinkHeader(Pages):
    """A `Link` header with rel="next" (RFC 8288); the last page has none."""

    type: Literal["link_header"] = "link_header"
    rel: str = "next"

    def after(self, answered: Answered) -> Ask | None:
        found = httpx.Response(200, headers={"link": answered.headers.get("link", "")}).links
        link = found.get(self.rel, {}).get("url")
        if link is not None and link == answered.ask.link:
            raise SourceContractError("the link to the next page leads to this page")
        return None if link is None else Ask(link=link)


class Keyset(Pages):
    """The next page begins behind the last row's value of `field`; an empty page is the end.

    Rows must come in ascending order of `field`, which no two rows share: an id.
    """

    type: Literal["keyset"] = "keyset"
    param: str = "after"
    field: BodyPath = "id"
    more: BodyPath | None = None

    def __init__(self, param: str | None = None, /, **values: Any) -> None:
        super().__init__(**_with(values, "param", param))

    def reads(self) -> None:
        return None

    def after(self, answered: Answered) -> Ask | None:
        if self.more is not None:
            more = answered.value(self.more)
            if more is MISSING:
                raise SourceContractError(f"the answer lacks {self.more!r}, which states the end")
            if not _is_true(more):
                return None
        if not answered.rows:
            return None
        last = value_at(answered.rows[-1], steps_of(self.field))
        if last is MISSING or last is None:
            raise SourceContractError(f"the last row has no {self.field!r} to go on from")
        if last == answered.ask.params.get(self.param):
            raise SourceContractError(f"the page does not go beyond {self.field} {last!r}")
        return Ask({**answered.ask.params, self.param: last})


AnyPages = Annotated[
    Single | Number | Offset | Token | NextLink | LinkHeader | Keyset, Field(discriminator="type")
]
KINDS = tuple(get_args(get_args(AnyPages)[0]))
READER: TypeAdapter[Pages] = TypeAdapter(AnyPages, config=ConfigDict(defer_build=True))


def _with(values: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    return values if value is None else {**values, name: value}


def _count(value: Any, path: str) -> int:
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise SourceContractError(f"the answer holds no number at {path!r}, which states the end")
    return int(value)


def _is_true(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().lower() not in ("", "0", "false", "no")
    return bool(value)


def _stated(answered: Answered, path: str, absent_ends: bool) -> Any:
    value = answered.value(path)
    if value is MISSING and not absent_ends:
        raise SourceContractError(f"the answer lacks {path!r}, which states the end")
    return value or None
