"""Mends a planted case in the exported files, as the department in charge would have done."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from hub.demo.draft import LOCAL
from hub.demo.exports import STAGES, german_day, german_euros, german_minute, utc_text
from hub.demo.ledger import stamp
from hub.demo.mending import books, change_csv, change_project, change_ticket
from hub.demo.write import ACCESS_FILE, PLANTED_FILE, RECIPIENTS_FILE, UNFINISHED, replace_file
from hub.errors import NotFoundError

Mender = Callable[[Path, list[str], datetime], None]
"""Mends a case in a folder: keys of its records, the subject's first, and when that happens."""


def repair(folder: Path, case: str, at: datetime) -> list[str]:
    """Mend a case, or all that a rule fires on, in the files that `write` left in `folder`.

    case: `R01-ticket`; or `R01`, no case's own name, for every planted case of the rule. at: when
    that happens, aware. Returns the cases mended, those already mended among them. Raises
    NotFoundError where there is no such case to mend.
    """
    planted = msgspec.json.decode((folder / PLANTED_FILE).read_bytes())["planted"]
    chosen = [found for found in planted if found["case"] == case]
    chosen = chosen or [found for found in planted if found["rule"] == case]
    if not chosen:
        known = dict.fromkeys(found["case"] for found in planted)
        raise NotFoundError(f"no case {case!r} to repair in {folder}; there are {', '.join(known)}")
    for found in chosen:
        mend = _MENDERS.get(found["case"]) or _MENDERS[found["rule"]]
        mend(folder, [ref.rsplit(":", 1)[-1] for ref in found["refs"]], at)
    return list(dict.fromkeys(found["case"] for found in chosen))


def _close(folder: Path, ticket: str, at: datetime) -> None:
    stamps = dict.fromkeys(("closed_at", "updated_at", "last_message_at"), utc_text(at))
    change_ticket(folder, int(ticket), {"status": "solved"}, stamps)


def _close_second(folder: Path, keys: list[str], at: datetime) -> None:
    _close(folder, keys[1], at)


def _raise_priority(folder: Path, keys: list[str], at: datetime) -> None:
    change_ticket(folder, int(keys[0]), {"priority": "dringend"}, {"updated_at": utc_text(at)})


def _bill_hours(folder: Path, keys: list[str], at: datetime) -> None:
    change_ticket(folder, int(keys[0]), {"billable": True}, {"updated_at": utc_text(at)})


def _catch_up(folder: Path, keys: list[str], at: datetime) -> None:
    """Report more progress, nearly as much as the hours that were used."""
    change_project(folder, keys[0], {"Fortschritt %": 78})


def _invoice_work(folder: Path, keys: list[str], at: datetime) -> None:
    """Note that the work of a project is invoiced."""
    billed = {"Nicht fakturiert (EUR)": 0, "Älteste offene Leistung": None}
    change_project(folder, keys[0], billed)


def _pay(folder: Path, invoice: str, at: datetime) -> None:
    """Book that an invoice is paid and no more disputed."""
    local = at.astimezone(LOCAL)
    with books(folder) as change:
        change(
            "update rechnungen set offen = 0, status = 'bezahlt', bezahlt_am = ?, strittig = 0,"
            " mahnstufe = 0, naechste_mahnung = null, geaendert_am = ?"
            " where rechnungsnr = ? and status <> 'bezahlt'",
            (local.date().isoformat(), stamp(local), invoice),
        )


def _pay_first(folder: Path, keys: list[str], at: datetime) -> None:
    _pay(folder, keys[0], at)


def _pay_second(folder: Path, keys: list[str], at: datetime) -> None:
    _pay(folder, keys[1], at)


def _correct_offer(folder: Path, keys: list[str], at: datetime) -> None:
    """Let the offer state what was ordered."""
    with books(folder) as ask:
        (net,) = ask("select netto from auftraege where auftragsnr = ?", (keys[1],)).fetchone()
    amount = {"Betrag": german_euros(round(net * 100))}
    change_csv(folder / "crm/deals.csv", "Chance-ID", keys[0], amount)


def _lower_forecast(folder: Path, keys: list[str], at: datetime) -> None:
    """Believe less in the deals of a customer who does not pay."""
    for deal in keys[2:]:
        change = {"Wahrscheinlichkeit": "10 %"}
        change_csv(folder / "crm/deals.csv", "Chance-ID", deal, change)


