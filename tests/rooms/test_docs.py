"""Whoever reads the docs finds every page, and no link leads nowhere."""

import re
from pathlib import Path

from tests.conftest import ROOT
from tests.rooms.decision_index import FOLDER, index

PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)[^)]*\)")


def links_of(page: Path) -> list[Path]:
    text = CODE.sub("", page.read_text("utf-8"))
    return [(page.parent / link).resolve() for link in LINK.findall(text)]


def test_the_index_of_decisions_is_complete() -> None:
    assert (FOLDER / "README.md").read_text("utf-8") == index(), "run `make index`"
    listed = links_of(FOLDER / "README.md")
    assert sorted(listed) == sorted(FOLDER.glob("[0-9]*.md")), "each once"


def test_every_decision_has_a_number_of_its_own_and_says_it() -> None:
    pages = sorted(FOLDER.glob("[0-9]*.md"))
    assert len({page.name[:4] for page in pages}) == len(pages)
    titled = [page for page in pages if page.read_text("utf-8").startswith(f"# {page.name[:4]} ")]
    assert titled == pages


def test_the_first_page_names_every_other() -> None:
    pages = {page for page in (ROOT / "docs").glob("*.md") if page.name != "README.md"}
    assert pages - set(links_of(ROOT / "docs/README.md")) == set()


def test_links_lead_somewhere() -> None:
    every = [(page, link) for page in PAGES for link in links_of(page)]
    assert len(every) > len(PAGES)
    assert [f"{page.name}: {link}" for page, link in every if not link.exists()] == []
