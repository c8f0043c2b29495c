"""Names of people and companies, and legal forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.company import company_name, legal_form
from mapping.normalize.legal_forms import FORMS, PARTNERS, WITH_PARTNER
from mapping.normalize.name import full_name, person_name


@pytest.mark.parametrize(
    ("text", "name", "given", "family", "title", "salutation"),
    [
        ("Max Mustermann", "Max Mustermann", "Max", "Mustermann", None, None),
        ("Herr Dr. Max Mustermann", "Max Mustermann", "Max", "Mustermann", "Dr.", "Herr"),
        ("Mustermann, Max", "Max Mustermann", "Max", "Mustermann", None, None),
        ("Mustermann, Dr. Max", "Max Mustermann", "Max", "Mustermann", "Dr.", None),
        ("Dr. Mustermann, Max", "Max Mustermann", "Max", "Mustermann", "Dr.", None),
        ("von der Heide, Anna", "Anna von der Heide", "Anna", "von der Heide", None, None),
        ("Heide, Anna von der", "Anna von der Heide", "Anna", "von der Heide", None, None),
        (
            "Prof. Dr.-Ing. Anna von der Heide",
            "Anna von der Heide",
            "Anna",
            "von der Heide",
            "Prof. Dr.-Ing.",
            None,
        ),
        ("Fr. Dr. med. Petra Schön", "Petra Schön", "Petra", "Schön", "Dr. med.", "Fr"),
        ("Dipl.-Ing. (FH) Peter Klein", "Peter Klein", "Peter", "Klein", "Dipl.-Ing. (FH)", None),
        ("Prof. Dr. Dr. h.c. Karl Otto", "Karl Otto", "Karl", "Otto", "Prof. Dr. Dr. h.c.", None),
        ("Ludwig van Beethoven", "Ludwig van Beethoven", "Ludwig", "van Beethoven", None, None),
        ("Maria de la Cruz", "Maria de la Cruz", "Maria", "de la Cruz", None, None),
        ("Van Morrison", "Van Morrison", "Van", "Morrison", None, None),
        ("Herr von Berg", "von Berg", None, "von Berg", None, "Herr"),
        ("Frau Müller", "Müller", None, "Müller", None, "Frau"),
        ("Dr. Müller", "Müller", None, "Müller", "Dr.", None),
        ("Müller", "Müller", None, None, None, None),
        ("Max Mustermann jun.", "Max Mustermann jun.", "Max", "Mustermann", None, None),
        ("John Smith, Jr.", "John Smith Jr.", "John", "Smith", None, None),
        ("John Smith, MD", "John Smith", "John", "Smith", None, None),
        ("Peter Klein, M.A.", "Peter Klein", "Peter", "Klein", None, None),
        ("Li Ma", "Li Ma", "Li", "Ma", None, None),
        ("Yun, Ma", "Ma Yun", "Ma", "Yun", None, None),
        ("  hans-peter   müller ", "hans-peter müller", "hans-peter", "müller", None, None),
        ("Max und Erika Muster", "Max und Erika Muster", None, None, None, None),
        ("Familie Muster", "Familie Muster", None, None, None, None),
        ("Sean O'Neill", "Sean O'Neill", "Sean", "O'Neill", None, None),
    ],
)
def test_person_name(
    text: str,
    name: str,
    given: str | None,
    family: str | None,
    title: str | None,
    salutation: str | None,
) -> None:
    found = person_name(text)
    assert found is not None
    assert (found.name, found.given, found.family) == (name, given, family)
    assert (found.title, found.salutation) == (title, salutation)


@pytest.mark.parametrize("value", ["", "  ", "123", "-", None, [], "x" * 1_000_000, "Dr."])
def test_no_person_name(value: object) -> None:
    assert person_name(value) is None


def test_full_name() -> None:
    assert full_name("Max", "Muster") == "Max Muster"
    assert full_name(None, "Muster") == "Muster"
    assert full_name(None, None) is None


@pytest.mark.parametrize(
    ("text", "core", "form"),
    [
        ("Müller GmbH", "Müller", "GmbH"),
        ("Müller G.m.b.H.", "Müller", "GmbH"),
        ("Müller Gesellschaft mit beschränkter Haftung", "Müller", "GmbH"),
        ("Bau Ges.m.b.H.", "Bau", "GmbH"),
        ("Weber Handelsgesellschaft mbH", "Weber Handelsgesellschaft", "GmbH"),
        ("Müller GmbH & Co. KG", "Müller", "GmbH & Co. KG"),
        ("Müller GmbH&Co.KG", "Müller", "GmbH & Co. KG"),
        ("Müller GmbH + Co KG", "Müller", "GmbH & Co. KG"),
        ("Müller GmbH und Co. KG", "Müller", "GmbH & Co. KG"),
        ("Müller Gesellschaft mit beschränkter Haftung & Co KG", "Müller", "GmbH & Co. KG"),
        ("Müller GmbH & Co", "Müller", "GmbH & Co. KG"),
        ("Müller GmbH & Co. KG Maschinenfabrik", "Müller Maschinenfabrik", "GmbH & Co. KG"),
        ("Müller GmbH Co. KG, Berlin", "Müller Berlin", "GmbH & Co. KG"),
        ("Arena Film GmbH & Co. Synchron KG", "Arena Film Synchron", "GmbH & Co. KG"),
        (
            "Quartett Vertriebsgesellschaft mit beschränkter Haftung",
            "Quartett Vertriebsgesellschaft",
            "GmbH",
        ),
        ("Huber UG c/o Robert Schulz", "Huber", "UG (haftungsbeschränkt)"),
        ("Kita gUG (HB)", "Kita", "gUG (haftungsbeschränkt)"),
        ("Müller (GmbH)", "Müller", "GmbH"),
        ("Foo (Berlin) GmbH (i.L.)", "Foo (Berlin)", "GmbH"),
        ("IBM Deutschland GmbH (Berlin)", "IBM Deutschland (Berlin)", "GmbH"),
        ("B.A.U.M. e. V.", "B.A.U.M", "e.V."),
        ("Müller GmbH & Co. OHG", "Müller", "GmbH & Co. OHG"),
        ("Meyer & Co. KG", "Meyer", "KG"),
        ("Müller KG", "Müller", "KG"),
        ("Henkel AG & Co. KGaA", "Henkel", "AG & Co. KGaA"),
        ("Fresenius SE & Co. KGaA", "Fresenius", "SE & Co. KGaA"),
        ("Start UG (haftungsbeschränkt)", "Start", "UG (haftungsbeschränkt)"),
        ("Start UG", "Start", "UG (haftungsbeschränkt)"),
        ("Start UG (haftungsbeschränkt) & Co. KG", "Start", "UG (haftungsbeschränkt) & Co. KG"),
        ("Foo Ltd. & Co. KG", "Foo", "Ltd. & Co. KG"),
        ("Schmidt e.K.", "Schmidt", "e.K."),
        ("Schmidt e. K.", "Schmidt", "e.K."),
        ("Schmidt e.Kfm.", "Schmidt", "e.K."),
        ("Kanzlei Meyer PartG mbB", "Kanzlei Meyer", "PartG mbB"),
        ("Kanzlei Meyer Partnerschaftsgesellschaft mbB", "Kanzlei Meyer", "PartG mbB"),
        ("Müller & Partner mbB", "Müller & Partner", "PartG mbB"),
        ("Sportverein e. V.", "Sportverein", "e.V."),
        ("Sozialwerk e.V. Berlin", "Sozialwerk Berlin", "e.V."),
        ("Volksbank eG", "Volksbank", "eG"),
        ("DRK gemeinnützige GmbH", "DRK", "gGmbH"),
        ("Siemens Aktiengesellschaft", "Siemens", "AG"),
        ("Volkswagen AG Werk Emden", "Volkswagen Werk Emden", "AG"),
        ("Bartelt & Sohn oHG", "Bartelt & Sohn", "OHG"),
        ("Huber GmbH i.L.", "Huber", "GmbH"),
        ("Huber GmbH i. Gr.", "Huber", "GmbH"),
        ("Meyer GmbH, Niederlassung Köln", "Meyer Niederlassung Köln", "GmbH"),
        ("ACME S.A.", "ACME", "S.A."),
        ("Foo S.à r.l.", "Foo", "SARL"),
        ("Franchi S.p.A.", "Franchi", "S.p.A."),
        ("Philips B.V.", "Philips", "B.V."),
        ("Foo Ltd", "Foo", "Ltd."),
        ("Foo Co., Ltd.", "Foo", "Co. Ltd."),
        ("Foo, Inc.", "Foo", "Inc."),
        ("Skoda s.r.o.", "Skoda", "s.r.o."),
        ("Nowak Sp. z o.o.", "Nowak", "Sp. z o.o."),
        ("Novo A/S", "Novo", "A/S"),
        ("Grupo S.A. de C.V.", "Grupo", "S.A. de C.V."),
        # Words that only look like a form.
        ("Day Spa", "Day Spa", None),
        ("AG München", "AG München", None),
        ("Partnerschaft für Demokratie", "Partnerschaft für Demokratie", None),
        ("A. B. Müller", "A. B. Müller", None),
        ("GmbH", "GmbH", None),
        ("Limited Edition GmbH", "Limited Edition", "GmbH"),
    ],
)
def test_company_name(text: str, core: str, form: str | None) -> None:
    found = company_name(text)
    assert found is not None
    assert (found.core, found.legal_form) == (core, form)
    assert found.name == text


def test_a_company_is_shown_without_firma_and_quotes() -> None:
    shown = {
        "Firma Huber": "Huber",
        "Fa. Huber GmbH": "Huber GmbH",
        "„Adler“": "Adler",
        " Huber   GmbH": "Huber GmbH",
    }
    for text, name in shown.items():
        found = company_name(text)
        assert found is not None
        assert found.name == name


def test_the_general_partner_is_another_form_than_the_partnership() -> None:
    assert company_name("Müller GmbH") != company_name("Müller GmbH & Co. KG")
    assert legal_form("GmbH & Co KG") == "GmbH & Co. KG"
    assert legal_form("g.m.b.h.") == "GmbH"
    assert legal_form("Gesellschaft mit beschränkter Haftung & Co KG") == "GmbH & Co. KG"
    assert legal_form("Müller GmbH") is None
    assert legal_form("Verein zur Rettung") is None
    assert legal_form(None) is None


@pytest.mark.parametrize("form", sorted(FORMS - {"Stiftung"}))
def test_every_canonical_form_is_found_as_itself(form: str) -> None:
    found = company_name(f"Xyz {form}")
    assert found is not None
    assert (found.core, found.legal_form) == ("Xyz", form)
    assert legal_form(form) == form


@pytest.mark.parametrize("partner", sorted(PARTNERS))
@pytest.mark.parametrize("form", sorted(WITH_PARTNER))
def test_every_partner_goes_with_every_partnership(partner: str, form: str) -> None:
    whole = f"{partner} & Co. {form}"
    found = company_name(f"Xyz {whole}")
    assert found is not None
    assert found.legal_form == whole
    assert legal_form(whole) == whole


_PIECES = """
Müller von Dr. Herr GmbH & Co. KG AG e. V. S.à r.l. , ( ) i.L. Firma und Max jun. „ “ A/S mbH Prof.
Frau M.A. de la UG (haftungsbeschränkt)
"""
WORDS = st.sampled_from(_PIECES.split())


@given(st.one_of(st.text(), st.lists(WORDS, max_size=7).map(" ".join)))
def test_names_never_raise_and_settle_at_once(text: str) -> None:
    company = company_name(text)
    if company is not None:
        again = company_name(company.name)
        assert again == company
        assert legal_form(company.legal_form) == company.legal_form
    person = person_name(text)
    if person is not None:
        again_person = person_name(person.name)
        assert again_person is not None
        assert again_person.name == person.name
