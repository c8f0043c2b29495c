"""Values are read into the form in which their spellings meet."""

import pytest

from hub.model.resolution import Profile
from hub.resolution import contact, personal, place
from hub.resolution.company import company_name
from hub.resolution.dates import day
from hub.resolution.facets import facets_of
from hub.resolution.text import fold, sound, squeeze
from hub.resolution.tokens import tokens_of_facets


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "Mueller"),
        ("Müller", "Muller"),
        ("MÜLLER", "müller"),
        ("Groß", "Gross"),
        ("Søren", "Soren"),
        ("É", "e"),
    ],
)
def test_umlauts_meet_in_all_three_spellings(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("word", ["bauer", "neue", "quelle", "feuer"])
def test_folding_keeps_an_e_that_belongs_to_the_word(word: str) -> None:
    assert fold(word) == word


def test_only_the_beginning_of_an_endless_text_is_read() -> None:
    assert len(squeeze("x" * 100_000)) == 400


@pytest.mark.parametrize(
    ("word", "code"),
    [("wikipedia", "3412"), ("breschnew", "17863"), ("muller", "657"), ("", ""), ("xaver", "4837")],
)
def test_sounds_are_those_of_the_koelner_phonetik(word: str, code: str) -> None:
    assert sound(word) == code


@pytest.mark.parametrize(("one", "other"), [("maier", "mayer"), ("schmidt", "schmitt")])
def test_words_that_sound_alike_share_a_sound(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("text", "words", "form"),
    [
        ("Weber Logistik GmbH", ("weber", "logistik"), "gmbh"),
        (
            "Firma Weber Logistik Gesellschaft mit beschränkter Haftung",
            ("weber", "logistik"),
            "gmbh",
        ),
        ("Müller Masch.-Bau GmbH & Co. KG", ("muller", "maschinen", "bau"), "gmbhcokg"),
        ("Meyer & Söhne Gmb", ("meyer", "sohne"), "gmbh"),
        ("Meyer UG (haf", ("meyer",), "ug"),
        ("Meyer Bau GmbH &", ("meyer", "bau"), "gmbhcokg"),
        ("Meyer GmbH, Heizung Sanitär", ("meyer", "heizung", "sanitar"), "gmbh"),
        ("Meyer GmbH Niederlassung Köln", ("meyer",), "gmbh"),
        ("DRK LV Berlin e.V.", ("deutsches", "rotes", "kreuz", "landesverband", "berlin"), "ev"),
        ("Weber GmbH u. Co KG", ("weber",), "gmbhcokg"),
        ("Weber Ges. mbH", ("weber",), "gmbh"),
        ("Weber Gesellschaft m.b.H.", ("weber",), "gmbh"),
        ("Nowak Trading Sp. z o.o.", ("nowak", "trading"), "foreign"),
        ("Dvorak s.r.o.", ("dvorak",), "foreign"),
        ("Weber & Gruber OG", ("weber", "gruber"), "foreign"),
        ("Leben in Würde e. V.", ("leben", "wurde"), "ev"),
        ("Bartelt & Sohn oHG", ("bartelt", "sohn"), "ohg"),
        ("Nordlicht UG (haftungsbeschränkt)", ("nordlicht",), "ug"),
        ("Kraus Bau GmkH", ("kraus", "bau"), ""),
        ("Spago (Los Angeles)", ("spago",), ""),
        ("(Nordlicht)", ("nordlicht",), ""),
        ("Acme, Inc.", ("acme",), "limited"),
        ("AG", ("ag",), "ag"),
        ("💥", (), ""),
        ("", (), ""),
    ],
)
def test_company_names_come_apart(text: str, words: tuple[str, ...], form: str) -> None:
    name = company_name(text)
    assert (name.words, name.form) == (words, form)
    assert name.joined == "".join(words)


@pytest.mark.parametrize(
    ("text", "given", "family"),
    [
        ("Dr. Hans-Peter Müller", "hans peter", "muller"),
        ("Müller, Hans", "hans", "muller"),
        ("Ludwig van Beethoven", "ludwig", "van beethoven"),
        ("Herr Weber", "", "weber"),
        ("Madonna", "", "madonna"),
        ("somebody@example.org", "", ""),
        ("", "", ""),
    ],
)
def test_person_names_come_apart(text: str, given: str, family: str) -> None:
    assert personal.person_name(text) == personal.PersonName(given, family)


@pytest.mark.parametrize(
    ("one", "other", "kin"),
    [("hans", "johannes", True), ("bob", "robert", True), ("hans", "peter", False)],
)
def test_nicknames(one: str, other: str, kin: bool) -> None:
    assert personal.are_nicknames(one, other) is kin
    assert personal.are_nicknames(other, one) is kin


def test_a_frequent_name_has_a_larger_share_than_a_rare_one() -> None:
    share = personal.share_in_population
    assert share("family", "muller") > share("family", "franke") > share("family", "zwirn")


@pytest.mark.parametrize(
    "text", ["+49 (0) 89 1234-56", "089/123456", "0049 89 123456", "+49 89 123 456", "089 1234 56"]
)
def test_phone_numbers_meet_in_national_digits(text: str) -> None:
    assert contact.phone(text) == "89123456"


@pytest.mark.parametrize("text", ["", "12", "0000000", "call me", "111111"])
def test_what_is_no_phone_number_says_nothing(text: str) -> None:
    assert contact.phone(text) == ""


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("info@www.foo.co.uk", "foo.co.uk"),
        ("https://www.Müller.de/kontakt?x", "müller.de"),
        ("anna@gmx.de", ""),
        ("localhost", ""),
    ],
)
def test_domains_are_registrable_ones_and_never_freemail(text: str, domain: str) -> None:
    assert contact.domain(text) == domain


