"""The examples and tables of docs/mapping.md hold."""

import re
from pathlib import Path

import pytest

from connectors.sdk.record import Record, RecordKey
from mapping.apply import apply
from mapping.compile import compile_spec
from mapping.load import load_spec
from mapping.normalize.registry import NORMALIZERS
from mapping.nouns import FIELDS, KINDS, ROLES

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "mapping.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
STREAMS = ("accounts", "deals", "adressen", "projekte")


def test_the_first_example_reads_a_german_customer() -> None:
    mapping = compile_spec(load_spec(EXAMPLES[0], file="docs", streams=STREAMS))
    row = {
        "Firma": "Müller GmbH & Co. KG",
        "Strasse": "Obere Str. 57 a",
        "PLZ": "80331",
        "Telefon": "089 / 1234-0",
        "USt-IdNr": "DE 136 695 976",
        "Handelsregister": "Amtsgericht München, HRB 12345",
        "Kreditlimit": "5.000,00 €",
        "Ansprechpartner": "Herr Dr. Max Mustermann",
    }
    account, contact = apply(mapping, RecordKey("crm", "accounts", "1"), Record("1", row))
    assert account.issues == contact.issues == ()
    assert account.fields["register_number"] == "HRB 12345 München"
    assert account.fields["credit_limit_minor"] == 500000
    assert contact.fields["family_name"] == "Mustermann"


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_loads(example: str) -> None:
    load_spec(example, file="docs", streams=STREAMS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_of_kinds_names_every_field_and_reference(kind: str) -> None:
    (row,) = (line for line in TEXT.splitlines() if line.startswith(f"| `{kind}` |"))
    _, _, fields, refs, _ = row.split("|")
    words = set(re.findall(r"[a-z_]+", fields))
    if "place" in words:
        words |= {"street", "house_number", "postcode", "city", "region", "country"}
    (spec,) = (FIELDS[known] for known in KINDS if known == kind)
    mapped = {name for name, field in spec.items() if not field.derived}
    choices = {word for field in spec.values() for word in field.choices} - {"unknown"}
    assert words - {"place"} == mapped | choices
    (roles,) = (ROLES[known] for known in KINDS if known == kind)
    assert set(re.findall(r"[a-z_]+", re.sub(r"\(.*?\)", "", refs))) == set(roles)


def test_every_normaliser_is_named() -> None:
    (listed,) = re.findall(r"Normalisers by name: `(.*?)`", TEXT, re.DOTALL)
    assert listed.split() == list(NORMALIZERS)
