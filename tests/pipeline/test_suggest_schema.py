"""`hub resolve FILE --suggest`: a schema to start from, which always is one and tells no values."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import ConfigError
from hub.pipeline.suggest_schema import suggest_schema
from hub.resolution.schema import schema_from

FIRMS = """Kundennr.;Firma;PLZ;Ort;E-Mail;Quelle;Notiz
7;Müller GmbH;01067;Dresden;info@mueller.example;crm;Rabatt 5%
8;Nordlicht AG;20095;Hamburg;post@nordlicht.example;erp;
"""
PEOPLE = "Vorname,Nachname,no,dob\nUwe,Ohm,1,1970-01-02\nUwe,Ulm,2,1971-03-04\n"
THINGS = "sku,Titel,Preis\na,Pumpe,1.5\nb,Rohr,2\n"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "kunden.csv",
            FIRMS,
            {
                "kind": "organization",
                "id": "Kundennr.",
                "source": "Quelle",
                "fields": {
                    "Firma": "org_name",
                    "PLZ": "postcode",
                    "Ort": "city",
                    "E-Mail": "email",
                },
            },
        ),
        (
            "x.csv",
            PEOPLE,
            {
                "kind": "person",
                "id": "no",
                "fields": {
                    "Vorname": "given_name",
                    "Nachname": "family_name",
                    "dob": "date_of_birth",
                },
            },
        ),
        (
            "x.csv",
            THINGS,
            {"kind": "thing", "id": "sku", "fields": {"Titel": "text", "Preis": "number"}},
        ),
    ],
)
def test_columns_have_the_types_of_their_names_and_values(
    tmp_path: Path, name: str, text: str, told: object
) -> None:
    (tmp_path / name).write_text(text, "cp1252")
    said = suggest_schema(tmp_path / name)
    assert yaml.safe_load(said) == told
    schema_from(yaml.safe_load(said))
    assert "Rabatt" not in said


def test_a_table_without_a_key_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Firma,Ort\nA GmbH,Ulm\nA GmbH,Ulm\n", "utf-8")
    assert "# id: no column is another in each row" in suggest_schema(tmp_path / "x.csv")
    (tmp_path / "x.csv").write_text("Firma,Ort\n", "utf-8")
    with pytest.raises(ConfigError, match="no rows"):
        suggest_schema(tmp_path / "x.csv")


@settings(deadline=None, max_examples=60)
@given(
    names=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), min_size=1),
        min_size=1,
        max_size=4,
        unique=True,
    ),
    value=st.text("ab1.- ", min_size=1),
)
def test_whatever_the_columns_are_called_it_is_yaml(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], value: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_text(json.dumps(dict.fromkeys(names, value)) + "\n", "utf-8")
    said = yaml.safe_load(suggest_schema(path))
    assert set(said["fields"]) | {said.get("id"), said.get("source")} <= {*names, None}


def test_columns_without_a_name_may_be_several(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,Firma,,\n1,A GmbH,,\n2,B GmbH,,\n", "utf-8")
    told = yaml.safe_load(suggest_schema(tmp_path / "x.csv"))
    assert (told["id"], told["fields"]) == ("id", {"Firma": "org_name"})
