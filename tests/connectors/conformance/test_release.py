"""What a release promised is kept: what may change without a new MAJOR version, and what not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import create_model

from connectors.registry import REGISTRY
from connectors.sdk import ConnectionBrokenError, Connector, FreeText, Model, Stream, pages
from connectors.sdk.conformance import (
    BreachError,
    Clock,
    DeclaredSubject,
    Store,
    run_checks,
    write_release,
)
from connectors.sdk.conformance.changes import takes
from connectors.sdk.conformance.release import keeps_release
from connectors.sdk.conformance.snapshot import read_snapshot, snapshot_of, type_word
from hub.cli.contract import subject_of
from hub.pipeline.trial import trial_stores

FIELDS: dict[str, Any] = {"id": int, "total": float, "note": str | None, "changed": datetime}


def shop(
    version: str = "1.2.0",
    *,
    fields: dict[str, Any] = FIELDS,
    more: dict[str, Any] | None = None,
    less: tuple[str, ...] = (),
    **said: Any,
) -> Connector:
    """Return a connector of one stream, orders, which differs from the released one as stated."""
    kept = {name: kind for name, kind in {**fields, **(more or {})}.items() if name not in less}
    shape: dict[str, Any] = {name: (kind, ...) for name, kind in kept.items()}
    model = create_model("Order", __base__=Model, **shape)
    given = {"name": "orders", "cursor": "changed", "pages": pages.Single(), **said}
    return Connector("shop", streams=[Stream(model, "/orders", **given)], version=version)


class Tag(Model):
    name: str
    rank: int


class Tags(Model):
    id: int
    tags: list[Tag]
    owner: Tag | None


def two_streams(*, both: bool = True) -> Connector:
    """Return a connector whose second stream holds models inside its model."""
    tags = Stream(Tags, "/tags", name="tags")
    (orders,) = shop().declared
    return Connector("shop", streams=[orders, tags] if both else [orders], version="1.2.0")


@dataclass(frozen=True)
class Case:
    now: Connector
    said: str


BREAKS = {
    "a field goes": Case(shop(less=("note",)), "orders.note: the field is gone"),
    "a type narrows": Case(
        shop(more={"total": int}), "orders.total: its type narrowed from number to int"
    ),
    "null is no longer sent": Case(
        shop(more={"note": str}), "orders.note: its type narrowed from optional text to text"
    ),
    "a type changes": Case(shop(more={"id": str}), "orders.id: its type changed from int to text"),
    "a text is no longer kept": Case(
        shop(more={"note": FreeText}), "orders.note: it became free text"
    ),
    "a key changes": Case(shop(key=("id", "note")), "orders: the key changed from id to id, note"),
    "a cursor changes": Case(shop(cursor="id"), "orders: the cursor changed from changed to id"),
    "a cursor goes": Case(shop(cursor=None), "orders: the cursor changed from changed to none"),
    "a stream is called otherwise": Case(shop(name="sales"), "orders: the stream is gone"),
    "the version goes back": Case(shop("1.1.9"), "version 1.1.9 is before the released 1.2.0"),
}

HARMLESS = {
    "a field comes": Case(
        shop(more={"vat": float | None}), "orders.vat: the field is new: optional number"
    ),
    "a type widens": Case(
        shop(more={"id": float}), "orders.id: its type widened from int to number"
    ),
    "null is sent": Case(
        shop(more={"total": float | None}),
        "orders.total: its type widened from number to optional number",
    ),
    "a stream comes": Case(two_streams(), "tags: the stream is new"),
    "only the version changes": Case(shop("1.3.0"), "new since 1.2.0: version 1.3.0"),
}


@pytest.fixture(scope="module")
def stores() -> Iterator[Callable[[Clock], Store]]:
    with trial_stores() as make:
        yield make


@pytest.mark.parametrize("case", BREAKS.values(), ids=BREAKS)
def test_a_break_fails_and_keeps_the_snapshot(case: Case, tmp_path: Path) -> None:
    path = write_release(tmp_path, shop())
    released = path.read_text()
    with pytest.raises(BreachError) as breach:
        keeps_release(tmp_path, case.now)
    assert str(breach.value).startswith(case.said)
    assert 'state version="2.0.0"' in str(breach.value) or case.now.version == "1.1.9"
    with pytest.raises(BreachError):
        write_release(tmp_path, case.now)
    assert path.read_text() == released


@pytest.mark.parametrize("name", [name for name in BREAKS if name != "the version goes back"])
@pytest.mark.parametrize(("before", "now"), [("1.2.0", "2.0.0"), ("0.2.0", "0.2.0")])
def test_a_new_major_may_break_and_so_may_what_is_no_release_yet(
    name: str, before: str, now: str, tmp_path: Path
) -> None:
    write_release(tmp_path, shop(before))
    changed = BREAKS[name].now
    changed.version, was = now, changed.version
    try:
        (told,) = keeps_release(tmp_path, changed)
        assert told.startswith(f"new since {before}: {BREAKS[name].said}")
        write_release(tmp_path, changed)
        assert keeps_release(tmp_path, changed) == []
    finally:
        changed.version = was


@pytest.mark.parametrize("case", HARMLESS.values(), ids=HARMLESS)
def test_an_addition_passes_and_asks_for_a_new_snapshot(case: Case, tmp_path: Path) -> None:
    write_release(tmp_path, shop())
    (told,) = keeps_release(tmp_path, case.now)
    assert case.said in told
    assert "--write-schema refreshes shop.schema.json" in told
    write_release(tmp_path, case.now)
    assert keeps_release(tmp_path, case.now) == []


def test_fields_of_models_inside_are_promised_too(tmp_path: Path) -> None:
    assert snapshot_of(two_streams()).streams["tags"].fields == {
        "id": "int",
        "tags": "list of object",
        "tags[].name": "text",
        "tags[].rank": "int",
        "owner": "optional object",
        "owner.name": "text",
        "owner.rank": "int",
    }
    write_release(tmp_path, two_streams())
    with pytest.raises(BreachError, match="tags: the stream is gone"):
        keeps_release(tmp_path, two_streams(both=False))


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (Decimal | None, "optional decimal"),
        (bool, "boolean"),
        (Any, "any"),
        (Any | None, "any"),
        (Literal["a", "b"], "text"),
        (int | str, "int or text"),
        (list[int | None], "list"),
        (list[date], "list of date"),
        (dict[str, Any], "object"),
    ],
)
def test_types_have_words(kind: Any, word: str) -> None:
    assert type_word(kind) == word


@pytest.mark.parametrize(
    ("wide", "narrow", "holds"),
    [
        ("any", "optional list of int", True),
        ("list", "list of int", True),
        ("list of number", "list of int", True),
        ("list of int", "list", False),
        ("int or text", "text", True),
        ("text", "int or text", False),
        ("int", "boolean", False),
        ("moment", "date", False),
        ("optional text", "free_text", True),
        ("text", "free_text", False),
        ("free_text", "optional text", False),
        ("int", "any", False),
    ],
)
def test_what_takes_what(wide: str, narrow: str, holds: bool) -> None:
    assert takes(wide, narrow) is holds


def test_the_kit_compares_what_lies_beside(
    tmp_path: Path, stores: Callable[[Clock], Store]
) -> None:
    def found(connector: Connector) -> tuple[str, str]:
        subject = DeclaredSubject(connector, home=tmp_path)
        (finding,) = run_checks(subject, stores, ["schema"])
        return finding.result, finding.text

    missing = "there is no shop.schema.json to compare with: --write-schema writes it"
    assert found(shop()) == ("passed", missing)
    write_release(tmp_path, shop())
    assert found(shop()) == ("passed", "")
    result, text = found(shop(less=("note",)))
    assert (result, "orders.note: the field is gone" in text) == ("failed", True)
    (tmp_path / "shop.schema.json").write_text('{"connector": "shop", "version": "1"}')
    result, text = found(shop())
    assert (result, "shop.schema.json: version: " in text) == ("failed", True)


def test_a_version_has_three_numbers() -> None:
    with pytest.raises(ValueError, match=r"'2' is no version: expected MAJOR\.MINOR\.PATCH"):
        shop("2")


@pytest.mark.parametrize(
    "name", [name for name, kind in REGISTRY.items() if isinstance(kind, Connector)]
)
def test_every_product_is_as_its_snapshot_says(name: str) -> None:
    subject = subject_of(name)
    assert isinstance(subject, DeclaredSubject)
    assert subject.home is not None
    snapshot = read_snapshot(subject.home / f"{name}.schema.json")
    assert snapshot == snapshot_of(subject.connector)


def test_a_snapshot_that_is_none_says_where(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(ConnectionBrokenError, match=r"x\.json: the file: "):
        read_snapshot(tmp_path / "x.json")
