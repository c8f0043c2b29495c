"""The kit passes what keeps the contract, and says what breaks it where something does."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest

from connectors.sdk import Connector, Model, Stream, auth, pages
from connectors.sdk.conformance import CHECKS, Clock, DeclaredSubject, Finding, Store, run_checks
from connectors.sdk.conformance.emulator import Emulator
from connectors.sdk.conformance.seam import Row
from hub.pipeline.trial import trial_stores


class Order(Model):
    id: str
    total: float | None
    changed: datetime


class Account(Model):
    uuid: str
    name: str | None
    gone: bool | None


def connector(*, ordered: bool = True) -> Connector:
    orders = Stream(
        Order,
        "/orders",
        items="data.rows",
        each="order",
        cursor="changed",
        since="from",
        ordered=ordered,
        pages=pages.Number(size=("n", 50), total="data.total"),
    )
    accounts = Stream(
        Account,
        "/accounts",
        key="uuid",
        tombstone="gone",
        pages=pages.Token(size=("limit", 50), token="next"),
        items="list",
    )
    basic = auth.Basic()
    return Connector("shop", auth=basic, rate="20/s", check="/me", streams=[orders, accounts])


@pytest.fixture(scope="module")
def stores() -> Iterator[Callable[[Clock], Store]]:
    with trial_stores() as make:
        yield make


def find(subject: Any, stores: Callable[[Clock], Store], check: str) -> Finding:
    (finding,) = run_checks(subject, stores, [check])
    return finding


@pytest.mark.parametrize("check", CHECKS)
def test_a_declared_connector_passes(check: str, stores: Callable[[Clock], Store]) -> None:
    finding = find(DeclaredSubject(connector()), stores, check)
    assert (finding.result, finding.text) == ("passed", _note(check))


def _note(check: str) -> str:
    return "orders never sees what is gone" if check == "deletes" else ""


class Meta(Model):
    modified: int
    removed: bool


class Person(Model):
    uid: str
    meta: Meta


def people(**said: Any) -> Stream:
    """Return a stream whose time of change and mark of deletion stand inside of another object."""
    usual: dict[str, Any] = {
        "key": "uid",
        "items": "response.list",
        "cursor": "meta.modified",
        "since": "from",
        "tombstone": "meta.removed",
        "pages": pages.Token(token="response.next"),
    }
    return Stream(Person, "/people", **{**usual, **said})


@pytest.mark.parametrize("check", ["schema", "ties", "deletes"])
def test_paths_that_lead_into_objects_are_played(
    check: str, stores: Callable[[Clock], Store]
) -> None:
    finding = find(DeclaredSubject(Connector("pipe", streams=[people()])), stores, check)
    assert (finding.result, finding.text) == ("passed", "")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"key": "id"}, "its key 'id' is no field of Person (meta, uid)"),
        ({"cursor": "meta.changed"}, "its cursor 'meta.changed' is no field of Person"),
        ({"tombstone": "gone"}, "its tombstone 'gone' is no field of Person"),
    ],
)
def test_what_the_model_lacks_is_not_invented(
    said: dict[str, str], told: str, stores: Callable[[Clock], Store]
) -> None:
    subject = DeclaredSubject(Connector("pipe", streams=[people(**said)]))
    finding = find(subject, stores, "schema")
    assert finding.result == "failed"
    assert told in finding.text


@pytest.mark.parametrize(
    ("source", "left_out"),
    [
        ("files", {"check", "ties", "lying-200", "pacing", "tokens"}),
        ("sql", {"check", "lying-200", "pacing", "tokens"}),
    ],
)
def test_sources_without_http_pass_what_applies(
    source: str, left_out: set[str], stores: Callable[[Clock], Store]
) -> None:
    subject = import_module(f"connectors.{source}.contract").subject()
    quick = [check for check in CHECKS if check != "crash"]
    with closing(subject):
        found = {finding.check: finding for finding in run_checks(subject, stores, quick)}
    assert [one for one in found.values() if one.result == "failed"] == []
    assert {name for name, one in found.items() if one.result == "does not apply"} == left_out


def test_files_survive_a_kill_at_each_commit(stores: Callable[[Clock], Store]) -> None:
    subject = import_module("connectors.files.contract").subject()
    with closing(subject):
        assert find(subject, stores, "crash").result == "passed"


class Exclusive(Emulator):
    """A product whose filter leaves out what equals it, which the declaration does not say."""

    def _chosen(self, spec: Any, rows: list[Row], asked: Any) -> list[Row]:
        found = super()._chosen(spec, rows, asked)
        bound = asked.get("from")
        return [row for row in found if bound is None or row["changed"] > bound]


class Capped(Emulator):
    """A product that never lists more than 25 rows, and says that those are all."""

    def _chosen(self, spec: Any, rows: list[Row], asked: Any) -> list[Row]:
        return super()._chosen(spec, rows, asked)[:25]


class Open(Emulator):
    """A product that lets anybody in."""

    def _accepted(self, request: Any) -> bool:
        return True


@dataclass(frozen=True)
class Broken:
    check: str
    said: str
    emulator: type[Emulator] = Emulator


@pytest.mark.parametrize(
    "broken",
    [
        Broken("ties", "a row of the same second came late: 1 of", Exclusive),
        Broken("completeness", "records lost", Capped),
        Broken("check", "bad credentials gave None, not an AuthError", Open),
    ],
)
def test_a_product_that_differs_from_its_declaration_is_noticed(
    broken: Broken, stores: Callable[[Clock], Store]
) -> None:
    subject = DeclaredSubject(connector(ordered=False), emulator=broken.emulator)
    finding = find(subject, stores, broken.check)
    assert finding.result == "failed"
    assert broken.said in finding.text


class Hasty(DeclaredSubject):
    """A source that hands out its position one page too early."""

    def open(self, stream: str, clock: Clock, **options: Any) -> Any:
        connection = super().open(stream, clock, **options)
        (reading,) = connection.streams()
        return HastyConnection(connection, HastyStream(reading))


@dataclass
class HastyStream:
    stream: Any

    @property
    def name(self) -> str:
        return str(self.stream.name)

    def read(self, since: str | None) -> Iterator[Any]:
        for item in self.stream.read(since):
            if hasattr(item, "records") and item.records:
                last = max(str(record.data["changed"]) for record in item.records)
                item = replace(item, cursor=last.replace("2026", "2027"))
            yield item


@dataclass
class HastyConnection:
    connection: Any
    stream: HastyStream

    def check(self) -> None:
        self.connection.check()

    def streams(self) -> list[HastyStream]:
        return [self.stream]

    def close(self) -> None:
        self.connection.close()


@pytest.mark.parametrize("check", ["crash", "lying-200"])
def test_a_position_that_passes_its_data_is_noticed(
    check: str, stores: Callable[[Clock], Store]
) -> None:
    subject = Hasty(connector(), leave_out={"accounts": "one is enough"})
    finding = find(subject, stores, check)
    assert finding.result == "failed"
    assert "records lost" in finding.text
