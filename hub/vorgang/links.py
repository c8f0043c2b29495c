"""Decides what a record is linked to, strongest evidence first; order of arrival is no evidence.

Each step builds on the ones before it alone: keys, then a person's one organization, then the
organization of a document referred to, then document numbers among one customer's papers.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hub.model.link import Link
from hub.vorgang.numbers import tells_alone

ENTITIES = frozenset({"organization", "person", "project"})
"""Kinds whose records stand for an entity; records of other kinds are documents."""
DOCUMENTS = frozenset(
    {
        "lead",
        "deal",
        "quote",
        "order",
        "delivery",
        "milestone",
        "task",
        "time_entry",
        "invoice",
        "payment",
        "dunning",
        "line",
        "ticket",
        "message",
        "contract",
        "touch",
        "asset",
    }
)
NUMBERED = DOCUMENTS | {"project"}
"""Kinds that may be named by number in another's text."""

JUDGED, KEY, DOCUMENT, NUMBER, CONTACT, THREAD = 1.0, 1.0, 1.0, 0.95, 0.9, 0.9
TELLING = 0.9
"""A number that alone says which document is meant, with another customer or none beside it."""
NEAR_PCT = 3
"""How far what two papers are worth may lie apart: a discount for paying early."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A reference of a record that leads somewhere. target: the record ref it names."""

    role: str
    target: str
    kind: str
    entity: str | None


def key_links(ref: str, own_entity: str | None, pointers: Iterable[Pointer]) -> list[Link]:
    """Return the links a source states by key.

    The kind of the record pointed at decides the role, where a mapping says otherwise; a link to
    one's own entity is none.
    """
    ways: dict[tuple[str, str], list[dict[str, str]]] = {}
    for pointer in sorted(pointers, key=lambda p: (p.role, p.target)):
        target = pointer.entity if pointer.kind in ENTITIES else pointer.target
        if target is None or target in (own_entity, ref):
            continue
        role = pointer.role if pointer.role in (pointer.kind, "parent") else pointer.kind
        ways.setdefault((role, target), []).append({"role": pointer.role, "ref": pointer.target})
    return [
        Link(ref, role, target, "key", KEY, {"refs": refs}) for (role, target), refs in ways.items()
    ]


@dataclass(frozen=True, slots=True)
class Word:
    """What a person said of a link between a record and another, seen from the record. bars: that
    there is none."""

    role: str
    target: str
    bars: bool
    evidence: dict[str, object]


def judged_links(ref: str, words: Iterable[Word]) -> list[Link]:
    """Return the links that people made by hand."""
    return [
        Link(ref, word.role, word.target, "judgement", JUDGED, word.evidence)
        for word in words
        if not word.bars
    ]


def thread_links(
    ref: str,
    links: Sequence[Link],
    keys: Collection[str],
    tickets: Mapping[str, Collection[str]],
    answers: Mapping[str, Collection[str]],
) -> list[Link]:
    """Return the ticket of a message without one: of the nearest messages it answers.

    keys: its own key and those of messages it answers; tickets: key -> the tickets that began with
    it, or whose messages by key of their source carry it; answers: key -> keys its messages answer.
    Two tickets are no answer.
    """
    if any(link.role == "ticket" for link in links):
        return []
    near, seen = set(keys), set(keys)
    while near and not any(tickets.get(key) for key in near):
        near = {further for key in near for further in answers.get(key, ())} - seen
        seen |= near
    found = {ticket: key for key in sorted(near) for ticket in sorted(tickets.get(key, ()))}
    if len(found) != 1:
        return []
    ((ticket, key),) = found.items()
    return [Link(ref, "ticket", ticket, "thread", THREAD, {"message": key})]


def contact_links(
    ref: str, links: Sequence[Link], employers: Mapping[str, Mapping[str, Sequence[str]]]
) -> list[Link]:
    """Return the organizations a document reaches through its persons alone.

    employers: person entity -> organization entity -> the person's records that say so. A person
    of two organizations says nothing about which of them is meant.
    """
    if any(link.role == "organization" for link in links):
        return []
    found: dict[str, Link] = {}
    for person in sorted(link.target for link in links if link.role == "person"):
        companies = employers.get(person, {})
        if len(companies) == 1:
            ((company, records),) = companies.items()
            evidence = {"person": person, "records": sorted(records)}
            found.setdefault(
                company, Link(ref, "organization", company, "contact", CONTACT, evidence)
            )
    return list(found.values())


