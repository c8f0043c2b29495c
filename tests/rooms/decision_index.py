"""Writes the index of decisions: every page once, under the subject its number belongs to.

Run:  python -m tests.rooms.decision_index        (writes docs/decisions/README.md)
"""

from itertools import groupby
from pathlib import Path

from tests.conftest import ROOT

FOLDER = ROOT / "docs/decisions"
SUBJECTS = {
    0: "Work, time and leases",
    20: "Tests",
    100: "Connectors and syncs",
    200: "Mapping and values",
    300: "Who is who",
    400: "Links, search, first rules",
    410: "Business cases",
    420: "Facts",
    440: "Notices and alerts",
    460: "Foresight",
    480: "What alerts cost, and what they say",
    500: "API, commands, clockwork",
    600: "Review and trained models",
    700: "Erasure and access",
    703: "Pages to look at",
}
"""First number -> what pages from there on are about."""
HEAD = """\
# Why it is built this way

One page a decision: what was chosen, what it costs, what was measured, and what did not help. \
A change of mind is a new page.
"""


def index() -> str:
    """Return the index of the pages as they stand."""
    parts = [HEAD]
    for subject, pages in groupby(sorted(FOLDER.glob("[0-9]*.md")), _subject):
        parts.append(f"## {subject}\n\n" + "".join(map(_line, pages)))
    return "\n".join(parts)


def _subject(page: Path) -> str:
    return SUBJECTS[max(first for first in SUBJECTS if first <= int(page.name[:4]))]


def _line(page: Path) -> str:
    title = page.read_text("utf-8").partition("\n")[0].removeprefix(f"# {page.name[:4]} ")
    return f"- [{page.name[:4]}]({page.name}) {title}\n"


if __name__ == "__main__":
    (FOLDER / "README.md").write_text(index(), "utf-8")
