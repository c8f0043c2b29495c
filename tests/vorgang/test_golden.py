"""Survivorship: agreement, trust, freshness, ref; addresses whole; lists united; in any order."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.vorgang.golden import ADDRESS, Member, golden_record


def member(ref: str, fetched_at: str = "2026-01-01", **fields: Any) -> Member:
    return Member(ref, ref.split(":")[0], fetched_at, fields)


def value(members: list[Member], name: str, trust: dict[str, int] | None = None) -> Any:
    return golden_record(members, trust)[name]["value"]


def test_most_connections_win_and_their_usual_spelling() -> None:
    members = [
        member("crm:a:1", name="WEBER GmbH"),
        member("crm:a:2", name="Adler AG"),
        member("crm:a:3", name="Adler AG"),
        member("erp:c:1", name="Weber GmbH"),
        member("pm:p:1", name="Weber GmbH."),
        member("tel:x:1", name="Weber GmbH"),
    ]
    golden = golden_record(members)["name"]
    assert golden["value"] == "Weber GmbH"
    assert [source["ref"] for source in golden["sources"]] == [
        "crm:a:1",
        "erp:c:1",
        "pm:p:1",
        "tel:x:1",
    ]
    assert golden["alternatives"] == [
        {
            "value": "Adler AG",
            "sources": [
                {"connection": "crm", "ref": ref, "fetched_at": "2026-01-01"}
                for ref in ("crm:a:2", "crm:a:3")
            ],
        }
    ]


def test_then_trust_then_freshness_then_the_smaller_ref() -> None:
    old, new = member("crm:a:1", "2026-01-01", n=1), member("erp:c:1", "2026-02-02", n=2)
    assert value([old, new], "n") == 2
    assert value([old, new], "n", {"crm": 0}) == 1
    assert value([old, new], "n", {"erp": 1, "crm": 0}) == 1
    assert value([member("b:a:1", n=1), member("a:a:1", n=2)], "n") == 2
    assert golden_record([old, new])["n"]["as_of"] == "2026-02-02"


def test_of_those_who_agree_the_most_trusted_the_freshest_and_the_smallest_ref_speak() -> None:
    def two(*days: str) -> list[Member]:
        refs = ("a:a:1", "z:a:1", "b:a:1", "c:a:1")
        said = (1, 1, 2, 2)
        return [member(ref, day, n=n) for ref, day, n in zip(refs, days, said, strict=True)]

    alike = two(*["2026-02-02"] * 4)
    assert value(alike, "n") == 1
    assert value(alike, "n", {"b": 0, "c": 3, "a": 1, "z": 2}) == 2
    fresh = two("2026-02-02", "2026-02-02", "2026-01-01", "2026-03-03")
    assert value(fresh, "n") == 2
    assert golden_record(fresh)["n"]["as_of"] == "2026-03-03"


def test_small_letters_alone_spoil_a_name_and_no_address() -> None:
    for low, mixed, best in (
        ("weber", "Weber", "Weber"),
        ("info@intern", "Info@intern", "info@intern"),
        ("weber.example", "Weber.example", "weber.example"),
    ):
        some = [member("a:a:1", x=low), member("b:a:1", x=low), member("c:a:1", x=mixed)]
        assert value(some, "x") == best


def test_a_list_ends_no_record() -> None:
    golden = golden_record([member("a:a:1", emails=["a@b.example"], name="Weber")])
    assert {name: field["value"] for name, field in golden.items()} == {
        "emails": ["a@b.example"],
        "name": "Weber",
    }
    newest = [member("a:a:1", "2026-01-01", tags=["x"]), member("b:a:1", "2026-02-02", tags=["y"])]
    assert golden_record(newest)["tags"]["as_of"] == "2026-02-02"


def test_what_nobody_knows_is_absent_and_zero_is_known() -> None:
    golden = golden_record([member("a:a:1", name="", city=None, emails=[], limit=0, flag=False)])
    assert {name: field["value"] for name, field in golden.items()} == {"limit": 0, "flag": False}
    assert golden_record([]) == {}


def test_an_address_survives_whole() -> None:
    members = [
        member("crm:a:1", "2026-03-01", street="Hafenweg", city="Bremen", country="DE"),
        member("erp:c:1", street="Ringstr.", postcode="50667", city="Köln"),
        member("pm:p:1", postcode="50667", city="KÖLN", country="DE"),
    ]
    golden = golden_record(members)
    found = {name: golden[name]["value"] for name in ADDRESS if name in golden}
    assert found == {"street": "Ringstr.", "postcode": "50667", "city": "Köln", "country": "DE"}
    assert [other["value"] for other in golden["city"]["alternatives"]] == ["Bremen"]


def test_amounts_survive_with_their_currency() -> None:
    members = [
        member("pm:p:1", "2026-03-01", budget_minor=10_000, currency="USD", exchange_rate=0.9),
        member("erp:p:1", budget_minor=9_000, unbilled_minor=500, currency="EUR"),
        member("crm:p:1", unbilled_minor=600, currency="EUR"),
        member("desk:p:1", "2026-04-01", currency="CHF"),
    ]
    golden = golden_record(members)
    names = ("budget_minor", "unbilled_minor", "currency")
    assert [golden[name]["value"] for name in names] == [9_000, 600, "EUR"]
    assert [one["value"] for one in golden["budget_minor"]["alternatives"]] == [10_000]
    assert "exchange_rate" not in golden
    assert golden_record(members[3:])["currency"]["value"] == "CHF"


def test_lists_are_united_each_value_with_its_sources() -> None:
    golden = golden_record(
        [
            member("crm:a:1", emails=["b@x.de", "a@x.de", "b@x.de"]),
            member("erp:c:1", emails=["A@x.de"]),
            member("old:c:1", emails="c@x.de"),
        ]
    )["emails"]
    assert golden["value"] == ["a@x.de", "b@x.de", "c@x.de"]
    assert [[s["ref"] for s in entry["sources"]] for entry in golden["values"]] == [
        ["crm:a:1", "erp:c:1"],
        ["crm:a:1"],
        ["old:c:1"],
    ]


MEMBERS = st.lists(
    st.builds(
        lambda connection, key, at, fields: Member(f"{connection}:s:{key}", connection, at, fields),
        st.sampled_from(["crm", "erp", "desk"]),
        st.integers(0, 50),
        st.sampled_from(["2026-01-01", "2026-02-01"]),
        st.dictionaries(
            st.sampled_from(["name", "city", "street", "postcode"]),
            st.sampled_from(["Weber", "WEBER", "Adler", "adler.", ""]),
        ),
    ),
    max_size=8,
    unique_by=lambda member: member.ref,
)


@given(MEMBERS, st.randoms())
def test_the_order_of_records_is_no_evidence(members: list[Member], random: Any) -> None:
    shuffled = list(members)
    random.shuffle(shuffled)
    golden = golden_record(members)
    assert golden_record(shuffled) == golden
    refs = {member.ref for member in members}
    for name, field in golden.items():
        named = {source["ref"] for source in field["sources"]}
        assert named <= refs
        values = {m.fields.get(name) for m in members if m.ref in named}
        assert field["value"] in values


def test_a_spelling_that_kept_its_capitals_goes_before_one_that_lost_them() -> None:
    typed = [
        member("crm:a:1", name="thomas hardy"),
        member("desk:t:1", name="thomas hardy"),
        member("sms:m:1", name="THOMAS HARDY"),
        member("books:c:1", name="Thomas Hardy"),
    ]
    assert value(typed, "name") == "Thomas Hardy"
    assert value(typed[:3], "name") == "thomas hardy"


def test_a_name_with_its_legal_form_goes_before_one_that_dropped_it() -> None:
    members = [
        member("crm:a:1", name="Weber Logistik"),
        member("desk:t:1", name="Weber Logistik"),
        member("books:c:1", name="Weber Logistik GmbH", legal_form="GmbH"),
    ]
    golden = golden_record(members)["name"]
    assert golden["value"] == "Weber Logistik GmbH"
    assert golden["alternatives"][0]["value"] == "Weber Logistik"
    assert value(members[:2], "name") == "Weber Logistik"
