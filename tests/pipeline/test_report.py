"""The page of a resolved table: whole figures, safe texts, nothing loaded from elsewhere."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from hub.cli.ending import Exit
from hub.pipeline import figures
from hub.pipeline.report import page
from hub.resolution.schema import schema_from
from hub.resolution.table import Resolved
from tests.cli.running import hub
from tests.resolution.whole_table import resolve_table

SCHEMA = {"kind": "organization", "id": "id", "fields": {"name": "org_name", "city": "city"}}
EVIL = "Weber & <script>alert(1)</script> GmbH"
ROWS = [
    *(
        {"id": f"{name}{at}", "name": text, "city": city}
        for at, (name, text, city) in enumerate(
            (first, f"{first} {second} GmbH", second)
            for first in ("Weber", "Brandt", "Keller", "Vogel", "Nordlicht")
            for second in ("Logistik", "Technik", "Druck", "Bau")
            for _ in range(2)
        )
    ),
    {"id": "x1", "name": EVIL, "city": "Ulm"},
    {"id": "x2", "name": "Weber <script>alert(1)</script>", "city": "Ulm"},
]


def resolved(rows: list[dict[str, Any]]) -> Resolved:
    return resolve_table(rows, schema_from(SCHEMA))


def drawn(html: str) -> list[ET.Element]:
    return [ET.fromstring(one) for one in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]


class _Balanced(HTMLParser):
    """Fails where a tag is closed that is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br", "rect", "line"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "line"):
            assert self.open.pop() == tag


def test_the_page_is_whole_and_loads_nothing() -> None:
    html = page(resolved(ROWS), title="firms.csv")
    reader = _Balanced()
    reader.feed(html)
    assert reader.open == []
    assert reader.addresses == []
    assert not re.search(r"https?://|@import|url\(", html)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert len(drawn(html)) == 4


def test_the_figures_count_what_there_is() -> None:
    done = resolved(ROWS)
    texts = [text.text for svg in drawn(page(done, title="t")) for text in svg.iter("text")]
    assert texts[texts.index("records") + 1] == str(len(ROWS))
    assert texts[texts.index("clusters") + 1] == str(len(done.clusters))
    assert texts[texts.index("pairs compared") + 1] == f"{len(done.scored.left):,}"


@pytest.mark.parametrize("rows", [[], ROWS[:1], [ROWS[0], ROWS[0] | {"id": "again"}]])
def test_small_tables_have_a_page_too(rows: list[dict[str, Any]]) -> None:
    html = page(resolved(rows), title="few")
    assert "No cluster was joined by evidence." in html
    assert len(drawn(html)) == 4


def test_the_heights_of_a_histogram_are_powers_of_ten() -> None:
    svg = ET.fromstring(figures.histogram("h", [0, 1, 10, 1000], -2, 1.0, [("match", 0.0)]))
    heights = [float(one.get("height", "0")) for one in svg.iter("rect")]
    assert heights[:2] == [0.0, 2.0]
    assert heights[3] == pytest.approx(3 * heights[2])


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    lines = "".join(f"{row['id']},{row['name']},{row['city']}\n" for row in ROWS)
    (tmp_path / "firms.csv").write_text(f"id,name,city\n{lines}", "utf-8")
    (tmp_path / "schema.yaml").write_text(
        "kind: organization\nid: id\nfields: {name: org_name, city: city}\n", "utf-8"
    )
    arguments = ("resolve", "firms.csv", "--schema", "schema.yaml", "--out", "out.csv")
    plain = hub(*arguments, folder=tmp_path)
    assert plain.returncode == Exit.OK
    first = (tmp_path / "out.csv").read_bytes()
    nowhere = hub(*arguments, "--report", "firms.csv/report", folder=tmp_path)
    assert nowhere.stderr == "firms.csv/report: Not a directory\n"
    said = hub(*arguments, "--report", "a/report", "--workers", "1", folder=tmp_path)
    assert said.stdout.splitlines()[-1] == "report: a/report/index.html"
    assert (tmp_path / "a/report/index.html").read_text("utf-8").startswith("<!doctype html>")
    assert (tmp_path / "out.csv").read_bytes() == first
