"""A verdict can be retraced: prior and evidence sum up to it, values stand side by side."""

from dataclasses import replace

from hub.model.resolution import Merge, Profile
from hub.resolution.batch import base_of, score_all
from hub.resolution.explain import how, table, why
from hub.resolution.model import default_model

MODEL = default_model("organization")


def company(ref: str, **features: str) -> Profile:
    named = {key: (value,) for key, value in features.items()}
    return Profile(ref, "organization", "crm", named)


WEBER = company(
    "a:b:1", org_name="Weber Logistik GmbH", phone="0221 4711-0", city="Köln", vat="DE111111111"
)
AGAIN = company("a:b:2", org_name="Weber Logistik", phone="+49 221 47110", city="Koeln")
SISTER = company(
    "a:b:3", org_name="Weber Immobilien GmbH", phone="0221 4711-0", city="Köln", vat="DE999999990"
)
OTHERS = [company(f"a:c:{at}", org_name=f"Xy{at} Zw{at * 7}", city="Bonn") for at in range(60)]
BASE = base_of([WEBER, AGAIN, SISTER, *OTHERS])
COUNTS = BASE.frame.counts


def test_prior_and_evidence_sum_up_to_what_the_batch_scored() -> None:
    told = why(WEBER, AGAIN, COUNTS, MODEL)
    assert told.prior + sum(each.bits for each in told.evidence) == told.bits
    scored = score_all(BASE, MODEL)
    sides = {BASE.ids.index(WEBER.id), BASE.ids.index(AGAIN.id)}
    pairs = zip(scored.left.tolist(), scored.right.tolist(), scored.bits.tolist(), strict=True)
    assert [bits for a, b, bits in pairs if {a, b} == sides] == [told.bits]


def test_what_counts_together_is_told_with_what_it_hangs_on() -> None:
    told = {each.comparison: each for each in why(WEBER, SISTER, COUNTS, MODEL).evidence}
    together = told["together"]
    named = dict(each.rsplit(" ", 1) for each in together.level.split(", "))
    assert named
    for name, level in named.items():
        assert told[name].level == level
    without = why(WEBER, SISTER, COUNTS, replace(MODEL, trees=()))
    assert "together" not in {each.comparison for each in without.evidence}
    assert without.bits == why(WEBER, SISTER, COUNTS, MODEL).bits - together.bits


def test_what_would_turn_a_verdict_turns_it() -> None:
    """Told by the whole model: rules and trees hear the other level, too."""
    told = why(WEBER, SISTER, COUNTS, MODEL)
    assert "vat: same" in told.turning
    one = replace(SISTER, features={**SISTER.features, "vat": WEBER.features["vat"]})
    assert why(WEBER, one, COUNTS, MODEL).verdict == "same"


def test_values_stand_side_by_side_in_either_order() -> None:
    told, turned = why(WEBER, AGAIN, COUNTS, MODEL), why(AGAIN, WEBER, COUNTS, MODEL)
    assert told == turned
    phone = next(each for each in told.evidence if each.comparison == "phone")
    assert (phone.left, phone.right, phone.level) == (("22147110",), ("22147110",), "same")
    assert phone.bits > 0


def test_values_are_told_as_people_write_them() -> None:
    left, right = (
        replace(one, features={**one.features, "street": ("Hafenstr. 12 a",)})
        for one in (WEBER, AGAIN)
    )
    told = why(left, right, COUNTS, MODEL)
    street = next(each for each in told.evidence if each.comparison == "street")
    assert street.left == street.right == ("hafenstrasse 12a",)


def test_a_match_and_a_sister_get_their_verdicts() -> None:
    assert why(WEBER, AGAIN, COUNTS, MODEL).verdict == "same"
    assert why(WEBER, SISTER, COUNTS, MODEL).verdict != "same"
    assert why(WEBER, SISTER, COUNTS, MODEL).bits < why(WEBER, AGAIN, COUNTS, MODEL).bits


def test_different_trades_and_a_domain_that_names_the_other_are_told() -> None:
    desk = company("a:b:4", org_name="Weber", email="info@weber-immobilien.de")
    told = {each.comparison: each for each in why(WEBER, SISTER, COUNTS, MODEL).evidence}
    sides = {told["trade"].left, told["trade"].right}
    assert told["trade"].level == "apart"
    assert sides == {("Weber Logistik GmbH",), ("Weber Immobilien GmbH",)}
    assert told["trade"].bits < 0
    told = {each.comparison: each for each in why(desk, SISTER, COUNTS, MODEL).evidence}
    sides = {told["site"].left, told["site"].right}
    assert (told["site"].level, sides) == (
        "named", {("weber-immobilien.de",), ("Weber Immobilien GmbH",)}
    )  # fmt: skip
    stranger = company("a:b:4", org_name="Weber", email="info@nordlicht-quast.de")
    assert why(stranger, SISTER, COUNTS, MODEL).bits < why(desk, SISTER, COUNTS, MODEL).bits


def test_what_was_never_compared_is_said_to_be_so() -> None:
    told = why(WEBER, OTHERS[0], COUNTS, MODEL)
    assert not told.candidate
    assert told.verdict == "not compared: they share too little"
    assert told.shared_tokens == ()


def test_a_veto_is_named() -> None:
    one = company("a:b:1", org_name="Weber GmbH", register_number="HRB 1 Köln")
    other = company("a:b:2", org_name="Weber GmbH", register_number="HRB 2 Köln")
    counts = base_of([one, other]).frame.counts
    assert why(one, other, counts, MODEL).verdict == "kept apart by register_number"


def test_rivals_are_a_line_of_their_own() -> None:
    raw = why(WEBER, AGAIN, COUNTS, MODEL)
    told = why(WEBER, AGAIN, COUNTS, MODEL, settled=raw.bits - 2.5)
    assert told.bits == raw.bits - 2.5
    assert told.evidence[-1].comparison == "rivals"
    assert told.evidence[-1].bits == -2.5


def test_what_would_turn_the_verdict_is_named() -> None:
    assert "vat: same" in why(WEBER, SISTER, COUNTS, MODEL).turning


def test_the_table_has_a_bar_for_each_comparison() -> None:
    text = table(why(WEBER, AGAIN, COUNTS, MODEL))
    lines = text.splitlines()
    assert lines[0].endswith("a:b:1  ~  a:b:2") or lines[0].endswith("a:b:2  ~  a:b:1")
    assert any(line.startswith("name") and line.endswith("+") for line in lines)
    assert any(line.startswith("prior") and line.endswith("-") for line in lines)
    assert any(line.startswith("probability") for line in lines)


def test_how_tells_the_merges_of_one_cluster_only() -> None:
    merges = [
        Merge(("a",), ("b",), 5.0, "evidence"),
        Merge(("x",), ("y",), 4.0, "evidence"),
        Merge(("a", "b"), ("c",), 3.0, "judgement"),
    ]
    assert how({"a", "b", "c"}, merges) == (merges[0], merges[2])
