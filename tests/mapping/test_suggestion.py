"""A suggested mapping: by headers and values, always a file that holds, and it tells no tales."""

import sqlite3
import string
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.compile import compile_spec
from mapping.load import load_spec
from mapping.normalize.registry import Options
from mapping.spec import EntrySpec, MappingSpec
from mapping.suggestion.sample import sample_of
from mapping.suggestion.suggest import suggest
from mapping.suggestion.vocabulary import canonical_word, closeness, names_kind, words_of

HABITS = Options(country="DE", currency="EUR", time_zone=ZoneInfo("Europe/Berlin"))
Rows = dict[str, list[tuple[str, dict[str, Any]]]]


def suggested(streams: Rows) -> tuple[str, MappingSpec]:
    """Return a suggestion's text, and the mapping it is; fails where it is none."""
    samples = [sample_of(name, rows) for name, rows in streams.items()]
    text = suggest(samples, HABITS, time_zone="Europe/Berlin")
    spec = load_spec(text, file="suggested.yaml", streams=list(streams))
    compile_spec(spec)
    return text, spec


def entries(spec: MappingSpec, stream: str) -> dict[str, EntrySpec]:
    return {entry.part: entry for entry in spec.streams[stream]}


def paths(entry: EntrySpec) -> dict[str, tuple[str, ...]]:
    return {name: field.read_paths for name, field in entry.fields.items()}


EXPORTS: Rows = {
    "auftraege": [("A-1", {"Auftragsnr": "A-1", "Netto": "100,00", "Auftragsdatum": "1.2.2026"})],
    "verträge": [("V-1", {"Vertragsnr": "V-1", "Jahreswert": "10,00", "Mindestpriorität": "hoch"})],
    "angebote": [
        ("N-1", {"Angebotsnr": "N-1", "Angebotsdatum": "1.2.2026", "Bindefrist": "1.3.2026"})
    ],
    "kontakte": [("P-1", {"Kontaktnr": "P-1", "Vorname": "Eva", "Nachname": "Graf"})],
    "projekte": [
        (
            "PJ1",
            {
                "Projekt-Nr.": "PJ1",
                "Auftrag": "A-7",
                "Geplantes Ende": "1.4.2026",
                "Ende": "5.4.2026",
                "Fertigstellung": "80%",
                "Abrechnungsart": "Festpreis",
            },
        )
    ],
    "tickets": [("T1", {"Nr": "T1", "Betreff": "Mahnung", "Rechnung": "RE-9"})],
    "leads": [
        (
            "L1",
            {
                "Leadnr": "L1",
                "Herkunft": "Messe",
                "Status": "Neu",
                "Eingang": "1.2.2026",
                "Bearbeiter": "V03",
                "Firma": "Weber GmbH",
                "Ort": "Ulm",
                "Ansprechpartner": "Eva Graf",
                "Mail": "graf@weber.example",
            },
        )
    ],
}


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("E-Mail", ("e", "mail")),
        ("USt-IdNr.", ("ust", "id", "nr")),
        ("ContactName", ("contact", "name")),
        ("Straße", ("strasse",)),
        ("Budget (EUR)", ("budget",)),
        ("geaendert_am", ("geaendert", "am")),
        ("Geändert am", ("geaendert", "am")),
    ],
)
def test_headers_are_folded(header: str, words: tuple[str, ...]) -> None:
    assert words_of(header) == words


@pytest.mark.parametrize(
    ("better", "worse", "phrases"),
    [
        ("Telefon", "Telefon geschäftlich", ["telefon"]),
        ("Telefon geschäftlich", "Fax", ["telefon"]),
        ("Rechnungsdatum", "Lieferdatum", ["datum"]),
        ("Bezeichnung", "Name", ["bezeichnung", "name"]),
        ("number", "product number", ["number"]),
    ],
)
def test_a_header_says_one_phrase_better(better: str, worse: str, phrases: list[str]) -> None:
    said = [words_of(phrase) for phrase in phrases]
    one, other = (closeness(words_of(header), said, ["rechnung"]) for header in (better, worse))
    assert one > other


@pytest.mark.parametrize(
    ("name", "word", "least"),
    [
        ("Kunden", "kunde", 1.0),
        ("offene_rechnungen", "rechnung", 0.9),
        ("Ausgangsrechnungen", "rechnung", 0.8),
        ("sales_orders", "order", 0.9),
    ],
)
def test_a_stream_s_name_says_its_kind(name: str, word: str, least: float) -> None:
    assert names_kind(name, [word]) >= least
    assert names_kind(name, ["gerät"]) == 0


@pytest.mark.parametrize(
    ("raw", "name", "choices", "word"),
    [
        ("in Arbeit", "status", {"in_progress", "open"}, "in_progress"),
        ("Geliefert", "status", {"delivered", "open"}, "delivered"),
        ("in", "direction", {"inbound", "outbound"}, "inbound"),
        ("in", "direction", {"incoming", "outgoing"}, "incoming"),
        ("EUR", "direction", {"inbound", "outbound"}, None),
        ("???", "kind", {"receivable", "payable"}, None),
    ],
)
def test_a_status_word_means_one_of_the_known_or_nothing(
    raw: str, name: str, choices: set[str], word: str | None
) -> None:
    assert canonical_word(raw, name, choices) == word


