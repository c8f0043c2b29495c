"""Mends a planted case in the exported files, as the department in charge would have done."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from hub.demo.draft import LOCAL
from hub.demo.exports import utc_text
from hub.demo.ledger import stamp
from hub.demo.write import PLANTED_FILE, RECIPIENTS_FILE, UNFINISHED, replace_file
from hub.errors import NotFoundError


def repair(folder: Path, case: str, at: datetime) -> list[str]:
    """Mend a case, or all that a rule fires on, in the files that `write` left in `folder`.

    case: `R01-ticket`, or `R01` for every planted case of R01. R01: the help desk closes the
    ticket; R07: bookkeeping enters the order; R20: the newsletter's file gets its name. at: when
    that happens, aware. Returns the cases mended, those already mended among them. Raises
    NotFoundError where there is no such case to mend.
    """
    planted = msgspec.json.decode((folder / PLANTED_FILE).read_bytes())["planted"]
    chosen = [
        (found["case"], _MENDERS[found["rule"]], found["refs"])
        for found in planted
        if case in (found["case"], found["rule"]) and found["rule"] in _MENDERS
    ]
    if not chosen:
        known = [found["case"] for found in planted if found["rule"] in _MENDERS]
        raise NotFoundError(f"no case {case!r} to repair in {folder}; there are {', '.join(known)}")
    for _, mend, refs in chosen:
        mend(folder, [ref.rsplit(":", 1)[-1] for ref in refs], at)
    return [name for name, _, _ in chosen]


def _close_ticket(folder: Path, keys: list[str], at: datetime) -> None:
    path, ticket, now = folder / "helpdesk/tickets.jsonl", int(keys[1]), utc_text(at)
    lines = [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
    for line in lines:
        if line["id"] == ticket and not line["closed_at"]:
            line |= {"status": "solved", "closed_at": now, "updated_at": now}
            line["last_message_at"] = now
    content = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    replace_file(path, lambda beside: beside.write_bytes(content))


def _enter_order(folder: Path, keys: list[str], at: datetime) -> None:
    """Enter the order for a won deal in the books, citing its offer."""
    deal = _deal(folder, keys[0])
    local, reference = at.astimezone(LOCAL), f"Angebot {deal['number']}"
    database = sqlite3.connect(folder / "books/books.sqlite")
    try:
        with database:
            database.execute(
                "insert into auftraege select ?, ?, ?, ?, ?, ?, null, null, ?, ?"
                " where not exists (select 1 from auftraege where referenz = ?)",
                (
                    f"AU-{local.year}-9{deal['number'][-4:]}",
                    deal["debtor"],
                    deal["name"],
                    deal["amount_minor"] / 100,
                    "bestätigt",
                    local.date().isoformat(),
                    reference,
                    stamp(local),
                    reference,
                ),
            )
    finally:
        database.close()


def _deal(folder: Path, key: str) -> dict[str, Any]:
    deals = msgspec.json.decode((folder / PLANTED_FILE).read_bytes())["lost_deals"]
    found: dict[str, Any] = deals[key]
    return found


def _name_file(folder: Path, keys: list[str], at: datetime) -> None:
    """Give the newsletter's file the name it should have had: the transfer is complete."""
    unfinished = folder / (RECIPIENTS_FILE + UNFINISHED)
    if unfinished.exists():
        unfinished.replace(folder / RECIPIENTS_FILE)


_MENDERS: dict[str, Callable[[Path, list[str], datetime], None]] = {
    "R01": _close_ticket,
    "R07": _enter_order,
    "R20": _name_file,
}
