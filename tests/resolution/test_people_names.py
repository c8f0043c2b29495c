"""How names of people are read for comparison, in either order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.resolution import personal


@pytest.mark.parametrize(
    ("text", "given_name", "family"),
    [
        ("Anna Berg", "anna", "berg"),
        ("Berg, Anna", "anna", "berg"),
        ("Dr. Anna Berg", "anna", "berg"),
        ("Frau Anna Berg", "anna", "berg"),
        ("Herr Dr. Hans Berg", "hans", "berg"),
        ("Anna-Lena Berg", "anna lena", "berg"),
        ("Anna Lena Berg", "anna lena", "berg"),
        ("Berg-Tal, Anna", "anna", "berg tal"),
        ("von der Heide, Anna", "anna", "von der heide"),
        ("Anna von der Heide", "anna", "von der heide"),
        ("Berg", "", "berg"),
        ("Herr Berg", "", "berg"),
        ("Dr. Berg", "", "berg"),
        ("Anna M. Berg", "anna m", "berg"),
        ("A. Berg", "a", "berg"),
        ("ANNA BERG", "anna", "berg"),
        ("anna berg 2", "anna", "berg"),
        ("anna@foo.de", "", ""),
        ("Berg,", "", "berg"),
        ("", "", ""),
        ("O'Neill, Sean", "sean", "oneill"),
    ],
)
def test_names_of_people(text: str, given_name: str, family: str) -> None:
    assert personal.person_name(text) == personal.PersonName(given_name, family)


@given(
    st.sampled_from(["Anna", "Hans-Peter", "Zoë", "Jean Luc"]),
    st.sampled_from(["Berg", "von der Heide", "Müller", "O'Neill"]),
    st.sampled_from(["", "Dr. ", "Frau ", "Herr Dr. ", "Prof. Dr. "]),
)
def test_a_person_is_one_in_either_order(given_name: str, family: str, title: str) -> None:
    spoken = personal.person_name(f"{title}{given_name} {family}")
    assert spoken == personal.person_name(f"{family}, {given_name}")
    assert spoken == personal.person_name(f"{title}{given_name} {family}".upper())
    assert spoken.given == personal.name_part(given_name)
    assert spoken.family == personal.name_part(family)