@pytest.mark.parametrize(
    ("text", "address"),
    [("Anna <Anna+x@Foo.de>", "anna@foo.de"), ("nobody", ""), ("a@b", "a@b")],
)
def test_emails_are_lower_case_without_tag(text: str, address: str) -> None:
    assert contact.email(text) == address


def test_role_mailboxes_are_known() -> None:
    assert contact.is_role("info@foo.de")
    assert contact.is_role("rechnung.eingang@foo.de")
    assert not contact.is_role("anna.muster@foo.de")


@pytest.mark.parametrize(
    "text", ["Amtsgericht München HRB 012345", "HRB 12345, München", "München hrb-12345"]
)
def test_register_numbers_meet_with_their_court(text: str) -> None:
    assert contact.register_number(text) == "hrb12345 munchen"


def test_identifiers_of_zeros_say_nothing() -> None:
    assert contact.identifier("00-000") == ""
    assert contact.vat("DE 123.456.789-00001") == "de123456789"


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("Berliner Str. 12a", ("berlinerstrasse", "12a")),
        ("Berliner Straße 12 a", ("berlinerstrasse", "12a")),
        ("Hauptstr.3-5", ("hauptstrasse", "3")),
        ("221 E. 51st St. ", ("east 51st street", "221")),
        ("435 s. la cienega blv.", ("south la cienega boulevard", "435")),
        ("Am Markt", ("am markt", "")),
    ],
)
def test_streets_are_spelt_out_and_lose_their_number(text: str, street: tuple[str, str]) -> None:
    assert place.street(text) == street


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Weg 3, 12345 Ort am See", place.Place("weg", "3", "12345", "ort")),
        ("27 Washington, Oak Park IL 60302", place.Place("washington", "27", "60302")),
        ("1424 N. Cleaver", place.Place("north cleaver", "1424")),
    ],
)
def test_addresses_of_one_line_come_apart(text: str, found: place.Place) -> None:
    assert place.address(text) == found


