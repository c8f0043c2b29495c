"""Mentions of a company join the only one that has the domain they come from."""

from itertools import permutations
from time import process_time

import numpy as np
import pytest

from hub.resolution.clustering import Knot
from hub.resolution.groups import Links
from hub.resolution.mentions import BITS, MOST, bring_home, is_mention, may_mean, signs_of


def knot(
    ref: str, name: str = "", domain: str = "hdz.example", vat: str = "", register: str = ""
) -> Knot:
    told = {"domain": (domain,), "name": (name,), "vat": (vat,), "register_number": (register,)}
    signs = signs_of({which: own for which, own in told.items() if own != ("",)})
    return Knot((ref,), signs=signs)


def linked(size: int) -> Links:
    """Return edges that put all knots into one component, and tell nothing else."""
    left = np.arange(size - 1, dtype=np.int64)
    return Links(left, left + 1, np.full(size - 1, -2.0), np.ones(size - 1, dtype=bool))


def clusters(
    knots: list[Knot], apart: list[tuple[str, str]] | None = None, edges: Links | None = None
) -> list[list[str]]:
    """Return what becomes of knots that stand alone, by ref."""
    at = {one.refs[0]: number for number, one in enumerate(knots)}
    banned = [(at[a], at[b]) for a, b in apart or ()]
    edges = linked(len(knots)) if edges is None else edges
    found, _ = bring_home(knots, [[number] for number in range(len(knots))], edges, banned)
    return sorted(sorted(knots[number].refs[0] for number in one) for one in found)


HOST = knot("crm:a:1", "HDZ Sanitärtechnik GmbH", vat="de1")
BARE, SHORT = knot("desk:t:1#company"), knot("desk:t:2#company", "HDZ")


def test_mentions_join_the_company_of_their_domain() -> None:
    assert clusters([HOST, BARE, SHORT]) == [["crm:a:1", "desk:t:1#company", "desk:t:2#company"]]


def test_a_company_of_two_legal_forms_is_called_by_either() -> None:
    books = knot("books:c:1", "HDZ Sanitärtechnik GmbH & Co. KG", vat="de1")
    for name, joins in (
        ("HDZ Sanitärtechnik GmbH & Co. KG", True),
        ("HDZ Sanitärtechnik GmbH", True),
        ("HDZ Sanitärtechnik AG", False),
    ):
        guest = knot("desk:t:1#company", name)
        found, _ = bring_home([HOST, books, guest], [[0, 1], [2]], linked(3), ())
        assert (len(found) == 1) is joins


def test_a_merge_by_domain_tells_the_company_first() -> None:
    _, merges = bring_home([BARE, HOST], [[0], [1]], linked(2), ())
    assert [(one.left, one.right, one.bits, one.reason) for one in merges] == [
        (("crm:a:1",), ("desk:t:1#company",), BITS, "domain")
    ]


def test_merges_by_domain_tell_records_in_order() -> None:
    guests = [knot(f"desk:t:{at}#company") for at in (3, 1)]
    two = Knot(("desk:t:0#company", "desk:t:4#company"), signs=BARE.signs)
    _, merges = bring_home([*guests, HOST, two], [[0], [1], [2], [3]], linked(4), ())
    assert [one.right for one in merges] == [two.refs, *(each.refs for each in guests[::-1])]
    assert [one.left for one in merges] == [
        HOST.refs,
        ("crm:a:1", *two.refs),
        ("crm:a:1", "desk:t:0#company", "desk:t:1#company", "desk:t:4#company"),
    ]


