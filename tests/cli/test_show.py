"""`hub show`: a page of words about whom somebody asks for, in the company's language."""

from pathlib import Path

import msgspec
import pytest

from hub.model.view import RenderedView, ViewRow
from hub.store import search, views
from hub.store.database import Database
from tests.cli.running import hub

AT = "2026-11-23T10:00:00.000Z"
DOCUMENT = {
    "id": "ent_1",
    "kind": "organization",
    "name": "Müller Bau GmbH",
    "golden": {"city": {"value": "Köln"}},
    "alerts": [
        {
            "rule": "R01",
            "severity": "critical",
            "name": {"de": "Chance trotz Störung", "en": "Deal despite trouble"},
            "reasons": {"de": ["Ticket T-1 offen"], "en": ["Ticket T-1 open"]},
            "clears_when": {"de": "Das Ticket ist gelöst.", "en": "The ticket is solved."},
        }
    ],
    "vorgaenge": {
        "items": [
            {
                "kind": "service_case",
                "title": "Pumpe steht",
                "phase": "ordered",
                "phase_since": "2026-11-13",
                "closed_at": None,
                "gaps": [
                    {"type": "won_without_order", "since": "2026-11-14", "department": "sales"},
                    {"type": "value_drift", "since": None, "department": "finance"},
                    {
                        "type": "quote_expired_deal_open",
                        "since": "2999-01-01",
                        "department": "sales",
                    },
                ],
            },
            {"kind": "project", "title": "vorbei", "closed_at": "2026-01-01"},
            {
                "kind": "project",
                "title": "vorbei, ohne Tag",
                "phase": "closed",
                "phase_since": None,
                "closed_at": None,
            },
        ]
    },
    "invoices": {
        "items": [
            {
                "number": "RE-1",
                "title": None,
                "status": "open",
                "balance_minor": 123456,
                "currency": "EUR",
                "due_on": "2020-04-01",
            },
            {"number": "RE-2", "status": "paid"},
            {"number": "GS-1", "status": "open", "kind": "credit_note"},
        ]
    },
    "orders": {"items": [{"number": "AB-1", "status": "confirmed", "ordered_on": "2020-03-02"}]},
    "tickets": {
        "items": [
            {"number": "T-1", "status": "open", "resolution_due_at": "2020-05-03T23:30:00.000Z"},
            {"number": "T-2", "status": "open", "resolution_due_at": "2999-05-04T10:00:00.000Z"},
        ]
    },
    "payments": {
        "items": [
            {
                "ref": "books:payments:1",
                "direction": "outgoing",
                "amount_minor": 250_000,
                "currency": "EUR",
            },
            {"ref": "books:payments:2", "direction": "incoming", "returned": True},
        ]
    },
    "timeline": {
        "items": [
            {"at": "2026-11-20", "kind": "ticket", "number": "T-1", "title": "x"},
            {"at": "2026-11-19", "kind": "payment", "ref": "books:payments:1", "number": "Z-1"},
            {"at": "2026-11-18", "kind": "payment", "ref": "books:payments:2", "number": "Z-2"},
        ]
    },
}


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    (tmp_path / "hub.yaml").write_text("database: {url: 'sqlite:///hub.db'}\n")
    (tmp_path / "hub.db").write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    row = ViewRow("ent_1", "organization", "Müller Bau GmbH", "muller", "DE", "Köln", 1, "e")
    with database.transaction() as tx:
        views.put(tx, [RenderedView(row, msgspec.json.encode(DOCUMENT).decode())], AT)
        search.put(tx, [search.SearchItem("ent_1", "organization", "Müller Bau GmbH", "")])
    database.close()
    return tmp_path


def test_what_is_going_on_is_told_in_the_company_s_language(folder: Path) -> None:
    (folder / "hub.yaml").write_text(
        "database: {url: 'sqlite:///hub.db'}\ncompany: {name: M, language: de}\n"
    )
    said = hub("show", "müller", folder=folder).stdout
    for line in (
        "Müller Bau GmbH  (Unternehmen ent_1)",
        "  kritisch: Chance trotz Störung",
        "    Ticket T-1 offen",
        "    -> Das Ticket ist gelöst.",
        "  Servicefall Pumpe steht: beauftragt seit 13.11.2026",
        "    ! gewonnen, aber kein Auftrag, seit 14.11.2026 → Vertrieb",
        "    ! Wert driftet entlang der Kette, seit ? → Buchhaltung",
        "  Rechnung RE-1, 1.234,56 EUR, überfällig seit 01.04.2020",
        "  Gutschrift GS-1",
        "  Auftrag AB-1, seit 02.03.2020",
        "  Ticket T-1, überfällig seit 04.05.2020",
        "  Ticket T-2, bis 04.05.2999",
        "  20.11.2026  Ticket: T-1  x",
        "  19.11.2026  Zahlung (ausgehend): Z-1, 2.500,00 EUR",
        "  18.11.2026  Zahlung (zurückgebucht): Z-2",
    ):
        assert line in said.splitlines()
    assert "vorbei" not in said
    assert "RE-2" not in said
    assert "Angebot abgelaufen" not in said  # not before its day


def test_an_id_does_and_who_is_not_there_is_said(folder: Path) -> None:
    (folder / "hub.yaml").write_text(
        "database: {url: 'sqlite:///hub.db'}\ncompany: {name: M, language: en}\n"
    )
    assert "EUR 1,234.56, overdue since 2020-04-01" in hub("show", "ent_1", folder=folder).stdout
    shown = msgspec.json.decode(hub("show", "ent_1", "--json", folder=folder).stdout)
    assert shown["name"] == "Müller Bau GmbH"
    missing = hub("show", "zzqq", folder=folder)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "say other words, or an id" in missing.stderr
