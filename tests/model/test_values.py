"""Runs, settings and record keys: sums, what a system gives, and refs there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sdk.record import RecordKey, parse_ref
from hub.model.run import Run, StreamProgress
from hub.model.setting import KINDS_OF_SYSTEM, Company, ConnectionInfo
from hub.model.view import Page


def test_a_run_sums_each_count_over_its_streams() -> None:
    streams = {
        "a": StreamProgress(read=5, created=1, changed=2, unchanged=2, quarantined=1),
        "b": StreamProgress(read=1, deleted=1, held=7),
    }
    run = Run(1, "crm", "running", "t", streams=streams)
    counts = ("read", "created", "changed", "unchanged", "deleted", "quarantined", "held")
    assert {name: run.total(name) for name in counts} == dict(
        zip(counts, (6, 1, 2, 2, 1, 1, 7), strict=True)
    )
    assert Run(1, "crm", "running", "t").total("read") == 0
    with pytest.raises(AttributeError):
        run.total("lost")


def test_each_run_has_streams_of_its_own() -> None:
    one, other = Run(1, "crm", "running", "t"), Run(2, "crm", "running", "t")
    one.streams["a"] = StreamProgress()
    assert other.streams == {}


@pytest.mark.parametrize(
    ("system", "kinds", "given_kind", "gives"),
    [
        ("crm", None, "deal", True),
        ("crm", None, "invoice", False),
        ("accounting", None, "invoice", True),
        ("accounting", None, "deal", False),
        ("crm", frozenset({"invoice"}), "invoice", True),
        ("crm", frozenset({"invoice"}), "deal", False),
        ("crm", frozenset(), "deal", False),
        ("unheard of", None, "deal", False),
        ("unheard of", frozenset({"deal"}), "deal", True),
    ],
)
def test_what_comes_from_a_connection(
    system: str, kinds: frozenset[str] | None, given_kind: str, gives: bool
) -> None:
    assert ConnectionInfo("x", system, kinds).gives(given_kind) is gives


def test_systems_give_kinds_there_are() -> None:
    nouns = {
        "organization",
        "person",
        "deal",
        "order",
        "invoice",
        "payment",
        "ticket",
        "project",
        "contract",
        "product",
    }
    assert set().union(*KINDS_OF_SYSTEM.values()) <= nouns
    assert Company().currency == "EUR"


_NAME = st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,5}", fullmatch=True)
_KEY = st.text(min_size=1, max_size=12) | st.text("#%:23/ ", min_size=1)


@given(_NAME, _NAME, _KEY, st.just("") | _NAME)
def test_a_ref_names_one_record_and_one_part(
    connection: str, stream: str, key: str, part: str
) -> None:
    one = RecordKey(connection, stream, key)
    assert parse_ref(one.ref(part)) == (one, part)
    assert one.ref(part).partition("#")[0] == one.ref()


@given(_KEY, _KEY)
def test_no_two_records_share_a_ref(one: str, other: str) -> None:
    same = RecordKey("crm", "a", one).ref() == RecordKey("crm", "a", other).ref()
    assert same is (one == other)


@pytest.mark.parametrize(
    "text", ["", "crm", "crm:a", "crm:a:", "crm::1", ":a:1", "CRM:a:1", "c m:a:1", "crm:a:#x"]
)
def test_what_is_no_ref_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a record ref"):
        parse_ref(text)


def test_pages_are_values() -> None:
    assert Page((1, 2), ("a",)) == Page((1, 2), ("a",))
    assert Page((), None).next is None
