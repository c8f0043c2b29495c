"""What numbers and codes in texts tell."""

import numpy as np
import pytest

from hub.model.resolution import Profile
from hub.resolution.batch import base_of
from hub.resolution.catalogue import compare_pairs
from hub.resolution.series import are_apart, is_code, numbered


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("umbau halle phase 1", "umbau halle phase 2", True),
        ("umbau halle phase 1", "umbau halle", False),
        ("umbau phase 1 2025", "umbau phase 2 2025", True),
        ("lautsprecher 32 zoll 5 kanal", "32 zoll lautsprecher", False),
        ("jahresbericht 2024", "bericht 2025", True),
        ("halle", "lager", False),
        ("004 dance", "dance", False),
        ("²", "1", True),
    ],
)
def test_other_numbers_are_another_thing_of_a_series(one: str, other: str, apart: bool) -> None:
    assert are_apart(numbered(one), numbered(other)) is apart
    assert are_apart(numbered(other), numbered(one)) is apart


@pytest.mark.parametrize(
    ("word", "code"), [("xk200", True), ("12345", True), ("2024", False), ("x1", False)]
)
def test_a_code_has_letters_or_many_digits(word: str, code: bool) -> None:
    assert is_code(word) is code


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Sony recorder silver XK-2001", "sony XK2001 tape deck", "contained"),
        ("Sony recorder silver XK-2001", "sony recorder silver XK-2002", "conflict"),
        ("Sony recorder silver XK-2001", "Sony recorder XK-2001 silver", "close"),
        ("Planung Presse Phase 1", "Planung Presse Phase 2", "conflict"),
        ("Planung Presse 2024", "Presse Planung 2025", "conflict"),
        ("Planung Presse 2024", "Planung Presse", "contained"),
    ],
)
def test_codes_and_numbers_decide_between_texts(one: str, other: str, level: str) -> None:
    fill = "abend birke dachs eiche falke gabel hafer igel jacke kabel".split()  # noqa: SIM905
    texts = [one, other, *(f"{a} {b} ware" for a in fill for b in fill)]
    base = base_of(
        Profile(f"a:t:{at:03}", "thing", "a", {"text:name": (text,)})
        for at, text in enumerate(texts)
    )
    at = [base.refs.index((f"a:t:{number:03}",)) for number in (0, 1)]
    found = compare_pairs("thing", base.frame, np.array(at[:1]), np.array(at[1:]))
    (compared,) = (each for each in found if each.name == "text:name")
    assert compared.levels[compared.outcome.levels[0]] == level