def _call(folder: Path, keys: list[str], at: datetime) -> None:
    """Speak with the customer about the offer, and begin to negotiate."""
    stamps = dict.fromkeys(("Letzte Aktivität", "Geändert"), german_minute(at.astimezone(LOCAL)))
    change = {"Phase": STAGES[4], "Phase Nr": "4"}
    change_csv(folder / "crm/deals.csv", "Chance-ID", keys[0], change, stamps)


def _more_hours(folder: Path, keys: list[str], at: datetime) -> None:
    """Sell the customer as many hours again."""
    with books(folder) as change:
        change("update vertraege set stunden_enthalten = 200 where vertragsnr = ?", (keys[0],))


def _exclude(folder: Path, keys: list[str], at: datetime) -> None:
    """Take the recipient off the mailing's list."""
    change_csv(folder / "marketing/mailings.csv", "id", f"{keys[0]}-{keys[1]}", None)
    change_csv(folder / "marketing/campaigns.csv", "id", keys[0], {"audience": "0"})


def _hand_over(folder: Path, keys: list[str], at: datetime) -> None:
    """Close the lead: the customer's own seller goes on with it."""
    stamps = {"Geändert": german_minute(at.astimezone(LOCAL))}
    change_csv(folder / "crm/leads.csv", "Lead-ID", keys[0], {"Status": "Verworfen"}, stamps)


def _mailbox_again(folder: Path, keys: list[str], at: datetime) -> None:
    for name in (RECIPIENTS_FILE, RECIPIENTS_FILE + UNFINISHED):
        if (folder / name).exists():
            change_csv(folder / name, "id", keys[1], {"delivery": "ok"})


def _tell_sales(folder: Path, keys: list[str], at: datetime) -> None:
    """Let the CRM have the address and the bank account that the books have."""
    with books(folder) as ask:
        street, postcode, city, iban = ask(
            "select strasse, plz, ort, iban from kunden where kundennr = ?", (int(keys[0]),)
        ).fetchone()
    change = {"Straße": street, "PLZ": postcode, "Ort": city, "IBAN": iban or ""}
    stamps = {"Geändert": german_minute(at.astimezone(LOCAL))}
    change_csv(folder / "crm/accounts.csv", "Konto-ID", keys[2], change, stamps)


def _enter_order(folder: Path, keys: list[str], at: datetime) -> None:
    """Enter the order for a won deal in the books, citing its offer."""
    deal = _deal(folder, keys[0])
    local, reference = at.astimezone(LOCAL), f"Angebot {deal['number']}"
    with books(folder) as change:
        change(
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


def _deal(folder: Path, key: str) -> dict[str, Any]:
    deals = msgspec.json.decode((folder / PLANTED_FILE).read_bytes())["lost_deals"]
    found: dict[str, Any] = deals[key]
    return found


def _name_file(folder: Path, keys: list[str], at: datetime) -> None:
    """Give the newsletter's file the name it should have had: the transfer is complete."""
    unfinished = folder / (RECIPIENTS_FILE + UNFINISHED)
    if unfinished.exists():
        unfinished.replace(folder / RECIPIENTS_FILE)


def _extend_access(folder: Path, keys: list[str], at: datetime) -> None:
    """Let the hub read the project office's files until the end of next year."""
    path, year = folder / ACCESS_FILE, at.astimezone(LOCAL).year + 1
    replace_file(path, lambda beside: beside.write_text(f"{german_day(date(year, 12, 31))}\n"))


_MENDERS: Mapping[str, Mender] = {
    "R01": _close_second,
    "R02": _raise_priority,
    "R03": _close_second,
    "R04": _catch_up,
    "R05": _pay_first,
    "R06": _lower_forecast,
    "R07": _enter_order,
    "R08": _invoice_work,
    "R09": _correct_offer,
    "R10": _close_second,
    "R11": _pay_second,
    "R12": _bill_hours,
    "R13": _close_second,
    "R14": _more_hours,
    "R15": _exclude,
    "R16": _hand_over,
    "R17": _mailbox_again,
    "R18": _tell_sales,
    "R19": _call,
    "R20": _name_file,
    "R20-ahead": _extend_access,
}
"""Rule, or one case of it -> who mends it."""
