"""`hub why`: evidence as a table whose bars fall like water, and as JSON."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from hub.cli.ending import Exit
from hub.cli.why import WIDTH, _tell_rest, waterfall
from hub.model.resolution import Evidence, Explanation
from hub.pipeline.why import PairTold, Side, Step
from tests.cli.firms import lay_out
from tests.cli.running import hub

WEBER = ("crm:firms:1", "desk:firms:1")


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    lay_out(tmp_path, sqlite_template)
    return tmp_path


def test_two_records_are_told_as_a_table_and_as_json(folder: Path) -> None:
    said = hub("why", *WEBER, folder=folder)
    assert said.returncode == Exit.OK
    lines = said.stdout.splitlines()
    assert lines[0].startswith("crm:firms:1  Weber Logistik GmbH  (organization 01")
    assert lines[2].startswith("one; same: +")
    vat = next(line for line in lines if line.startswith("vat"))
    assert "136695976" in vat
    assert "+++" in vat
    assert any(line.startswith("joined by evidence: 1 and 1 records") for line in lines)
    told = json.loads(hub("why", *WEBER, "--json", folder=folder).stdout)
    assert told["one"] is True
    parts = sum(row["bits"] for row in told["explanation"]["evidence"])
    assert told["explanation"]["prior"] + parts == told["explanation"]["bits"]


def test_a_mention_tells_that_its_domain_is_one_companys() -> None:
    sides = ("crm:a:1", "desk:t:1#company")
    step = Step((sides[0],), (sides[1],), 5.0, "domain", sides)
    explained = Explanation(*sides, -2.0, 0.2, 0.0, (), (), candidate=True, verdict="different")
    left, right = (Side(ref, "HDZ", "01A") for ref in sides)
    told = PairTold("organization", left, right, explained, -2.0, (), None, True, step, ())
    page = StringIO()
    _tell_rest(Console(file=page, width=200), told)
    assert page.getvalue() == (
        "joined by domain: 1 and 1 records,"
        " +5.00 bits: all that is known of the domain is one company's\n"
    )


def test_what_keeps_two_apart_comes_first(folder: Path) -> None:
    said = hub("why", "--not", "crm:firms:1", "crm:firms:2", folder=folder).stdout.splitlines()
    assert said[2].startswith("two; not compared")
    assert said[3].startswith("apart because never compared")
    said = hub("why", "--not", *WEBER, folder=folder).stdout.splitlines()
    assert said[3] == "nothing keeps them apart: they are one"


def test_an_entity_tells_how_it_came_together(folder: Path) -> None:
    told = json.loads(hub("why", *WEBER, "--json", folder=folder).stdout)
    entity = told["left"]["entity_id"]
    said = hub("why", entity, folder=folder)
    assert "Weber Logistik GmbH" in said.stdout
    assert "2 records: crm:firms:1, desk:firms:1" in said.stdout
    made = json.loads(hub("why", entity, "--json", folder=folder).stdout)
    assert [step["reason"] for step in made["steps"]] == ["evidence"]
    assert made["steps"][0]["strongest"] == list(WEBER)


@pytest.mark.parametrize(
    ("asked", "code", "text"),
    [
        (["01NONE"], Exit.FAILED, "there is no entity 01NONE"),
        (["crm:firms:1", "crm:firms:404"], Exit.FAILED, "no record crm:firms:404"),
        (["a", "b", "c"], Exit.CONFIG, "expected two records, or one entity"),
        (["--not", "01NONE"], Exit.CONFIG, "expected two records, or one entity"),
    ],
)
def test_what_cannot_be_told(folder: Path, asked: list[str], code: Exit, text: str) -> None:
    said = hub("why", *asked, folder=folder)
    assert said.returncode == code
    assert text in said.stderr


def test_each_bar_begins_where_the_sum_before_it_ended() -> None:
    rows = (Evidence("name", (), (), "same", 12.0), Evidence("city", (), (), "different", -4.0))
    told = Explanation("a", "b", 2.0, 0.8, -6.0, rows, (), True, "same")
    bars = list(waterfall(told).columns[-1].cells)
    ends = [(len(str(bar)) - len(str(bar).lstrip()), len(str(bar))) for bar in bars]
    assert ends == [(0, WIDTH // 2), (0, WIDTH), (WIDTH - WIDTH // 3, WIDTH)]
    assert [str(bar)[-1] for bar in bars] == ["-", "+", "-"]
