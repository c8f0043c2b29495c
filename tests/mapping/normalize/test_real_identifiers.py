"""Official numbers of many countries: each as an office or an invoice states it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.identifier import iban, tax_number, vat_number
from mapping.normalize.register import COURTS, register_number


@pytest.mark.parametrize(
    ("state", "local", "federal"),
    [
        ("BW", "93815/08152", "2893081508152"),
        ("BY", "181/815/08155", "9181081508155"),
        ("BE", "21/815/08150", "1121081508150"),
        ("BB", "048/815/08155", "3048081508155"),
        ("HB", "75 815 08152", "2475081508152"),
        ("HH", "02/815/08156", "2202081508156"),
        ("HE", "013 815 08153", "2613081508153"),
        ("MV", "079/815/08151", "4079081508151"),
        ("NI", "24/815/08151", "2324081508151"),
        ("NW", "133/8150/8159", "5133081508159"),
        ("RP", "22/815/08154", "2722081508154"),
        ("SL", "010/815/08182", "1010081508182"),
        ("SN", "201/123/12340", "3201012312340"),
        ("ST", "101/815/08154", "3101081508154"),
        ("SH", "29/815/08158", "2129081508158"),
        ("TH", "151/815/08156", "4151081508156"),
    ],
)
def test_tax_numbers_of_all_sixteen_states(state: str, local: str, federal: str) -> None:
    digits = "".join(filter(str.isdigit, local))
    assert len(digits) in (10, 11)
    assert tax_number(local) == digits, state
    assert tax_number(f"St.-Nr. {local}") == digits
    # The thirteen digits of the federal form name the office, a zero, and the local rest.
    assert len(federal) == 13
    assert federal[4] == "0"
    assert tax_number(federal) == federal
    assert federal.endswith(digits[-4:])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("St.Nr.: 133/8150/8159", "13381508159"),
        ("StNr 133/8150/8159", "13381508159"),
        ("Steuer-Nr. 133/8150/8159", "13381508159"),
        ("Steuernr. 133/8150/8159", "13381508159"),
        ("Steuernummer 133/8150/8159", "13381508159"),
        ("Steuernummer: 133/8150/8159", "13381508159"),
        ("FA 133/8150/8159", "13381508159"),
        ("133-8150-8159", "13381508159"),
        (" 133 / 8150 / 8159 ", "13381508159"),
        ("133.8150.8159", "13381508159"),
    ],
)
def test_tax_numbers_lose_their_label(text: str, expected: str) -> None:
    assert tax_number(text) == expected


@pytest.mark.parametrize(
    "value",
    ["123", "133/8150/8", "133/8150/81599999", "A33/8150/8159", "beantragt", "", None, [], 12],
)
def test_no_tax_number(value: object) -> None:
    assert tax_number(value) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("AT61 1904 3002 3457 3201", "AT611904300234573201"),
        ("CH93 0076 2011 6238 5295 7", "CH9300762011623852957"),
        ("LI21 0881 0000 2324 013A A", "LI21088100002324013AA"),
        ("FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
        ("IT60 X054 2811 1010 0000 0123 456", "IT60X0542811101000000123456"),
        ("ES91 2100 0418 4502 0005 1332", "ES9121000418450200051332"),
        ("NL91 ABNA 0417 1643 00", "NL91ABNA0417164300"),
        ("BE68 5390 0754 7034", "BE68539007547034"),
        ("LU28 0019 4006 4475 0000", "LU280019400644750000"),
        ("GB29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819"),
        ("IE29 AIBK 9311 5212 3456 78", "IE29AIBK93115212345678"),
        ("PL61 1090 1014 0000 0712 1981 2874", "PL61109010140000071219812874"),
        ("CZ65 0800 0000 1920 0014 5399", "CZ6508000000192000145399"),
        ("SK31 1200 0000 1987 4263 7541", "SK3112000000198742637541"),
        ("HU42 1177 3016 1111 1018 0000 0000", "HU42117730161111101800000000"),
        ("DK50 0040 0440 1162 43", "DK5000400440116243"),
        ("SE45 5000 0000 0583 9825 7466", "SE4550000000058398257466"),
        ("NO93 8601 1117 947", "NO9386011117947"),
        ("FI21 1234 5600 0007 85", "FI2112345600000785"),
        ("PT50 0002 0123 1234 5678 9015 4", "PT50000201231234567890154"),
        ("GR16 0110 1250 0000 0001 2300 695", "GR1601101250000000012300695"),
        ("RO49 AAAA 1B31 0075 9384 0000", "RO49AAAA1B31007593840000"),
        ("BG80 BNBG 9661 1020 3456 78", "BG80BNBG96611020345678"),
        ("HR12 1001 0051 8630 0016 0", "HR1210010051863000160"),
        ("SI56 2633 0001 2039 086", "SI56263300012039086"),
        ("EE38 2200 2210 2014 5685", "EE382200221020145685"),
        ("LV80 BANK 0000 4351 9500 1", "LV80BANK0000435195001"),
        ("LT12 1000 0111 0100 1000", "LT121000011101001000"),
        ("MT84 MALT 0110 0001 2345 MTLC AST0 01S", "MT84MALT011000012345MTLCAST001S"),
        ("CY17 0020 0128 0000 0012 0052 7600", "CY17002001280000001200527600"),
        ("MC58 1122 2000 0101 2345 6789 030", "MC5811222000010123456789030"),
        ("TR33 0006 1005 1978 6457 8413 26", "TR330006100519786457841326"),
    ],
)
def test_ibans(text: str, expected: str) -> None:
    assert iban(text) == expected
    assert iban(text.lower().replace(" ", "-")) == expected
    assert iban(f"IBAN: {text}") == expected


@pytest.mark.parametrize(
    "number",
    [
        "DE89370400440532013000",
        "AT611904300234573201",
        "CH9300762011623852957",
        "LI21088100002324013AA",
        "FR1420041010050500013M02606",
        "IT60X0542811101000000123456",
        "ES9121000418450200051332",
        "NL91ABNA0417164300",
        "BE68539007547034",
        "LU280019400644750000",
        "GB29NWBK60161331926819",
        "IE29AIBK93115212345678",
        "PL61109010140000071219812874",
        "CZ6508000000192000145399",
        "SK3112000000198742637541",
        "HU42117730161111101800000000",
        "DK5000400440116243",
        "SE4550000000058398257466",
        "NO9386011117947",
        "FI2112345600000785",
        "PT50000201231234567890154",
        "GR1601101250000000012300695",
        "RO49AAAA1B31007593840000",
        "BG80BNBG96611020345678",
        "HR1210010051863000160",
        "SI56263300012039086",
        "EE382200221020145685",
        "LV80BANK0000435195001",
        "LT121000011101001000",
        "MT84MALT011000012345MTLCAST001S",
        "CY17002001280000001200527600",
        "MC5811222000010123456789030",
        "TR330006100519786457841326",
    ],
)
def test_one_wrong_digit_spoils_any_iban(number: str) -> None:
    for at in (2, 3, len(number) - 1):
        wrong = str((int(number[at]) + 1) % 10) if number[at].isdigit() else "Q"
        assert iban(number[:at] + wrong + number[at + 1 :]) is None
    assert iban(number[:-1]) is None
    assert iban(number + "0") is None


@pytest.mark.parametrize(
    "text",
    [
        "XX89 3704 0044 0532 0130 00",
        "DE89 3704 0044 0532 0130",
        "AT61 1904 3002 3457 3202",
        "DE00 0000 0000 0000 0000 00",
        "3704 0044 0532 0130 00",
        "COBADEFFXXX",
        "ＤＥ89370400440532013000",
    ],
)
def test_no_iban(text: str) -> None:
    assert iban(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ATU13585627", "ATU13585627"),
        ("BE0428759497", "BE0428759497"),
        ("BG175074752", "BG175074752"),
        ("CY10259033P", "CY10259033P"),
        ("CZ25123891", "CZ25123891"),
        ("DE136695976", "DE136695976"),
        ("DK13585628", "DK13585628"),
        ("EE100931558", "EE100931558"),
        ("EL094259216", "EL094259216"),
        ("ES54362315K", "ES54362315K"),
        ("ESB58378431", "ESB58378431"),
        ("FI20774740", "FI20774740"),
        ("FR40303265045", "FR40303265045"),
        ("FR23334175221", "FR23334175221"),
        ("HR33392005961", "HR33392005961"),
        ("HU12892312", "HU12892312"),
        ("IE6433435F", "IE6433435F"),
        ("IE6433435OA", "IE6433435OA"),
        ("IT00743110157", "IT00743110157"),
        ("LT119511515", "LT119511515"),
        ("LU15027442", "LU15027442"),
        ("LV40003521600", "LV40003521600"),
        ("MT11679112", "MT11679112"),
        ("NL004495445B01", "NL004495445B01"),
        ("PL8567346215", "PL8567346215"),
        ("PT501964843", "PT501964843"),
        ("RO18547290", "RO18547290"),
        ("SE123456789701", "SE123456789701"),
        ("SI50223054", "SI50223054"),
        ("SK2022749619", "SK2022749619"),
        ("GB980780684", "GB980780684"),
        ("XI980780684", "XI980780684"),
        ("NO995525828MVA", "NO995525828MVA"),
        ("NO 995 525 828 MVA", "NO995525828MVA"),
        ("CHE-107.787.577 MWST", "CHE107787577"),
        ("CHE-107.787.577", "CHE107787577"),
        ("CHE107787577IVA", "CHE107787577"),
        ("ATU 135 856 27", "ATU13585627"),
        ("UID: ATU13585627", "ATU13585627"),
        ("VAT No. DE136695976", "DE136695976"),
        ("VAT ID: DE136695976", "DE136695976"),
        ("USt-ID: DE136695976", "DE136695976"),
        ("UStIdNr. DE136695976", "DE136695976"),
        ("USt.-IdNr.: DE136695976", "DE136695976"),
        ("USt.-ID-Nr. DE136695976", "DE136695976"),
        ("Ust-IdNr DE136695976", "DE136695976"),
        ("DE 136.695.976", "DE136695976"),
        ("DE-136695976", "DE136695976"),
        ("BE 428.759.497", "BE0428759497"),
        ("FR 40 303 265 045", "FR40303265045"),
    ],
)
def test_vat_ids(text: str, expected: str) -> None:
    assert vat_number(text) == expected
    assert vat_number(text.lower()) == expected
    assert vat_number(f" {text} ", "FR") == expected


@pytest.mark.parametrize(
    "number",
    [
        "ATU13585627",
        "BE0428759497",
        "BG175074752",
        "CY10259033P",
        "CZ25123891",
        "DE136695976",
        "DK13585628",
        "EE100931558",
        "EL094259216",
        "ES54362315K",
        "ESB58378431",
        "FI20774740",
        "FR40303265045",
        "FR23334175221",
        "HR33392005961",
        "IE6433435F",
        "IE6433435OA",
        "IT00743110157",
        "LT119511515",
        "LU15027442",
        "LV40003521600",
        "MT11679112",
        "NL004495445B01",
        "PL8567346215",
        "PT501964843",
        "SE123456789701",
        "SI50223054",
        "SK2022749619",
        "GB980780684",
        "XI980780684",
        "NO995525828MVA",
    ],
)
def test_a_vat_id_of_another_length_is_none(number: str) -> None:
    assert vat_number(number + "999999") is None
    assert vat_number(number[:-3]) is None


@pytest.mark.parametrize(
    "text",
    [
        "XX123456789",
        "LI12345",
        "EU372000041",
        "DE",
        "USt-IdNr.:",
        "DE136695976, ATU13585627",
        "DE１３６６９５９７６",
    ],
)
def test_no_vat_id(text: str) -> None:
    assert vat_number(text) is None


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("U13585627", "AT", "ATU13585627"),
        ("13585627", "DK", None),
        ("13585628", "DK", "DK13585628"),
        ("00743110157", "IT", "IT00743110157"),
        ("094259216", "GR", "EL094259216"),
        ("428759497", "BE", "BE0428759497"),
        ("B58378431", "ES", "ESB58378431"),
        ("995525828MVA", "NO", "NO995525828MVA"),
        ("107787577", "CH", "CHE107787577"),
        ("107.787.578", "CH", None),
        ("8567346215", "PL", "PL8567346215"),
        ("303265045", "FR", None),
        ("40303265045", "FR", "FR40303265045"),
        ("DE136695976", "FR", "DE136695976"),
        ("136695976", "US", None),
    ],
)
def test_the_country_stands_in_for_a_missing_prefix(
    text: str, country: str, expected: str | None
) -> None:
    assert vat_number(text, country) == expected


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
