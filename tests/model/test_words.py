"""Words: every code that answers hold has a name in German and English."""

from typing import Any, get_args

import pytest

from hub.alerts.rules import DEPARTMENTS
from hub.model.alert import Condition, Ending, Severity
from hub.model.notice import Delivery, Feedback, Handling
from hub.model.vorgang import PHASES, VorgangKind
from hub.model.words import WORDS
from hub.vorgang.flow import OF_FIELDS
from hub.vorgang.gaps import OWNER
from hub.vorgang.health import State
from mapping.nouns import FIELDS, KINDS


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("record_kinds", {*KINDS, *OF_FIELDS}),
        ("vorgang_kinds", get_args(VorgangKind)),
        ("phases", PHASES),
        ("gaps", OWNER),
        ("health", get_args(State)),
        ("departments", {*DEPARTMENTS.values(), *OWNER.values(), "management"}),
        ("severities", Severity),
        ("conditions", Condition),
        ("endings", Ending),
        ("handling", Handling),
        ("feedback", Feedback),
        ("notification", Delivery),
        ("priorities", FIELDS["ticket"]["priority"].choices),
    ],
)
def test_each_code_has_a_name(kind: str, codes: Any) -> None:
    assert set(WORDS[kind]) == {str(code) for code in codes}


def test_no_name_is_empty() -> None:
    for codes in WORDS.values():
        for code, words in codes.items():
            assert words["de"].strip(), code
            assert words["en"].strip(), code
