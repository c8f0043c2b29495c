"""Links changed records to entities and documents, and says who must hear of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hub.model.link import Link
from hub.pipeline.citing import ANSWERS, MESSAGE_KEYS, PO, number_rows, worth, worth_of
from hub.pipeline.correspondence import around, followers, message_keys
from hub.store import facts, link_decisions, links, search, threads, vorgaenge, work
from hub.store.database import Database, Row, Tx
from hub.store.fact_papers import PAPERS
from hub.store.threads import NumberRow, Texts
from hub.vorgang.flow import KINDS as FLOW_KINDS
from hub.vorgang.flow import PARTY
from hub.vorgang.links import (
    DOCUMENTS,
    ENTITIES,
    NUMBERED,
    Mention,
    Mentioning,
    Numbered,
    Pointer,
    Word,
    contact_links,
    document_links,
    judged_links,
    key_links,
    number_links,
    thread_links,
)
from hub.vorgang.proposals import KINDS as PROPOSED_KINDS

BATCH = 2000
REACHING = DOCUMENTS | {"project"}
"""Kinds that may reach their customer through a person or another document."""

SEARCHED = frozenset(
    {"lead", "deal", "quote", "order", "delivery", "invoice", "payment", "ticket", "contract"}
    | {"campaign", "product", "asset"}
)

STANDS_FOR = {"organization": "customer", "person": "contact", "project": "project"}
"""What an entity is called where facts are told of it."""
WATCHED = frozenset({*PAPERS, *STANDS_FOR})


@dataclass(slots=True)
class _Batch:
    """Records whose links are decided together, with what stood before."""

    refs: list[str]
    records: Mapping[str, tuple[Row, Texts]]
    before: Mapping[str, list[Link]]
    now: dict[str, dict[str, Link]] = field(default_factory=dict)  # ref -> link id -> link
    due: set[str] = field(default_factory=set)  # records outside that must be decided again
    barred: set[tuple[str, str, str]] = field(default_factory=set)  # ref, role, target
    cited: set[str] = field(default_factory=set)  # numbers that payments name, or did
    debtors: set[str] = field(default_factory=set)  # customers whose invoices bear these

    def links_of(self, ref: str) -> list[Link]:
        return list(self.now.get(ref, {}).values())

    def of_kind(self, kinds: Collection[str]) -> list[str]:
        return [ref for ref in self.refs if ref in self.records and self.kind(ref) in kinds]

    def kind(self, ref: str) -> str:
        kind: str = self.records[ref][0].kind
        return kind


def thread(db: Database, limit: int = BATCH) -> int:
    """Decide the links of one batch of changed records; return how many were due, 0 at the end.

    An item is a record's ref, or the id of an entity whose records changed: all that hangs on it
    is then decided again.
    """
    with db.transaction() as tx:
        items = work.take(tx, "thread", limit)
        refs = [item for item in items if ":" in item]
        entity_ids = [item for item in items if ":" not in item]
        batch = _Batch(refs, threads.records(tx, refs), links.of_records(tx, refs))
        _decide(tx, batch)
        _announce(tx, batch, entity_ids)
        _index(tx, batch)
        work.done(tx, "thread", items)
        work.add(tx, "vorgang", entity_ids)
        work.add(tx, "thread", (batch.due | threads.hanging_on(tx, entity_ids)) - set(refs))
    return len(items)


def _decide(tx: Tx, batch: _Batch) -> None:
    """Take the steps in turn; each reads what the ones before it have written."""
    _by_judgement(tx, batch)
    _write(tx, batch, {"judgement"})
    _by_key(tx, batch)
    _write(tx, batch, {"key"})
    _by_contact(tx, batch)
    _write(tx, batch, {"contact"})
    _by_document(tx, batch)
    _write(tx, batch, {"document"})
    changed = _learn_numbers(tx, batch)
    _by_number(tx, batch)
    _write(tx, batch, {"number"})
    _by_thread(tx, batch)
    _write(tx, batch, {"thread"})
    _cascade(tx, batch, changed)


def _add(batch: _Batch, ref: str, found: Iterable[Link]) -> None:
    kept = batch.now.setdefault(ref, {})
    for link in found:
        if (ref, link.role, link.target) not in batch.barred:
            kept.setdefault(link.id, link)


def _by_judgement(tx: Tx, batch: _Batch) -> None:
    """Hear what people said; whoever pointed at a record that stands for another now is due."""
    words: dict[str, list[Word]] = {}
    for row in link_decisions.standing(tx, batch.refs):
        ends = (
            _End(row.from_ref, row.from_kind, row.from_entity),
            _End(row.target_ref, row.target_kind, row.target_entity),
        )
        batch.due.add(row.from_ref)
        bars = row.verdict == "no_link"
        evidence = {"decision": row.id, "author": row.author, "reason": row.reason}
        for here, there in (ends, ends[::-1]) if bars else (ends,):
            if there.target is not None:
                word = Word(there.kind, there.target, bars, evidence)
                words.setdefault(here.ref, []).append(word)
    for ref in batch.refs:
        said = words.get(ref, ())
        batch.barred |= {(ref, word.role, word.target) for word in said if word.bars}
        if ref in batch.records:
            _add(batch, ref, judged_links(ref, said))


class _End(NamedTuple):
    ref: str
    kind: str
    entity: str | None

    @property
    def target(self) -> str | None:
        """Return what a link to it ends at."""
        return self.entity if self.kind in ENTITIES else self.ref


def _by_key(tx: Tx, batch: _Batch) -> None:
    for ref, rows in threads.pointers(tx, batch.refs).items():
        if ref in batch.records:
            pointers = [Pointer(row.role, row.target_ref, row.kind, row.entity_id) for row in rows]
            _add(batch, ref, key_links(ref, batch.records[ref][0].entity_id, pointers))


def _by_contact(tx: Tx, batch: _Batch) -> None:
    reaching = batch.of_kind(REACHING)
    persons = {
        link.target for ref in reaching for link in batch.links_of(ref) if link.role == "person"
    }
    employers = threads.employers(tx, persons)
    for ref in reaching:
        _add(batch, ref, contact_links(ref, batch.links_of(ref), employers))


def _by_document(tx: Tx, batch: _Batch) -> None:
    reaching = batch.of_kind(REACHING)
    documents = {
        link.target for ref in reaching for link in batch.links_of(ref) if link.role in DOCUMENTS
    }
    customers = threads.customers(tx, documents, ("key", "contact"))
    for ref in reaching:
        _add(batch, ref, document_links(ref, batch.links_of(ref), customers))


def _write(tx: Tx, batch: _Batch, methods: Collection[str]) -> None:
    """Let the batch's links by `methods` be all that stand by them."""
    gone, new = [], []
    for ref in batch.refs:
        old = {link.id: link for link in batch.before.get(ref, ()) if link.method in methods}
        now = batch.now.get(ref, {})
        gone += [link for link in old.values() if link.id not in now]
        stood = {link.id: link for link in batch.before.get(ref, ())}
        new += [
            link for link in now.values() if link.method in methods and stood.get(link.id) != link
        ]
    links.replace(tx, gone, new)


