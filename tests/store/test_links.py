"""Links and numbers as stored: replaced by their ends, in any amount."""

from hub.model.link import Link
from hub.store import links, threads
from hub.store.database import Database
from hub.store.entities import Membership, move
from hub.store.threads import NumberRow
from tests.store.canonical_rows import NOW, made, put
from tests.store.undone import undone

DEAL, ORDER, ERIKA = "crm:d:1", "erp:o:1", "crm:p:1"


def link(ref: str, role: str, target: str, method: str = "key", score: float = 1.0) -> Link:
    return Link(ref, role, target, method, score, {"z": [1, "ü"], "a": None})  # type: ignore[arg-type]


def test_links_are_read_as_they_were_written(lent: Database) -> None:
    one, two = link(DEAL, "organization", "01A"), link(DEAL, "person", "01P", "contact", 0.25)
    three = link(ORDER, "organization", "01A")
    with undone(lent) as tx:
        links.replace(tx, [], [two, three, one])
        assert links.of_records(tx, [DEAL, ORDER, "none"]) == {DEAL: [one, two], ORDER: [three]}
        assert links.get(tx, two.id) == two
        assert links.get(tx, "") is None
        assert links.of_records(tx, []) == {}


def test_a_link_at_the_same_ends_is_replaced_and_one_gone_is_removed(lent: Database) -> None:
    old, new = link(DEAL, "person", "01P", "contact", 0.25), link(DEAL, "person", "01P", "key")
    beside = link(DEAL, "person", "01Q")
    with undone(lent) as tx:
        links.replace(tx, [], [old, beside])
        links.replace(tx, [], [new])
        assert links.of_records(tx, [DEAL]) == {DEAL: [new, beside]}
        links.replace(tx, [beside, link("never", "person", "01P")], [])
        assert links.of_records(tx, [DEAL]) == {DEAL: [new]}
        links.replace(tx, [new], [new])
        assert links.of_records(tx, [DEAL]) == {DEAL: [new]}, "first away, then written"


def test_thousands_at_once(lent: Database) -> None:
    many = [link(f"crm:d:{n}", "organization", f"01A{n % 3}") for n in range(6_000)]
    with undone(lent) as tx:
        links.replace(tx, [], many)
        assert len(links.of_records(tx, [one.from_ref for one in many])) == 6_000
        links.replace(tx, many[:5_500], [])
        left = links.of_records(tx, [one.from_ref for one in many])
        assert left == {one.from_ref: [one] for one in many[5_500:]}


def test_who_hangs_on_whom(lent: Database) -> None:
    with undone(lent) as tx:
        links.replace(
            tx,
            [],
            [
                link(DEAL, "organization", "01A"),
                link(ORDER, "organization", "01B", "contact"),
                link(ORDER, "person", "01P"),
                link(ERIKA, "organization", "01A"),
                link(ERIKA, "organization", "01B"),
                link("crm:p:2", "organization", "01A"),
                link("erp:i:1", "order", ORDER),
                link("erp:i:1", "organization", "01A", "number"),
            ],
        )
        people = [Membership(ref, "01P", "single", None) for ref in (ERIKA, "crm:p:2")]
        move(tx, people, [], NOW)
        (companies,) = threads.employers(tx, ["01P", "01X"]).values()
        assert {one: sorted(refs) for one, refs in companies.items()} == {
            "01A": [ERIKA, "crm:p:2"],
            "01B": [ERIKA],
        }
        assert threads.customers(tx, [DEAL, ORDER, "erp:i:1"]) == {DEAL: {"01A"}, ORDER: {"01B"}}
        assert threads.customers(tx, [DEAL, ORDER], ["key"]) == {DEAL: {"01A"}}
        assert threads.hanging_on(tx, ["01P", ORDER]) == {ORDER, "erp:i:1"}
        assert threads.relying_on(tx, ["01P", ORDER], {"person", "order"}) == {ORDER, "erp:i:1"}
        assert threads.relying_on(tx, ["01A"], {"organization"}) == {"erp:i:1"}, "no key of its own"
        assert threads.entities_of(tx, [ERIKA, DEAL]) == {ERIKA: "01P"}


def test_numbers_a_record_carries_and_names(lent: Database) -> None:
    with undone(lent) as tx:
        put(tx, made(tx, ORDER, "order", number="AB-1"), made(tx, DEAL, "deal", name="zu AB-1"))
        own = NumberRow("AB1", True, ORDER, "number", "5000 5950")
        named = NumberRow("AB1", False, DEAL, "name")
        threads.put_numbers(tx, [], [own, named, NumberRow("X9", False, DEAL, "reference")])
        threads.put_numbers(tx, [], [NumberRow("AB1", True, DEAL, "number")])
        threads.put_numbers(tx, [("AB1", True, DEAL)], [])
        assert {tuple(row) for row in threads.numbers_of(tx, [DEAL])[DEAL]} == {
            named,
            NumberRow("X9", False, DEAL, "reference"),
        }
        (carrier,) = threads.carriers(tx, ["AB1", "X9"])
        assert tuple(carrier) == ("AB1", "number", "5000 5950", ORDER, "order", "erp", None)
        assert threads.naming(tx, ["AB1", "X9", "?"]) == {DEAL}
        threads.put_numbers(tx, [("AB1", False, DEAL), ("AB1", True, "never")], [])
        assert threads.naming(tx, ["AB1"]) == set()
        assert len(threads.carriers(tx, ["AB1"])) == 1, "the one that carries it still does"
        threads.put_numbers(tx, [("AB1", True, ORDER)], [])
        assert threads.carriers(tx, ["AB1"]) == []


def test_pointers_lead_to_records_that_stand(lent: Database) -> None:
    with undone(lent) as tx:
        refs = [("organization", "crm:a:1"), ("person", "crm:a:none"), ("order", ORDER)]
        put(
            tx, made(tx, DEAL, "deal", refs=refs, number="7", subject="S"), made(tx, ORDER, "order")
        )
        put(tx, made(tx, "crm:a:1", name="Weber"))
        move(tx, [Membership("crm:a:1", "01A", "single", None)], [], NOW)
        found = {tuple(row)[1:] for row in threads.pointers(tx, [DEAL])[DEAL]}
        assert found == {
            ("organization", "crm:a:1", "organization", "01A"),
            ("order", ORDER, "order", None),
        }
        row, texts = threads.records(tx, [DEAL, "none"])[DEAL]
        assert (row.kind, row.entity_id, texts.number, texts.subject) == ("deal", None, "7", "S")
