"""Companies as registers, letterheads and hurried clerks write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.company import company_name, legal_form
from mapping.normalize.legal_forms import FORMS, LAST_ONLY, PARTNERS, SPELLINGS, WITH_PARTNER

CORES = ("Nordlicht", "Bäckerei Weiß", "Huber & Söhne", "A.B.C. Technik", "4711", "Änne's Café")


@pytest.mark.parametrize(
    ("text", "core", "form"),
    [
        ("Bäckerei Schmidt GmbH", "Bäckerei Schmidt", "GmbH"),
        ("Schmidt Ges. m. b. H.", "Schmidt", "GmbH"),
        ("Schmidt Gesellschaft m.b.H.", "Schmidt", "GmbH"),
        ("Schmidt GesmbH", "Schmidt", "GmbH"),
        ("Schmidt GmbH.", "Schmidt", "GmbH"),
        ("SCHMIDT GMBH & CO. KG", "SCHMIDT", "GmbH & Co. KG"),
        ("Schmidt G.m.b.H. & Co. K.G.", "Schmidt", "GmbH & Co. KG"),
        ("Schmidt GmbH & Cie. KG", "Schmidt", "GmbH & Co. KG"),
        ("Schmidt GmbH & Comp. KG", "Schmidt", "GmbH & Co. KG"),
        ("Schmidt GmbH u. Co. KG", "Schmidt", "GmbH & Co. KG"),
        ("Schmidt GmbH&CoKG", "Schmidt", "GmbH & Co. KG"),
        ("Schmidt GmbH & Co.KG", "Schmidt", "GmbH & Co. KG"),
        ("Schmidt GmbH & Co. KGaA", "Schmidt", "GmbH & Co. KGaA"),
        ("Merck KGaA", "Merck", "KGaA"),
        ("Adidas Aktiengesellschaft", "Adidas", "AG"),
        ("BASF SE", "BASF", "SE"),
        ("SAP S.E.", "SAP", "SE"),
        ("Dr. Oetker KG", "Dr. Oetker", "KG"),
        ("Dr. August Oetker Nahrungsmittel KG", "Dr. August Oetker Nahrungsmittel", "KG"),
        ("J. Schmidt e. Kfm.", "J. Schmidt", "e.K."),
        ("Anna Berg e.Kfr.", "Anna Berg", "e.K."),
        ("Anna Berg, eingetragene Kauffrau", "Anna Berg", "e.K."),
        ("Blumen Berg Einzelunternehmen", "Blumen Berg", "Einzelunternehmen"),
        ("Stadtwerke Köln AöR", "Stadtwerke Köln", "AöR"),
        ("Handwerkskammer KdöR", "Handwerkskammer", "KdöR"),
        ("Deutsche Bank AG", "Deutsche Bank", "AG"),
        ("Deutsche Bank Aktiengesellschaft, Filiale Köln", "Deutsche Bank Filiale Köln", "AG"),
        ("Allianz Versicherungs-AG", "Allianz Versicherungs", "AG"),
        ("R+V Allgemeine Versicherung AG", "R+V Allgemeine Versicherung", "AG"),
        ("HUK-COBURG VVaG", "HUK-COBURG", "VVaG"),
        ("Debeka Lebensversicherungsverein a. G.", "Debeka Lebensversicherungsverein", "VVaG"),
        ("Volksbank Köln Bonn eG", "Volksbank Köln Bonn", "eG"),
        ("Raiffeisenbank e.G.", "Raiffeisenbank", "eG"),
        ("Bausparkasse Schwäbisch Hall AG", "Bausparkasse Schwäbisch Hall", "AG"),
        ("TSV 1860 München e.V.", "TSV 1860 München", "e.V."),
        ("ADAC e.V.", "ADAC", "e.V."),
        ("TÜV SÜD AG", "TÜV SÜD", "AG"),
        ("Caritasverband für die Stadt Köln e. V.", "Caritasverband für die Stadt Köln", "e.V."),
        ("Lebenshilfe gGmbH", "Lebenshilfe", "gGmbH"),
        ("Diakonie gAG", "Diakonie", "gAG"),
        ("Start-up UG (haftungsbeschränkt) i.G.", "Start-up", "UG (haftungsbeschränkt)"),
        ("Start-up UG haftungsbeschränkt", "Start-up", "UG (haftungsbeschränkt)"),
        (
            "Start-up Unternehmergesellschaft (haftungsbeschränkt)",
            "Start-up",
            "UG (haftungsbeschränkt)",
        ),
        ("Müller & Meier GbR", "Müller & Meier", "GbR"),
        ("Müller und Meier Gesellschaft bürgerlichen Rechts", "Müller und Meier", "GbR"),
        ("Müller & Meier eGbR", "Müller & Meier", "eGbR"),
        (
            "Kanzlei Huber Partnerschaftsgesellschaft mit beschränkter Berufshaftung",
            "Kanzlei Huber",
            "PartG mbB",
        ),
        ("Kanzlei Huber PartGmbB", "Kanzlei Huber", "PartG mbB"),
        ("Huber & Partner Rechtsanwälte PartG mbB", "Huber & Partner Rechtsanwälte", "PartG mbB"),
        ("Wiener Bau OG", "Wiener Bau", "OG"),
        ("Wiener Bau Gesellschaft m.b.H.", "Wiener Bau", "GmbH"),
        ("Franz Huber e.U.", "Franz Huber", "e.U."),
        ("Red Bull GmbH", "Red Bull", "GmbH"),
        ("Swarovski KG", "Swarovski", "KG"),
        ("Nestlé AG", "Nestlé", "AG"),
        ("Swiss Bau GmbH", "Swiss Bau", "GmbH"),
        ("Acme GmbH i. L.", "Acme", "GmbH"),
        ("Acme GmbH in Liquidation", "Acme", "GmbH"),
        ("Acme GmbH i.Gr.", "Acme", "GmbH"),
        ("Acme GmbH in Gründung", "Acme", "GmbH"),
        ("Acme GmbH - Niederlassung Berlin -", "Acme Niederlassung Berlin", "GmbH"),
        ("Acme GmbH, Berlin", "Acme Berlin", "GmbH"),
        ("Spar AG & Co. oHG", "Spar", "AG & Co. OHG"),
        ("Lidl Dienstleistung GmbH & Co. KG", "Lidl Dienstleistung", "GmbH & Co. KG"),
        ("Lidl Stiftung & Co. KG", "Lidl Stiftung", "KG"),
        ("Aldi SE & Co. KG", "Aldi", "SE & Co. KG"),
        ("Dirk Rossmann GmbH", "Dirk Rossmann", "GmbH"),
        ("dm-drogerie markt GmbH + Co. KG", "dm-drogerie markt", "GmbH & Co. KG"),
        ("Huber GmbH c/o Meier", "Huber", "GmbH"),
        ("Huber GmbH – Vertrieb", "Huber Vertrieb", "GmbH"),
        ("WEBER AG", "WEBER", "AG"),
        ("AS Bau GmbH", "AS Bau", "GmbH"),
        ("SE Software GmbH", "SE Software", "GmbH"),
        ("Müller InvAG", "Müller", "InvAG"),
        ("Alstria office REIT-AG", "Alstria office", "REIT-AG"),
        ("EDEKA ZENTRALE Stiftung & Co. KG", "EDEKA ZENTRALE Stiftung", "KG"),
        ("Pensionskasse der Mitarbeiter a.G.", "Pensionskasse der Mitarbeiter", "VVaG"),
        ("Schmidt GmbH & CoKG", "Schmidt", "GmbH & Co. KG"),
        ("Schmidt AG & CoOHG", "Schmidt", "AG & Co. OHG"),
        ("Acme AG i. L.", "Acme", "AG"),
        ("Kowalski spółka z o. o.", "Kowalski", "Sp. z o.o."),
        ("Frankfurter Allgemeine Zeitung GmbH", "Frankfurter Allgemeine Zeitung", "GmbH"),
        ("Gebr. Huber OHG", "Gebr. Huber", "OHG"),
        ("Huber & Söhne GmbH & Co. KG", "Huber & Söhne", "GmbH & Co. KG"),
        ("1. FC Köln GmbH & Co. KGaA", "1. FC Köln", "GmbH & Co. KGaA"),
        ("ZF Friedrichshafen AG", "ZF Friedrichshafen", "AG"),
        ("H&M Hennes & Mauritz GBC AB", "H&M Hennes & Mauritz GBC", "AB"),
        ("3M Deutschland GmbH", "3M Deutschland", "GmbH"),
        ("K+S Aktiengesellschaft", "K+S", "AG"),
        ("E.ON SE", "E.ON", "SE"),
        ("Dr. Ing. h.c. F. Porsche AG", "Dr. Ing. h.c. F. Porsche", "AG"),
        ("A.T.U Auto-Teile-Unger GmbH & Co. KG", "A.T.U Auto-Teile-Unger", "GmbH & Co. KG"),
        ("C&A Mode GmbH & Co. KG", "C&A Mode", "GmbH & Co. KG"),
        ("T-Systems International GmbH", "T-Systems International", "GmbH"),
        ("Zweckverband Wasser KdöR", "Zweckverband Wasser", "KdöR"),
        ("Ärztehaus Nord MVZ GmbH", "Ärztehaus Nord MVZ", "GmbH"),
    ],
)
def test_german_speaking_countries(text: str, core: str, form: str) -> None:
    found = company_name(text)
    assert found is not None
    assert (found.name, found.core, found.legal_form) == (text, core, form)


@pytest.mark.parametrize(
    ("text", "core", "form"),
    [
        ("Nestlé S.A.", "Nestlé", "S.A."),
        ("Swiss Sàrl", "Swiss", "SARL"),
        ("Total S.E.", "Total", "SE"),
        ("Danone S.A.", "Danone", "S.A."),
        ("Boulangerie Dupont S.A.R.L.", "Boulangerie Dupont", "SARL"),
        ("Dupont SARL", "Dupont", "SARL"),
        ("Dupont SAS", "Dupont", "SAS"),
        ("Dupont EURL", "Dupont", "EURL"),
        ("Dupont SCI", "Dupont", "SCI"),
        ("Ferrari N.V.", "Ferrari", "N.V."),
        ("Barilla S.p.A.", "Barilla", "S.p.A."),
        ("Bianchi S.r.l.", "Bianchi", "S.r.l."),
        ("Bianchi SRL", "Bianchi", "S.r.l."),
        ("Telefónica, S.A.", "Telefónica", "S.A."),
        ("García e Hijos, S.L.", "García e Hijos", "S.L."),
        ("García S.L.U.", "García", "S.L."),
        ("Silva Lda.", "Silva", "Lda."),
        ("Silva, Lda", "Silva", "Lda."),
        ("Embraer S.A.", "Embraer", "S.A."),
        ("Unilever PLC", "Unilever", "PLC"),
        ("Tesco plc", "Tesco", "PLC"),
        ("Smith & Sons Ltd.", "Smith & Sons", "Ltd."),
        ("Smith and Sons Limited", "Smith and Sons", "Ltd."),
        ("Smith LLP", "Smith", "LLP"),
        ("Apple Inc.", "Apple", "Inc."),
        ("General Motors Corp.", "General Motors", "Corp."),
        ("Walmart Incorporated", "Walmart", "Inc."),
        ("Acme LLC", "Acme", "LLC"),
        ("Acme, L.L.C.", "Acme", "LLC"),
        ("Acme L.P.", "Acme", "LP"),
        ("Toyota Motor Corporation", "Toyota Motor", "Corp."),
        ("Sony K.K.", "Sony", "K.K."),
        ("Tata Pvt. Ltd.", "Tata", "Pvt Ltd"),
        ("BHP Pty Ltd", "BHP", "Pty Ltd"),
        ("DBS Pte. Ltd.", "DBS", "Pte Ltd"),
        ("Huawei Technologies Co., Ltd.", "Huawei Technologies", "Co. Ltd."),
        ("Lego A/S", "Lego", "A/S"),
        ("Maersk AS", "Maersk", "AS"),
        ("Novo ApS", "Novo", "ApS"),
        ("Ericsson AB", "Ericsson", "AB"),
        ("IKEA Aktiebolag", "IKEA", "AB"),
        ("Equinor ASA", "Equinor", "ASA"),
        ("Nokia Oyj", "Nokia", "Oyj"),
        ("Kone Oy", "Kone", "Oy"),
        ("Philips N.V.", "Philips", "N.V."),
        ("Bakker B.V.", "Bakker", "B.V."),
        ("Jansen V.O.F.", "Jansen", "V.O.F."),
        ("Jansen BVBA", "Jansen", "BVBA"),
        ("Kowalski Sp. z o.o.", "Kowalski", "Sp. z o.o."),
        ("Kowalski sp. z.o.o.", "Kowalski", "Sp. z o.o."),
        ("Kowalski Spółka z o.o.", "Kowalski", "Sp. z o.o."),
        ("PKN Orlen S.A.", "PKN Orlen", "S.A."),
        ("Novák s. r. o.", "Novák", "s.r.o."),
        ("Nagy Kft.", "Nagy", "Kft."),
        ("MOL Nyrt.", "MOL", "Nyrt."),
        ("Horvat d.o.o.", "Horvat", "d.o.o."),
        ("Petrol d.d.", "Petrol", "d.d."),
        ("Latvijas SIA", "Latvijas", "SIA"),
        ("Lietuvos UAB", "Lietuvos", "UAB"),
        ("Eesti OÜ", "Eesti", "OÜ"),
        ("Sofia EOOD", "Sofia", "EOOD"),
        ("Pemex S.A. de C.V.", "Pemex", "S.A. de C.V."),
        ("Petronas Sdn. Bhd.", "Petronas", "Sdn. Bhd."),
        ("Gazprom OOO", "Gazprom", "OOO"),
        ("Berliner Verkehrsbetriebe (BVG) AöR", "Berliner Verkehrsbetriebe (BVG)", "AöR"),
        ("Weber Ag", "Weber", "AG"),
        ("weber ag", "weber", "AG"),
        ("Weber ag", "Weber", "AG"),
        ("Café Amadeus OHG", "Café Amadeus", "OHG"),
        ("AB Elektro e.K.", "AB Elektro", "e.K."),
        (
            "Münchener Rückversicherungs-Gesellschaft Aktiengesellschaft in München",
            "Münchener Rückversicherungs-Gesellschaft in München",
            "AG",
        ),
        ("Rechtsanwälte Müller PartG", "Rechtsanwälte Müller", "PartG"),
    ],
)
def test_the_rest_of_the_world(text: str, core: str, form: str) -> None:
    found = company_name(text)
    assert found is not None
    assert (found.name, found.core, found.legal_form) == (text, core, form)


@pytest.mark.parametrize(
    "text",
    [
        "TÜV Rheinland Group",
        "Migros-Genossenschafts-Bund",
        "Ford Motor Company",
        "KG",
        "Ag Bau",
        "Oyster Bar",
        "Spa Hotel",
        "Kg-Transporte",
        "Kreissparkasse Köln",
        "Stiftung Warentest",
        "Bertelsmann Stiftung",
    ],
)
def test_words_that_are_no_form_stay_in_the_name(text: str) -> None:
    found = company_name(text)
    assert found is not None
    assert (found.name, found.core, found.legal_form) == (text, text, None)


@pytest.mark.parametrize(
    ("text", "shown", "core", "form"),
    [
        ("Fa. Huber", "Huber", "Huber", None),
        ("Firma Huber e. K.", "Huber e. K.", "Huber", "e.K."),
        ('"Huber GmbH"', "Huber GmbH", "Huber", "GmbH"),
    ],
)
def test_decoration_is_not_shown(text: str, shown: str, core: str, form: str | None) -> None:
    found = company_name(text)
    assert found is not None
    assert (found.name, found.core, found.legal_form) == (shown, core, form)


@pytest.mark.parametrize("value", ["", "  ", "-", "...", "&", None, [], {}, "x" * 100_000])
def test_no_company(value: object) -> None:
    assert company_name(value) is None


@pytest.mark.parametrize("words", sorted(SPELLINGS.keys() - LAST_ONLY), ids=" ".join)
def test_an_unmistakable_spelling_counts_in_the_middle_of_a_name(words: tuple[str, ...]) -> None:
    found = company_name(f"Xyz {' '.join(words)} Qrs")
    assert found is not None
    assert (found.core, found.legal_form) == ("Xyz Qrs", SPELLINGS[words])


@pytest.mark.parametrize("words", sorted(SPELLINGS), ids=" ".join)
def test_every_spelling_counts_at_the_end_in_capitals(words: tuple[str, ...]) -> None:
    written = " ".join(words).upper()
    found = company_name(f"XYZ {written}")
    assert found is not None
    assert (found.core, found.legal_form) == ("XYZ", SPELLINGS[words])


@given(
    st.sampled_from(CORES),
    st.sampled_from(sorted(FORMS - {"Stiftung"})),
    st.sampled_from([" ", ", "]),
)
def test_a_name_and_its_form_come_apart_again(core: str, form: str, between: str) -> None:
    found = company_name(f"{core}{between}{form}")
    assert found is not None
    assert found.core == core
    assert found.legal_form == form


@given(
    st.sampled_from(CORES),
    st.sampled_from(sorted(PARTNERS)),
    st.sampled_from(sorted(WITH_PARTNER)),
    st.sampled_from([" & Co. ", " & Co ", " + Co. ", " und Co. ", " u. Co. ", " & Cie. ", "&Co."]),
)
def test_a_general_partner_never_becomes_part_of_the_name(
    core: str, partner: str, form: str, link: str
) -> None:
    found = company_name(f"{core} {partner}{link}{form}")
    assert found is not None
    assert (found.core, found.legal_form) == (core, f"{partner} & Co. {form}")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("GMBH", "GmbH"),
        ("G. m. b. H.", "GmbH"),
        ("gmbh & co. kg", "GmbH & Co. KG"),
        ("GmbH+Co.KG", "GmbH & Co. KG"),
        ("Aktiengesellschaft", "AG"),
        ("eingetragener Verein", "e.V."),
        ("E. V.", "e.V."),
        ("Kommanditgesellschaft", "KG"),
        ("UG", "UG (haftungsbeschränkt)"),
        ("Société Anonyme", "S.A."),
        ("società per azioni", "S.p.A."),
        ("limited liability company", "LLC"),
        ("Sp. z o.o.", "Sp. z o.o."),
        ("Kunde", None),
        ("Firma", None),
        ("GmbH Berlin", None),
        ("", None),
        (5, None),
    ],
)
def test_a_column_that_holds_the_form_alone(text: object, form: str | None) -> None:
    assert legal_form(text) == form