def document_links(
    ref: str, links: Sequence[Link], customers: Mapping[str, Collection[str]]
) -> list[Link]:
    """Return the organizations a document without one has from the documents it refers to.

    customers: document ref -> its organizations by key or contact.
    """
    if any(link.role == "organization" for link in links):
        return []
    via: dict[str, list[str]] = {}
    for document in sorted(link.target for link in links if link.role in DOCUMENTS):
        for company in customers.get(document, ()):
            via.setdefault(company, []).append(document)
    return [
        Link(ref, "organization", company, "document", DOCUMENT, {"documents": via[company]})
        for company in sorted(via)
    ]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A record that carries a number. target: what a link to it ends at, its entity or itself;
    of_customer: the number is its customer's; worth: what it is about, in minor units."""

    ref: str
    kind: str
    connection: str
    target: str
    customers: frozenset[str]
    of_customer: bool = False
    worth: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Mention:
    """A number a record's text names: its key and the field it stands in."""

    key: str
    field: str


@dataclass(frozen=True, slots=True)
class Mentioning:
    """A record whose texts name numbers, with its customers and its own entity, if it has one.
    known_in: connections that have records of these customers."""

    ref: str
    kind: str
    customers: frozenset[str]
    mentions: Sequence[Mention]
    own: str | None = None
    links: Sequence[Link] = field(default=())
    known_in: frozenset[str] = frozenset()
    worth: frozenset[int] = frozenset()


def number_links(record: Mentioning, holders: Mapping[str, Sequence[Numbered]]) -> list[Link]:
    """Return links to documents whose number the record's texts name.

    Of the same customer; of another, or where none is known, only by a number that tells enough
    alone: customers are often one before anybody knows. A number that two records of one kind in
    one connection carry decides for neither. Where a key says the same already, no link is added.
    """
    known = {(link.role, link.target) for link in record.links}
    found: dict[tuple[str, str], Link] = {}
    for mention in sorted(record.mentions, key=lambda m: (m.key, m.field)):
        holding = holders.get(mention.key, ())
        of_customer = [
            one
            for one in holding
            if one.customers & record.customers
            and not (one.of_customer and one.kind == record.kind)
        ]
        telling = [one for one in holding if _tells_of(record, mention, one)]
        for holder in _unambiguous(record, of_customer or telling):
            at = (holder.kind, holder.target)
            if at in known or at in found:
                continue
            evidence = {
                "field": mention.field,
                "number": mention.key,
                "customers": sorted(holder.customers & record.customers),
            }
            score = NUMBER if of_customer else TELLING
            found[at] = Link(record.ref, *at, "number", score, evidence)
    return list(found.values())


def _tells_of(record: Mentioning, mention: Mention, holder: Numbered) -> bool:
    """Say whether a number alone tells that a document is meant which is not of the same customer.

    Where the holder's source knows the record's customer, too, and as another one, digits were
    rather confused: unless both papers are worth the same.
    """
    if holder.of_customer or not tells_alone(mention.key):
        return False
    if not holder.customers or holder.connection not in record.known_in:
        return True
    return any(
        abs(one - other) * 100 <= NEAR_PCT * max(one, other)
        for one in record.worth
        for other in holder.worth
    )


def _unambiguous(record: Mentioning, holders: Sequence[Numbered]) -> list[Numbered]:
    by_source: dict[tuple[str, str], dict[str, Numbered]] = {}
    for holder in sorted(holders, key=lambda h: h.ref):
        if holder.target in (record.ref, record.own):
            continue
        source = (holder.kind, holder.connection)
        by_source.setdefault(source, {}).setdefault(holder.target, holder)
    return [next(iter(same.values())) for same in by_source.values() if len(same) == 1]
