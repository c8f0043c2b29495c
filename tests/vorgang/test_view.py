"""The 360-degree document assembled from plain values."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from hub.vorgang.golden import Member, golden_record
from hub.vorgang.view import (
    ITEMS,
    LISTS,
    TIMELINE,
    EntityRecord,
    LinkedDocument,
    Material,
    Neighbour,
    Way,
    assemble,
    card,
    display_name,
)

WAY = Way("l1", "organization", "key", 1.0)


def record(ref: str = "crm:accounts:1", **fields: Any) -> EntityRecord:
    connection, stream, key = ref.split(":")
    member = Member(ref, connection, "2026-01-01", fields)
    return EntityRecord(member, stream, key, "model", 0.98)


def document(n: int, of: str = "order", /, **fields: Any) -> LinkedDocument:
    return LinkedDocument(
        ref=f"erp:{of}s:{n:03d}",
        kind=of,
        connection="erp",
        at=f"2026-01-{n % 28 + 1:02d}",
        number=f"N-{n}",
        title="Titel",
        status="open",
        way=WAY,
        fields=fields,
    )


def neighbour(one: str, kind: str, **fields: Any) -> Neighbour:
    golden = golden_record([Member(f"crm:x:{one}", "crm", "2026-01-01", fields)])
    return Neighbour(one, kind, golden, WAY)


def material(kind: str = "organization", **more: Any) -> Material:
    return Material("01A", kind, [record(name="Weber")], **more)


def test_an_entity_alone_has_every_list_empty() -> None:
    view = assemble(material())
    assert view["records"] == [
        {
            "ref": "crm:accounts:1",
            "connection": "crm",
            "stream": "accounts",
            "key": "1",
            "fetched_at": "2026-01-01",
            "method": "model",
            "score": 0.98,
            "extensions": {},
        }
    ]
    for name in ("contacts", "organizations", "projects", *LISTS.values(), "timeline"):
        assert view[name] == {"total": 0, "items": []}
    assert (view["alerts"], view["facts"], view["name"]) == ([], {}, "Weber")


@pytest.mark.parametrize(
    ("kind", "lists"),
    [
        ("organization", {"contacts", "organizations", "projects"}),
        ("person", {"organizations", "projects"}),
        ("project", {"organizations", "contacts"}),
    ],
)
def test_each_kind_shows_the_neighbours_that_make_sense(kind: str, lists: set[str]) -> None:
    found = [neighbour("01P", "person"), neighbour("01O", "organization")]
    found.append(neighbour("01J", "project"))
    view = assemble(material(kind, neighbours=found))
    shown = {name for name in ("contacts", "organizations", "projects") if name in view}
    assert shown == lists
    assert all(view[name]["total"] == 1 for name in shown)


def test_neighbours_are_sorted_by_name_and_show_their_card() -> None:
    found = [
        neighbour("2", "person", name="zoe", position="Chefin", tax_number="secret"),
        neighbour("1", "person", given_name="Anna", family_name="Adler"),
        neighbour("3", "person"),
    ]
    items = assemble(material(neighbours=found))["contacts"]["items"]
    assert [item["name"] for item in items] == ["3", "Anna Adler", "zoe"]
    assert items[2] == {
        "id": "2",
        "name": "zoe",
        "position": "Chefin",
        "link": {"id": "l1", "role": "organization", "method": "key", "score": 1.0},
    }


@pytest.mark.parametrize(
    ("kind", "fields", "shown"),
    [
        ("deal", {"amount_minor": 5, "stage": "Angebot", "owner": "x"}, {"amount_minor", "stage"}),
        ("order", {"net_minor": 1, "ordered_on": "d"}, {"net_minor", "ordered_on"}),
        ("invoice", {"balance_minor": 0, "kind": "payable"}, {"balance_minor", "kind"}),
        ("payment", {"amount_minor": 3, "payer": "p"}, {"amount_minor", "payer"}),
        ("payment", {"direction": "outgoing", "returned": True}, {"direction", "returned"}),
        ("ticket", {"resolution_due_at": "2026-11-30T10:00:00Z"}, {"resolution_due_at"}),
        ("ticket", {"priority": "high", "text": "geheim"}, {"priority"}),
        ("contract", {"sla_class": "A"}, {"sla_class"}),
    ],
)
def test_a_document_shows_amounts_and_dates_never_its_text(
    kind: str, fields: Mapping[str, Any], shown: set[str]
) -> None:
    view = assemble(material(documents=[document(1, kind, **fields)], totals={kind: 1}))
    (item,) = view[LISTS[kind]]["items"]
    always = {"ref", "number", "title", "status", "at", "connection", "link"}
    base = {one.replace("_minor", "_base_minor") for one in shown if one.endswith("_minor")}
    assert set(item) == always | shown | base
    assert view["timeline"]["items"] == [
        {
            "at": "2026-01-02",
            "kind": kind,
            "ref": f"erp:{kind}s:001",
            "number": "N-1",
            "title": "Titel",
            "status": "open",
            "connection": "erp",
        }
    ]


def test_lists_are_cut_and_totals_are_not() -> None:
    documents = [document(n) for n in range(150)] + [document(n, "ticket") for n in range(120)]
    view = assemble(material(documents=documents, totals={"order": 9_000, "ticket": 120}))
    assert (view["orders"]["total"], len(view["orders"]["items"])) == (9_000, ITEMS)
    assert (view["tickets"]["total"], len(view["tickets"]["items"])) == (120, ITEMS)
    assert (view["timeline"]["total"], len(view["timeline"]["items"])) == (9_120, TIMELINE)


def test_a_project_stands_in_the_timeline_not_among_the_papers() -> None:
    view = assemble(material(documents=[document(1, "project")], totals={"project": 1}))
    assert [item["kind"] for item in view["timeline"]["items"]] == ["project"]
    assert view["projects"]["total"] == 0


def test_the_order_of_what_was_read_does_not_show() -> None:
    records = [record(f"crm:accounts:{n}", name=f"Weber {n % 2}") for n in range(4)]
    people = [neighbour(str(n), "person", name="Gleich") for n in range(3)]
    facts = {"b": {"value": 1}, "a": {"value": 2}}
    one = assemble(Material("01A", "organization", records, neighbours=people, facts=facts))
    two = assemble(
        Material(
            "01A",
            "organization",
            records[::-1],
            neighbours=people[::-1],
            facts=dict(reversed(facts.items())),
        )
    )
    assert one == two
    assert list(one["facts"]) == list(two["facts"]) == ["a", "b"]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"name": "Weber", "given_name": "X"}, "Weber"),
        ({"given_name": "Erika", "family_name": "Muster"}, "Erika Muster"),
        ({"family_name": "Muster"}, "Muster"),
        ({"number": "P-1"}, "P-1"),
        ({"emails": ["b@x.de", "a@x.de"]}, "b@x.de"),
        ({}, "crm:accounts:1"),
    ],
)
def test_everybody_is_called_something(fields: dict[str, Any], name: str) -> None:
    one = record(**fields)
    assert display_name(golden_record([one.member]), [one]) == name


def test_a_card_holds_what_other_views_show() -> None:
    golden = golden_record([record(name="Weber", city="Köln", vat_id="DE1").member])
    assert card("organization", golden, "EUR") == {"name": "Weber", "city": "Köln"}
    assert card("person", golden, "EUR") == {"name": "Weber"}


DOLLARS = {"budget_minor": 10_000, "currency": "USD", "exchange_rate": 0.9}


def test_a_view_tells_amounts_in_the_companys_currency_and_none_without_a_rate() -> None:
    orders = [
        document(1, net_minor=10_000, currency="USD", exchange_rate=0.9),
        document(2, net_minor=10_000, currency="USD"),
        document(3, net_minor=10_000, currency="CHF", ordered_on="2026-01-01"),
    ]
    project = neighbour("01P", "project", name="Halle", **DOLLARS)
    own = EntityRecord(Member("pm:p:1", "pm", "2026-01-01", DOLLARS), "p", "1", "single", None)
    found = Material("01A", "project", [own], orders, {"order": 3}, [project], currency="CHF")
    view = assemble(found)
    assert [one["net_base_minor"] for one in view["orders"]["items"]] == [9_000, None, 10_000]
    assert "ordered_on_base" not in view["orders"]["items"][2]
    assert (view["base_currency"], view["golden"]["budget_minor"]["base_minor"]) == ("CHF", 9_000)
    assert "base_minor" not in view["golden"]["currency"]
    shown = assemble(replace(found, kind="organization"))["projects"]["items"][0]
    assert (shown["budget_minor"], shown["budget_base_minor"]) == (10_000, 9_000)
