"""The departments' misspellings."""

from random import Random

import pytest

from hub.demo import spelling


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Möckelstedt Verpackungen", "moeckelstedt-verpackungen"),
        ("Karlenbach & Groß Metallbau", "karlenbach-gross-metallbau"),
        ("René", "rene"),
        ("Äschenrieth Frankfurt am Main", "aeschenrieth-frankfurt-am-main"),
    ],
)
def test_domain_labels_are_ascii_words(text: str, label: str) -> None:
    assert spelling.domain_label(text) == label


def test_a_cut_name_has_no_blank_at_its_end() -> None:
    assert spelling.cut("Möckelstedt Verpackungen GmbH & Co. KG") == "Möckelstedt Verpackungen GmbH"
    assert spelling.cut("kurz") == "kurz"


def test_a_typing_mistake_keeps_the_start_and_almost_all_letters() -> None:
    for seed in range(50):
        wrong = spelling.typo(Random(seed), "Hallwandt Fördertechnik")
        assert wrong[:3] == "Hal"
        assert len(wrong) in (22, 23)
    assert spelling.typo(Random(1), "kurz") == "kurz"


def test_family_name_first() -> None:
    assert spelling.family_first("Anna", "Müller") == "Müller, Anna"
