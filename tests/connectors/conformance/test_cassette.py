"""What was recorded of a real product is read by the declaration, and played by the kit."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.sdk import Connector, Model, Stream, auth, pages
from connectors.sdk.conformance import (
    BreachError,
    Clock,
    DeclaredSubject,
    Finding,
    Store,
    run_checks,
)
from connectors.sdk.errors import ConnectionBrokenError
from connectors.sdk.surroundings import Surroundings
from connectors.sdk.tape import recording
from hub.pipeline.trial import trial_stores
from tests.connectors.emulator import Asked, Emulator, Reply, emulator
from tests.connectors.reading import read_stream

KEY = "5ecret-of-the-real-account"


class Deal(Model):
    id: int
    title: str | None
    stage: dict[str, Any]


class Line(Model):
    id: int
    text: str | None


def connector(model: type[Model] = Deal, link: str = "paging.next") -> Connector:
    deals = Stream(
        model,
        "/v2/deals",
        items="result",
        each="deal",
        pages=pages.NextLink(link, size=("limit", 100)),
    )
    lines = Stream(
        Line, "/v2/deals/{key}/lines", name="lines", parent=deals, parent_field="deal", items="data"
    )
    never = Stream(Line, "/v2/never", items="data")
    return Connector("shop", auth=auth.ApiKey(query="api_key"), streams=[deals, lines, never])


def deals(asked: Asked) -> Reply:
    """Five deals, two a page, with absolute links and more than is declared around them."""
    at = int(asked.query.get("at", "1"))
    found = [
        {"deal": {"id": n, "title": f"Größe {n}", "stage": {"name": "offen"}}, "kind": "deal"}
        for n in range(at, min(at + 2, 6))
    ]
    link = f"{asked.headers['x-base']}/v2/deals?at={at + 2}" if at < 5 else None
    return Reply({"result": found, "paging": {"next": link}, "meta": {"took_ms": 3, "of": "shop"}})


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Record one read of a real server whose API lies below a path."""
    folder = tmp_path_factory.mktemp("tapes") / "shop"
    with emulator() as server:
        base = f"{server.url}/tenant/api"
        server.routes["/tenant/api/v2/deals"] = lambda asked: deals(
            replace(asked, headers={**asked.headers, "x-base": base})
        )
        for n in range(1, 6):
            server.routes[f"/tenant/api/v2/deals/{n}/lines"] = lambda asked: Reply(
                {"data": [{"id": 10 * int(asked.path.split("/")[5]), "text": None}]}
            )
        _record(server, folder, base)
    return folder


def _record(server: Emulator, folder: Path, base: str) -> None:
    declared = connector()
    said = {"base_url": base, "api_key": KEY, "streams": ("deals", "lines")}
    config = declared.config_model.model_validate(said)
    lent = Surroundings(transport=recording(folder))
    opened = declared("shop", config, base_dir=Path(), surroundings=lent)
    counts = [len(read_stream(stream).keys) for stream in opened.streams()]
    opened.close()
    assert counts == [5, 5]


@pytest.fixture(scope="module")
def stores() -> Iterator[Callable[[Clock], Store]]:
    with trial_stores() as make:
        yield make


def find(subject: DeclaredSubject, stores: Callable[[Clock], Store], check: str) -> Finding:
    (finding,) = run_checks(subject, stores, [check])
    return finding


def test_a_tape_holds_neither_secret_nor_address(tape: Path) -> None:
    text = "".join(path.read_text() for path in tape.iterdir())
    assert KEY not in text
    assert "127.0.0.1" not in text
    assert "(base)/v2/deals?at=3" in text


@pytest.mark.parametrize("check", ["schema", "completeness", "drift"])
def test_the_kit_plays_a_tape(tape: Path, check: str, stores: Callable[[Clock], Store]) -> None:
    subject = DeclaredSubject(connector(), cassette=tape, leave_out={"never": "not here"})
    told = "deals: 5 records on the tape; lines: 5 records on the tape; never is not on the tape"
    finding = find(subject, stores, check)
    assert finding.result == "passed", finding.text
    assert finding.text == (told if check == "schema" else "")
    row = subject.row("deals", 7, Clock().now())
    assert (row["id"], row["stage"]) == (7, {"name": "offen"})
    subject.put("deals", [row])
    subject.open("deals", Clock()).close()
    assert subject.emulator.envelopes["deals"]["meta"] == {"took_ms": 3, "of": "shop"}


class Misread(Model):
    id: int
    title: int
    stage: dict[str, Any]


class Short(Model):
    id: int
    title: str | None


@pytest.mark.parametrize(
    ("misread", "said"),
    [
        (
            connector(Misread),
            "title: expected int, got text",
        ),
        (connector(Short), "deals: on the tape of the real product: stage: new: object"),
        (connector(link="paging.more"), "the answer lacks 'paging.more', which states the end"),
    ],
    ids=["type", "field", "end"],
)
def test_what_the_declaration_misreads_is_told(
    misread: Connector, said: str, tape: Path, stores: Callable[[Clock], Store]
) -> None:
    finding = find(DeclaredSubject(misread, cassette=tape), stores, "schema")
    assert finding.result == "failed"
    assert said in finding.text


def test_a_folder_without_exchanges_of_the_connector_is_refused(tape: Path, tmp_path: Path) -> None:
    other = Connector("other", streams=[Stream(Line, "/elsewhere", items="data")])
    with pytest.raises(BreachError, match="holds nothing that other asks for"):
        DeclaredSubject(other, cassette=tape)
    with pytest.raises(ConnectionBrokenError, match="holds no recorded exchanges"):
        DeclaredSubject(other, cassette=tmp_path)
