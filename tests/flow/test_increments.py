"""Increments in any order end where one full run ends, and where a rebuild ends."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from hub.alerts.rule_files import load_rules
from hub.alerts.rules import CompiledRule
from hub.model.setting import ConnectionInfo
from hub.pipeline.alert import alert, evaluate
from hub.pipeline.render import render
from hub.pipeline.street import Street, walk
from hub.pipeline.sync import sync_connection
from hub.pipeline.watch import Watch
from hub.resolution.model import default_model
from hub.store import rebuild, tables
from hub.store.database import Database
from mapping.compile import compile_spec
from mapping.load import load_spec
from tests.conftest import ROOT, HandClock
from tests.pipeline.sources import HandConnector, HandStream

MAPPINGS = {
    "crm": """
streams:
  accounts:
    - kind: organization
      fields: {name: name, vat_id: vat, city: city}
    - part: contact
      kind: person
      when: contact
      fields: {name: contact, emails: {paths: [mail]}}
      refs: {organization: "#"}
  contacts:
    - kind: person
      fields: {name: name, emails: {paths: [mail]}}
      refs: {organization: {stream: accounts, path: account}}
  deals:
    - kind: deal
      fields:
        number: id
        name: name
        amount_minor: amount
        currency: {const: EUR}
        status: {path: status, values: {open: open, won: won}}
        stage_order: stage
        closed_on: closed
      refs: {organization: {stream: accounts, path: account}}
""",
    "desk": """
streams:
  tickets:
    - kind: ticket
      fields:
        number: id
        subject: subject
        kind: {path: kind, values: {complaint: complaint, incident: incident}}
        status: {path: status, values: {open: open, closed: closed}}
        priority: {path: priority, values: {high: high, low: low}}
        opened_at: at
      refs: {person: "#requester", organization: "#company"}
    - part: requester
      kind: person
      when: who
      fields: {name: who, emails: {paths: [mail]}}
      refs: {organization: "#company"}
    - part: company
      kind: organization
      when: company
      fields: {name: company, city: city}
""",
    "books": """
streams:
  orders:
    - kind: order
      fields: {number: id, reference: reference, status: {const: confirmed}, ordered_on: on}
      refs: {organization: {stream: debtors, path: debtor}}
  debtors:
    - kind: organization
      fields: {name: name, vat_id: vat, city: city}
