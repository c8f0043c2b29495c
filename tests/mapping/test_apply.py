"""Applying a mapping to a record: fields, and what happens to odd values."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sdk.record import Record, RecordKey, parse_ref
from mapping.apply import apply
from mapping.canonical import CanonicalRecord, Issue, Reference
from mapping.compile import compile_spec
from mapping.load import load_spec
from mapping.nouns import FIELDS
from tests.mapping.crm import MAPPING, STREAMS, compiled, made, one

EXTENDED = """
streams:
  accounts:
    - kind: organization
      fields: {name: company}
      extensions: {sales_region: gebiet, machines: maschinen, empty: leer, long: lang}
"""


def test_extensions_are_kept_as_sent_and_cut_where_endless() -> None:
    mapping = compile_spec(load_spec(EXTENDED, file="crm.yaml", streams=["accounts"]))
    row = {
        "company": "A",
        "gebiet": "Süd",
        "maschinen": [{"n": 1}],
        "leer": "-",
        "lang": "x" * 9000,
    }
    (made,) = apply(mapping, RecordKey("crm", "accounts", "1"), Record("1", row))
    assert made.fields == {"name": "A"}
    assert made.extensions == {"sales_region": "Süd", "machines": [{"n": 1}], "long": "x" * 4000}


def test_an_account_and_its_contact() -> None:
    account, contact = made(
        "accounts",
        {
            "company": "Firma Müller GmbH & Co. KG",
            "phone": "089 / 1234-0",
            "mobile": "0171/1234567; 089 / 1234-0",
            "mail": ["Info@Mueller.de", "info@mueller.de"],
            "ust_id": "DE 136 695 976",
            "street": "Obere Str. 57 a",
            "zip": 1067,
            "address": {"city": "Dresden"},
            "limit": "1.234,56 €",
            "kind": " KUNDE ",
            "contact_name": "Herr Dr. Max Mustermann",
            "contact_mail": "max@mueller.de",
        },
    )
    assert (account.kind, account.part, account.ref) == ("organization", "", "crm:accounts:A-17")
    assert account.fields == {
        "name": "Müller GmbH & Co. KG",
        "legal_form": "GmbH & Co. KG",
        "phones": ["+498912340", "+491711234567"],
        "emails": ["info@mueller.de"],
        "vat_id": "DE136695976",
        "street": "Obere Straße",
        "house_number": "57a",
        "postcode": "01067",
        "city": "Dresden",
        "currency": "EUR",
        "credit_limit_minor": 123456,
        "industry": "Handel",
        "external_ids": ["from-crm"],
        "lifecycle": "customer",
    }
    assert account.raw == {
        "name": "Firma Müller GmbH & Co. KG",
        "phones": ["089 / 1234-0", "0171/1234567; 089 / 1234-0"],
        "emails": ["Info@Mueller.de", "info@mueller.de"],
        "vat_id": "DE 136 695 976",
        "street": "Obere Str. 57 a",
        "postcode": 1067,
        "credit_limit_minor": "1.234,56 €",
        "lifecycle": " KUNDE ",
    }
    assert account.issues == ()
    assert (contact.kind, contact.part) == ("person", "contact")
    assert contact.fields == {
        "name": "Max Mustermann",
        "given_name": "Max",
        "family_name": "Mustermann",
        "title": "Dr.",
        "emails": ["max@mueller.de"],
    }
    assert contact.refs == (Reference("organization", "crm:accounts:A-17"),)
    assert contact.ref == "crm:accounts:A-17#contact"


@pytest.mark.parametrize("empty", [None, "", "  ", "-", "n/a", "NULL", [], {}])
def test_what_says_nothing_is_absent_without_a_word(empty: object) -> None:
    data = {"company": "Huber", "phone": empty, "ust_id": empty, "kind": empty, "limit": empty}
    account = one("accounts", {**data, "contact_name": empty})
    assert account.fields == {"name": "Huber", "industry": "Handel", "external_ids": ["from-crm"]}
    assert account.raw == {}
    assert account.issues == ()


@pytest.mark.parametrize(
    ("data", "field", "value", "reason"),
    [
        ({"phone": "siehe Notiz"}, "phones", "siehe Notiz", "is not a telephone number"),
        (
            {"ust_id": "DE136695978"},
            "vat_id",
            "DE136695978",
            "is not a VAT id with a right check digit",
        ),
        ({"limit": "viel"}, "credit_limit_minor", "viel", "is not an amount of money"),
        ({"limit": "12.50"}, "credit_limit_minor", "12.50", "is not an amount of money"),
        ({"mail": {"a": 1}}, "emails", "an object", "is an object, expected one value"),
        ({"mail": [["a@b.de"]]}, "emails", "a list", "is a list, expected one value"),
        ({"ust_id": ["DE1"]}, "vat_id", "a list", "is a list, expected one value"),
        ({"company": {"x": 1}}, "name", "an object", "is an object, expected one value"),
        ({"kind": "Sonstiges"}, "lifecycle", "Sonstiges", "is not among the mapped values"),
        ({"country": "Atlantis"}, "country", "Atlantis", "is not a country's name or ISO code"),
    ],
)
def test_what_is_not_understood_is_absent_kept_raw_and_reported(
    data: dict[str, Any], field: str, value: str, reason: str
) -> None:
    account = one("accounts", data)
    assert account.issues == (Issue(field, value, reason),)
    assert field not in account.fields
    (source,) = data.values()
    listed = source if isinstance(source, list) else [source]
    assert account.raw[field] == (listed if FIELDS["organization"][field].many else source)


def test_long_values_are_cut_where_they_are_reported() -> None:
    account = one("accounts", {"company": "x" * 1_000_000, "ust_id": "y" * 1_000})
    assert [len(issue.value) for issue in account.issues] == [200, 200]
    assert len(account.raw["name"]) == 500


def test_one_bad_phone_does_not_cost_the_good_one() -> None:
    account = one("accounts", {"phone": "Zentrale fragen", "mobile": "0171 1234567"})
    assert account.fields["phones"] == ["+491711234567"]
    assert account.raw["phones"] == ["Zentrale fragen", "0171 1234567"]
    assert [issue.value for issue in account.issues] == ["Zentrale fragen"]


def test_a_record_s_own_country_outranks_the_default() -> None:
    swiss = one(
        "accounts", {"country": "Schweiz", "phone": "044 668 18 00", "street": "Ringstr. 1"}
    )
    assert swiss.fields["phones"] == ["+41446681800"]
    assert swiss.fields["street"] == "Ringstrasse"
    assert one("accounts", {"phone": "044 668 18 00"}).fields["phones"] == ["+49446681800"]


def test_a_value_known_to_say_nothing_is_no_issue() -> None:
    account = one("accounts", {"company": "Huber", "kind": "Alt"})
    assert "lifecycle" not in account.fields
    assert account.issues == ()


def test_a_status_is_mapped_or_unknown_and_keeps_the_source_s_word() -> None:
    won = one("deals", {"Status": "gewonnen "})
    assert won.fields == {"status": "won", "status_raw": "gewonnen"}
    assert won.issues == ()
    parked = one("deals", {"Status": "Geparkt"})
    assert parked.fields == {"status": "unknown", "status_raw": "Geparkt"}
    assert parked.issues == (Issue("status", "Geparkt", "is not among the mapped values"),)
    # A canonical word that the file does not map is not taken for granted.
    assert one("deals", {"Status": "won"}).fields["status"] == "unknown"
    assert one("deals", {"Status": {"id": 1}}).fields == {"status": "unknown"}
    assert one("deals", {}).fields == {}


def test_without_a_value_map_the_canonical_words_count_in_any_case() -> None:
    ticket = made("tickets", {"prio": "High", "state": "waiting customer"})[0]
    assert ticket.fields["priority"] == "high"
    assert ticket.fields["status"] == "waiting_customer"
    assert ticket.fields["priority_raw"] == "High"
    assert made("tickets", {"prio": 3})[0].fields["priority"] == "unknown"


def test_joined_texts_amounts_shares_and_instants() -> None:
    deal = one(
        "deals",
        {
            "city": "Köln",
            "title": " Messestand ",
            "amount": "12.000,00 USD",
            "chance": 0.65,
            "created": "04.07.2026 10:15",
        },
    )
    assert deal.fields == {
        "name": "Köln / Messestand",
        "amount_minor": 1200000,
        "currency": "USD",
        "probability": 65,
        "created_at": "2026-07-04T08:15:00Z",
    }
    assert one("deals", {"title": "allein"}).fields["name"] == "allein"


MONEY = """
    streams:
      lines:
        - kind: order
          fields: {net_minor: net, gross_minor: gross, currency: cur}
      deals:
        - kind: deal
          fields: {amount_minor: {path: cents, normalize: minor_units, currency: EUR}}
