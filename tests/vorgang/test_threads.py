"""Threads: what joins, what is shared, and that no order matters."""

import random

from hypothesis import given
from hypothesis import strategies as st

from hub.vorgang.flow import KINDS, TRUNK, UPSTREAM, flow_kind, flows, may_flow, rank
from hub.vorgang.threads import FlowLink, Thread, threads


def found(
    kinds: dict[str, str],
    *links: tuple[str, str],
    worth: dict[str, int] | None = None,
    weights: dict[tuple[str, str], int] | None = None,
) -> list[Thread]:
    made = [
        FlowLink(f"{upper}>{lower}", upper, lower, 1.0, (weights or {}).get((upper, lower)))
        for upper, lower in links
    ]
    return threads(kinds, made, worth or {})


def shares(some: list[Thread], ref: str) -> dict[str, float]:
    """Return the founder of each thread a record is in, with its share there."""
    return {
        next(m.ref for m in thread.members if m.via is None): member.share_pct
        for thread in some
        for member in thread.members
        if member.ref == ref
    }


def test_a_trunk_joins_and_a_branch_does_not() -> None:
    kinds = {"d1": "deal", "o1": "order", "o2": "order", "i": "invoice", "p": "payment"}
    some = found(kinds, ("d1", "o1"), ("o1", "i"), ("o2", "i"), ("i", "p"))
    assert [[m.ref for m in one.members] for one in some] == [
        ["d1", "o1", "i", "p"],
        ["o2", "i", "p"],
    ]
    assert shares(some, "i") == {"d1": 50.0, "o2": 50.0}
    assert shares(some, "p") == {"d1": 50.0, "o2": 50.0}


def test_shares_go_by_lines_then_by_worth() -> None:
    kinds = {"o1": "order", "o2": "order", "i": "invoice", "p": "payment", "j": "invoice"}
    links = [("o1", "i"), ("o2", "i"), ("i", "p"), ("o1", "j"), ("j", "p")]
    by_worth = found(kinds, *links, worth={"o1": 300, "o2": 100, "i": 400, "j": 400})
    assert shares(by_worth, "i") == {"o1": 75.0, "o2": 25.0}
    assert shares(by_worth, "p") == {"o1": 87.5, "o2": 12.5}
    weights = {("o1", "i"): 1, ("o2", "i"): 2}
    by_line = found(kinds, *links, worth={"o1": 300, "o2": 100}, weights=weights)
    assert shares(by_line, "i") == {"o1": 33.33, "o2": 66.67}


def test_an_order_and_its_project_speak_for_the_same_work() -> None:
    kinds = {"o1": "order", "01P": "project", "o2": "order", "i": "invoice"}
    links = [("o1", "01P"), ("o1", "i"), ("01P", "i"), ("o2", "i")]
    some = found(kinds, *links, worth={"o1": 100, "01P": 100, "o2": 100})
    assert set(shares(some, "i").values()) == {50.0}


def test_what_founds_nothing_is_no_case() -> None:
    kinds = {"t": "time_entry", "m": "message", "d": "dunning", "k": "ticket", "p": "payment"}
    kinds["r"] = "refund"  # whatever else we pay
    assert [[m.ref for m in one.members] for one in found(kinds)] == [["p"], ["k"]]


def test_the_strongest_links_hold_and_the_weakest_of_them_is_the_confidence() -> None:
    links = [
        FlowLink("a", "d", "o", 0.9),
        FlowLink("b", "d", "q", 1.0),
        FlowLink("c", "q", "o", 0.95),
    ]
    (thread,) = threads({"d": "deal", "q": "quote", "o": "order"}, links, {})
    assert {member.ref: member.via for member in thread.members} == {"d": None, "q": "b", "o": "c"}
    assert thread.confidence == 0.95


def test_what_we_owe_is_in_no_case_and_a_credit_note_is_no_invoice() -> None:
    assert flow_kind("invoice", {"kind": "payable"}) is None
    assert flow_kind("invoice", {"kind": "credit_note"}) == "credit_note"
    assert flow_kind("invoice", {}) == "invoice"
    assert flow_kind("payment", {"direction": "outgoing"}) == "refund"
    assert flow_kind("contract", {}) is None
    assert flows("credit_note", "invoice")
    assert not flows("invoice", "invoice")
    assert may_flow("invoice", "invoice")
    for context in ("contract", "organization", "campaign", "product", "person"):
        assert not any(may_flow(kind, context) or may_flow(context, kind) for kind in KINDS)


def test_the_flow_runs_one_way() -> None:
    assert all(rank(upper) < rank(kind) for kind, some in UPSTREAM.items() for upper in some)


_kinds = st.lists(st.sampled_from(KINDS), min_size=1, max_size=14).map(
    lambda some: {f"{kind}{at}": kind for at, kind in enumerate(some)}
)


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[dict[str, str], list[FlowLink], dict[str, int]]:
    kinds = draw(_kinds)
    pairs = [(a, b) for a in kinds for b in kinds if kinds[a] in UPSTREAM[kinds[b]]]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=20)) if pairs else []
    scores = st.sampled_from([0.9, 0.95, 1.0])
    links = [
        FlowLink(f"{a}>{b}", a, b, draw(scores), draw(st.none() | st.integers(-5, 500)))
        for a, b in dict.fromkeys(chosen)
    ]
    worth = {ref: draw(st.integers(-100, 10**12)) for ref in kinds if draw(st.booleans())}
    return kinds, links, worth


@given(_worlds(), st.integers(0, 9))
def test_threads_keep_their_laws(
    world: tuple[dict[str, str], list[FlowLink], dict[str, int]], seed: int
) -> None:
    kinds, links, worth = world
    some = threads(kinds, links, worth)
    ends = {link.id: {link.upper, link.lower} for link in links}
    total: dict[str, float] = {}
    for thread in some:
        refs = {member.ref for member in thread.members}
        assert thread.own
        founders = [member for member in thread.members if member.via is None]
        assert len(founders) == 1
        reached = {founders[0].ref}  # by the links that hold them, and by no others
        for _ in refs:
            reached |= {m.ref for m in thread.members if m.via and ends[m.via] & reached}
        assert reached == refs
        for member in thread.members:
            assert member.share_pct > 0
            assert member.role == ("trunk" if kinds[member.ref] in TRUNK else "branch")
            total[member.ref] = total.get(member.ref, 0) + member.share_pct
    assert all(abs(whole - 100) < 1e-9 for whole in total.values())
    trunks = [m.ref for thread in some for m in thread.members if m.role == "trunk"]
    assert len(trunks) == len(set(trunks))
    mixed = random.Random(seed)
    names = list(kinds)
    mixed.shuffle(names)
    mixed.shuffle(links)
    again = threads({name: kinds[name] for name in names}, links, worth)
    assert again == some


@given(_worlds())
def test_context_of_one_thread_changes_no_other(
    world: tuple[dict[str, str], list[FlowLink], dict[str, int]],
) -> None:
    """A neighbourhood told alone comes out as within the whole."""
    kinds, links, worth = world
    whole = threads(kinds, links, worth)
    near = {next(iter(kinds))}
    while (
        more := {
            end for one in links if {one.upper, one.lower} & near for end in (one.upper, one.lower)
        }
        - near
    ):
        near |= more
    part = threads({ref: kinds[ref] for ref in kinds if ref in near}, links, worth)
    assert part == [one for one in whole if one.members[0].ref in near]
