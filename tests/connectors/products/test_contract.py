"""Every source of the hub keeps the contract; what takes minutes runs with the real servers."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime

import pytest

from connectors.registry import REGISTRY
from connectors.sdk.conformance import CHECKS, Clock, DeclaredSubject, Store, run_checks
from connectors.sdk.cursors import Since
from connectors.tryton.contract import TrytonEmulator
from hub.cli.contract import HOSTS, subject_of
from hub.pipeline.trial import trial_stores

PRODUCTS = ("bottlecrm", "redmine", "request_tracker", "roundup", "tryton")


@pytest.fixture(scope="module")
def stores() -> Iterator[Callable[[Clock], Store]]:
    with trial_stores() as make:
        yield make


def first_stream_of(name: str) -> DeclaredSubject:
    """Return a product's subject with its first stream alone."""
    whole = subject_of(name)
    assert isinstance(whole, DeclaredSubject)
    _, *others = (facts.name for facts in whole.streams())
    return DeclaredSubject(
        whole.connector,
        emulator=type(whole.emulator),
        leave_out=dict.fromkeys(others, "one is enough"),
    )


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_product_keeps_what_is_quickly_checked(
    name: str, stores: Callable[[Clock], Store]
) -> None:
    found = list(run_checks(first_stream_of(name), stores, ["check", "schema", "ties", "drift"]))
    assert [one for one in found if one.result == "failed"] == []
    assert "passed" in {one.result for one in found if one.check == "drift"}


@pytest.mark.parametrize("name", PRODUCTS)
def test_no_stream_of_a_product_is_left_out(name: str) -> None:
    subject = subject_of(name)
    assert isinstance(subject, DeclaredSubject)
    assert subject.left_out == {}


class Unfiltered(TrytonEmulator):
    """A Tryton whose answers lack what was changed in the second that is asked for."""

    def bound(self, since: Since, text: str) -> datetime | None:
        found = super().bound(since, text)
        return found and found.replace(minute=(found.minute + 1) % 60)


def test_a_filter_that_leaves_rows_out_is_noticed(stores: Callable[[Clock], Store]) -> None:
    subject = first_stream_of("tryton")
    kind = DeclaredSubject(
        subject.connector, emulator=Unfiltered, leave_out=dict.fromkeys(subject.left_out, "")
    )
    (finding,) = run_checks(kind, stores, ["ties"])
    assert (finding.result, "came late" in finding.text) == ("failed", True)


@pytest.mark.servers
@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("name", sorted(set(REGISTRY) - set(HOSTS)))
def test_a_source_keeps_the_whole_contract(
    name: str, check: str, stores: Callable[[Clock], Store]
) -> None:
    subject = subject_of(name)
    assert not isinstance(subject, str)
    with closing(subject):
        (finding,) = run_checks(subject, stores, [check])
    assert finding.result != "failed", finding.text
