"""Consents are for a purpose and a way: only a yes to advertising is one to a campaign."""

from typing import Any

import pytest

from hub.alerts.consent import agrees

TODAY = "2026-11-28"
YES: dict[str, Any] = {"status": "given", "purpose": "newsletter"}
NO: dict[str, Any] = {"status": "revoked", "purpose": "Werbung"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], False),
        ([YES], True),
        ([{**YES, "channel": "phone"}, YES], True),
        ([YES, {**YES, "channel": "phone"}, NO], False),
        ([{"status": "given"}], True),  # the source knows consents of one kind alone
        ([{**YES, "purpose": "E-Mail-Marketing"}], True),
        ([{**YES, "purpose": "Foto auf der Website"}], False),
        ([{**YES, "purpose": "data processing"}, YES], True),
        ([{**YES, "status": "pending"}], False),
        ([{**YES, "expires_on": "2026-11-27"}], False),
        ([{**YES, "expires_on": TODAY}], True),
        ([YES, NO], False),
        ([NO, YES], False),
        ([YES, {**NO, "purpose": None}], False),
        ([YES, {**NO, "purpose": "Foto auf der Website"}], True),
        ([YES, {"status": "objected", "purpose": "Direktansprache"}], False),
        ([{**YES, "channel": "phone"}], False),
        ([{**YES, "channel": "E-Mail"}], True),
        ([{**YES, "channel": "by pigeon"}], True),  # not understood: it may be the same way
        ([YES, {**NO, "channel": "Telefon"}], True),
        ([YES, {**NO, "channel": "e-mail"}], False),
    ],
)
def test_a_campaign_by_mail_needs_a_yes_to_that(said: list[dict[str, Any]], expected: bool) -> None:
    assert agrees(said, "email", TODAY) is expected


def test_where_no_way_is_named_any_yes_and_any_no_counts() -> None:
    by_phone = {**YES, "channel": "phone"}
    assert agrees([by_phone], None, TODAY)
    assert not agrees([YES, {**NO, "channel": "phone"}], None, TODAY)
