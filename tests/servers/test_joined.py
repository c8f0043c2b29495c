"""The same customers live in several real systems, spelt as each department would: one entity."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from hub.store import canonical, entities
from tests.servers.accounts import (
    crm_account,
    redmine_account,
    roundup_account,
    tracker_account,
    tryton_account,
)
from tests.servers.apis import BottleCrm, Redmine, RequestTracker, Roundup, Tryton
from tests.servers.conftest import Servers
from tests.servers.hub_of_servers import Account, Hub, hub
from tests.servers.truth import (
    Truth,
    crm_truth,
    merged,
    redmine_truth,
    roundup_truth,
    score,
    tracker_truth,
    tryton_truth,
)


def entity_of(opened: Hub, refs: list[str]) -> dict[str, str]:
    """Return the entity of each record."""
    with opened.runtime.database.reading() as tx:
        found = entities.current(tx, refs)
    return {ref: found[ref].entity_id for ref in refs}


def insist_on(opened: Hub, truth: Truth) -> None:
    """Nobody is taken for somebody else, and hardly anybody for two."""
    for name in ("organizations", "persons", "projects"):
        meant: Mapping[str, str] = getattr(truth, name)
        found = score(meant, entity_of(opened, list(meant)))
        assert found.precision == 1.0, (name, found)
        assert found.recall >= 0.95, (name, found)


def documents_by_customer(opened: Hub, truth: Truth) -> dict[str, set[tuple[str, str]]]:
    """Return which kinds of records of which connections point to each customer's entity."""
    refs: dict[str, list[str]] = defaultdict(list)
    for ref, key in truth.organizations.items():
        refs[key].append(ref)
    with opened.runtime.database.reading() as tx:
        return {
            key: {
                (ref.partition(":")[0], kind)
                for ref, kind in canonical.referrers(tx, refs[key]).items()
            }
            for key in refs
        }


def read_all(opened: Hub, accounts: Mapping[str, Any]) -> None:
    for name in accounts:
        opened.sync(name)
    opened.runtime.walk()


def test_the_desks_customers_are_the_books_debtors(
    servers: Servers, tmp_path: Path, new_database_url: Callable[[], str]
) -> None:
    roundup, tryton = Roundup(servers["roundup"]), Tryton(servers["tryton"])
    accounts = {"desk": roundup_account(roundup), "books": tryton_account(tryton)}
    with hub(tmp_path, new_database_url(), accounts) as opened:
        read_all(opened, accounts)
        truth = merged([roundup_truth(roundup, "desk"), tryton_truth(tryton, "books")])
        insist_on(opened, truth)
        documents = documents_by_customer(opened, truth)
        wanted = {("desk", "ticket"), ("books", "invoice"), ("books", "deal"), ("books", "project")}
        assert [key for key in ("C0001", "C0005", "C0012") if not wanted <= documents[key]] == []


@pytest.mark.servers
def test_five_systems_hold_each_customer_once(
    servers: Servers, tmp_path: Path, new_database_url: Callable[[], str]
) -> None:
    roundup, tryton = Roundup(servers["roundup"]), Tryton(servers["tryton"])
    redmine, crm = Redmine(servers["redmine"]), BottleCrm(servers["bottlecrm"])
    tracker = RequestTracker(servers["rt"])
    accounts: dict[str, Account] = {
        "desk": roundup_account(roundup),
        "books": tryton_account(tryton),
        "office": redmine_account(redmine),
        "service": tracker_account(tracker),
        "crm": crm_account(crm),
    }
    with hub(tmp_path, new_database_url(), accounts) as opened:
        read_all(opened, accounts)
        truth = merged(
            [
                roundup_truth(roundup, "desk"),
                tryton_truth(tryton, "books"),
                redmine_truth(redmine, "office"),
                tracker_truth(tracker, "service"),
                crm_truth(crm, "crm"),
            ]
        )
        insist_on(opened, truth)
        documents = documents_by_customer(opened, truth)
        wanted = {
            ("crm", "deal"),
            ("desk", "ticket"),
            ("service", "ticket"),
            ("books", "invoice"),
            ("office", "project"),
        }
        assert [key for key in ("C0001", "C0005", "C0012") if not wanted <= documents[key]] == []