SISTER = knot("crm:a:2", "HDZ Immobilien GmbH")
OTHERS = {
    "a sister with records of her own": SISTER,
    "another company that is mentioned": knot("desk:t:9#company", "Quandt Druck"),
    "a company that never tells its name": knot("crm:a:2"),
    "one of another legal form": knot("crm:a:2", "HDZ Sanitärtechnik AG"),
    "one of another VAT number": knot("crm:a:2", "HDZ Sanitärtechnik GmbH", vat="de2"),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_who_has_no_name_stays_alone_where_a_domain_has_two_companies(other: Knot) -> None:
    assert [BARE.refs[0]] in clusters([HOST, other, BARE])


def test_a_name_that_fits_one_of_two_sisters_joins_her() -> None:
    named = knot("desk:t:3#company", "hdz immobilien")
    assert clusters([HOST, SISTER, named, SHORT]) == [
        ["crm:a:1"],
        ["crm:a:2", "desk:t:3#company"],
        ["desk:t:2#company"],
    ]


def test_a_name_of_several_words_means_who_bears_it_not_who_may_be_short_for_it() -> None:
    weber, sister = knot("crm:a:1", "Weber Bau GmbH"), knot("crm:a:2", "Weber Bauträger GmbH")
    assert clusters([weber, sister, knot("desk:t:1#company", "weber bau")]) == [
        ["crm:a:1", "desk:t:1#company"],
        ["crm:a:2"],
    ]


def test_records_of_their_own_are_never_joined_by_a_domain() -> None:
    twin = knot("books:c:1", "HDZ Sanitärtechnik GmbH")
    assert clusters([HOST, twin, SHORT]) == [["books:c:1"], ["crm:a:1"], ["desk:t:2#company"]]


def test_a_company_that_is_only_mentioned_is_one() -> None:
    other = knot("desk:t:4#company", "HDZ Sanitär")
    whole = [["desk:t:1#company", "desk:t:2#company", "desk:t:4#company"]]
    assert clusters([BARE, SHORT, other]) == whole


def test_a_mention_with_domains_of_two_companies_joins_neither() -> None:
    two = Knot(("desk:t:5#company",), signs=signs_of({"domain": ("hdz.example", "quandt.example")}))
    quandt = knot("crm:a:3", "Quandt Druck GmbH", "quandt.example")
    assert clusters([HOST, quandt, two]) == [["crm:a:1"], ["crm:a:3"], ["desk:t:5#company"]]


def test_a_judgement_and_numbers_forbid_what_a_domain_would_join() -> None:
    assert clusters([HOST, BARE], [("crm:a:1", "desk:t:1#company")]) == [
        ["crm:a:1"],
        ["desk:t:1#company"],
    ]
    assert len(clusters([HOST, knot("desk:t:6#company", vat="de2")])) == 2
    both = knot("crm:a:1", vat="de1", register="hrb1")
    assert len(clusters([both, knot("desk:t:6#company", vat="de1", register="hrb1")])) == 1
    assert len(clusters([both, knot("desk:t:6#company", vat="de2", register="hrb1")])) == 2


def test_only_one_component_is_held_against_each_other() -> None:
    none = Links(*(np.zeros(0, dtype=kind) for kind in (np.int64, np.int64, np.float64, bool)))
    assert len(clusters([HOST, BARE, SHORT], edges=none)) == 3


def test_a_domain_of_many_companies_is_nobodys() -> None:
    many = [knot(f"desk:t:{at}#company", f"{'abcdefghij'[at % 10]}{at}") for at in range(MOST + 1)]
    assert len(clusters([*many, BARE])) == MOST + 2


def test_thousands_of_records_without_a_name_take_no_square_of_them() -> None:
    took = []
    for size in (300, 2400):
        knots = [knot(f"desk:t:{at}{part}") for part in ("", "#company") for at in range(size)]
        alone, edges = [[at] for at in range(len(knots))], linked(len(knots))
        rounds = []
        for _ in range(3):
            begun = process_time()
            bring_home(knots, alone, edges, ())
            rounds.append(process_time() - begun)
        took.append(min(rounds))
    assert took[1] < 30 * took[0]


def test_what_comes_of_it_does_not_depend_on_order() -> None:
    knots = [HOST, SISTER, BARE, SHORT, knot("desk:t:3#company", "hdz immobilien")]
    assert len({str(clusters(list(each))) for each in permutations(knots)}) == 1


@pytest.mark.parametrize(
    ("one", "other", "fits"),
    [
        (("hdz", "sanitar"), ("hdz",), True),
        (("hdz", "masch"), ("hdz", "maschinenbau"), True),
        (("hdz", "maschinenabu"), ("hdz", "maschinenbau"), True),
        (("wenvent", "metallbau"), ("wenventmetallbau",), True),
        (("hdz", "sanitar"), ("hdz", "druck"), False),
        (("weber",), ("wagner",), False),
    ],
)
def test_names_that_may_mean_one_company(
    one: tuple[str, ...], other: tuple[str, ...], fits: bool
) -> None:
    assert may_mean((one, ""), (other, "gmbh")) == fits
    assert may_mean((other, "gmbh"), (one, "")) == fits
    assert not may_mean((one, "ag"), (other, "gmbh"))


def test_a_part_of_a_record_mentions_a_company() -> None:
    assert is_mention(("desk:t:1#company", "desk:t:2#company"))
    assert not is_mention(("desk:t:1#company", "crm:a:1"))
