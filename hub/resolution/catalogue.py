"""Which comparisons each kind is judged by, in the order in which their bits are shown.

A few pairs of organisations are compared one by one (`few`, `single`, `single_names`): whoever
changes how names or values of these compare changes it there, too; tests hold both together.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.resolution import comparison as compare
from hub.resolution import names, people, sites, writers
from hub.resolution.beyond import BEYOND_LEVELS, NOTHING, TRADE_LEVELS
from hub.resolution.comparison import Comparison, outcome, outcomes
from hub.resolution.frame import Frame, Ints
from hub.resolution.levels import MISSING, Outcome

CODE = ("missing", "different", "close", "same")
PLAIN = ("missing", "different", "same")
DATE = ("missing", "different", "year", "alike", "partly", "close", "same")
NUMBER = ("missing", "different", "near", "same")

VALUES = (
    Comparison(
        "email", "email", ("missing", "different", "local", "close", "role", "same"), compare.email
    ),
    Comparison("domain", "domain", PLAIN, compare.exact("d:")),
    Comparison(
        "phone", "phone", ("missing", "different", "close", "switchboard", "same"), compare.phone
    ),
    Comparison(
        "street",
        "street",
        ("missing", "different", "number", "alike", "near", "same"),
        compare.street,
    ),
    Comparison("postcode", "postcode", CODE, compare.postcode),
    Comparison("city", "city", CODE, compare.city),
    Comparison("region", "region", PLAIN, compare.exact("c:region:")),
    Comparison("country", "country", PLAIN, compare.exact("c:country:")),
    Comparison("vat", "vat", CODE, compare.code("v:")),
    Comparison("register_number", "register_number", CODE, compare.code("r:")),
    Comparison("iban", "iban", CODE, compare.code("i:")),
    Comparison("date_of_birth", "date_of_birth", DATE, compare.date("b:")),
)
NAMES = (("name", names.NAME_LEVELS), ("beyond", BEYOND_LEVELS), ("trade", TRADE_LEVELS))
COMPANY = (
    Comparison("form", "name", names.FORM_LEVELS, names.legal_forms),
    Comparison("contact", "contact", writers.CONTACT_LEVELS, writers.contacts),
)
_EMPLOYER = Comparison("employer", "employer", names.NAME_LEVELS, names.employers)
_PERSON = ("given_name", "family_name")


def labelled_comparison(facet: str) -> Comparison:
    kind, _, label = facet.partition(":")
    if kind == "identifier":
        return Comparison(facet, facet, CODE, compare.code(f"id:{_label(label)}"))
    if kind == "category":
        return Comparison(facet, facet, PLAIN, compare.exact(f"c:{_label(label)}"))
    if kind == "number":
        return Comparison(facet, facet, NUMBER, compare.number(f"n:{_label(label)}"))
    if kind == "date":
        return Comparison(facet, facet, DATE, compare.date(f"n:{_label(label)}"))
    return Comparison(facet, facet, names.NAME_LEVELS, names.texts(f"x:{label}:"))


def _label(label: str) -> str:
    return f"{label}:" if label else ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison of many pairs. key: where its weights stand in a model."""

    name: str
    key: str
    levels: tuple[str, ...]
    outcome: Outcome


def compare_pairs(kind: str, frame: Frame, left: Ints, right: Ints) -> Iterator[Compared]:
    """Yield every comparison of a kind for the pairs left[k], right[k] of a frame, in order."""
    yield from _people(frame, left, right) if kind == "person" else _names(frame, left, right)
    for each in (_EMPLOYER,) if kind == "person" else COMPANY:
        yield Compared(
            each.name, each.name, each.levels, outcome(each, each.facet, frame, left, right)
        )
    for each in (*VALUES, *map(labelled_comparison, frame.labelled)):
        found = outcome(each, each.facet, frame, left, right)
        yield Compared(each.name, each.name.partition(":")[0], each.levels, found)


def _people(frame: Frame, left: Ints, right: Ints) -> Iterator[Compared]:
    for name, found in zip(_PERSON, people.compare(frame, left, right), strict=True):
        yield Compared(name, name, people.NAME_LEVELS, found)


def _names(frame: Frame, left: Ints, right: Ints) -> Iterator[Compared]:
    compared = outcomes(names.company_names, len(NAMES), "name", frame, left, right)
    for (name, levels), found in zip(NAMES, compared, strict=True):
        if levels[-1] == NOTHING:  # the best of several names, but no evidence
            found.levels[found.levels == len(levels) - 1] = MISSING
        yield Compared(name, name, levels, found)
    yield Compared("site", "site", sites.SITE_LEVELS, sites.compare(frame, left, right))
    yield Compared("writer", "writer", writers.WRITER_LEVELS, writers.compare(frame, left, right))
