"""The lists that ship with resolution, and what people's names tell by them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.resolution import company, personal, place
from hub.resolution.company import TRADE_WORDS, company_name
from hub.resolution.contact import FREEMAIL, ROLES, phone
from hub.resolution.text import fold
from hub.resolution.wordlists import lines, listed

FOLDED = ("family", "given", "nicknames", "titles", "trade", "streets")
GIVEN = listed("given")
FAMILY = listed("family")
GROUPS = lines("nicknames")


@pytest.mark.parametrize("name", FOLDED)
def test_a_list_is_folded_so_that_names_meet_it(name: str) -> None:
    for word in listed(name):
        assert word == fold(word)
        assert word.strip(".,;#") == word


@pytest.mark.parametrize("name", [*FOLDED, "roles", "freemail", "calling_codes"])
def test_a_list_has_words_and_no_remarks(name: str) -> None:
    words = listed(name)
    assert len(words) == len(set(words)) > 10
    assert not any(word.startswith("#") for word in words)
    assert all(line for line in lines(name))


@pytest.mark.parametrize("name", ["family", "given", "roles", "freemail", "titles", "trade"])
def test_no_word_stands_twice(name: str) -> None:
    every = [word for line in lines(name) for word in line]
    assert len(every) == len(set(every))


def test_a_list_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        lines("nonsense")


def test_no_calling_code_begins_with_another() -> None:
    codes = listed("calling_codes")
    assert {"1", "7", "43", "44", "49"} <= set(codes)
    assert not any(one != other and one.startswith(other) for one in codes for other in codes)


@pytest.mark.parametrize("code", listed("calling_codes"))
def test_a_calling_code_comes_off(code: str) -> None:
    assert phone(f"+{code} 221 4711 23") == "221471123"
    assert phone(f"00{code}-221-4711-23") == "221471123"


@pytest.mark.parametrize("code", ["351", "352", "353", "358", "420", "421", "423", "971"])
def test_all_others_have_three_digits(code: str) -> None:
    assert phone(f"+{code} 221 4711 23") == "221471123"


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0])
def test_a_name_and_its_short_forms_are_kin_both_ways(group: tuple[str, ...]) -> None:
    full, *short = group
    for name in short:
        assert personal.are_nicknames(full, name)
        assert personal.are_nicknames(name, full)
    assert len(set(group)) == len(group) >= 2


@given(st.sampled_from(GIVEN), st.sampled_from(GIVEN))
def test_kinship_is_mutual(one: str, other: str) -> None:
    assert personal.are_nicknames(one, other) == personal.are_nicknames(other, one)


@pytest.mark.parametrize("stranger", ["", "xyz", "weber"])
def test_a_stranger_is_nobody_s_short_form(stranger: str) -> None:
    assert not any(personal.are_nicknames(name, stranger) for name in GIVEN)


@pytest.mark.parametrize(("part", "names"), [("given", GIVEN), ("family", FAMILY)])
def test_names_are_listed_by_how_frequent_they_are(part: str, names: tuple[str, ...]) -> None:
    shares = [personal.share_in_population(part, name) for name in names]
    assert shares == sorted(shares, reverse=True)
    assert all(0 < share < 0.02 for share in shares)
    rare = personal.share_in_population(part, "zwirnfeldhuber")
    assert 0 < rare < min(shares)
    assert personal.share_in_population(part, "") == rare


@given(st.sampled_from(listed("titles")), st.sampled_from(["Anna Berg", "Hans Weber"]))
def test_every_title_is_left_out(title: str, name: str) -> None:
    plain = personal.person_name(name)
    assert personal.person_name(f"{title}. {name}") == plain
    assert personal.person_name(f"{title.upper()} {name}") == plain
    family, given_name = name.split()[1], name.split()[0]
    assert personal.person_name(f"{family}, {title}. {given_name}") == plain


@pytest.mark.parametrize(("short", "long"), [line[:2] for line in lines("streets")])
def test_an_abbreviated_street_meets_the_one_spelt_out(short: str, long: str) -> None:
    written, house = place.street(f"Alte {short} 5")
    assert (written, house) == place.street(f"Alte {long} 5")
    assert house == "5"
    assert place.street(f"Alte {short}. 5")[0] == written


@pytest.mark.parametrize("word", sorted(TRADE_WORDS))
def test_a_word_of_the_trade_stays_in_a_name(word: str) -> None:
    assert word in company_name(f"Xyz {word} GmbH").words


def test_roles_and_mail_services_are_lower_case() -> None:
    assert all(name == name.lower() and "@" not in name for name in ROLES | FREEMAIL)
    assert all("." in host for host in FREEMAIL)
    assert not any("." in name for name in ROLES)


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in company.FORMS])
@settings(max_examples=20, deadline=None)
@given(st.data())
def test_every_legal_form_begins_as_one_may(pattern: str, data: st.DataObject) -> None:
    drawn = data.draw(st.from_regex(rf"(?:{pattern})", fullmatch=True))
    assert company.begins_form(drawn.split()[0])


PIECES = (
    "Weber & Söhne GmbH Co. KG u. AG UG (haft Gesell Gesellschaft mit beschr Eingetr e. V. Gmb c"
    " oHG KGaA NL Köln, - S.A. s.r.l ＧｍｂＨ ß Masch.-Bau _x_ o'neil O’x 💥 Neue Kommanditges"
)


@given(
    st.lists(st.one_of(st.sampled_from(PIECES.split()), st.text(max_size=5)), max_size=7),
    st.sampled_from(" \t-,"),
)
def test_a_name_is_read_piece_by_piece_as_it_is_read_whole(pieces: list[str], gap: str) -> None:
    text = gap.join(pieces)
    assert company.parts_of(text) == company.parts_of_folded(fold(text))
