"""E-mail addresses, telephone numbers, websites."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mapping.normalize.email import email_address, untagged
from mapping.normalize.phone import phone_number
from mapping.normalize.website import domain, website


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Weber <a@b.de>", "a@b.de"),
        ("Weber <a@b.de", None),
        ("a.@b.de", None),
        ("a..b@b.de", None),
        ("a@b@c.de", None),
        ("Max.Muster@Muster.DE", "max.muster@muster.de"),
        ("Max Muster <max@muster.de>", "max@muster.de"),
        ('"Muster, Max" <max@muster.de>', "max@muster.de"),
        ("mailto:info@muster.de?subject=Hallo", "info@muster.de"),
        ("info(at)muster.de", "info@muster.de"),
        ("info [at] muster [punkt] de", "info@muster.de"),
        ("max@xn--mller-kva.de", "max@müller.de"),
        ("max@MÜLLER.de", "max@müller.de"),
        ("max+shop@muster.de", "max+shop@muster.de"),
        ("max@muster.de;", "max@muster.de"),
        ("o'neill@muster.co.uk", "o'neill@muster.co.uk"),
        ("a@b.de; c@d.de", None),
        ("max@localhost", None),
        ("max@10.0.0.1", None),
        ("max..m@muster.de", None),
        ("max.@muster.de", None),
        ("max@muster", None),
        ("max muster@muster.de", None),
        ("@muster.de", None),
        ("siehe Notiz", None),
        ("", None),
        (5, None),
        (None, None),
        ("x" * 1_000_000 + "@muster.de", None),
    ],
)
def test_email(value: object, expected: str | None) -> None:
    assert email_address(value) == expected


def test_plus_tags_come_off_on_request() -> None:
    assert untagged("max+shop@muster.de") == "max@muster.de"
    assert untagged("max@muster.de") == "max@muster.de"
    assert untagged("+only@muster.de") == "+only@muster.de"


@pytest.mark.parametrize(
    ("value", "region", "expected"),
    [
        ("089 / 1234-0", "DE", "+498912340"),
        ("+49 (0)89 1234-0", None, "+498912340"),
        ("0049 89 123456", None, "+4989123456"),
        ("(0049) 89 123456", "US", "+4989123456"),
        ("(089) 12 34 56", "DE", "+4989123456"),
        ("0 30 / 90 18 20", "DE", "+4930901820"),
        ("+49.30.901820", None, "+4930901820"),
        ("Tel.: 030 1234567", "DE", "+49301234567"),
        ("T +49 30 901820", "DE", "+4930901820"),
        ("Mobil 0171/1234567", "DE", "+491711234567"),
        ("030 123456 Durchwahl 12", "DE", "+4930123456;ext=12"),
        ("+1-386-279-4835x0305", "DE", "+13862794835;ext=0305"),
        ("(270)482-8148x93252", "US", "+12704828148;ext=93252"),
        ("0664 1234567", "AT", "+436641234567"),
        ("044 668 18 00", "CH", "+41446681800"),
        ("\u202a089 123456\u202c", "DE", "+4989123456"),
        ("089 123456", None, None),
        ("1-800-FLOWERS", "US", None),
        ("0800-PIZZA", "DE", None),
        ("siehe Notiz", "DE", None),
        ("0171 1234567, 089 123", "DE", None),
        ("000000", "DE", None),
        ("(5) 555-4729", "MX", None),
        ("110", "DE", None),
        ("", "DE", None),
        (None, "DE", None),
        (4989123456, "DE", "+4989123456"),
        ("0" * 1_000_000, "DE", None),
        ("089 123456", "XX", None),
    ],
)
def test_phone(value: object, region: str | None, expected: str | None) -> None:
    assert phone_number(value, region) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://www.Muster.de/", "muster.de"),
        ("HTTP://MUSTER.DE/Shop/?a=1#top", "muster.de/Shop"),
        ("www.muster.co.uk", "muster.co.uk"),
        ("//muster.de", "muster.de"),
        ("https://xn--mller-kva.de:8080/x", "müller.de/x"),
        ("www.de", "www.de"),
        ("info@muster.de", None),
        ("muster", None),
        ("in Arbeit", None),
        ("192.168.0.1", None),
        ("http://", None),
        ("", None),
        ("x" * 1_000_000 + ".de", None),
    ],
)
def test_website(value: str, expected: str | None) -> None:
    assert website(value) == expected


def test_domain() -> None:
    assert domain("Max@Mail.Muster.de") == "mail.muster.de"
    assert domain("https://www.muster.de/shop") == "muster.de"
    assert domain("kein Web") is None
    assert domain(None) is None


@given(st.one_of(st.text(), st.integers(), st.emails(), st.from_regex(r"[a-z@.<>+ :/]{0,30}")))
def test_contacts_never_raise_and_settle_at_once(value: object) -> None:
    for normalize in (email_address, website, domain):
        once = normalize(value)
        assert once is None or normalize(once) == once


@example("0/00010", "DE")
@given(st.from_regex(r"[+0-9()/. x#-]{0,20}", fullmatch=True), st.sampled_from(["DE", "US", None]))
def test_a_read_phone_number_reads_the_same_anywhere(text: str, region: str | None) -> None:
    once = phone_number(text, region)
    if once is not None:
        assert phone_number(once, None) == once
        assert phone_number(once, "FR") == once


@given(
    st.sampled_from(["30", "40", "89", "171", "6221"]), st.integers(2_000_000, 9_999_999).map(str)
)
def test_the_usual_german_spellings_are_one_number(area: str, local: str) -> None:
    spellings = [
        f"0{area} {local}",
        f"0{area}/{local}",
        f"(0{area}) {local[:3]} {local[3:]}",
        f"+49 {area} {local}",
        f"+49 (0) {area} - {local}",
        f"0049-{area}-{local}",
    ]
    assert {phone_number(spelling, "DE") for spelling in spellings} == {f"+49{area}{local}"}
