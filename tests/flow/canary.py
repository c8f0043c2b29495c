"""A hub of five sources that all know one person, by words that stand nowhere else."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hub.runtime import Runtime, opened
from hub.vault import new_key
from tests.conftest import ROOT
from tests.flow.hub_folder import HubFolder

Rows = dict[str, list[dict[str, Any]]]

FIRST, LAST = "Quirina", "Zeisigkanari"
NAME = f"{FIRST} {LAST}"
MAIL = "quirina.zeisig@kanarigelb.example"
OTHER_MAIL = "q.zeisig@kanaripost.example"
PHONE, PHONE_SPELT = "+498977712345", "089 / 777 123-45"
MOBILE = "+4915177755512"
CANARIES = (
    *("zeisigkanari", "kanarigelb", "kanaripost", "77712345", "777 123-45", "15177755512"),
    *("Kanarienleiterin", "kanarizettel", "kanarirede", "kanarinachricht"),
)
"""What nothing may hold afterwards, in whatever spelling it was planted."""
TYPES = {
    "crm": "crm",
    "helpdesk": "ticketing",
    "books": "accounting",
    "marketing": "marketing",
    "projects": "projects",
}
KEYS = {
    "crm": {"accounts": "Konto-ID", "contacts": "Kontakt-ID", "deals": "Chance-ID"}
    | {"activities": "Nr", "leads": "Lead-ID"},
    "helpdesk": {"tickets": "number", "messages": "id"},
    "books": {"customers": "kundennr", "invoices": "rechnungsnr"}
    | {"orders": "auftragsnr", "lines": "id"},
    "marketing": {"recipients": "id", "mailings": "id"},
    "projects": {"projects": "Projektnr"},
}
FIRM = "Weber Logistik GmbH"


def rows() -> Rows:
    """Return what the sources hold: a firm, two of its people, and what they had to do with it."""
    bystander = {"name": "Otto Unbeteiligt", "email": "otto@weber.example", "phone": "0731 998877"}
    return {
        "crm/accounts": [
            {"Konto-ID": "A-1", "Firma": FIRM, "Ort": "Ulm", "Ansprechpartner": NAME}
            | {"E-Mail Ansprechpartner": MAIL, "E-Mail": "info@weber.example"},
            {"Konto-ID": "A-2", "Firma": "Sonnenschein AG", "Ort": "Kiel"},
        ],
        "crm/contacts": [
            {"Kontakt-ID": "C-1", "Konto-ID": "A-1", "Name": NAME, "E-Mail": MAIL}
            | {"Telefon": PHONE_SPELT, "Mobil": MOBILE, "Funktion": "Kanarienleiterin"}
            | {"Notiz": "kanarizettel", "Werbesperre": "ja"},
            {"Kontakt-ID": "C-2", "Konto-ID": "A-1", "Name": "Otto Unbeteiligt"}
            | {"E-Mail": "otto@weber.example", "Telefon": "0731 998877"},
        ],
        "crm/deals": [
            {"Chance-ID": "D-1", "Angebotsnr": "AN-2026-00077", "Konto-ID": "A-1"}
            | {"Kontakt-ID": "C-1", "Bezeichnung": f"Anlage, Wunsch von {LAST}, {FIRST}"}
            | {"Betrag": "90000", "Währung": "EUR", "Phase Nr": 4, "Phase": "Angebot"}
            | {"Status": "Offen", "Angebot vom": "2026-10-01"},
        ],
        "crm/activities": [
            {"Nr": "1", "Art": "Anruf", "Betreff": "kanarirede", "Kontakt-ID": "C-1"}
            | {"Konto-ID": "A-1", "Zeitpunkt": "2026-11-02T09:00:00Z"},
        ],
        "crm/leads": [
            {"Lead-ID": "L-1", "Name": NAME, "E-Mail": MAIL, "Firma": FIRM, "Status": "Neu"},
        ],
        "helpdesk/tickets": [
            {"number": "T-1", "subject": "Export steht", "created_at": "2026-11-01T09:00:00Z"}
            | {"description": f"Bitte {MAIL} anrufen: {PHONE_SPELT}. Gruß, {NAME}"}
            | {"status": "open", "company": {"name": FIRM, "city": "Ulm"}}
            | {"requester": {"name": NAME, "email": MAIL, "phone": PHONE_SPELT}},
            {"number": "T-2", "subject": "Drucker", "created_at": "2026-11-01T09:00:00Z"}
            | {"status": "open", "company": {"name": FIRM, "city": "Ulm"}, "requester": bystander},
        ],
        "helpdesk/messages": [
            {"id": "M-1", "ticket_id": "T-1", "from": "requester", "at": "2026-11-01T09:00:00Z"}
            | {"subject": f"Export steht, {NAME}", "to": "help@us.example"},
        ],
        "books/customers": [
            {"kundennr": "10001", "name": FIRM, "ort": "Ulm", "email": "info@weber.example"},
        ],
        "books/invoices": [
            {"rechnungsnr": "RE-1", "kundennr": "10001", "art": "Rechnung", "status": "offen"}
            | {"betreff": f"Ihre Ansprechpartnerin {NAME} <{MAIL}>", "brutto": "119,00"}
            | {"rechnungsdatum": "2026-10-01", "faellig_am": "2026-10-15"},
        ],
        "marketing/recipients": [
            {"id": "7", "name": f"Frau Dr. {NAME}", "email": OTHER_MAIL, "consent": "ja"}
            | {"company": FIRM, "delivery": "ok", "phone_note": MOBILE},
            {"id": "8", "name": "Otto Unbeteiligt", "email": "otto@weber.example"},
        ],
        "marketing/mailings": [{"id": "1", "campaign_id": "K-1", "recipient_id": "7"}],
        "projects/projects": [
            {"Projektnr": "P-1", "Bezeichnung": "Umbau", "Kunde": FIRM, "Ansprechpartner": NAME}
            | {"Status": "laufend", "Ort": "Ulm", "Beginn": "2026-09-01"},
        ],
    }


def lay_out(path: Path, url: str, told: Rows | None = None) -> HubFolder:
    """Write configuration and exports of a hub, and return it; nothing is read yet."""
    folder = HubFolder(path, url)
    lines = ["home: ..", "connections:"]
    for name, streams in KEYS.items():
        lines += [f"  {name}:", "    source: files", f"    system: {TYPES[name]}"]
        lines += [f"    mapping: mappings/{name}.yaml", "    config:", "      path: exports"]
        lines += ["      streams:"]
        mapping = (ROOT / f"configs/demo/mappings/{name}.yaml").read_text("utf-8")
        folder.write(f"configs/mappings/{name}.yaml", mapping)
        for stream in re.findall(r"^  (\w+):$", mapping, re.MULTILINE):
            key = streams.get(stream, "id")
            lines.append(f"        {stream}: {{path: {name}-{stream}.json, key: {key}}}")
            folder.write(f"exports/{name}-{stream}.json", "[]")
    folder.write("configs/hub.yaml", "\n".join(lines))
    folder.write("configs/rules/.keep", "")
    folder.write("vault.key", new_key())
    export(folder, told or rows())
    return folder


def export(folder: HubFolder, told: Rows) -> None:
    """Write what the sources hold now."""
    for name, streams in KEYS.items():
        for stream in streams:
            found = told.get(f"{name}/{stream}", [])
            text = json.dumps(found, ensure_ascii=False)
            folder.write(f"exports/{name}-{stream}.json", text)


@contextmanager
def running(folder: HubFolder, *, key: bool = True) -> Iterator[Runtime]:
    """Open the hub, with the vault's key or without."""
    env = {**folder.env, **({"HUB_VAULT_KEY_FILE": str(folder.path / "vault.key")} if key else {})}
    with opened(folder.path / "configs/hub.yaml", env) as runtime:
        yield runtime


def sync(runtime: Runtime, *names: str) -> dict[str, int]:
    """Read sources, all without names, and work off what changed; return what was kept out."""
    kept_out = {}
    for name in names or KEYS:
        run = runtime.sync(name, accept_deletes=True)
        assert run.state == "succeeded", run
        kept_out[name] = run.total("kept_out")
    runtime.walk()
    return kept_out
