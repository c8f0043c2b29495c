"""The exports: every file is readable as its department writes it, and holds the whole world."""

import csv
import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from hub.demo import exports
from hub.demo.model import World
from hub.demo.repair import repair
from hub.demo.world import world
from hub.demo.write import write
from hub.errors import NotFoundError

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def company() -> World:
    return world(7, TODAY, 80)


@pytest.fixture
def folder(company: World, tmp_path: Path) -> Path:
    write(company, tmp_path)
    return tmp_path


def rows_of(path: Path, encoding: str = "utf-8-sig", delimiter: str = ";") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter, strict=True))


def tickets_of(folder: Path) -> dict[int, dict[str, Any]]:
    lines = (folder / "helpdesk/tickets.jsonl").read_text("utf-8").splitlines()
    return {ticket["id"]: ticket for ticket in map(json.loads, lines)}


def ask(folder: Path, query: str) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(folder / "books/books.sqlite")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def sheet_of(folder: Path) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(folder / "projects/projects.xlsx")
    return book.get_sheet_by_name("Projekte").to_python()


def test_exactly_these_files_are_written(folder: Path) -> None:
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    assert files == [
        "books/books.sqlite",
        "crm/accounts.csv",
        "crm/activities.csv",
        "crm/contacts.csv",
        "crm/deals.csv",
        "crm/leads.csv",
        "crm/offer_lines.csv",
        "crm/sellers.csv",
        "helpdesk/messages.jsonl",
        "helpdesk/tickets.jsonl",
        "marketing/campaigns.csv",
        "marketing/mailings.csv",
        "marketing/recipients.csv.part",
        "planted.json",
        "projects/access-ends.txt",
        "projects/hours.csv",
        "projects/projects.xlsx",
    ]


def test_accounts_are_windows_1252_with_semicolons(folder: Path, company: World) -> None:
    raw = (folder / "crm/accounts.csv").read_bytes()
    assert "Straße".encode("cp1252") in raw
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    rows = rows_of(folder / "crm/accounts.csv", "cp1252")
    assert [row["Firma"] for row in rows] == [account.name for account in company.accounts]


def test_contacts_and_deals_are_utf_8_with_a_byte_order_mark(folder: Path, company: World) -> None:
    for name, count in (("contacts", len(company.contacts)), ("deals", len(company.deals))):
        path = folder / f"crm/{name}.csv"
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        assert len(rows_of(path)) == count


def test_amounts_and_days_are_written_in_german(folder: Path, company: World) -> None:
    rows = {row["Chance-ID"]: row for row in rows_of(folder / "crm/deals.csv")}
    for deal in company.deals:
        digits = rows[deal.id]["Betrag"].replace(".", "").replace(",", "")
        assert int(digits) == deal.amount_minor
        day, month, year = rows[deal.id]["Abschluss geplant"].split(".")
        assert date(int(year), int(month), int(day)) == deal.expected_close


@pytest.mark.parametrize(
    ("minor", "text"), [(0, "0,00"), (5, "0,05"), (123_456_789, "1.234.567,89"), (-100, "-1,00")]
)
def test_german_euros(minor: int, text: str) -> None:
    assert exports.german_euros(minor) == text


def test_tickets_are_one_json_object_a_line(folder: Path, company: World) -> None:
    found = tickets_of(folder)
    assert list(found) == [ticket.id for ticket in company.tickets]
    for ticket in company.tickets:
        line = found[ticket.id]
        opened = datetime.fromisoformat(line["created_at"])
        assert opened == ticket.opened_at
        assert line["requester"]["email"] == ticket.requester_email
        assert line["company"]["name"] == (ticket.company_name or None)
        assert len(line["replies"]) == len(ticket.replies)


def test_the_ledger_holds_every_row_to_the_cent_and_keeps_its_references(
    folder: Path, company: World
) -> None:
    for table, rows in (
        ("kunden", company.debtors),
        ("auftraege", company.orders),
        ("vertraege", company.contracts),
        ("rechnungen", (*company.invoices, *company.papers.credits)),
        ("zahlungen", company.payments),
    ):
        assert ask(folder, f"select count(*) from {table}") == [(len(rows),)]
    total = "select cast(round(sum(brutto * 100)) as integer) from rechnungen"
    cents = ask(folder, f"{total} where art = 'Rechnung'")
    assert cents == [(sum(invoice.gross_minor for invoice in company.invoices),)]
    odd = "select count(*) from rechnungen where round((netto + steuer - brutto) * 100) <> 0"
    assert ask(folder, odd) == [(0,)]
    assert ask(folder, "pragma foreign_key_check") == []
    assert ask(folder, "pragma integrity_check") == [("ok",)]


