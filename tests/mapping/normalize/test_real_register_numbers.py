"""Numbers of commercial registers, as courts and letterheads write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.register import COURTS, register_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HRB 12345 Amtsgericht München", "HRB 12345 München"),
        ("Amtsgericht München, HRB 12345", "HRB 12345 München"),
        ("AG München HRB 12345", "HRB 12345 München"),
        ("HRB 12345 AG München", "HRB 12345 München"),
        ("Registergericht München HRB 12345", "HRB 12345 München"),
        ("HRB 12345 (AG München)", "HRB 12345 München"),
        ("HR B 12345", "HRB 12345"),
        ("HRB12345", "HRB 12345"),
        ("HRB: 12345", "HRB 12345"),
        ("HRB Nr. 12345", "HRB 12345"),
        ("hrb 12345 münchen", "HRB 12345 München"),
        ("HRA 4711 Köln", "HRA 4711 Köln"),
        ("HRB 4711 Düsseldorf", "HRB 4711 Düsseldorf"),
        ("HRB 12345 B", "HRB 12345 B"),
        ("HRB 158855 B Berlin-Charlottenburg", "HRB 158855 B Berlin (Charlottenburg)"),
        (
            "Handelsregister B des Amtsgerichts Charlottenburg: HRB 158855 B",
            "HRB 158855 B Berlin (Charlottenburg)",
        ),
        ("HRB 1234 FL Flensburg", "HRB 1234 FL Flensburg"),
        ("HRB 1234 HL Lübeck", "HRB 1234 HL Lübeck"),
        ("HRB 1234 KI Kiel", "HRB 1234 KI Kiel"),
        ("HRB 1234 PI Pinneberg", "HRB 1234 PI Pinneberg"),
        ("HRB 9999 Frankfurt", "HRB 9999 Frankfurt am Main"),
        ("HRB 9999 Frankfurt a. M.", "HRB 9999 Frankfurt am Main"),
        ("HRB 9999 Frankfurt/Main", "HRB 9999 Frankfurt am Main"),
        ("HRB 9999 Frankfurt am Main", "HRB 9999 Frankfurt am Main"),
        ("HRB 9999 Frankfurt (Oder)", "HRB 9999 Frankfurt/Oder"),
        ("HRB 123 Freiburg i.Br.", "HRB 123 Freiburg"),
        ("HRB 123 Freiburg im Breisgau", "HRB 123 Freiburg"),
        ("HRB 123 Ludwigshafen am Rhein", "HRB 123 Ludwigshafen a.Rhein (Ludwigshafen)"),
        ("HRB 123 Bad Homburg v. d. Höhe", "HRB 123 Bad Homburg v.d.H."),
        ("HRB 123 Offenbach", "HRB 123 Offenbach am Main"),
        ("VR 12 Köln", "VR 12 Köln"),
        ("GnR 345 Stuttgart", "GnR 345 Stuttgart"),
        ("PR 55 Essen", "PR 55 Essen"),
        ("GsR 7 München", "GsR 7 München"),
        ("FN 123456 a", "FN 123456a"),
        ("FN 123456a", "FN 123456a"),
        ("FN123456A", "FN 123456a"),
        ("HRB 000123 Jena", "HRB 123 Jena"),
        ("HRB 12345 Stendal", "HRB 12345 Stendal"),
        ("HRB 12345 Walsrode", "HRB 12345 Walsrode"),
        ("HRB 12345 des Amtsgerichts Mannheim", "HRB 12345 Mannheim"),
        ("HRB 123 ULM", "HRB 123 Ulm"),
        ("HRB 123 HOF", "HRB 123 Hof"),
        ("HRB 123 Ulm", "HRB 123 Ulm"),
        ("HRB 730123 Amtsgericht Ulm", "HRB 730123 Ulm"),
        ("Handelsregister A Köln HRA 77", "HRA 77 Köln"),
        ("Handelsregister Abt. B Köln HRB 77", "HRB 77 Köln"),
        ("Amtsgericht Bad Homburg vor der Höhe HRB 5", "HRB 5 Bad Homburg v.d.H."),
    ],
)
def test_register_numbers(text: str, expected: str) -> None:
    assert register_number(text) == expected
    assert register_number(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "HRB München",
        "HRC 12345 München",
        "Nr. 12345",
        "HRB 12345, HRA 678",
        "CHE-107.787.577",
        "HRB 12345 / HRB 12345",
        "HRB",
        "HRB -",
        "AHRB 12345",
    ],
)
def test_no_register_number(text: str) -> None:
    assert register_number(text, "DE") is None


@given(
    st.sampled_from(["HRA", "HRB", "VR", "GnR", "PR", "GsR"]),
    st.integers(1, 999_999),
    st.sampled_from(sorted(set(COURTS.values()))),
)
def test_however_a_court_writes_its_number_it_is_one(kind: str, number: int, court: str) -> None:
    expected = f"{kind} {number} {court}"
    for written in (
        f"{kind} {number}, {court}",
        f"{kind}{number:06d} Amtsgericht {court}",
        f"Amtsgericht {court}, {kind} {number}",
        f"AG {court} {kind}-Nr. {number}",
        f"{court.upper()} {kind}: {number}",
        f"Registergericht: Amtsgericht {court}, {kind} {number}",
    ):
        assert register_number(written) == expected, written


@given(st.integers(1, 999_999), st.sampled_from("abcdefghkmnpstvwxyz"))
def test_austrian_numbers_keep_their_letter(number: int, letter: str) -> None:
    expected = f"FN {number}{letter}"
    assert register_number(f"FN {number} {letter}") == expected
    assert register_number(f"{number:06d}{letter.upper()}", "AT") == expected
    assert register_number(expected, "AT") == expected
