"""What the mappings of a hub tell, in the types that a table's columns have."""

import pytest

from hub.assembly import shipped_model
from hub.pipeline.features import types_told
from hub.resolution.model import default_model
from mapping.apply import CompiledMapping
from mapping.compile import compile_spec
from mapping.load import load_spec


def mapped(*entries: str) -> CompiledMapping:
    text = "streams:\n  a:\n" + "".join(f"    - {entry}\n" for entry in entries)
    return compile_spec(load_spec(text, file="m.yaml", streams=["a"]))


COMPANY = "{kind: organization, fields: {city: Ort, vat_id: USt, owner: Wer}}"
PLACED = "{part: who, kind: person, fields: {address: Adresse, emails: Mail}}"
EMPLOYED = "{part: he, kind: person, fields: {name: Name}, refs: {organization: {part: ''}}}"


@pytest.mark.parametrize(
    ("kind", "entries", "types"),
    [
        ("organization", [COMPANY], "city vat"),
        ("organization", [COMPANY, EMPLOYED], "city vat person_name"),
        ("person", [COMPANY, PLACED], "address email"),
        ("person", [COMPANY, PLACED, EMPLOYED], "address email person_name org_name"),
        ("project", [COMPANY], ""),
    ],
)
def test_types_are_those_of_all_entries(kind: str, entries: list[str], types: str) -> None:
    assert types_told(kind, [mapped(*entries)]) == frozenset(types.split())


def test_a_shipped_model_is_moved_where_few_fields_are_mapped() -> None:
    shipped = default_model("person")
    assert shipped_model("person", [mapped(COMPANY, EMPLOYED)]) is shipped
    unnamed = shipped_model("person", [mapped(PLACED)])
    assert unnamed.name == f"{shipped.name}+unnamed"
    assert unnamed.prior > shipped.prior
    assert shipped_model("person", [mapped(PLACED)]) is unnamed
    posted = shipped_model("person", [mapped("{kind: person, fields: {postcode: PLZ}}")])
    assert posted.name == f"{shipped.name}+properties"
