"""Mistakes in what a mapping says of a field: each is said with its exact file, line and key."""

import pytest

from tests.mapping.good_file import FILE, problems

CASES = (
    (
        "name: company",
        "nam: company",
        "crm.yaml:8: streams.accounts[0].fields.nam: organization has no field 'nam' (did "
        "you mean name?)",
    ),
    (
        "name: company",
        "name: [company]",
        "crm.yaml:8: streams.accounts[0].fields.name: expected keys and values, got a list",
    ),
    (
        "name: company",
        "name: 12",
        "crm.yaml:8: streams.accounts[0].fields.name: expected keys and values, got 12",
    ),
    (
        "name: company",
        "name: 'a['",
        "crm.yaml:8: streams.accounts[0].fields.name: 'a[' is no path (at '['): expected "
        'e.g. `city`, `address.city`, `lines[0].sku`, `tags[*]`, `["odd.key"]` or `$.id`',
    ),
    (
        "name: company",
        "name: {path: company, unique: true}",
        "crm.yaml:8: streams.accounts[0].fields.name.unique: there is no such key (known: "
        "const, country, currency, date_order, decimal, default, epoch, exact, excel, "
        "fraction, join, normalize, path, paths, time_zone, values, with)",
    ),
    (
        "name: company",
        "name: {join: company}",
        "crm.yaml:8: streams.accounts[0].fields.name.join: expected a list, got 'company'",
    ),
    (
        "name: company",
        "name: {path: a, paths: [b]}",
        "crm.yaml:8: streams.accounts[0].fields.name: expected exactly one of path, paths, "
        "const, join; got path and paths",
    ),
    (
        "name: company",
        "name: {path: a, with: ', '}",
        "crm.yaml:8: streams.accounts[0].fields.name.with: `with` stands between the texts "
        "of `join`, which is missing",
    ),
    (
        "name: company",
        "name: {path: a, normalize: titel}",
        "crm.yaml:8: streams.accounts[0].fields.name.normalize: there is no normaliser "
        "'titel' (known: address, birth_date, boolean, company_name, country, currency, "
        "date, email, house_number, iban, identifier, instant, integer, legal_form, "
        "minor_units, money, number, percent, person_name, phone, postcode, prose, "
        "register_number, street, tax_number, text, vat, website)",
    ),
    (
        "name: company",
        "name: {path: a, normalize: date}",
        "crm.yaml:8: streams.accounts[0].fields.name.normalize: date does not give what name "
        "holds (text); expected one of text, prose, identifier, email, phone, website, "
        "company_name, legal_form, person_name, street, house_number, postcode, address, "
        "country, currency, vat, register_number, tax_number, iban, number",
    ),
    (
        "name: company",
        "name: {path: a, epoch: s}",
        "crm.yaml:8: streams.accounts[0].fields.name.epoch: `epoch` means nothing to company_name",
    ),
    (
        "{paths: [phone, mobile]}",
        "{paths: [phone, 5]}",
        "crm.yaml:9: streams.accounts[0].fields.phones.paths[1]: expected text, got 5; put "
        "it in quotes",
    ),
    (
        "{paths: [phone, mobile]}",
        "{paths: []}",
        "crm.yaml:9: streams.accounts[0].fields.phones.paths: expected at least one path",
    ),
    (
        "{paths: [phone, mobile]}",
        "{paths: [phone, 'mobile.']}",
        "crm.yaml:9: streams.accounts[0].fields.phones.paths: 'mobile.' is no path (at '.'): "
        'expected e.g. `city`, `address.city`, `lines[0].sku`, `tags[*]`, `["odd.key"]` or '
        "`$.id`",
    ),
    (
        "{paths: [phone, mobile]}",
        "{paths: [phone], default: abc}",
        "crm.yaml:9: streams.accounts[0].fields.phones.default: 'abc' is not a telephone number",
    ),
    (
        "country: land",
        "country: {const: Nirgendwo}",
        "crm.yaml:10: streams.accounts[0].fields.country.const: 'Nirgendwo' is not a "
        "country's name or ISO code",
    ),
    (
        "country: land",
        "country: {path: land, default: XX}",
        "crm.yaml:10: streams.accounts[0].fields.country.default: 'XX' is not a country's "
        "name or ISO code",
    ),
    (
        "country: land",
        "country: {path: land, values: {D: Entenhausen}}",
        "crm.yaml:10: streams.accounts[0].fields.country.values.D: 'Entenhausen' is not a "
        "country's name or ISO code",
    ),
    (
        "name: title\n        amount",
        "name: {path: title, exact: true}\n        amount",
        "crm.yaml:21: streams.deals[0].fields.name.exact: `exact` is about `values`, which "
        "is missing",
    ),
    (
        "amount_minor: betrag",
        "amount_minor: {const: 100}",
        "crm.yaml:22: streams.deals[0].fields.amount_minor.const: an amount must come from "
        "the source, not from this file",
    ),
    (
        "amount_minor: betrag",
        "amount_minor: {path: a, default: 0}",
        "crm.yaml:22: streams.deals[0].fields.amount_minor.default: an amount must come from "
        "the source, not from this file",
    ),
    (
        "amount_minor: betrag",
        "amount_minor: {path: a, normalize: number}",
        "crm.yaml:22: streams.deals[0].fields.amount_minor.normalize: number does not give "
        "what amount_minor holds (money); expected one of money, minor_units",
    ),
    (
        "amount_minor: betrag",
        "amount_minor: {path: a, currency: eur}",
        "crm.yaml:22: streams.deals[0].fields.amount_minor.currency: expected an ISO 4217 "
        "code such as EUR, got 'eur' (did you mean EUR?)",
    ),
    (
        "amount_minor: betrag",
        "amount: betrag",
        "crm.yaml:22: streams.deals[0].fields.amount: deal has no field 'amount' (did you "
        "mean amount_minor?)",
    ),
    (
        "Gewonnen: won",
        "Gewonnen: gewonnen",
        "crm.yaml:27: streams.deals[0].fields.status.values.Gewonnen: expected one of "
        "abandoned, lost, open, unknown, won, got 'gewonnen'",
    ),
    (
        "Gewonnen: won",
        "offen: won",
        "crm.yaml:27: streams.deals[0].fields.status.values.offen: is the same as 'Offen' "
        "(unless `exact: true`)",
    ),
    (
        "Gewonnen: won",
        "Offen: won",
        "crm.yaml:27: streams.deals[0].fields.status.values.Offen: stands twice, first in line 26",
    ),
    (
        "Gewonnen: won",
        "Gewonnen: [won]",
        "crm.yaml:27: streams.deals[0].fields.status.values.Gewonnen: expected one value, "
        "got a list",
    ),
    (
        "          path: status\n",
        "          const: open\n",
        "crm.yaml:25: streams.deals[0].fields.status.values: a constant needs no `values`",
    ),
    (
        "fields: {name: who}",
        "fields: {}",
        "crm.yaml:37: streams.teams[1].fields: expected fields of person",
    ),
    (
        "fields: {name: who}",
        "fields: {name: who, zzz: x}",
        "crm.yaml:37: streams.teams[1].fields.zzz: person has no field 'zzz' (known: "
        "address, city, country, date_of_birth, email_status, emails, external_ids, "
        "family_name, given_name, house_number, is_primary, left_company, name, phones, "
        "position, postcode, region, role, street, title, valid_from, valid_to)",
    ),
    (
        "fields: {name: who}",
        "fields: [name]",
        "crm.yaml:37: streams.teams[1].fields: expected keys and values, got a list",
    ),
    (
        "fields: {name: who}",
        "fields: {name: !secret who}",
        "crm.yaml:37: streams.teams[1].fields.name: the tag !secret means nothing here",
    ),
)


@pytest.mark.parametrize(("good", "bad", "expected"), CASES)
def test_each_mistake_is_said_where_it_stands(good: str, bad: str, expected: str) -> None:
    assert good in FILE
    assert "\n".join(problems(FILE.replace(good, bad, 1))) == expected