def _learn_numbers(tx: Tx, batch: _Batch) -> set[str]:
    """Store the batch's numbers; return the records that carry another one than before."""
    before = {
        NumberRow(row.token, bool(row.own), row.ref, row.field, row.amounts)
        for rows in threads.numbers_of(tx, batch.refs).values()
        for row in rows
    }
    now = {
        row
        for ref in batch.of_kind(NUMBERED)
        for row in number_rows(ref, batch.kind(ref), batch.records[ref][1])
    }
    threads.put_numbers(tx, {row[:3] for row in before - now}, sorted(now - before))
    different = {row for row in before ^ now if row.own}
    batch.due |= threads.naming(tx, {row.token for row in different})
    paying = {*batch.of_kind({"payment"}), *(set(batch.refs) - batch.records.keys())}
    batch.cited = {row.token for row in before | now if not row.own and row.ref in paying}
    moved = {row.ref for row in before ^ now if row.field in (ANSWERS, *MESSAGE_KEYS)}
    carried = {row.token for row in before | now if row.ref in moved and row.field in MESSAGE_KEYS}
    batch.due |= followers(tx, carried)
    return {row.ref for row in different}


def _by_number(tx: Tx, batch: _Batch) -> None:
    mentions: dict[str, list[Mention]] = {}
    for ref, rows in threads.numbers_of(tx, batch.of_kind(NUMBERED)).items():
        mentions[ref] = [
            Mention(row.token, row.field) for row in rows if not row.own and row.field != ANSWERS
        ]
    tokens = {mention.key for found in mentions.values() for mention in found}
    holders = _holders(tx, tokens | batch.cited)
    if not holders:
        return
    bearing = [one for number in batch.cited for one in holders.get(number, ())]
    batch.debtors = {some for one in bearing if one.kind == "invoice" for some in one.customers}
    customers = threads.customers(tx, mentions)
    known = threads.connections_of(tx, {one for ref in mentions for one in customers.get(ref, ())})
    for ref, found in mentions.items():
        row, texts = batch.records[ref]
        of = frozenset(customers.get(ref, ()))
        record = Mentioning(
            ref=ref,
            kind=row.kind,
            customers=of,
            mentions=found,
            own=row.entity_id,
            links=batch.links_of(ref),
            known_in=frozenset(place for one in of for place in known.get(one, ())),
            worth=worth(texts),
        )
        _add(batch, ref, number_links(record, holders))