def test_the_workbook_keeps_dates_as_dates_and_numbers_as_numbers(
    folder: Path, company: World
) -> None:
    header, *rows = sheet_of(folder)
    assert len(rows) == len(company.projects)
    for row, project in zip(rows, company.projects, strict=True):
        cells = dict(zip(header, row, strict=True))
        assert cells["Projektnr"] == project.number
        assert cells["Kunde"] == project.client
        assert cells["Ende geplant"] == project.planned_end
        assert cells["Ende Ist"] == (project.ended_on or "")
        assert cells["Budget (EUR)"] == project.budget_minor / 100
        assert cells["Fortschritt %"] == project.progress_pct


def test_hours_name_the_last_day_of_each_week(folder: Path, company: World) -> None:
    rows = rows_of(folder / "projects/hours.csv")
    assert len(rows) == sum(len(project.weekly_hours) for project in company.projects)
    last = [row for row in rows if row["Projektnr"] == company.projects[0].number][-1]
    assert last["Woche bis"] == company.projects[0].hours_until.strftime("%d.%m.%Y")
    assert int(last["Stunden"]) == company.projects[0].weekly_hours[-1]


def test_writing_again_replaces_everything(folder: Path, company: World) -> None:
    before = {p: p.read_bytes() for p in folder.rglob("*.csv")}
    repair(folder, "R20", NOW)
    repair(folder, "R07", NOW)
    write(company, folder)
    assert not (folder / "marketing/recipients.csv").exists()
    assert ask(folder, "select count(*) from auftraege") == [(len(company.orders),)]
    assert {p: p.read_bytes() for p in folder.rglob("*.csv")} == before
    assert not list(folder.rglob("*.new"))


def test_the_truth_names_the_cases_and_counts_the_dirt(folder: Path, company: World) -> None:
    truth = json.loads((folder / "planted.json").read_text("utf-8"))
    assert truth["today"] == "2026-11-23"
    assert [case["case"] for case in truth["planted"]] == [c.case for c in company.planted]
    assert truth["dirt"]["family name first"] == len(company.dirt["family name first"])


def test_repairing_r01_closes_the_planted_tickets_and_no_other(
    folder: Path, company: World
) -> None:
    before = tickets_of(folder)
    assert repair(folder, "R01", NOW) == ["R01-ticket", "R01-complaint"]
    after = tickets_of(folder)
    changed = {key for key in before if before[key] != after[key]}
    planted = {
        int(case.refs[1].rsplit(":", 1)[1]) for case in company.planted if case.rule == "R01"
    }
    assert changed == planted
    for key in planted:
        assert after[key]["status"] == "solved"
        assert after[key]["closed_at"] == after[key]["updated_at"] == "2026-11-23T09:15:00Z"


def test_one_case_can_be_repaired_alone(folder: Path) -> None:
    before = tickets_of(folder)
    assert repair(folder, "R01-complaint", NOW) == ["R01-complaint"]
    after = tickets_of(folder)
    assert sum(before[key] != after[key] for key in before) == 1


def test_repairing_r07_enters_an_order_that_cites_the_offer_of_the_same_customer(
    folder: Path, company: World
) -> None:
    assert repair(folder, "R07", NOW) == ["R07-warning", "R07-critical"]
    lost = {case.refs[0].rsplit(":", 1)[1] for case in company.planted if case.rule == "R07"}
    debtors = {debtor.company: debtor.number for debtor in company.debtors}
    expected = {
        (debtors[deal.company], f"Angebot {deal.number}", deal.amount_minor / 100)
        for deal in company.deals
        if deal.id in lost
    }
    query = "select kundennr, referenz, netto from auftraege where auftragsdatum = '2026-11-23'"
    assert set(ask(folder, query)) == expected


def test_repairing_twice_changes_nothing_more(folder: Path) -> None:
    for case in ("R01", "R07", "R20"):
        repair(folder, case, NOW)
    files = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    for case in ("R01", "R07", "R20"):
        repair(folder, case, NOW)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == files


def test_repairing_r20_gives_the_newsletter_its_file(folder: Path, company: World) -> None:
    assert repair(folder, "R20", NOW) == ["R20"]
    rows = rows_of(folder / "marketing/recipients.csv", "utf-8", ",")
    assert len(rows) == len(company.recipients)


def test_what_cannot_be_repaired_is_said_with_what_can(folder: Path) -> None:
    with pytest.raises(NotFoundError, match=r"'R99'.*R01-ticket, R01-complaint, "):
        repair(folder, "R99", NOW)
    with pytest.raises(NotFoundError):
        repair(folder, "R01-near-new", NOW)
