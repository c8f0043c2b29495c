"""A mapping's version changes with its meaning, and with nothing else."""

import textwrap

import pytest

from mapping.load import load_spec
from mapping.normalize.registry import NORMALIZERS, Options
from mapping.nouns import FIELDS, KINDS, ROLES
from mapping.spec import MappingSpec, mapping_version

STREAMS = ("accounts", "deals")

BASE = """
streams:
  accounts:
    - kind: organization
      fields: {name: company, emails: {paths: [mail, mail2]}}
  deals:
    - kind: deal
      fields: {name: title}
"""


def load(text: str) -> MappingSpec:
    return load_spec(textwrap.dedent(text), file="crm.yaml", streams=STREAMS)


@pytest.mark.parametrize(
    "same",
    [
        BASE,
        "# a comment\n" + BASE.replace("name: company", "name: {path: company}"),
        BASE.replace("{name: title}", "\n        name: title"),
        BASE.replace(
            "name: company, emails: {paths: [mail, mail2]}",
            "emails: {paths: [mail, mail2]}, name: company",
        ),
    ],
)
def test_layout_does_not_count(same: str) -> None:
    assert mapping_version(load(same)) == mapping_version(load(BASE))


@pytest.mark.parametrize(
    "other",
    [
        BASE.replace("company", "firma"),
        BASE.replace("[mail, mail2]", "[mail2, mail]"),
        BASE.replace("deal\n", "order\n"),
        "defaults: {country: DE}" + BASE,
    ],
)
def test_meaning_counts(other: str) -> None:
    assert mapping_version(load(other)) != mapping_version(load(BASE))


def test_a_stream_has_a_version_of_its_own() -> None:
    changed = load(BASE.replace("name: title", "name: betreff"))
    assert mapping_version(changed, "accounts") == mapping_version(load(BASE), "accounts")
    assert mapping_version(changed, "deals") != mapping_version(load(BASE), "deals")
    assert len(mapping_version(changed)) == 16


def test_every_field_of_the_catalogue_has_a_normaliser_that_fits_it() -> None:
    for kind in KINDS:
        for name, field in FIELDS[kind].items():
            if field.choices:
                continue
            normalizer = NORMALIZERS[field.normalize]
            assert field.type in normalizer.yields, (kind, name)
            assert normalizer.build(Options())("?!", {}) != "", (kind, name)


def test_every_money_field_has_a_currency_beside_it_and_every_status_its_raw_word() -> None:
    for kind, fields in FIELDS.items():
        for name, field in fields.items():
            assert field.type != "money" or "currency" in fields, (kind, name)
            assert not field.keeps_raw or f"{name}_raw" in fields, (kind, name)
    assert set(ROLES) == set(FIELDS) == set(KINDS)
    assert all(set(roles.values()) <= set(KINDS) for roles in ROLES.values())