""",
}
STREAMS = {
    "crm": ("accounts", "contacts", "deals"),
    "desk": ("tickets",),
    "books": ("orders", "debtors"),
}

_names = st.sampled_from(
    ["Weber Logistik GmbH", "Weber Logistik", "Sonnenschein AG", "Sonneschein"]
)
_vats = st.sampled_from([None, "DE136695976", "DE811569869"])
_towns = st.sampled_from([None, "Ulm", "Kiel"])
_people = st.sampled_from([None, "Anna Weber", "Weber, Anna", "Jörg Ötzwald", "Joerg Oetzwald"])
_mails = st.sampled_from([None, "anna@weber.example", "info@weber.example"])
_company = {"name": _names, "vat": _vats, "city": _towns}
ROWS: dict[tuple[str, str], st.SearchStrategy[dict[str, Any]]] = {
    ("crm", "accounts"): st.fixed_dictionaries({**_company, "contact": _people, "mail": _mails}),
    ("crm", "contacts"): st.fixed_dictionaries(
        {"name": _people, "mail": _mails, "account": st.sampled_from(["1", "2"])}
    ),
    ("crm", "deals"): st.fixed_dictionaries(
        {
            "id": st.sampled_from(["AN-2026-00011", "AN-2026-00012"]),
            "name": st.sampled_from(["Anlage", "Wartung"]),
            "amount": st.sampled_from(["1000", "90000"]),
            "status": st.sampled_from(["open", "won"]),
            "stage": st.sampled_from([2, 4]),
            "closed": st.sampled_from([None, "2026-10-01"]),
            "account": st.sampled_from(["1", "2"]),
        }
    ),
    ("desk", "tickets"): st.fixed_dictionaries(
        {
            "id": st.sampled_from(["T-4711", "T-4712"]),
            "subject": st.sampled_from(["Order AN-2026-00011", "Nothing works"]),
            "kind": st.sampled_from(["complaint", "incident"]),
            "status": st.sampled_from(["open", "closed"]),
            "priority": st.sampled_from(["high", "low", "strange"]),
            "at": st.just("2026-11-01T09:00:00Z"),
            "who": _people,
            "mail": _mails,
            "company": _names,
            "city": _towns,
        }
    ),
    ("books", "orders"): st.fixed_dictionaries(
        {
            "id": st.sampled_from(["AB-77001", "AB-77002"]),
            "reference": st.sampled_from([None, "your offer AN-2026-00011"]),
            "on": st.just("2026-10-05"),
            "debtor": st.sampled_from(["1", "2"]),
        }
    ),
    ("books", "debtors"): st.fixed_dictionaries(_company),
}


@pytest.fixture(scope="module")
def shipped_rules() -> tuple[CompiledRule, ...]:
    texts = {str(path): path.read_text() for path in (ROOT / "configs/rules").glob("*.yaml")}
    return tuple(load_rules(texts))


State = dict[tuple[str, str], dict[str, dict[str, Any]]]
_change = st.sampled_from(sorted(ROWS)).flatmap(
    lambda place: st.tuples(
        st.just(place), st.sampled_from(["1", "2", "3"]), st.none() | ROWS[place] | ROWS[place]
    )
)


@dataclass
class Hub:
    """One hub fed by hand: its state of the sources, and the street."""

    db: Database
    clock: HandClock
    rules: tuple[CompiledRule, ...]

    def __post_init__(self) -> None:
        kinds = ("organization", "person", "project")
        watch = Watch(
            self.rules,
            connections=[
                ConnectionInfo("crm", "crm"),
                ConnectionInfo("desk", "ticketing"),
                ConnectionInfo("books", "accounting"),
            ],
        )
        self.watch = watch
        self.street = Street(
            {
                name: compile_spec(load_spec(text, file=f"{name}.yaml", streams=STREAMS[name]))
                for name, text in MAPPINGS.items()
            },
            {kind: default_model(kind) for kind in kinds},
            lambda db, now: alert(db, watch, now),
            render,
        )

    def feed(self, state: State, connections: tuple[str, ...]) -> None:
        for name in connections:
            streams = [
                HandStream(stream, dict(state.get((name, stream), {}))) for stream in STREAMS[name]
            ]
            sync_connection(self.db, self.clock, name=name, connector=HandConnector(streams))
        walk(self.db, self.clock, self.street)

    def sweep(self) -> None:
        evaluate(self.db, self.watch, self.clock())
        walk(self.db, self.clock, self.street)

    def rebuild(self) -> None:
        with self.db.transaction() as tx:
            rebuild.start_over(tx)
        walk(self.db, self.clock, self.street)
        self.sweep()


def snapshot(db: Database, *, with_ids: bool) -> dict[str, Any]:
    """Return all a consumer can see; without ids, entities and cases are named by a record."""
    t = tables
    with db.reading() as tx:
        clusters: dict[str, list[str]] = defaultdict(list)
        for ref, entity in tx.execute(sa.select(t.crosswalk.c.ref, t.crosswalk.c.entity_id)):
            clusters[entity].append(ref)
        names = {entity: entity if with_ids else min(refs) for entity, refs in clusters.items()}
        if not with_ids:
            held: dict[str, list[str]] = defaultdict(list)
            members = t.vorgang_members.c
            for case, ref in tx.execute(sa.select(members.vorgang_id, members.ref)):
                held[case].append(names.get(ref, ref))
            names |= {case: f"case {min(refs)}" for case, refs in held.items()}

        def named(text: str) -> str:
            return re.sub(r"\b[0-9A-HJKMNP-TV-Z]{26}\b", lambda m: names.get(m[0], m[0]), text)

        links = tx.execute(
            sa.select(t.links.c.from_ref, t.links.c.role, t.links.c.target, t.links.c.method)
        )
        views = tx.execute(sa.select(t.views.c.id, t.views.c.document)).all()
        about = t.alerts.c.subject_kind != "source"
        alerts = tx.execute(
            sa.select(t.alerts.c.rule, t.alerts.c.subject, t.alerts.c.condition).where(about)
        )
        # What rules know of a source comes from the history of its runs, which differs.
        other = t.facts.c.subject_kind != "source"
        facts = tx.execute(
            sa.select(t.facts.c.subject, t.facts.c.customer, t.facts.c.found).where(other)
        )
        return {
            "entities": sorted(sorted(refs) for refs in clusters.values()),
            "links": sorted(tuple(map(named, row)) for row in links),
            "views": {named(one): _plain(named(text), with_ids) for one, text in views},
            "alerts": sorted(
                (row.rule, named(row.subject), row.condition)
                for row in alerts
                if row.condition in ("firing", "pending")
            ),
            "facts": sorted(
                (named(row.subject), named(row.customer or ""), named(_seen(row.found, with_ids)))
                for row in facts
            ),
            "cases": cases(tx, named, with_ids=with_ids),
        }


def _seen(found: str, with_ids: bool) -> str:
    """Return what is known; without ids, not the day on which the hub saw competing values change.

    A hub that came later saw no change, but a rebuild forgets none.
    """
    told: dict[str, Any] = msgspec.json.decode(found)
    if not with_ids and "systems" in told:
        told.pop("changed_on", None)
    return msgspec.json.encode(told).decode()


def cases(tx: Any, named: Callable[[str], str], *, with_ids: bool) -> list[Any]:
    """Return the living business cases with their members; without ids, by what they hold."""
    v, m = tables.vorgaenge.c, tables.vorgang_members.c
    members: dict[str, list[Any]] = defaultdict(list)
    for row in tx.execute(sa.select(m.vorgang_id, m.ref, m.kind, m.role, m.share_pct, m.score)):
        members[row.vorgang_id].append((named(row.ref), *row[2:]))
    leave = {"id", "created_at", "changed_at", "split_from"}
    columns = [column for column in v if column.name not in leave]
    found = []
    for row in tx.execute(sa.select(v.id, *columns).where(v.state == "living")):
        told = [named(str(value)) for value in row[1:]]
        found.append([row.id if with_ids else "", *told, sorted(members[row.id])])
    return sorted(found)


def _plain(text: str, with_ids: bool) -> Any:
    """Return a view; without ids, also without the hashes made of them."""
    document: Any = msgspec.json.decode(text)
    if not with_ids:
        _drop(document, {"id", "alerts"})
    return document


def _drop(value: Any, keys: set[str]) -> None:
    if isinstance(value, dict):
        for key in keys.intersection(value):
            del value[key]
        for part in value.values():
            _drop(part, keys)
    elif isinstance(value, list):
        for part in value:
            _drop(part, keys)


_ORDER = ("books", "crm", "desk")
_ACCOUNT = {"vat": "DE136695976", "city": "Ulm", "contact": None, "mail": None}
_DEBTOR = {"name": "Sonnenschein AG", "vat": "DE136695976", "city": "Ulm"}
_A_NAME_THAT_BEGINS_TO_COMPETE = [
    (
        [
            (("crm", "accounts"), "1", {**_ACCOUNT, "name": "Sonnenschein AG"}),
            (("books", "debtors"), "1", _DEBTOR),
        ],
        _ORDER,
    ),
    ([(("crm", "accounts"), "1", {**_ACCOUNT, "name": "Weber Logistik GmbH"})], _ORDER),
]


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a whole street takes hours
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    increments=st.lists(
        st.tuples(
            st.lists(_change, min_size=1, max_size=5), st.permutations(sorted(STREAMS)).map(tuple)
        ),
        min_size=1,
        max_size=4,
    )
)
@example(increments=_A_NAME_THAT_BEGINS_TO_COMPETE)
def test_increments_a_full_run_and_a_rebuild_end_alike(
    new_database: Callable[[], Database],
    shipped_rules: tuple[CompiledRule, ...],
    increments: list[tuple[list[Any], tuple[str, ...]]],
) -> None:
    clock = HandClock()
    hub, at_once = (Hub(new_database(), clock, shipped_rules) for _ in range(2))
    state: State = {place: {} for place in ROWS}
    for changes, order in increments:
        for place, key, row in changes:
            if row is None:
                state[place].pop(key, None)
            else:
                state[place][key] = row
        hub.feed(state, order)
    at_once.feed(state, ("books", "crm", "desk"))
    for one in (hub, at_once):
        one.sweep()
    assert snapshot(hub.db, with_ids=False) == snapshot(at_once.db, with_ids=False)
    before = snapshot(hub.db, with_ids=True)
    hub.rebuild()
    assert snapshot(hub.db, with_ids=True) == before
    for one in (hub, at_once):
        one.db.close()
