"""Checks of what goes over the wire, for connectors whose product an emulator can play."""

from collections.abc import Sequence
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import httpx

from connectors.sdk.conformance.authority import invented
from connectors.sdk.conformance.emulator import Respond
from connectors.sdk.conformance.lab import Lab
from connectors.sdk.conformance.lies import LIES, end_paths, lie
from connectors.sdk.conformance.seam import Facts, NotApplicableError, Row, require
from connectors.sdk.conformance.subject import DeclaredSubject
from connectors.sdk.errors import AuthError, ConnectorError, RetryableError

RATE_REQUESTS = 50


def declared_subject(lab: Lab) -> DeclaredSubject:
    """Return the subject of a declared connector. Raises NotApplicableError for any other."""
    if isinstance(lab.subject, DeclaredSubject):
        return lab.subject
    raise NotApplicableError("it speaks no HTTP that an emulator could play")


def check(lab: Lab) -> None:
    """Good credentials pass; bad ones and an unreachable host are told apart, without a secret."""
    subject = declared_subject(lab)
    for left_out, why in subject.left_out.items():
        lab.notes.append(f"{left_out} is left out: {why}")
    facts = next(lab.streams(lambda _: True, "no stream can be filled"))
    _checked(lab, subject, facts, {})
    if subject.secrets:
        bad = invented(subject.connector.auth, good=False)
        began = lab.clock.monotonic()
        error = _checked(lab, subject, facts, bad)
        took_s = lab.clock.monotonic() - began
        require(isinstance(error, AuthError), f"bad credentials gave {error!r}, not an AuthError")
        require(took_s <= 10, f"bad credentials took {took_s:.0f} s to be refused")
        texts = f"{error} {error and error.__cause__} {error and error.__context__}"
        require("canary" not in texts, "a secret stands in the text of an error")
    subject.emulator.reachable = False
    try:
        error = _checked(lab, subject, facts, {})
    finally:
        subject.emulator.reachable = True
    require(isinstance(error, RetryableError), f"an unreachable host gave {error!r}")


def _checked(
    lab: Lab, subject: DeclaredSubject, facts: Facts, options: dict[str, Any]
) -> ConnectorError | None:
    subject.put(facts.name, lab.rows(facts.name, [1]))
    connector = subject.open(facts.name, lab.clock, **options)
    try:
        connector.check()
    except ConnectorError as error:
        require(bool(options) or not subject.emulator.reachable, f"the check failed: {error}")
        return error
    finally:
        connector.close()
    return None


def lying_200(lab: Lab) -> None:
    """A 200 that is none is never a success, moves no position past it, and deletes nothing."""
    subject = declared_subject(lab)
    for facts in lab.streams(lambda _: True, "no stream can be filled"):
        spec = subject.stream(facts.name).spec
        rows = lab.rows(facts.name, range(1, 3 * facts.page + 1))
        paged = facts.lists > 1 or (facts.page < len(rows) and spec.pages.size is not None)
        for how in LIES:
            for page in range(1, 4 if paged else 2):
                subject.put(facts.name, rows)
                _lied_to(lab, subject, facts, rows, how, page)


def _lied_to(
    lab: Lab, subject: DeclaredSubject, facts: Facts, rows: Sequence[Row], how: str, page: int
) -> None:
    where = f"{facts.name}: {how} at page {page}"
    lied = False

    def fault(number: int, request: httpx.Request, respond: Respond) -> httpx.Response:
        nonlocal lied
        honest, spec = respond(), subject.emulator.lied_of
        if number != page or spec is None or (how == "endless" and not end_paths(spec)):
            return honest
        lied = True
        return lie(honest, how, spec)

    store = lab.store()
    subject.emulator.fault = fault
    try:
        outcome = lab.sync(facts, store)
    finally:
        subject.emulator.fault = None
    if not lied:  # there is no such page, or nothing in it that could state the end
        return
    require(not outcome.succeeded, f"{where}: the run says that it succeeded")
    require(outcome.deleted == 0, f"{where}: {outcome.deleted} records were deleted")
    lab.must_sync(facts, store)
    lab.must_hold(facts, store, rows, f"{how} at page {page}, then an honest run")
    require(store.versions() == len(rows), f"{where}: records were stored twice")


def pacing(lab: Lab) -> None:
    """A busy source is left alone for as long as it says, and read to the end all the same."""
    subject = declared_subject(lab)
    for facts in lab.streams(lambda _: True, "no stream can be filled"):
        for how in ("seconds", "date", "silent", "burst"):
            _busy(lab, subject, facts, how)
    rate = subject.connector.rate
    if rate is not None:
        facts = next(lab.streams(lambda _: True, ""))
        _rate_is_kept(lab, subject, facts, rate.requests, rate.seconds)


def _busy(lab: Lab, subject: DeclaredSubject, facts: Facts, how: str) -> None:
    rows = lab.rows(facts.name, range(1, facts.page + 2))
    subject.put(facts.name, rows)
    wait_s = 0 if how in ("silent", "burst") else 7
    refused_at: list[float] = []
    early: list[float] = []

    def fault(number: int, request: httpx.Request, respond: Respond) -> httpx.Response:
        now = lab.clock.monotonic()
        if refused_at and now < refused_at[-1] + max(wait_s, 0.05):
            early.append(now - refused_at[-1])
        if number > (3 if how == "burst" else 1):
            return respond()
        refused_at.append(now)
        headers = {"date": format_datetime(lab.clock.now(), usegmt=True)}
        if how == "seconds":
            headers["retry-after"] = "7"
        if how == "date":
            until = lab.clock.now() + timedelta(seconds=8)  # a date knows whole seconds only
            headers["retry-after"] = format_datetime(until, usegmt=True)
        return httpx.Response(503 if how == "burst" else 429, headers=headers)

    store = lab.store()
    subject.emulator.fault = fault
    try:
        lab.must_sync(facts, store)
    finally:
        subject.emulator.fault = None
    lab.must_hold(facts, store, rows, f"a busy source ({how})")
    require(not early, f"{facts.name}: {how}: asked again after {early[:1]} s")


def _rate_is_kept(
    lab: Lab, subject: DeclaredSubject, facts: Facts, requests: int, seconds: float
) -> None:
    subject.put(facts.name, lab.rows(facts.name, [1]))
    connector = subject.open(facts.name, lab.clock)
    subject.emulator.asked.clear()
    stream = connector.streams()[0]
    while len(subject.emulator.asked) < max(RATE_REQUESTS, 2 * requests):
        for _ in stream.read(None):
            pass
    connector.close()
    asked = [at.timestamp() for at in subject.emulator.asked]
    for first, last in zip(asked, asked[requests:], strict=False):
        require(
            last - first >= seconds - 1e-3,
            f"{facts.name}: {requests + 1} requests in {last - first:.2f} s; the rate is "
            f"{requests} in {seconds:g} s",
        )
