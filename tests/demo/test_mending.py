"""Repairing each case: what changes in the files, that it stays so, and that nothing else does."""

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hub.demo.draft import LOCAL
from hub.demo.model import World
from hub.demo.repair import repair
from hub.demo.world import world
from hub.demo.write import write
from hub.errors import NotFoundError
from tests.demo.reading import csv_rows, ledger_rows, ticket_lines, workbook_rows

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
TICKETS, BOOKS, PROJECTS = "helpdesk/tickets.jsonl", "books/books.sqlite", "projects/projects.xlsx"
MENDED = {
    "R01-ticket": TICKETS,
    "R01-complaint": TICKETS,
    "R02-contract": TICKETS,
    "R02-golive": TICKETS,
    "R03": TICKETS,
    "R04": PROJECTS,
    "R05": BOOKS,
    "R06": "crm/deals.csv",
    "R07-warning": BOOKS,
    "R07-critical": BOOKS,
    "R08-completed": PROJECTS,
    "R08-old": PROJECTS,
    "R09": "crm/deals.csv",
    "R10": TICKETS,
    "R11": BOOKS,
    "R11-reminded": BOOKS,
    "R12": TICKETS,
    "R13": TICKETS,
    "R14": BOOKS,
    "R15": "marketing/mailings.csv",
    "R16": "crm/leads.csv",
    "R17": "marketing/recipients.csv.part",
    "R18-address": "crm/accounts.csv",
    "R18-iban": "crm/accounts.csv",
    "R19": "crm/deals.csv",
    "R20": "marketing/recipients.csv",
    "R20-ahead": "projects/access-ends.txt",
}
"""Case -> the file its department mends."""
BESIDE = {"R15": "marketing/campaigns.csv", "R20": "marketing/recipients.csv.part"}


@pytest.fixture(scope="module")
def company() -> World:
    return world(5, TODAY, 80)


@pytest.fixture(scope="module")
def written(company: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    write(company, folder)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """The company's files, the test's own."""
    return Path(shutil.copytree(written, tmp_path, dirs_exist_ok=True))


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def refs(company: World, case: str) -> list[str]:
    (found,) = (c for c in company.planted if c.case == case)
    return [ref.rpartition(":")[2] for ref in found.refs]


@pytest.mark.parametrize("case", MENDED)
def test_a_repair_touches_one_file_and_is_done_once(folder: Path, case: str) -> None:
    before = content(folder)
    assert repair(folder, case, NOW) == [case]
    after = content(folder)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed - {BESIDE.get(case)} == {MENDED[case]}
    repair(folder, case, NOW + timedelta(days=3))
    assert content(folder) == after


@pytest.mark.parametrize("case", ["R01-ticket", "R01-complaint"])
def test_a_closed_ticket_is_solved_at_that_moment(folder: Path, company: World, case: str) -> None:
    key = int(refs(company, case)[1])
    before = {line["id"]: line for line in ticket_lines(folder)}
    at = datetime(2026, 11, 24, 8, 30, tzinfo=LOCAL)
    repair(folder, case, at)
    after = {line["id"]: line for line in ticket_lines(folder)}
    assert list(after) == list(before)
    stamp = "2026-11-24T07:30:00Z"
    assert after[key] == before[key] | {
        "status": "solved",
        "closed_at": stamp,
        "updated_at": stamp,
        "last_message_at": stamp,
    }
    assert {k: v for k, v in after.items() if k != key} == {
        k: v for k, v in before.items() if k != key
    }


@pytest.mark.parametrize("case", ["R07-warning", "R07-critical"])
def test_an_entered_order_is_like_any_other(folder: Path, company: World, case: str) -> None:
    (deal,) = (d for d in company.deals if d.id == refs(company, case)[0])
    (debtor,) = (d for d in company.debtors if d.company == deal.company)
    before = ledger_rows(folder, "auftraege")
    repair(folder, case, NOW)
    *old, new = ledger_rows(folder, "auftraege")
    assert old == before
    assert new == {
        "auftragsnr": f"AU-2026-9{deal.number[-4:]}",
        "kundennr": debtor.number,
        "bezeichnung": deal.name,
        "netto": deal.amount_minor / 100,
        "status": "bestätigt",
        "auftragsdatum": "2026-11-23",
        "lieferdatum": None,
        "bestellnr_kunde": None,
        "referenz": f"Angebot {deal.number}",
        "geaendert_am": "2026-11-23 10:15:00",
    }
    repair(folder, case, NOW + timedelta(hours=1))
    assert ledger_rows(folder, "auftraege") == [*before, new]


@pytest.mark.parametrize(
    ("at", "day", "stamp"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), "2026-12-31", "2026-12-31 23:59:00"),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "2027-01-01", "2027-01-01 00:00:00"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29", "2026-03-29 03:00:00"),
        (datetime(2028, 2, 29, 12, 0, tzinfo=UTC), "2028-02-29", "2028-02-29 13:00:00"),
    ],
)
def test_an_order_is_dated_in_local_time(folder: Path, at: datetime, day: str, stamp: str) -> None:
    repair(folder, "R07-warning", at)
    new = ledger_rows(folder, "auftraege")[-1]
    assert (new["auftragsdatum"], new["geaendert_am"]) == (day, stamp)
    assert new["auftragsnr"].startswith(f"AU-{day[:4]}-9")


