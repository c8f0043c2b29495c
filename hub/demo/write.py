"""Writes a world as four departments export it, and the truth about it in `planted.json`."""

import csv
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
from openpyxl import Workbook

from hub.demo import exports, ledger, paper_exports
from hub.demo.model import COMPANY_NAME, World

PLANTED_FILE = "planted.json"
RECIPIENTS_FILE = "marketing/recipients.csv"
UNFINISHED = ".part"
ACCESS_FILE = "projects/access-ends.txt"


def write(world: World, folder: Path) -> None:
    """Write all exports below `folder`, in place of what an earlier call left there.

    Each file appears complete or not at all, so that a hub that is reading meanwhile sees the
    old or the new one. The newsletter's file keeps its unfinished name on purpose: case R20.
    """
    _write_csv(folder / "crm/accounts.csv", exports.accounts(world), "cp1252")
    _write_csv(folder / "crm/contacts.csv", exports.contacts(world), "utf-8-sig")
    _write_csv(folder / "crm/deals.csv", exports.deals(world), "utf-8-sig")
    _write_csv(folder / "crm/leads.csv", exports.leads(world), "utf-8-sig")
    _write_csv(folder / "crm/sellers.csv", paper_exports.sellers(world), "utf-8-sig")
    _write_csv(folder / "crm/activities.csv", paper_exports.activities(world), "utf-8-sig")
    _write_csv(folder / "crm/offer_lines.csv", paper_exports.offer_lines(world), "utf-8-sig")
    _write_lines(folder / "helpdesk/tickets.jsonl", map(exports.ticket_line, world.tickets))
    messages = map(paper_exports.message_line, world.papers.messages)
    _write_lines(folder / "helpdesk/messages.jsonl", messages)
    replace_file(folder / "books/books.sqlite", lambda path: _write_ledger(path, world))
    replace_file(folder / "projects/projects.xlsx", lambda path: _write_projects(path, world))
    _write_csv(folder / "projects/hours.csv", exports.hours(world), "utf-8-sig")
    end = paper_exports.access_end(world)
    replace_file(folder / ACCESS_FILE, lambda path: path.write_text(end, "utf-8"))
    _write_csv(folder / "marketing/campaigns.csv", exports.campaigns(world), "utf-8", ",")
    _write_csv(folder / "marketing/mailings.csv", exports.mailings(world), "utf-8", ",")
    (folder / RECIPIENTS_FILE).unlink(missing_ok=True)
    unfinished = folder / (RECIPIENTS_FILE + UNFINISHED)
    _write_csv(unfinished, exports.recipients(world), "utf-8", ",")
    truth = msgspec.json.format(msgspec.json.encode(_truth(world)), indent=2)
    replace_file(folder / PLANTED_FILE, lambda path: path.write_bytes(truth))


def replace_file(path: Path, fill: Callable[[Path], object]) -> None:
    """Let `fill` write a file beside `path`, then put it in its place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    fill(beside)
    beside.replace(path)


def _truth(world: World) -> dict[str, Any]:
    return {
        "company": COMPANY_NAME,
        "seed": world.seed,
        "today": world.today.isoformat(),
        "customers": len(world.companies),
        "planted": [asdict(case) for case in world.planted],
        "lost_deals": _lost_deals(world),
        "near_misses": [asdict(case) for case in world.near_misses],
        "identities": [asdict(case) for case in world.identities],
        "dirt": {kind: len(refs) for kind, refs in world.dirt.items()},
    }


def _lost_deals(world: World) -> dict[str, Any]:
    """Return what bookkeeping must know to enter the orders that R07 misses."""
    keys = {
        ref.rsplit(":", 1)[-1] for case in world.planted if case.rule == "R07" for ref in case.refs
    }
    debtors = {debtor.company: debtor.number for debtor in world.debtors}
    return {
        deal.id: {
            "number": deal.number,
            "name": deal.name,
            "amount_minor": deal.amount_minor,
            "debtor": debtors[deal.company],
        }
        for deal in world.deals
        if deal.id in keys
    }


def _write_csv(path: Path, sheet: exports.Sheet, encoding: str, delimiter: str = ";") -> None:
    def fill(beside: Path) -> None:
        with beside.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow(sheet.columns)
            writer.writerows(sheet.rows)

    replace_file(path, fill)


def _write_lines(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    content = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    replace_file(path, lambda beside: beside.write_bytes(content))


def _write_ledger(path: Path, world: World) -> None:
    database = sqlite3.connect(path)
    try:
        database.executescript(ledger.SCHEMA)
        for table, rows in ledger.tables(world):
            columns = len(database.execute(f"select * from {table} limit 0").description)
            marks = ", ".join("?" * columns)
            database.executemany(f"insert into {table} values ({marks})", rows)
        database.commit()
    finally:
        database.close()


def _write_projects(path: Path, world: World) -> None:
    book = Workbook(write_only=True)
    for name, content in (
        ("Projekte", exports.projects(world)),
        ("Meilensteine", paper_exports.milestones(world)),
        ("Aufgaben", paper_exports.tasks(world)),
    ):
        sheet = book.create_sheet(name)
        sheet.append(content.columns)
        for row in content.rows:
            sheet.append(row)
    book.save(path)
