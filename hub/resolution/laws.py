"""What every model keeps to, whatever it is fitted to: to agree on more never speaks against.

Worlds full of sister companies teach that address, phone and domain together mean little; in other
bases they mean one company. So fitting is told pairs of cases, the second agreeing on one thing
more, and must not give the second fewer bits.
"""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from hub.resolution.catalogue import Compared
from hub.resolution.frame import Ints
from hub.resolution.levels import Outcome
from hub.resolution.model import Model

Choices = Mapping[str, tuple[str, ...]]
_PLACE: Choices = {
    "city": ("missing", "same"),
    "postcode": ("missing", "same"),
    "street": ("missing", "near", "same"),
    "phone": ("missing", "switchboard", "same"),
}
_NAMES = ("disjoint", "conflict", "overlap", "similar", "contained", "close", "same")
_COMPANY: Choices = {
    "name": _NAMES,
    "beyond": ("missing", "apart"),
    "trade": ("missing", "apart"),
    "site": ("missing", "named"),
    "domain": ("missing", "same"),
    "email": ("missing", "role", "same"),
    "vat": ("missing", "same"),
    **_PLACE,
}
_CASES: Mapping[str, Choices] = {
    "organization": _COMPANY,
    "thing": _COMPANY,
    "person": {
        "given_name": ("missing", "different", "variant", "similar", "same"),
        "family_name": ("missing", "different", "variant", "similar", "same"),
        "date_of_birth": ("missing", "same"),
        "email": ("missing", "same"),
        "employer": ("missing", "same"),
        **_PLACE,
    },
}
LATER: Choices = {
    **_COMPANY,
    "beyond": ("missing",),
    "trade": ("missing",),
    "site": ("missing",),
    "vat": ("missing",),
    "contact": ("missing", "alike", "same"),
    "writer": ("missing", "named"),
}
"""Choices for comparisons of companies that are fitted beside the others: these grow into many."""
_NO_AGREEMENT = ("different", "variant", "similar", "apart")
INFORMATION = (3, 9)
"""Bits that the shared values of a case tell: common ones and rare ones."""
MIXED = (0, 10)
"""Bits, least and most, that they tell where each comparison tells others."""


def cases(
    model: Model, among: Choices | None = None, *, mixed: int = 0
) -> tuple[list[Compared], Ints, Ints]:
    """Return invented comparisons, and by number which case agrees on one thing more than which.

    among: levels to choose from instead of those of the model's kind. mixed: how often, besides,
    all is told with other information for each comparison, drawn the same way every time.
    """
    known = _CASES.get(model.kind, {})
    choices = among or {k: v for k, v in known.items() if k in model.weights}
    if not choices:
        return [], np.zeros(0, np.int64), np.zeros(0, np.int64)
    drawn = np.random.default_rng(1).integers(*MIXED, (mixed, len(choices)), endpoint=True)
    plain = np.repeat(np.array(INFORMATION)[:, None], len(choices), axis=1)
    told = np.concatenate([plain, drawn])
    shape = [len(told), *map(len, choices.values())]
    grid = np.array(list(product(*map(range, shape))), dtype=np.int64)
    compared = [
        _compared(model, name, levels, told[grid[:, 0], at - 1], grid[:, at])
        for at, (name, levels) in enumerate(choices.items(), 1)
    ]
    numbers = np.arange(len(grid)).reshape(shape)
    less, more = [], []
    for axis, levels in enumerate(choices.values(), 1):
        if levels[0] == "missing":
            for level in range(1, len(levels)):
                if levels[level] not in _NO_AGREEMENT:
                    less.append(np.take(numbers, 0, axis).ravel())
                    more.append(np.take(numbers, level, axis).ravel())
    return compared, np.concatenate(less), np.concatenate(more)


def _compared(model: Model, name: str, chosen: Sequence[str], told: Ints, at: Ints) -> Compared:
    levels = ("missing", *model.weights.get(name, dict.fromkeys(chosen)))
    numbers = np.array([levels.index(level) for level in chosen], dtype=np.int8)[at]
    info = np.where(numbers > 0, told, 0).astype(np.int16)
    return Compared(name, name, levels, Outcome(numbers, info))
