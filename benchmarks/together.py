"""Which comparisons are judged together by the models that are fitted: rules by hand."""

import itertools
from collections.abc import Iterator

When = dict[str, tuple[str, ...]]
_SHARED: When = {
    "street": ("alike", "near", "same"),
    "phone": ("switchboard", "same"),
    "domain": ("same",),
    "email": ("role", "same"),
    "city": ("same", "close"),
    "postcode": ("same",),
}
_REACH = ("street", "phone", "domain", "email")


def _when(**levels: str) -> When:
    return {name: tuple(each.split()) for name, each in levels.items()}


def _agree(*names: str) -> When:
    return {name: _SHARED[name] for name in names}


def company_interactions() -> Iterator[When]:
    """Yield what is said twice or gainsaid where comparisons of organisations come together."""
    for count in (2, 3):
        yield from (_agree(*names) for names in itertools.combinations(_REACH, count))
    yield from (_agree(*names) for names in (("city", "postcode"), ("street", "postcode"), ("street", "city")))  # fmt: skip  # noqa: E501
    yield _agree("street") | _when(city="different", postcode="different")
    for level in ("disjoint", "conflict", "overlap", "similar", "contained", "close same"):
        name = _when(name=level)
        yield from (name | _agree(each) for each in (*_REACH, "city"))
        yield from (name | _agree(*pair) for pair in itertools.combinations(_REACH[:3], 2))
        yield from (name | _when(vat=each) for each in ("same", "different"))
    for level in ("close same", "contained similar"):
        name = _when(name=level)
        for each in ("street", "phone", "domain", "postcode", "city", "email"):
            yield name | _when(**{each: "different"})
        nothing = dict.fromkeys(("street", "phone", "email", "domain"), "missing")
        yield name | _when(**nothing)
        yield name | _when(**nothing, city="missing")
        yield from (name | _when(**each) for each in _PARTED)
        yield name | _when(street="different", domain="same")
        yield name | _when(street="different") | _agree("phone")
        yield name | _when(vat="same", street="different")
        for form in ("different", "partner"):
            yield name | _when(form=form)
            yield name | _when(form=form) | _agree("street")


_PARTED = [
    dict.fromkeys(names.split(), "different")
    for names in (
        "street phone",
        "phone domain",
        "street domain",
        "city domain",
        "city phone",
    )
]


NAMELESS = [
    _when(name="missing", domain="same"),
    _when(name="missing", phone="same switchboard"),
    _when(name="missing", street="near same"),
    _when(name="missing", domain="different"),
    _when(name="missing", city="same"),
]
"""Rules of records without a name: what they share is most of what is known of them."""

NEIGHBOURS = _when(
    name="disjoint", beyond="apart", street="near same", phone="missing different",
    domain="missing different", email="missing different local",
)  # fmt: skip
"""Two full names and nothing in common but a house: a founder centre. In small bases an address
tells so much that worlds of thousands, where it never suffices, do not teach it."""


def person_interactions() -> Iterator[When]:
    """Yield what is said twice or gainsaid where comparisons of people come together."""
    like = "nickname swapped same similar variant"
    household = _when(
        street="near same alike", phone="same switchboard", email="same close", domain="same",
        postcode="same", city="same", date_of_birth="different", employer="same close",
    ) | {"date_of_birth ": ("same",)}  # fmt: skip
    for name, levels in household.items():
        yield _when(given_name="different", family_name=like) | {name.strip(): levels}
        yield _when(given_name=like, family_name="different") | {name.strip(): levels}
    for level in ("alike", "year", "partly", "close"):
        birth = _when(date_of_birth=level)
        yield birth | _when(email="missing")
        yield birth | _when(email="missing", street="missing", city="missing")
        yield birth | _when(city="same close")
        yield birth | _when(email="same close")
    yield _when(date_of_birth="different", email="same close")
    yield _when(date_of_birth="same", given_name="different")
    yield _when(date_of_birth="same", family_name="different")
    yield _when(date_of_birth="same", given_name="same", family_name="same")
    yield _when(given_name="same", family_name="same")
    nothing = dict.fromkeys(("email", "phone", "date_of_birth", "street"), "missing")
    yield _when(given_name="same", family_name="same", **nothing)
    for name in ("email", "phone", "employer", "street", "city", "date_of_birth"):
        both = _when(given_name="same nickname swapped", family_name="same swapped")
        yield both | _when(**{name: "different"})
    yield _when(email="same", given_name="missing")
    yield _when(street="near same", postcode="same")
    yield _when(street="near same", phone="same")
    yield _when(postcode="same", city="same")
    yield _when(email="same close local", domain="same")
    yield _when(domain="same", employer="same close contained")
