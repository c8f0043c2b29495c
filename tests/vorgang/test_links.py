"""Links decided on plain values: evidence, precedence, doubt."""

from dataclasses import replace
from itertools import permutations

import pytest

from hub.model.link import Link, link_id
from hub.vorgang.links import (
    Mention,
    Mentioning,
    Numbered,
    Pointer,
    contact_links,
    document_links,
    key_links,
    number_links,
    thread_links,
)

A = frozenset({"01A"})


def ends(found: list[Link]) -> set[tuple[str, str]]:
    return {(link.role, link.target) for link in found}


def test_a_pointer_leads_to_an_entity_or_a_document() -> None:
    pointers = [
        Pointer("organization", "crm:a:1", "organization", "01A"),
        Pointer("organization", "crm:a:2", "organization", "01A"),
        Pointer("order", "erp:o:1", "order", None),
        Pointer("person", "crm:p:1", "person", None),  # not resolved yet
        Pointer("order", "erp:i:9", "order", None),  # itself
        Pointer("organization", "erp:i:9#c", "person", "01P"),  # a person, whatever the role
    ]
    for given in permutations(pointers, 6):
        found = key_links("erp:i:9", None, given)
        assert ends(found) == {("organization", "01A"), ("order", "erp:o:1"), ("person", "01P")}
        (company,) = [link for link in found if link.role == "organization"]
        assert [ref["ref"] for ref in company.evidence["refs"]] == ["crm:a:1", "crm:a:2"]
        assert company.id == link_id("erp:i:9", "organization", "01A")


def test_a_parent_is_no_customer_and_nobody_is_his_own() -> None:
    parent = Pointer("parent", "crm:a:2", "organization", "01B")
    same = Pointer("parent", "crm:a:3", "organization", "01A")
    assert ends(key_links("crm:a:1", "01A", [parent, same])) == {("parent", "01B")}


def test_persons_bring_their_one_organization_where_none_is_named() -> None:
    to_person = Link("d:t:1", "person", "01P", "key", 1.0, {})
    second = Link("d:t:1", "person", "01Q", "key", 1.0, {})
    to_company = Link("d:t:1", "organization", "01B", "key", 1.0, {})
    employers = {"01P": {"01A": ["b", "a"]}, "01Q": {"01A": ["c"], "01B": ["d"]}}
    (link,) = contact_links("d:t:1", [second, to_person], employers)
    assert (link.target, link.score, link.evidence) == (
        "01A",
        0.9,
        {"person": "01P", "records": ["a", "b"]},
    )
    assert contact_links("d:t:1", [second], employers) == []
    assert contact_links("d:t:1", [to_person, to_company], employers) == []
    assert contact_links("d:t:1", [to_person], {}) == []


def test_documents_bring_their_customer_where_none_is_named() -> None:
    links = [Link("e:p:1", "invoice", f"e:i:{n}", "key", 1.0, {}) for n in (2, 1, 3)]
    customers = {"e:i:1": {"01A"}, "e:i:2": {"01A", "01B"}}
    found = document_links("e:p:1", links, customers)
    assert [(link.target, link.evidence["documents"]) for link in found] == [
        ("01A", ["e:i:1", "e:i:2"]),
        ("01B", ["e:i:2"]),
    ]
    own = Link("e:p:1", "organization", "01C", "contact", 0.9, {})
    assert document_links("e:p:1", [*links, own], customers) == []


def numbered(ref: str, kind: str = "order", customers: frozenset[str] = A) -> Numbered:
    return Numbered(ref, kind, ref.split(":")[0], ref, customers)


def test_a_number_counts_among_the_papers_of_one_customer() -> None:
    record = Mentioning("d:t:1", "ticket", A, [Mention("ab1000", "subject")])
    mine, foreign = numbered("e:o:1"), numbered("e:o:2", customers=frozenset({"01B"}))
    (link,) = number_links(record, {"ab1000": [foreign, mine]})
    assert (link.role, link.target, link.score) == ("order", "e:o:1", 0.95)
    assert link.evidence == {"customers": ["01A"], "field": "subject", "number": "ab1000"}
    assert number_links(record, {"zz1000": [mine]}) == []
    assert number_links(record, {"ab1000": [numbered("d:t:1", "ticket")]}) == []


def test_two_papers_of_a_kind_with_one_number_decide_nothing() -> None:
    record = Mentioning("d:t:1", "ticket", A, [Mention("10248", "subject")])
    twins = [numbered("e:o:1"), numbered("e:o:2")]
    assert number_links(record, {"10248": twins}) == []
    kinds = [numbered("e:o:1"), numbered("e:i:1", "invoice"), numbered("f:o:1")]
    assert ends(number_links(record, {"10248": kinds})) == {
        ("order", "e:o:1"),
        ("invoice", "e:i:1"),
        ("order", "f:o:1"),
    }


