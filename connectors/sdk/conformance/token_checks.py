"""Checks of credentials: refused ones, and tokens that end, rotate and are shared."""

from concurrent.futures import ThreadPoolExecutor

import httpx

from connectors.sdk.conformance.authority import LASTS
from connectors.sdk.conformance.emulator import Respond
from connectors.sdk.conformance.lab import Lab
from connectors.sdk.conformance.seam import Facts, NotApplicableError, require
from connectors.sdk.conformance.subject import DeclaredSubject
from connectors.sdk.conformance.wire_checks import declared_subject
from connectors.sdk.contract import Connector
from connectors.sdk.record import Page


def tokens(lab: Lab) -> None:
    """A refused token ends a run as `auth`, and one that ends or rotates ends none."""
    subject = declared_subject(lab)
    if not subject.secrets:
        raise NotApplicableError("it shows no credentials")
    for facts in lab.streams(lambda _: True, "no stream can be filled"):
        rows = lab.rows(facts.name, range(1, 3 * facts.page + 1))
        subject.put(facts.name, rows)
        store = lab.store()

        def revoked(number: int, request: httpx.Request, respond: Respond) -> httpx.Response:
            return respond() if number < 2 else httpx.Response(401)

        subject.emulator.fault = revoked
        try:
            outcome = lab.sync(facts, store)
        finally:
            subject.emulator.fault = None
        if facts.lists > 1 or subject.stream(facts.name).spec.pages.size is not None:
            require(not outcome.succeeded, f"{facts.name}: revoked, yet the run succeeded")
            require("canary" not in outcome.said, f"{facts.name}: a secret stands in the run")
        lab.must_sync(facts, store)
        lab.must_hold(facts, store, rows, "after the credentials were renewed")
    if subject.authority.fetches:
        facts = next(lab.streams(lambda _: True, ""))
        _ends_meanwhile(lab, subject, facts)
        if subject.authority.rotates:
            _three_runs(lab, subject, facts)
            _two_at_once(lab, subject, facts)


def _ends_meanwhile(lab: Lab, subject: DeclaredSubject, facts: Facts) -> None:
    """Let the token end between any two pages, before its time."""
    rows = lab.rows(facts.name, range(1, 3 * facts.page + 1))
    subject.put(facts.name, rows)
    store = lab.store()

    def late(number: int, request: httpx.Request, respond: Respond) -> httpx.Response:
        answer = respond()
        subject.authority.end()
        return answer

    subject.emulator.fault = late
    try:
        lab.must_sync(facts, store)
    finally:
        subject.emulator.fault = None
    lab.must_hold(facts, store, rows, "tokens ended between pages")
    _nothing_lost(subject, facts, "tokens ended between pages")


def _three_runs(lab: Lab, subject: DeclaredSubject, facts: Facts) -> None:
    """Read three times, each as a new process would, with a refresh token for one use."""
    rows = lab.rows(facts.name, range(1, facts.page + 1))
    subject.put(facts.name, rows)
    store = lab.store()
    for _ in range(3):
        lab.clock.sleep(LASTS.total_seconds() + 1)
        lab.must_sync(facts, store)
    lab.must_hold(facts, store, rows, "after three runs")
    _nothing_lost(subject, facts, "three runs")


def _two_at_once(lab: Lab, subject: DeclaredSubject, facts: Facts) -> None:
    """Read twice at the same time with a token that has run out: one of them renews it."""
    subject.put(facts.name, lab.rows(facts.name, range(1, facts.page + 1)))
    lab.clock.sleep(LASTS.total_seconds() + 1)
    before = subject.authority.fetched
    connectors = [subject.open(facts.name, lab.clock) for _ in range(2)]
    try:
        with ThreadPoolExecutor(2) as pool:
            counts = list(pool.map(_records_of, connectors))
    finally:
        for connector in connectors:
            connector.close()
    require(counts == [facts.page] * 2, f"{facts.name}: two at once read {counts} records")
    fetched = subject.authority.fetched - before
    require(fetched == 1, f"{facts.name}: two at once fetched {fetched} tokens")
    _nothing_lost(subject, facts, "two at once")


def _records_of(connector: Connector) -> int:
    pages = connector.streams()[0].read(None)
    return sum(len(one.records) for one in pages if isinstance(one, Page))


def _nothing_lost(subject: DeclaredSubject, facts: Facts, when: str) -> None:
    reused, unstored = subject.authority.reused, subject.authority.unstored
    require(not reused, f"{facts.name}: {when}: a refresh token was used {reused + 1} times")
    require(not unstored, f"{facts.name}: {when}: a token was used before it was stored")
