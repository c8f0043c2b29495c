"""How names of companies are read for comparison: the words that tell, and the legal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.resolution.company import company_name

ANYTHING = st.text(max_size=40)


@pytest.mark.parametrize(
    ("text", "telling", "form"),
    [
        ("Weber GmbH", ("weber",), "gmbh"),
        ("Weber G.m.b.H.", ("weber",), "gmbh"),
        ("Weber mbH", ("weber",), "gmbh"),
        ("Weber Ges.m.b.H.", ("weber",), "gmbh"),
        ("Weber GmbH & Co. KG", ("weber",), "gmbhcokg"),
        ("Weber GmbH & Co KG", ("weber",), "gmbhcokg"),
        ("Weber GmbH und Co. KG", ("weber",), "gmbhcokg"),
        ("Weber GmbH&Co.KG", ("weber",), "gmbhcokg"),
        ("Weber GmbH & Cie. KG", ("weber",), "gmbhcokg"),
        ("Weber KG", ("weber",), "kg"),
        ("Weber & Co. KG", ("weber",), "kg"),
        ("Weber OHG", ("weber",), "ohg"),
        ("Weber oHG", ("weber",), "ohg"),
        ("Weber GmbH & Co. OHG", ("weber",), "gmbhcoohg"),
        ("Weber AG", ("weber",), "ag"),
        ("Weber AG & Co. KG", ("weber",), "gmbhcokg"),
        ("Weber SE", ("weber",), "foreign"),
        ("Weber SE & Co. KG", ("weber",), "gmbhcokg"),
        ("Weber SE & Co. KGaA", ("weber",), "kgaa"),
        ("Weber KGaA", ("weber",), "kgaa"),
        ("Weber KG a.A.", ("weber",), "kgaa"),
        ("Weber UG (haftungsbeschränkt)", ("weber",), "ug"),
        ("Weber UG", ("weber",), "ug"),
        ("Weber UG (haftungsbeschränkt) & Co. KG", ("weber",), "gmbhcokg"),
        ("Weber Unternehmergesellschaft (haftungsbeschränkt)", ("weber",), "ug"),
        ("Weber gGmbH", ("weber",), "ggmbh"),
        ("Weber e.K.", ("weber",), "ek"),
        ("Weber e. K.", ("weber",), "ek"),
        ("Weber e.Kfm.", ("weber",), "ek"),
        ("Weber e.Kfr.", ("weber",), "ek"),
        ("Weber e.V.", ("weber",), "ev"),
        ("Weber e. V.", ("weber",), "ev"),
        ("Weber eV", ("weber",), "ev"),
        ("Weber eG", ("weber",), "eg"),
        ("Weber e.G.", ("weber",), "eg"),
        ("Weber GbR", ("weber",), "gbr"),
        ("Weber Gesellschaft bürgerlichen Rechts", ("weber",), "gbr"),
        ("Weber PartG mbB", ("weber",), "partg"),
        ("Weber Partg", ("weber",), "partg"),
        ("Weber Ltd", ("weber",), "limited"),
        ("Weber Ltd.", ("weber",), "limited"),
        ("Weber Limited", ("weber",), "limited"),
        ("Weber Inc.", ("weber",), "limited"),
        ("Weber, Inc.", ("weber",), "limited"),
        ("Weber LLC", ("weber",), "limited"),
        ("Weber L.L.C.", ("weber",), "limited"),
        ("Weber LLP", ("weber",), "limited"),
        ("Weber Corp.", ("weber",), "limited"),
        ("Weber S.A.", ("weber",), "foreign"),
        ("Weber SAS", ("weber",), "foreign"),
        ("Weber S.A.R.L.", ("weber",), "foreign"),
        ("Weber Sarl", ("weber",), "foreign"),
        ("Weber S.r.l.", ("weber",), "foreign"),
        ("Weber SpA", ("weber",), "foreign"),
        ("Weber S.p.A.", ("weber",), "foreign"),
        ("Weber B.V.", ("weber",), "foreign"),
        ("Weber BV", ("weber",), "foreign"),
        ("Weber N.V.", ("weber",), "foreign"),
        ("Weber A/S", ("weber",), "foreign"),
        ("Weber AB", ("weber",), "foreign"),
        ("Weber Oy", ("weber",), "foreign"),
        ("Weber ApS", ("weber",), "foreign"),
        ("Weber plc", ("weber",), "foreign"),
        ("Weber Aktiengesellschaft", ("weber",), "ag"),
        ("Fa. Weber", ("weber",), ""),
        ("Firma Weber", ("weber",), ""),
        ("Weber (vormals Kraus) GmbH", ("weber",), "gmbh"),
        ("Weber GmbH (Köln)", ("weber",), "gmbh"),
        ("Weber GmbH, Köln", ("weber",), "gmbh"),
        ("Weber Köln GmbH", ("weber", "koln"), "gmbh"),
        ("Die Weber AG", ("weber",), "ag"),
        ("Weber GmnH", ("weber",), ""),
        ("Weber GmbHH", ("weber",), ""),
        ("Weber Gmbh.", ("weber",), "gmbh"),
        ("GmbH", ("gmbh",), "gmbh"),
        ("AG", ("ag",), "ag"),
        ("1. FC Köln", ("1", "fc", "koln"), ""),
        ("C&A", ("c", "a"), ""),
        ("H & M", ("h", "m"), ""),
        ("e.on", ("e", "on"), ""),
        ("3M", ("3m",), ""),
        ("Weber_GmbH", ("weber",), "gmbh"),
    ],
)
def test_names_of_companies(text: str, telling: tuple[str, ...], form: str) -> None:
    name = company_name(text)
    assert (name.words, name.form) == (telling, form)
    assert name.joined == "".join(telling)
    assert name.initials == "".join(word[0] for word in telling)


@given(
    st.sampled_from(["Weber Logistik", "Änne Groß", "Müller & Söhne", "4711 Duft"]),
    st.sampled_from(["GmbH", "AG", "KG", "OHG", "e.K.", "GmbH & Co. KG", "UG", "e.V.", "SE"]),
    st.sampled_from([str.upper, str.lower, str.title, str]),
)
def test_a_form_and_its_case_leave_the_words_alone(core: str, form: str, case: object) -> None:
    assert callable(case)
    plain = company_name(core)
    assert company_name(case(f"{core} {form}")).words == plain.words
    assert company_name(f"Firma {core}, {form} (Köln)").words == plain.words
    assert company_name(f"{core} {form}").form == company_name(form).form
    assert plain.form == ""


@given(ANYTHING)
def test_any_company_name_is_read_in_parts_that_fit(text: str) -> None:
    name = company_name(text)
    assert len(name.words) <= 16
    assert all(word.isalnum() or "'" not in word for word in name.words)
    assert name.joined.startswith("".join(name.words))
    assert company_name(text) is name
