"""Contradictions: what is spelt another way is alike, what was cut short says nothing."""

import pytest

from hub.alerts.contradiction import compared


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [
        ("Weber GmbH", "GmbH", "GmbH"),
        ("Weber GmbH & Co. KG", "GmbH & Co. KG", "GmbH & Co. KG"),
        ("Drosselsiek Papierwerke GmbH &", "GmbH", None),
        ("Drosselsiek Papier GmbH & Co.", "GmbH", None),
        ("Weber Fördertechnik GmbH und", "GmbH", None),
        ("Drosselsiek Papierwerk 12 GmbH", "GmbH", None),  # 30 characters: what came behind?
        ("Drosselsiek Papierwerk 1 GmbH", "GmbH", None),  # 29, and a blank
        ("Drosselsiek Papierwerk 123 GmbH", "GmbH", "GmbH"),
        ("Drosselsiek Papierwerke 1 oHG&", "OHG", "OHG"),  # none begins like this one
        ("", "GmbH", "GmbH"),
        ("Weber", None, None),
    ],
)
def test_a_name_that_may_be_cut_has_no_form(
    name: str, form: str | None, expected: str | None
) -> None:
    assert compared({"name": name, "legal_form": form}, "legal_name") == expected


def test_streets_are_spelt_many_ways() -> None:
    one = {"street": "Röntgenstraße", "house_number": "166", "postcode": "20537"}
    other = {**one, "street": "Röntgen-Str."}
    assert compared(one, "billing_address") == compared(other, "billing_address")
    assert compared({**one, "house_number": "16"}, "billing_address") != compared(
        one, "billing_address"
    )
    assert compared({"street": "Ring 1"}, "billing_address") is None