"""


def test_amounts_of_one_record_have_one_currency() -> None:
    mapping = compiled(MONEY)

    def order(**data: Any) -> CanonicalRecord:
        (record,) = apply(mapping, RecordKey("b", "lines", "1"), Record("1", data))
        return record

    assert order(net="100 €", gross="119,00").fields == {
        "net_minor": 10000,
        "gross_minor": 11900,
        "currency": "EUR",
    }
    assert order(net=1000, cur="JPY").fields["net_minor"] == 1000
    assert order(net="1.5", cur="KWD").fields["net_minor"] == 1500
    mixed = order(net="100 €", gross="119 USD")
    assert mixed.fields == {"net_minor": 10000, "currency": "EUR"}
    assert mixed.issues[0].reason == "says USD, but the record's currency is EUR"
    none = order(net=100)
    assert none.fields == {}
    assert none.issues[0].reason.startswith("has no currency: map `currency`")
    (deal,) = apply(mapping, RecordKey("b", "deals", "1"), Record("1", {"cents": 1999}))
    assert deal.fields == {"amount_minor": 1999, "currency": "EUR"}


def test_a_one_line_address_fills_the_fields_of_a_place() -> None:
    person = one("people", {"address": "Musterstr. 5, D-80331 München", "main": "ja"})
    assert person.fields == {
        "street": "Musterstraße",
        "house_number": "5",
        "postcode": "80331",
        "city": "München",
        "country": "DE",
        "is_primary": True,
    }
    assert person.raw == {"address": "Musterstr. 5, D-80331 München", "is_primary": "ja"}
    odd = one("people", {"address": "bei Oma"})
    assert odd.issues == (Issue("address", "bei Oma", "is not an address on one line"),)


def test_deleted_records_and_unmapped_streams_make_nothing() -> None:
    key = RecordKey("crm", "accounts", "1")
    assert apply(MAPPING, key, Record("1", {"company": "Huber"}, deleted=True)) == []
    assert apply(MAPPING, RecordKey("crm", "other", "1"), Record("1", {"company": "H"})) == []


_NAMES = """
company phone mail ust_id street zip limit kind contact_name contact_mail country address subject
body from name members guests who id first last type Status amount chance created account_id region
deal no prio state
"""
NAMES = st.sampled_from(_NAMES.split())
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=12),
        st.sampled_from(["089 123456", "a@b.de", "Huber GmbH", "Max Huber", "1,50", "1.1.2026"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)
RECORDS = st.dictionaries(NAMES, VALUES, max_size=8)


@given(st.sampled_from(STREAMS), RECORDS)
def test_any_record_maps_and_always_the_same_way(stream: str, data: dict[str, Any]) -> None:
    before = copy.deepcopy(data)
    first = made(stream, data)
    assert repr(data) == repr(before)
    assert repr(made(stream, data)) == repr(first)
    refs = [record.ref for record in first]
    assert len(set(refs)) == len(refs)
    for record in first:
        assert set(record.fields) <= set(FIELDS[record.kind])
        for name, value in record.fields.items():
            field = FIELDS[record.kind][name]
            assert isinstance(value, list) is field.many
            assert value not in (None, "", [])
            if field.choices:
                assert value in field.choices
        own = [ref.target for ref in record.refs if parse_ref(ref.target)[0] == record.key]
        assert set(own) <= set(refs)