def test_cities_lose_what_tells_them_apart_from_nobody() -> None:
    assert place.city("Frankfurt am Main") == place.city("Frankfurt (Main)") == "frankfurt"
    assert place.postcode("D-50667") == "50667"
    assert place.postcode("60302-1234") == "60302"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1967-09-27", "1967-09-27"),
        ("19670927", "1967-09-27"),
        ("27.9.1967", "1967-09-27"),
        ("9/27/1967", "1967-09-27"),
        ("3/4/1967", "1967-04-03"),
        ("1967-09-27T10:00:00Z", "1967-09-27"),
        ("never", ""),
    ],
)
def test_days(text: str, found: str) -> None:
    assert day(text) == found


def test_a_town_behind_the_legal_form_is_where_the_company_is() -> None:
    named = facets_of(Profile("a:b:1", "organization", "a", {"org_name": ("Weber GmbH, Köln",)}))
    assert named["city"] == ("koln",)
    known = {"org_name": ("Weber GmbH, Köln",), "city": ("Bonn",)}
    assert facets_of(Profile("a:b:1", "organization", "a", known))["city"] == ("bonn",)
    plain = Profile("a:b:1", "organization", "a", {"org_name": ("Weber GmbH, Immobilien",)})
    assert "city" not in facets_of(plain)


def test_a_mistyped_mailbox_and_a_neighbouring_month_still_meet() -> None:
    one = {"email": ("harley.k@houston.net",), "date_of_birth": ("1983-11-28",)}
    other = {"email": ("haoley.k@hrustonnet.de",), "date_of_birth": ("1983-12-02",)}
    shared = set.intersection(
        *(
            set(tokens_of_facets(facets_of(Profile("a:b:1", "person", "a", f))))
            for f in (one, other)
        )
    )
    assert {each.partition(":")[0] for each in shared} == {"lg", "bw"}


@pytest.mark.parametrize(
    ("stated", "mail", "read"),
    [
        ({}, "oliver.atkinson@moran.com", "oliver|atkinson"),
        ({"given_name": ("Oliver",)}, "oliver.atkinson7@moran.com", "oliver|atkinson"),
        ({"given_name": ("Oilver",)}, "o.atkinson@moran.com", "oilver|atkinson"),
        ({"family_name": ("Atkinson",)}, "oliver_atkinson@moran.com", "oliver|atkinson"),
        ({"family_name": ("Müller",)}, "erika.mueller@web.de", "erika|muller"),
        ({"given_name": ("Sofia",)}, "sofiarussell9@rivera.com", "sofia|russell"),
        ({"family_name": ("Russell",)}, "sofiarussell9@rivera.com", "sofia|russell"),
        ({"person_name": ("Russell",)}, "sofia.russell@rivera.com", "sofia|russell"),
    ],
)
def test_a_mailbox_tells_the_part_of_a_name_that_is_missing(
    stated: dict[str, tuple[str, ...]], mail: str, read: str
) -> None:
    assert facets_of(Profile("a:b:c", "person", "a", {**stated, "email": (mail,)}))["person"] == (
        read,
    )


@pytest.mark.parametrize(
    ("stated", "mail", "read"),
    [
        ({"given_name": ("Oliver",)}, "karin.atkinson@moran.com", ("oliver|",)),
        ({"given_name": ("Oliver",)}, "oliver.a@moran.com", ("oliver|",)),
        ({"given_name": ("Oliver",)}, "oliver77@moran.com", ("oliver|",)),
        ({"given_name": ("Info",)}, "info.atkinson@moran.com", ("info|",)),
        ({"person_name": ("Karin Atkinson",)}, "oliver.bird@moran.com", ("karin|atkinson",)),
        ({}, "o.a@moran.com", None),
        ({}, "atkinson@moran.com", None),
        ({}, "not an address", None),
    ],
)
def test_a_mailbox_adds_nothing_that_is_not_clear(
    stated: dict[str, tuple[str, ...]], mail: str, read: tuple[str, ...] | None
) -> None:
    facets = facets_of(Profile("a:b:c", "person", "a", {**stated, "email": (mail,)}))
    assert facets.get("person") == read


def test_a_mailbox_gives_an_organisation_no_contact() -> None:
    features = {"org_name": ("Moran",), "email": ("oliver.atkinson@moran.com",)}
    assert "contact" not in facets_of(Profile("a:b:c", "organization", "a", features))
