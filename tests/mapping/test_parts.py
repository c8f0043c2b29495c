"""Applying a mapping to a record: its parts, and references to them and to other records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sdk.record import RecordKey, parse_ref
from mapping.canonical import Reference
from tests.mapping.crm import made, one


def test_a_list_makes_a_part_of_each_element() -> None:
    project, *members = made(
        "teams",
        {
            "id": "P-1",
            "title": "Umzug",
            "place": "Bonn",
            "members": [{"who": "Anna Berg", "role": "PL"}, {}, None, {"who": "Bo Li"}],
        },
    )
    # Elements that say nothing of their own are no parts; the others keep their position.
    assert [member.part for member in members] == ["member.0", "member.3"]
    assert members[0].fields["name"] == "Anna Berg"
    assert members[1].fields["city"] == "Bonn"
    assert members[1].fields["external_ids"] == ["P-1"]
    assert [ref.target for ref in project.refs] == [
        "crm:teams:A-17#member.0",
        "crm:teams:A-17#member.3",
    ]


def test_elements_are_named_by_their_own_key_where_they_have_one() -> None:
    guests = made(
        "teams",
        {
            "guests": [
                {"id": "7", "first": "Anna", "last": "Berg"},
                {"id": "Ö 1", "last": "Li"},
                {"last": "Bo"},
                {"id": 7, "last": "Zwilling"},
            ]
        },
    )[1:]
    parts = [guest.part for guest in guests]
    assert parts[0] == "guest.7"
    assert parts[1].startswith("guest.")
    assert parts[2:] == ["guest.2", "guest.7.3"]
    assert guests[0].fields["name"] == "Anna Berg"
    assert all(parse_ref(guest.ref) == (guest.key, guest.part) for guest in guests)


def test_one_object_instead_of_a_list_is_a_list_of_one() -> None:
    assert [r.part for r in made("teams", {"members": {"who": "Anna"}})] == ["", "member.0"]
    assert [r.part for r in made("teams", {"members": None})] == [""]


def test_of_alternatives_the_first_that_holds_is_taken() -> None:
    assert one("people", {"type": "firma", "name": "Huber GmbH"}).kind == "organization"
    assert one("people", {"type": 2, "name": "Huber GmbH"}).kind == "organization"
    assert one("people", {"type": "2", "name": "Huber GmbH"}).kind == "organization"
    assert one("people", {"name": "Max Huber"}).kind == "person"
    assert made("people", {"type": "geloescht", "name": "Max Huber"}) == []


def test_a_ticket_refers_to_the_parts_it_makes() -> None:
    ticket, requester, company = made(
        "tickets",
        {
            "subject": "Drucker  brennt",
            "body": "Hilfe!\r\n",
            "from": {"name": "Berg, Anna", "mail": "anna@huber.de", "company": "Huber GmbH"},
        },
    )
    assert ticket.refs == (
        Reference("person", "crm:tickets:A-17#requester"),
        Reference("organization", "crm:tickets:A-17#company"),
    )
    assert requester.refs == (Reference("organization", "crm:tickets:A-17#company"),)
    assert company.fields == {"name": "Huber GmbH", "legal_form": "GmbH", "country": "DE"}
    assert ticket.fields == {"subject": "Drucker brennt", "text": "Hilfe!"}
    assert "text" not in ticket.raw


def test_a_part_with_nothing_in_it_is_none_and_nothing_points_to_it() -> None:
    (ticket,) = made("tickets", {"subject": "Frage", "from": {"company": "privat"}})
    assert ticket.refs == ()
    ticket, requester = made("tickets", {"from": {"name": "Anna Berg"}})[:2]
    assert requester.part == "requester"
    assert [ref.role for ref in ticket.refs] == ["person"]
    # A contact whose only value is unreadable is kept: its issue must be seen.
    kept = made("tickets", {"from": {"mail": "kaputt", "company": "privat"}})[1]
    assert (kept.part, kept.fields) == ("requester", {})
    assert kept.issues[0].field == "emails"


@pytest.mark.parametrize(
    ("value", "targets"),
    [
        ("A-1", ["crm:accounts:A-1"]),
        (7, ["crm:accounts:7"]),
        (7.0, ["crm:accounts:7"]),
        ("50%#1", ["crm:accounts:50%25%231"]),
        (["A", None, "B"], ["crm:accounts:A", "crm:accounts:B"]),
        ("", []),
        ("-", []),
        (None, []),
        (True, []),
        ({"id": 1}, []),
    ],
)
def test_references_by_key(value: object, targets: list[str]) -> None:
    refs = one("deals", {"account_id": value}).refs
    assert [ref.target for ref in refs if ref.role == "organization"] == targets
    assert [ref.target for ref in refs if ref.role == "person"] == [
        f"{target}#contact" for target in targets
    ]


def test_references_by_a_key_of_several_columns() -> None:
    line = one("lines", {"no": 1, "region": "Nord|West", "deal": 5})
    (ref,) = line.refs
    assert parse_ref(ref.target) == (RecordKey("crm", "deals", "Nord%7CWest|5"), "")
    assert one("lines", {"no": 1, "region": "Nord"}).refs == ()


@given(st.lists(st.sampled_from([None, "Anna Berg", "Bo Li", "", "?"]), max_size=6))
def test_there_are_as_many_parts_as_elements_that_say_something(names: list[str | None]) -> None:
    records = made("teams", {"title": "T", "id": 1, "members": [{"who": name} for name in names]})
    assert [record.part for record in records[1:]] == [
        f"member.{index}" for index, name in enumerate(names) if name
    ]