CRM: Rows = {
    "kunden": [
        (
            str(number),
            {
                "Kundennr": str(number),
                "Firma": f"Huber {number} GmbH",
                "Anschrift": f"Musterstr. {number}, 80331 München",
                "Tel. Zentrale": f"089 / 12345{number}",
                "Mobil": f"0171 123456{number}",
                "Ansprechpartner": "Frau Dr. Anna Kern",
                "E-Mail Ansprechpartner": f"kern{number}@huber.de",
                "Konto": "DE89 3704 0044 0532 0130 00",
                "Kreditlimit": "5.000,00",
                "Lieblingsfarbe": "gelb",
            },
        )
        for number in range(1, 7)
    ],
    "Rechnungen": [
        (
            f"R{number}",
            {
                "Belegnummer": f"R{number}",
                "Kundennr": str(1 + number % 6),
                "Datum": "03/14/2026",
                "Rechnungsbetrag": "1.234,50",
                "Status": ("bezahlt", "offen", "im Inkasso")[number % 3],
                "angelegt": 1_760_000_000 + number,
            },
        )
        for number in range(1, 9)
    ],
}


def test_columns_become_what_their_headers_and_values_say() -> None:
    _, spec = suggested(CRM)
    made = entries(spec, "kunden")
    assert made[""].kind == "organization"
    assert paths(made[""]) == {
        "name": ("Firma",),
        "address": ("Anschrift",),
        "phones": ('["Tel. Zentrale"]', "Mobil"),
        "iban": ("Konto",),  # told by its values
        "external_ids": ("Kundennr",),
        "credit_limit_minor": ("Kreditlimit",),
    }
    assert made["contact"].kind == "person"
    assert paths(made["contact"]) == {
        "name": ("Ansprechpartner",),
        "emails": ("E-Mail Ansprechpartner",),
    }
    assert made["contact"].refs["organization"].stream is None
    assert spec.defaults.decimal == ","
    assert spec.defaults.date_order == "mdy"


def test_a_key_of_another_stream_becomes_a_reference() -> None:
    text, spec = suggested(CRM)
    invoice = entries(spec, "Rechnungen")[""]
    assert invoice.kind == "invoice"
    assert (invoice.refs["organization"].stream, invoice.refs["organization"].path) == (
        "kunden",
        "Kundennr",
    )
    assert invoice.fields["status"].values == {"bezahlt": "paid", "offen": "open"}
    assert 'say what these mean: "im Inkasso"' in text
    assert invoice.fields["kind"].const == "receivable"
    assert paths(invoice)["issued_on"] == ("Datum",)


@pytest.mark.parametrize(
    ("debitor", "name", "external"),
    [
        (["10001", "D-2", "K 003"], ("Name",), ("Debitor",)),
        (["Bär AG", "Weber 24", "Röhm"], ("Debitor",), None),
    ],
    ids=["numbers", "names"],
)
def test_open_items_name_a_company_by_its_name_not_by_its_number(
    debitor: list[str], name: tuple[str, ...], external: tuple[str, ...] | None
) -> None:
    rows = [
        (f"RE-{n}", {"RechnungsNr": f"RE-{n}", "Debitor": one, "Name": "Bär AG", "Offen": "1,00"})
        for n, one in enumerate(debitor)
    ]
    _, spec = suggested({"rechnungen": rows})
    company = paths(entries(spec, "rechnungen")["company"])
    assert (company["name"], company.get("external_ids")) == (name, external)
    assert paths(entries(spec, "rechnungen")[""])["balance_minor"] == ("Offen",)


def test_departments_exports_are_understood() -> None:
    _, spec = suggested(EXPORTS)
    found = {stream: entries(spec, stream)[""] for stream in EXPORTS}
    assert {stream: entry.kind for stream, entry in found.items()} == {
        "auftraege": "order",
        "verträge": "contract",
        "angebote": "quote",
        "kontakte": "person",
        "projekte": "project",
        "tickets": "ticket",
        "leads": "lead",
    }
    assert "name" not in found["kontakte"].fields  # a number of the record is nobody's name
    assert found["projekte"].fields["billing"].values == {"Festpreis": "fixed"}
    assert paths(found["projekte"]) == {
        "number": ('["Projekt-Nr."]',),
        "billing": ("Abrechnungsart",),
        "planned_end": ("Geplantes Ende",),
        "ended_on": ("Ende",),
        "progress_pct": ("Fertigstellung",),
        "reference": ("Auftrag",),
    }
    assert paths(found["tickets"])["reference"] == ("Rechnung",)
    assert found["verträge"].fields["sla_priority_floor"].values == {"hoch": "high"}
    company, contact = entries(spec, "leads")["company"], entries(spec, "leads")["contact"]
    assert paths(company) == {"name": ("Firma",), "city": ("Ort",)}
    assert paths(contact) == {"name": ("Ansprechpartner",), "emails": ("Mail",)}


