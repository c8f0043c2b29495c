"""The kit plays children, code, tokens that rotate and first reads in slices."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from connectors.sdk import Connector, ConnectorError, Model, Stream, auth, pages
from connectors.sdk.conformance import (
    CHECKS,
    BreachError,
    Clock,
    DeclaredSubject,
    Finding,
    Store,
    run_checks,
)
from connectors.sdk.conformance.checks import in_slices
from connectors.sdk.conformance.emulator import Emulator
from connectors.sdk.conformance.lab import Lab
from connectors.sdk.conformance.seam import Row
from connectors.sdk.surroundings import MemoryVault
from hub.pipeline.trial import trial_stores


class Contact(Model):
    id: int
    name: str | None
    changed: datetime


class Note(Model):
    id: int
    text: str | None
    at: datetime


class Tag(Model):
    word: str
    weight: float | None


contacts = Stream(
    Contact,
    "/contacts",
    items="data",
    cursor="changed",
    since="since",
    ordered=True,
    backfill=2,
    pages=pages.Number(size=("n", 50), total="total"),
)
tags = Stream(
    Tag,
    "/contacts/{key}/tags",
    name="tags",
    key=["contact", "word"],
    items="tags",
    parent=contacts,
    parent_field="contact",
    pages=pages.Token(size=("limit", 50), token="next"),
)


@Stream.code(Note, parent=contacts, cursor="at", full_every="1d")
def notes(api: Any, contact: Any, since: Any) -> Iterator[Any]:
    yield from api.pages(f"/contacts/{contact.id}/notes", items="notes", pages=PAGED)


@Stream.code(Tag, key="word", name="words")
def words(api: Any, since: Any) -> Iterator[Any]:
    yield from api.pages("/words", items="", pages=pages.Offset(size=("limit", 500), step="size"))


@Stream.code(Tag, key="word", name="report")
def report(api: Any, since: Any) -> Iterator[Any]:
    yield api.get("/report")["rows"]


PAGED = pages.Number(size=("n", 100), more="more")
STREAMS = {one.name: one for one in (contacts, tags, notes, words)}


def subject(*streams: Stream, kind: auth.Auth | None = None, **said: Any) -> DeclaredSubject:
    return DeclaredSubject(Connector("shop", auth=kind, streams=streams), **said)


@pytest.fixture(scope="module")
def stores() -> Iterator[Callable[[Clock], Store]]:
    with trial_stores() as make:
        yield make


def find(subject: Any, stores: Callable[[Clock], Store], check: str) -> Finding:
    (finding,) = run_checks(subject, stores, [check])
    return finding


KINDS = {
    "client": auth.OAuth2(token_url="/token"),
    "refresh": auth.OAuth2(
        token_url="https://login.test/token", grant="refresh_token", sent_as="basic"
    ),
    "jwt": auth.JwtBearer(token_url="/token"),
    "session": auth.Session(path="/login", token="session.id"),
    "cookie": auth.Session(cookie="sid"),
}


def passes(subject: DeclaredSubject, stores: Callable[[Clock], Store], check: str) -> str:
    finding = find(subject, stores, check)
    assert finding.result == "passed", finding.text
    return finding.text


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("tags", "completeness"),
        ("tags", "lying-200"),
        ("tags", "drift"),
        ("notes", "ties"),
        ("notes", "tokens"),
        ("notes", "pacing"),
        ("words", "completeness"),
    ],
)
def test_children_and_code_are_played(
    name: str, check: str, stores: Callable[[Clock], Store]
) -> None:
    assert passes(subject(STREAMS[name], kind=auth.Bearer()), stores, check) == ""


@pytest.mark.servers
@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("name", STREAMS)
def test_children_code_and_slices_keep_the_whole_contract(
    name: str, check: str, stores: Callable[[Clock], Store]
) -> None:
    finding = find(subject(STREAMS[name], kind=auth.Bearer()), stores, check)
    unordered = check == "ties" and name in ("tags", "words")
    assert finding.result == ("does not apply" if unordered else "passed"), finding.text


@pytest.mark.parametrize("kind", KINDS)
def test_tokens_are_played(kind: str, stores: Callable[[Clock], Store]) -> None:
    for check in ("check", "tokens"):
        assert passes(subject(words, kind=KINDS[kind]), stores, check) == ""


def test_code_that_only_its_author_can_play_is_named(stores: Callable[[Clock], Store]) -> None:
    left_out = subject(words, report).left_out
    assert left_out == {
        "report": "its code asks for GET /api/report by other means than api.pages (NotThereError: "
        "GET https://emulator.test/api/report: answered 404): only an emulator of its author's can "
        "serve it"
    }


@Stream.code(Tag, key="word", name="first")
def first_page_only(api: Any, since: Any) -> Iterator[Any]:
    yield next(iter(api.pages("/words", pages=PAGED, items="data")))


@Stream.code(Tag, key="word", name="deaf")
def deaf_to_errors(api: Any, contact: Any, since: Any) -> Iterator[Any]:
    with suppress(ConnectorError):
        yield from api.pages(f"/contacts/{contact.id}/words", pages=PAGED, items="data")


deaf = Stream(Tag, name="deaf", key="word", parent=contacts, reader=deaf_to_errors.reader)


class OldestFirst(Emulator):
    """A product that lists the oldest change first, which the declaration does not say."""

    def _chosen(self, spec: Any, rows: list[Row], asked: Any) -> list[Row]:
        return super()._chosen(spec, rows, asked)[::-1]


class Forgetful(MemoryVault):
    """A vault that stores nothing."""

    def put(self, name: str, value: str) -> None:
        """Forget it."""


unordered = Stream(
    Contact,
    "/contacts",
    items="data",
    cursor="changed",
    since="since",
    pages=pages.Number(size=("n", 50), more="more"),
)


@pytest.mark.parametrize(
    ("broken", "check", "said"),
    [
        (subject(first_page_only), "completeness", "records lost"),
        (subject(deaf), "lying-200", "the run says that it succeeded"),
        (
            subject(unordered, emulator=OldestFirst),
            "ties",
            "a row changed after page 1 was answered: 1 of 60 records lost",
        ),
    ],
    ids=["first page only", "deaf to errors", "oldest first"],
)
def test_what_loses_records_is_noticed(
    broken: DeclaredSubject, check: str, said: str, stores: Callable[[Clock], Store]
) -> None:
    finding = find(broken, stores, check)
    assert finding.result == "failed"
    assert said in finding.text


def test_a_token_that_is_used_before_it_is_stored_is_noticed(
    stores: Callable[[Clock], Store],
) -> None:
    leaky = subject(words, kind=KINDS["refresh"])
    leaky.vault = leaky.authority.vault = Forgetful()
    assert find(leaky, stores, "tokens").result == "failed"


@dataclass
class Skipping:
    """A stream that takes what is there for a finished backfill after its first slice."""

    stream: Any

    @property
    def name(self) -> str:
        return str(self.stream.name)

    def read_from(self, positions: Mapping[str, str]) -> Iterator[Any]:
        kept = {name: at for name, at in positions.items() if name != "backfill"}
        yield from self.stream.read_from(kept)

    def read(self, since: str | None) -> Iterator[Any]:
        yield from self.stream.read(since)


class Hasty(DeclaredSubject):
    """A connector whose first read ends with its first slice."""

    def open(self, stream: str, clock: Clock, **how: Any) -> Any:
        connection: Any = super().open(stream, clock, **how)
        if how.get("sliced"):
            connection._streams = [Skipping(connection.streams()[0])]
        return connection


def test_a_first_read_that_ends_with_its_first_slice_is_noticed(
    stores: Callable[[Clock], Store],
) -> None:
    hasty = Hasty(Connector("shop", streams=[contacts]))
    (facts,) = hasty.streams()
    with closing(Lab(hasty, stores)) as lab, pytest.raises(BreachError, match="records lost"):
        in_slices(lab, facts)