def test_a_year_later_the_same_order_is_not_entered_again(folder: Path) -> None:
    repair(folder, "R07", datetime(2026, 12, 31, 12, tzinfo=UTC))
    entered = ledger_rows(folder, "auftraege")
    repair(folder, "R07", datetime(2027, 1, 1, 12, tzinfo=UTC))
    assert ledger_rows(folder, "auftraege") == entered


def test_the_newsletter_arrives_as_it_was(folder: Path, company: World) -> None:
    part = folder / "marketing/recipients.csv.part"
    unfinished = part.read_bytes()
    repair(folder, "R20", NOW)
    assert not part.exists()
    assert (folder / "marketing/recipients.csv").read_bytes() == unfinished
    rows = csv_rows(folder / "marketing/recipients.csv", "utf-8", ",")
    assert [row["id"] for row in rows] == [r.id for r in company.recipients]


@pytest.mark.parametrize(
    ("rule", "cases"),
    [
        ("R01", ["R01-ticket", "R01-complaint"]),
        ("R07", ["R07-warning", "R07-critical"]),
        ("R20", ["R20"]),
        ("R08", ["R08-completed", "R08-old"]),
    ],
)
def test_a_rule_stands_for_all_its_cases(folder: Path, rule: str, cases: list[str]) -> None:
    one_by_one = folder / "again"
    write(world(5, TODAY, 80), one_by_one)
    for case in cases:
        repair(one_by_one, case, NOW)
    assert repair(folder, rule, NOW) == cases
    assert ticket_lines(folder) == ticket_lines(one_by_one)
    assert ledger_rows(folder, "auftraege") == ledger_rows(one_by_one, "auftraege")


@pytest.mark.parametrize(
    "case",
    ["R99", "", "R01-near-new", "R07-near-small", "r01", "R01-", "sisters"],
)
def test_what_has_no_repair_is_refused_and_changes_nothing(folder: Path, case: str) -> None:
    before = content(folder)
    with pytest.raises(NotFoundError) as caught:
        repair(folder, case, NOW)
    assert str(caught.value).startswith(f"no case {case!r} to repair in {folder}")
    assert set(str(caught.value).partition("there are ")[2].split(", ")) == set(MENDED)
    assert content(folder) == before


def test_a_repair_works_from_the_files_alone(folder: Path) -> None:
    planted = json.loads((folder / "planted.json").read_text("utf-8"))
    for name in ("near_misses", "identities", "dirt"):
        del planted[name]
    (folder / "planted.json").write_text(json.dumps(planted), "utf-8")
    for rule in ("R01", "R07", "R20"):
        repair(folder, rule, NOW)
    assert sum(line["closed_at"] == "2026-11-23T09:15:00Z" for line in ticket_lines(folder)) == 2
    assert workbook_rows(folder)


def test_order_of_repairs_does_not_matter(folder: Path, company: World, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write(company, other)
    for case in MENDED:
        repair(folder, case, NOW)
    for case in reversed(MENDED):
        repair(other, case, NOW)
    assert ticket_lines(folder) == ticket_lines(other)
    by_number = [
        sorted(ledger_rows(each, "auftraege"), key=lambda row: str(row["auftragsnr"]))
        for each in (folder, other)
    ]
    assert by_number[0] == by_number[1]