def test_what_has_no_field_is_named_with_how_often_it_is_filled() -> None:
    text, _ = suggested(CRM)
    assert "#   Lieblingsfarbe  (100 % filled)" in text
    assert "gelb" not in text


def test_only_words_of_closed_vocabularies_are_told() -> None:
    text, _ = suggested(CRM)
    for secret in ("Huber", "Kern", "Muster", "80331", "0171", "DE89", "1.234"):
        assert secret not in text


def test_units_that_values_show_are_stated() -> None:
    rows = [
        (str(n), {"name": f"Deal {n}", "probability": n / 10, "created": 1_760_000_000_000 + n})
        for n in range(1, 6)
    ]
    _, spec = suggested({"deals": rows})
    deal = entries(spec, "deals")[""]
    assert deal.fields["probability"].fraction
    assert deal.fields["created_at"].epoch == "ms"


@pytest.mark.parametrize(
    ("stages", "told"),
    [
        (
            ["Angebot", "gewonnen", "verloren"],
            {"Angebot": "open", "gewonnen": "won", "verloren": "lost"},
        ),
        (["Erstkontakt", "Angebot"], None),
    ],
)
def test_stages_tell_a_deal_s_status_where_they_say_what_was_won(
    stages: list[str], told: dict[str, str] | None
) -> None:
    rows = [(str(n), {"Titel": f"Anlage {n}", "Phase": stage}) for n, stage in enumerate(stages)]
    _, spec = suggested({"deals": rows})
    status = entries(spec, "deals")[""].fields.get("status")
    assert (status and status.values) == told


def test_a_table_of_nothing_known_and_an_empty_one_are_left_to_the_reader() -> None:
    text, spec = suggested({"zzz": [("1", {"a": 1, "b": 2})], "accounts": []})
    assert spec.streams == {}
    assert "zzz: may be anything (1 record looked at)" in text
    assert "accounts: no record read" in text


def test_other_people_s_database_is_understood(shared_data: Path) -> None:
    """Northwind, whose words were not looked at when the vocabulary was written."""
    keys = {
        "Customers": ("CustomerID",),
        "Suppliers": ("SupplierID",),
        "Orders": ("OrderID",),
        "Order Details": ("OrderID", "ProductID"),
        "Products": ("ProductID",),
        "Categories": ("CategoryID",),
    }
    with sqlite3.connect(shared_data / "departments" / "northwind.sqlite") as door:
        door.row_factory = sqlite3.Row
        found: Rows = {}
        for table, key in keys.items():
            read = (dict(row) for row in door.execute(f'SELECT * FROM "{table}" LIMIT 300'))
            rows = [{k: v for k, v in row.items() if not isinstance(v, bytes)} for row in read]
            found[table] = [("-".join(str(row[k]) for k in key), row) for row in rows]
    door.close()
    text, spec = suggested(found)
    kinds = {stream: made[0].kind for stream, made in spec.streams.items()}
    assert kinds == {
        "Customers": "organization",
        "Suppliers": "organization",
        "Orders": "order",
        "Order Details": "line",
        "Products": "product",
    }
    assert "Categories: may be anything" in text
    customers = entries(spec, "Customers")
    assert paths(customers[""])["name"] == ("CompanyName",)
    assert paths(customers["contact"]) == {"name": ("ContactName",), "position": ("ContactTitle",)}
    order = entries(spec, "Orders")[""]
    assert order.refs["organization"].path == "CustomerID"
    assert paths(order)["delivered_on"] == ("ShippedDate",)
    line = entries(spec, "Order Details")[""]
    assert {role: ref.stream for role, ref in line.refs.items()} == {
        "order": "Orders",
        "product": "Products",
    }


HEADERS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["Name", "Firma", "E-Mail", "status", "null", "on", "a.b", "x[0]", "$", "Ort:"]
    ),
)
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.text(alphabet=string.printable, max_size=12),
        st.sampled_from(["offen", "03/14/2026", "1.234,56", "kern@huber.de", "1e400"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(HEADERS, inner, max_size=2)
    ),
    max_leaves=4,
)
STREAMS = st.sampled_from(["accounts", "Kontakte", "tickets", "deals", "x: y", "null", "#1"])


@settings(deadline=None)
@given(
    st.dictionaries(
        STREAMS, st.lists(st.dictionaries(HEADERS, VALUES, max_size=5), max_size=4), max_size=3
    )
)
def test_whatever_the_records_the_suggestion_is_a_mapping(
    streams: dict[str, list[dict[str, Any]]],
) -> None:
    suggested({name: list(zip("abcd", rows, strict=False)) for name, rows in streams.items()})