def _by_thread(tx: Tx, batch: _Batch) -> None:
    """Bring a message to the ticket that it, or what it answers, is of."""
    found = around(tx, batch.of_kind({"message"}))
    for ref, keys in found.keys.items():
        links = thread_links(ref, batch.links_of(ref), keys, found.tickets, found.answers)
        _add(batch, ref, links)


def _holders(tx: Tx, tokens: Collection[str]) -> dict[str, list[Numbered]]:
    rows = threads.carriers(tx, tokens)
    customers = threads.customers(tx, {row.ref for row in rows})
    found: dict[str, list[Numbered]] = {}
    for row in rows:
        target = row.entity_id if row.kind in ENTITIES else row.ref
        if target is not None:
            holder = Numbered(
                row.ref,
                row.kind,
                row.connection,
                target,
                frozenset(customers.get(row.ref, ())),
                of_customer=row.field == PO,
                worth=worth_of(row.amounts),
            )
            found.setdefault(row.token, []).append(holder)
    return found


def _cascade(tx: Tx, batch: _Batch, renumbered: set[str]) -> None:
    """Collect the records outside the batch whose links rest on what has changed in it."""
    near = {ref for ref in batch.refs if _customers(batch, ref, {"key", "contact"})}
    moved = near | {ref for ref in batch.refs if _customers(batch, ref, {"document"})}
    persons = threads.entities_of(tx, [ref for ref in near if _is_person(batch, ref)])
    batch.due |= threads.relying_on(tx, set(persons.values()), {"person"})
    batch.due |= threads.relying_on(tx, near, DOCUMENTS)
    brought = threads.numbers_of(tx, {ref for ref in batch.refs if _tickets(batch, ref)})
    batch.due |= followers(tx, message_keys(brought))
    own = threads.numbers_of(tx, moved | renumbered)
    batch.due |= threads.naming(tx, {row.token for rows in own.values() for row in rows if row.own})


def _is_person(batch: _Batch, ref: str) -> bool:
    return ref not in batch.records or batch.kind(ref) == "person"