def test_a_key_outranks_the_number_that_says_the_same() -> None:
    key = Link("d:t:1", "order", "e:o:1", "key", 1.0, {})
    mentions = [Mention("ab1000", "subject"), Mention("ab1000x", "name")]
    record = Mentioning("d:t:1", "ticket", A, mentions, links=[key])
    both = {"ab1000": [numbered("e:o:1")], "ab1000x": [numbered("e:o:1")]}
    assert number_links(record, both) == []
    assert len(number_links(Mentioning("d:t:1", "ticket", A, mentions), both)) == 1


def test_a_number_that_tells_enough_needs_no_customer_beside_it() -> None:
    stranger = Mentioning("bank:p:1", "ticket", frozenset(), [Mention("re20240815", "reference")])
    invoice = numbered("e:i:1", "invoice")
    (link,) = number_links(stranger, {"re20240815": [invoice]})
    assert (link.target, link.score, link.evidence["customers"]) == ("e:i:1", 0.9, [])
    twins = [invoice, numbered("e:i:2", "invoice", frozenset({"01B"}))]
    assert number_links(stranger, {"re20240815": twins}) == []
    mine = Mentioning("bank:p:1", "ticket", A, stranger.mentions)
    (link,) = number_links(mine, {"re20240815": twins})  # the customer decides between them
    assert (link.target, link.score) == ("e:i:1", 0.95)
    short = Mentioning("bank:p:1", "ticket", frozenset(), [Mention("ab1000", "reference")])
    assert number_links(short, {"ab1000": [invoice]}) == []


@pytest.mark.parametrize(
    ("known_in", "ours", "theirs", "linked"),
    [
        ((), (), (), True),  # perhaps the same customer, and nobody knows
        (("crm",), (), (), True),
        (("e",), (), (), False),  # the holder's source knows both, as two
        (("e",), (1000,), (), False),
        (("e",), (980,), (1000, 840), True),  # a sister pays, less the discount
        (("e",), (960,), (1000, 840), False),
    ],
)
def test_a_number_of_a_customer_known_as_another_needs_the_same_worth(
    known_in: tuple[str, ...], ours: tuple[int, ...], theirs: tuple[int, ...], linked: bool
) -> None:
    mention = Mention("re20240815", "reference")
    record = Mentioning(
        "bank:p:1", "payment", A, [mention], known_in=frozenset(known_in), worth=frozenset(ours)
    )
    other = frozenset({"01B"})
    holder = Numbered("e:i:1", "invoice", "e", "e:i:1", other, worth=frozenset(theirs))
    assert bool(number_links(record, {"re20240815": [holder]})) is linked
    nobodys = replace(holder, customers=frozenset())
    assert number_links(record, {"re20240815": [nobodys]})


def test_a_customers_number_leads_to_the_order_of_that_customer_alone() -> None:
    order = replace(numbered("e:o:1"), of_customer=True)
    po = {"po20240815": [order]}
    mention = Mention("po20240815", "customer_po_number")
    assert number_links(Mentioning("b:i:1", "invoice", A, [mention]), po)
    assert not number_links(Mentioning("b:i:1", "invoice", frozenset(), [mention]), po)
    assert not number_links(Mentioning("e:o:2", "order", A, [mention]), po)  # two of one frame
    frame = {"po20240815": [order, replace(order, ref="e:o:2", target="e:o:2")]}
    assert not number_links(Mentioning("b:i:1", "invoice", A, [mention]), frame)


@pytest.mark.parametrize(
    ("tickets", "answers", "found"),
    [
        ({"a": ["t1"]}, {}, "t1"),
        ({"b": ["t1"]}, {"a": ["b"]}, "t1"),
        ({"c": ["t1"]}, {"a": ["b"], "b": ["c"]}, "t1"),
        ({"a": ["t1"], "b": ["t2"]}, {"a": ["b"]}, "t1"),  # the nearest
        ({"b": ["t1"], "c": ["t2"]}, {"a": ["b", "c"]}, None),
        ({"b": ["t1"], "c": ["t1"]}, {"a": ["b", "c"]}, "t1"),
        ({}, {"a": ["b"], "b": ["a"]}, None),  # in a circle
    ],
)
def test_a_message_is_of_the_ticket_of_the_nearest_it_answers(
    tickets: dict[str, list[str]], answers: dict[str, list[str]], found: str | None
) -> None:
    links = thread_links("m:1", [], ["a"], tickets, answers)
    assert [link.target for link in links] == ([found] if found else [])
