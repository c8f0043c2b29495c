"""Tables of how values are read for comparison, and what reading never does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.resolution import contact, personal, place
from hub.resolution.dates import day
from hub.resolution.text import LONGEST, fold, sound, squeeze, words

LETTERS = st.text(alphabet="abcdeghilmnorstuäöüßé -.&'", max_size=25)
ANYTHING = st.text(max_size=40)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Müller", "muller"),
        ("MUELLER", "muller"),
        ("Muller", "muller"),
        ("Größe", "grosse"),
        ("Groesse", "grosse"),
        ("Grosse", "grosse"),
        ("Käse", "kase"),
        ("Kaese", "kase"),
        ("Kase", "kase"),
        ("Øresund", "oresund"),
        ("Æther", "ather"),
        ("Œuvre", "ouvre"),
        ("Łódź", "lodz"),
        ("Đorđe", "dorde"),
        ("Þór", "thor"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("İstanbul", "istanbul"),
        ("ﬁnanz", "finanz"),
        ("Ⅳ", "iv"),
        ("①", "1"),
        ("naïve", "naive"),
        ("Citroën", "citron"),
        ("Citroen", "citron"),
        ("Joel", "jol"),
        ("Michael", "michal"),
        ("Israel", "isral"),
        ("Poet", "pot"),
        ("Boeing", "boing"),
        ("Aerzte", "arzte"),
        ("Ärzte", "arzte"),
        ("Oetker", "otker"),
        ("Ötker", "otker"),
        ("Uelzen", "ulzen"),
        ("Ülzen", "ulzen"),
        ("Goethe", "gothe"),
        ("Göthe", "gothe"),
        ("neu", "neu"),
        ("Feuer", "feuer"),
        ("Queen", "queen"),
        ("Baer", "bar"),
        ("Bär", "bar"),
        ("Duesseldorf", "dusseldorf"),
        ("Düsseldorf", "dusseldorf"),
        ("C&A", "c und a"),
        ("H+M", "h und m"),
        ("O’Neill", "o'neill"),
        ("O'Neill", "o'neill"),
        ("ａｂｃ", "abc"),
        ("É", "e"),
        ("", ""),
    ],
)
def test_folded_text(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Müller & Söhne", ("muller", "und", "sohne")),
        ("O'Neill", ("oneill",)),
        ("a_b", ("ab",)),
        ("a-b c.d", ("a", "b", "c", "d")),
        ("3M Company", ("3m", "company")),
        ("Huber's Café", ("hubers", "cafe")),
        ("_", ()),
        ("!?", ()),
    ],
)
def test_words_of_a_folded_text(text: str, found: tuple[str, ...]) -> None:
    assert tuple(words(fold(text))) == found


@given(LETTERS)
def test_three_spellings_of_an_umlaut_meet_anywhere(text: str) -> None:
    plain = text.replace("ä", "a").replace("ö", "o").replace("ü", "u")
    assert fold(text) == fold(plain) or "e" in plain
    assert fold(text) == fold(text.upper())
    assert fold(text.replace("ß", "ss")) == fold(text)


@given(ANYTHING)
def test_folding_leaves_no_capital_and_no_mark(text: str) -> None:
    folded = fold(text)
    assert folded == folded.casefold()
    assert not any(letter in "äöüßéèàøæœłđ" for letter in folded)
    assert all(word and " " not in word for word in words(folded))
    assert all(letter.isalnum() for letter in squeeze(text))


@given(st.text(min_size=LONGEST, max_size=LONGEST + 50))
def test_only_the_beginning_is_read(text: str) -> None:
    assert fold(text) == fold(text[:LONGEST])


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("meyer", "67"),
        ("maier", "67"),
        ("mayer", "67"),
        ("meier", "67"),
        ("schmidt", "862"),
        ("schmitt", "862"),
        ("schmid", "862"),
        ("muller", "657"),
        ("philipp", "351"),
        ("filip", "351"),
        ("schroder", "8727"),
        ("weber", "317"),
        ("wagner", "3467"),
        ("fischer", "387"),
        ("vischer", "387"),
        ("klaus", "458"),
        ("claus", "458"),
        ("karl", "475"),
        ("carl", "475"),
        ("celle", "85"),
        ("chemie", "46"),
        ("charlotte", "4752"),
        ("xaver", "4837"),
        ("max", "648"),
        ("axel", "0485"),
        ("hahn", "06"),
        ("han", "06"),
        ("a", "0"),
        ("aa", "0"),
        ("zz", "8"),
        ("christian", "47826"),
        ("kristian", "47826"),
        ("jorg", "074"),
        ("ross", "78"),
        ("rost", "782"),
        ("becker", "147"),
        ("bekker", "147"),
        ("stefan", "8236"),
        ("stephan", "8236"),
        ("matthias", "628"),
        ("mathias", "628"),
        ("dzug", "84"),
    ],
)
def test_koelner_phonetik(word: str, code: str) -> None:
    assert sound(word) == code


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=15))
def test_a_sound_is_made_of_digits_without_runs_and_inner_zeros(word: str) -> None:
    code = sound(word)
    assert set(code) <= set("012345678")
    assert "0" not in code[1:]
    # A silent letter between two equal sounds keeps them apart, nothing else does.
    assert len(code) <= 2 * len(word)
    assert sound(word.replace("ph", "f")) == sound(word) or "ph" in word


@pytest.mark.parametrize(
    ("text", "name", "house"),
    [
        ("Hauptstr. 5", "hauptstrasse", "5"),
        ("Hauptstraße 5", "hauptstrasse", "5"),
        ("Hauptstrasse 5", "hauptstrasse", "5"),
        ("Haupt Str. 5", "hauptstrasse", "5"),
        ("Haupt-Straße 5", "hauptstrasse", "5"),
        ("HAUPTSTR. 5A", "hauptstrasse", "5a"),
        ("Hauptstr. 5 a", "hauptstrasse", "5a"),
        ("Hauptstr. 05", "hauptstrasse", "5"),
        ("Hauptstr. 5-7", "hauptstrasse", "5"),
        ("Hauptstr. 5/7", "hauptstrasse", "5"),
        ("Am Markt 1", "am markt", "1"),
        ("Marktplatz 1", "marktplatz", "1"),
        ("Markt Platz 1", "marktplatz", "1"),
        ("Rosenweg 3", "rosenweg", "3"),
        ("Rosen Weg 3", "rosenweg", "3"),
        ("10 Downing Street", "downing street", "10"),
        ("10 Downing St", "downing street", "10"),
        ("350 5th Ave", "5th avenu", "350"),
        ("350 5th Avenue", "5th avenu", "350"),
        ("", "", ""),
    ],
)
def test_streets(text: str, name: str, house: str) -> None:
    assert place.street(text) == (name, house)


@pytest.mark.parametrize(
    ("text", "house"),
    [
        ("5", "5"),
        ("5a", "5a"),
        ("5 A", "5a"),
        ("5-7", "5"),
        ("05", "5"),
        ("a", "a"),
        ("", ""),
        ("Nr. 5", "5"),
        ("5 1/2", "5"),
    ],
)
def test_house_numbers(text: str, house: str) -> None:
    assert place.house_number(text) == house


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("50667", "50667"),
        ("D-50667", "50667"),
        ("DE-50667", "50667"),
        ("d 50667", "50667"),
        ("A-1010", "1010"),
        ("CH-8001", "8001"),
        ("SW1A 2AA", "sw1a2aa"),
        ("sw1a2aa", "sw1a2aa"),
        ("10118-0110", "10118"),
        ("1015 CJ", "1015cj"),
        ("", ""),
    ],
)
def test_postcodes(text: str, code: str) -> None:
    assert place.postcode(text) == code


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Köln", "koln"),
        ("Koeln", "koln"),
        ("KÖLN", "koln"),
        ("Frankfurt am Main", "frankfurt"),
        ("Frankfurt/Main", "frankfurt"),
        ("Frankfurt (Main)", "frankfurt"),
        ("Frankfurt a.M.", "frankfurt"),
        ("Frankfurt a. M.", "frankfurt"),
        ("Frankfurt", "frankfurt"),
        ("Frankfurt an der Oder", "frankfurt"),
        ("Frankfurt (Oder)", "frankfurt"),
        ("Mülheim an der Ruhr", "mulheim"),
        ("Mülheim", "mulheim"),
        ("Halle (Saale)", "halle"),
        ("Halle/Saale", "halle"),
        ("Neustadt b. Coburg", "neustadt"),
        ("Freiburg im Breisgau", "freiburg"),
        ("Freiburg i. Br.", "freiburg"),
        ("Bad Homburg v.d.H.", "bad homburg"),
        ("Berlin-Mitte", "berlin mitte"),
        ("St. Ingbert", "st ingbert"),
        ("Köln, Altstadt", "koln"),
        ("", ""),
        ("(Köln)", "koln"),
        ("Frankfurt a.d. Oder", "frankfurt"),
        ("Rothenburg o.d.T.", "rothenburg"),
        ("Bad Homburg vor der Höhe", "bad homburg"),
        ("Weiden i.d.OPf.", "weiden"),
        ("Neuburg a.d.Donau", "neuburg"),
    ],
)
def test_cities(text: str, name: str) -> None:
    assert place.city(text) == name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Hauptstr. 5, 50667 Köln", ("hauptstrasse", "5", "50667", "koln")),
        ("Hauptstr. 5\n50667 K\u00f6ln", ("hauptstrasse", "5", "50667", "koln")),
        ("Hauptstr. 5, D-50667 Köln, Deutschland", ("hauptstrasse", "5", "50667", "koln")),
        ("570 Sarah Wells, Johnbury, OK 10823", ("sarah wells", "570", "10823", "")),
        ("Hauptstr. 5", ("hauptstrasse", "5", "", "")),
        ("Hauptstr. 5, Köln", ("hauptstrasse", "5", "", "koln")),
        ("Hauptstr. 5 50667 Köln", ("hauptstrasse", "5", "50667", "koln")),
        ("Hauptstr. 5 DE 50667 Köln", ("hauptstrasse", "5", "50667", "koln")),
        ("50667 Köln, Hauptstr. 5", ("hauptstrasse", "5", "50667", "koln")),
        ("Haus 7 GmbH, Hauptstr. 5, 50667 Köln", ("haus gmbh", "7", "50667", "koln")),
        ("Weber GmbH, Hauptstr. 5, 50667 Köln", ("hauptstrasse", "5", "50667", "koln")),
        ("Am Sportplatz, 50667 Köln", ("am sportplatz", "", "50667", "koln")),
        ("Köln", ("", "", "", "koln")),
        ("D-50667 Köln", ("", "", "50667", "koln")),
        ("Frankfurt am Main", ("", "", "", "frankfurt")),
        ("Hayes Center\n4859 S. Wabash", ("south wabash", "4859", "", "")),
        ("Am Markt", ("am markt", "", "", "")),
        ("12801 Main Street", ("main street", "12801", "", "")),
        ("Herrengasse 3, 8010 Graz", ("herrengasse", "3", "8010", "graz")),
        ("CH-8001 Zürich", ("", "", "8001", "zurich")),
        ("8010 Graz, Herrengasse 3", ("herrengasse", "3", "8010", "graz")),
        ("10001 South Avenue First Floor", ("south avenu first floor", "10001", "", "")),
        ("10414 S. State", ("south state", "10414", "", "")),
        ("1200 Clybourn", ("clybourn", "1200", "", "")),
        ("Tijsweg 18a, 6851 CI Vilsteren", ("tijsweg", "18a", "6851ci", "vilsteren")),
        ("Prosta 5, 00-123 Warszawa", ("prosta", "5", "00123", "warszawa")),
        ("10 Downing Street, London SW1A 2AA", ("downing street", "10", "sw1a2aa", "london")),
        ("10 Downing Street, London, SW1A 2AA", ("downing street", "10", "sw1a2aa", "london")),
        ("", ("", "", "", "")),
    ],
)
def test_addresses(text: str, parts: tuple[str, str, str, str]) -> None:
    assert place.address(text) == place.Place(*parts)


@given(
    st.sampled_from(["Hauptstraße", "Hauptstr.", "HAUPTSTRASSE", "Haupt-Straße", "Hauptstrasse"]),
    st.sampled_from(["5", "5a", "5 a", "05"]),
    st.sampled_from(["Köln", "KOELN", "Koln"]),
)
def test_an_address_is_one_in_any_spelling(name: str, house: str, city: str) -> None:
    number = "5a" if "a" in house else "5"
    found = place.address(f"{name} {house}, 50667 {city}")
    assert found == place.Place("hauptstrasse", number, "50667", "koln")
    assert place.street(f"{name} {house}") == ("hauptstrasse", number)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1967-09-27", "1967-09-27"),
        ("19670927", "1967-09-27"),
        ("1967/9/7", "1967-09-07"),
        ("1967.09.27", "1967-09-27"),
        ("27.9.1967", "1967-09-27"),
        ("27.09.1967", "1967-09-27"),
        ("27/09/1967", "1967-09-27"),
        ("09/27/1967", "1967-09-27"),
        ("3/4/1967", "1967-04-03"),
        ("3-4-1967", "1967-04-03"),
        ("1967", "1967"),
        ("", ""),
        ("abc", ""),
        ("1967-09-27 10:00", "1967-09-27"),
        ("99.99.1967", "1967-99-99"),
        ("13/13/1967", "1967-13-13"),
        ("1967-09", "196709"),
        ("1967-1-2", "1967-01-02"),
        ("196709271", "196709271"),
    ],
)
def test_days(text: str, found: str) -> None:
    assert day(text) == found


@given(st.dates())
def test_every_spelling_of_a_day_meets(value: object) -> None:
    iso = str(value)
    year, month, date = iso.split("-")
    assert day(iso) == iso
    assert day(f"{year}{month}{date}") == iso
    assert day(f"{int(date)}.{int(month)}.{year}") == iso
    assert day(f"{date}/{month}/{year}") == iso or int(date) <= 12
    assert day(f"{year}/{int(month)}/{int(date)}") == iso
    assert day(day(iso)) == iso


@given(ANYTHING)
def test_no_text_makes_reading_raise_and_what_is_read_is_folded(text: str) -> None:
    name, house = place.street(text)
    person = personal.person_name(text)
    found = place.address(text)
    for read in (name, house, person.given, person.family, found.street, found.city):
        assert read == fold(read) or "e" in read
        assert read == " ".join(read.split())
    for one in (contact.email, contact.domain, contact.phone, contact.identifier, contact.vat):
        assert isinstance(one(text), str)
    assert contact.phone(text) == "" or contact.phone(text).isdigit()
    assert "\n" not in contact.register_number(text)