def _customers(batch: _Batch, ref: str, methods: Collection[str]) -> bool:
    """Say whether the record's organizations by `methods` differ from before."""
    before, now = (
        {link.target for link in some if link.role == "organization" and link.method in methods}
        for some in (batch.before.get(ref, ()), batch.links_of(ref))
    )
    return before != now


def _tickets(batch: _Batch, ref: str) -> bool:
    """Say whether a message's tickets by key differ from before."""
    before, now = (
        {link.target for link in some if link.role == "ticket" and link.method == "key"}
        for some in (batch.before.get(ref, ()), batch.links_of(ref))
    )
    return before != now


def _announce(tx: Tx, batch: _Batch, entity_ids: Collection[str]) -> None:
    """Make views and alerts due of all a record was linked to and is; its own too."""
    render: set[str] = set()
    alert = {f"{kind}:{one}" for one in entity_ids for kind in STANDS_FOR.values()}
    cases: set[str] = set()
    parties = set(batch.debtors)
    for ref in batch.refs:
        cases |= _cases(batch, ref)
        parties |= _parties(batch, ref)
        for link in (*batch.before.get(ref, ()), *batch.links_of(ref)):
            if ":" not in link.target:
                render.add(link.target)
            if link.role in WATCHED:
                alert.add(f"{STANDS_FOR.get(link.role, link.role)}:{link.target}")
        row = batch.records[ref][0] if ref in batch.records else None
        if row is None:
            alert |= {f"{kind}:{ref}" for kind in PAPERS}
        elif row.kind in PAPERS:
            alert.add(f"{row.kind}:{ref}")
        if row is not None and row.entity_id:
            render.add(row.entity_id)
            if row.kind in STANDS_FOR:
                alert.add(f"{STANDS_FOR[row.kind]}:{row.entity_id}")
    # What a record was before it turned into something else has to end, too.
    alert |= {f"{kind}:{ref}" for kind, ref in facts.subjects_among(tx, batch.refs, PAPERS)}
    as_itself = set(FLOW_KINDS) - {"project"}  # a project is in a case as the entity it stands for
    turned = [ref for ref, (row, _) in batch.records.items() if row.kind not in as_itself]
    cases |= vorgaenge.members_among(tx, turned)
    work.add(tx, "render", sorted(render))
    work.add(tx, "alert", sorted(alert))
    work.add(tx, "vorgang", sorted(cases))
    work.add(tx, "propose", sorted(parties))


def _parties(batch: _Batch, ref: str) -> set[str]:
    """Return the customers whose papers have to be looked over for links."""
    if ref in batch.records and batch.kind(ref) not in PROPOSED_KINDS:
        return set()
    links = (*batch.before.get(ref, ()), *batch.links_of(ref))
    return {link.target for link in links if link.role == "organization"}


def _cases(batch: _Batch, ref: str) -> set[str]:
    """Return what makes business cases around a record due: itself, the project it stands for,
    the documents of a line; for a contract that changed and for what is gone, their customers."""
    row = batch.records[ref][0] if ref in batch.records else None
    links = (*batch.before.get(ref, ()), *batch.links_of(ref))
    found = {ref} if row is None or row.kind in FLOW_KINDS else set()
    if row is not None and row.kind == "project" and row.entity_id:
        found = {row.entity_id}
    if row is None or row.kind == "line":
        found |= {link.target for link in links if link.role in FLOW_KINDS}
    if row is None or row.kind == "contract":
        found |= {PARTY + link.target for link in links if link.role == "organization"}
    return found


def _index(tx: Tx, batch: _Batch) -> None:
    """Let documents be found by number and title; entities are indexed with their views."""
    documents = batch.of_kind(SEARCHED)
    search.remove(tx, sorted(set(batch.refs).difference(documents)))
    found = []
    for ref in documents:
        row, texts = batch.records[ref]
        title = " ".join(dict.fromkeys(part for part in (texts.number, row.title) if part))
        found.append(search.SearchItem(ref, row.kind, (title or ref)[:200], ""))
    search.put(tx, found)
