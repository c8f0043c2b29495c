"""How mailboxes, telephones and official numbers are read for comparison."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.resolution import contact


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Anna.Berg@Foo.DE", "anna.berg@foo.de"),
        (" anna@foo.de ", "anna@foo.de"),
        ("Anna Berg <anna@foo.de>", "anna@foo.de"),
        ("mailto:anna@foo.de", "anna@foo.de"),
        ("anna+shop@foo.de", "anna@foo.de"),
        ("anna@foo.de.", "anna@foo.de"),
        ("anna@foo.de, bert@foo.de", "anna@foo.de"),
        ("anna@foo.de;bert@foo.de", "anna@foo.de"),
        ("anna(at)foo.de", ""),
        ("anna", ""),
        ("@foo.de", ""),
        ("anna@", ""),
        ("+x@foo.de", "+x@foo.de"),
        ("ANNA@MÜLLER.DE", "anna@müller.de"),
        ("", ""),
    ],
)
def test_mailboxes(text: str, address: str) -> None:
    assert contact.email(text) == address
    assert contact.email(address) == address


@pytest.mark.parametrize(
    ("text", "registered"),
    [
        ("anna@foo.de", "foo.de"),
        ("foo.de", "foo.de"),
        ("www.foo.de", "foo.de"),
        ("https://www.foo.de/a?b#c", "foo.de"),
        ("http://shop.foo.co.uk:8080/x", "foo.co.uk"),
        ("HTTPS://FOO.DE", "foo.de"),
        ("mail.foo.com.br", "foo.com.br"),
        ("foo", ""),
        ("", ""),
        ("gmail.com", ""),
        ("x@gmx.de", ""),
        ("x@t-online.de", ""),
        ("x@mail.gmx.net", ""),
        ("foo.example", "foo.example"),
        ("x@foo.de.", "foo.de"),
    ],
)
def test_domains(text: str, registered: str) -> None:
    assert contact.domain(text) == registered
    assert contact.domain(registered) == registered


@pytest.mark.parametrize("mailbox", sorted(contact.ROLES))
def test_every_role_is_known_with_and_without_more_words(mailbox: str) -> None:
    assert contact.is_role(f"{mailbox}@foo.de")
    if "." not in mailbox and "-" not in mailbox:
        assert contact.is_role(f"{mailbox}.koeln@foo.de")
        assert contact.is_role(f"{mailbox}-nord@foo.de")
    assert not contact.is_role(f"x{mailbox}x@foo.de")


@pytest.mark.parametrize("host", sorted(contact.FREEMAIL))
def test_a_mail_service_is_no_company_s_domain(host: str) -> None:
    assert contact.domain(f"anna@{host}") == ""
    assert contact.domain(host) == ""


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("030 23125000", "3023125000"),
        ("(030) 23125-000", "3023125000"),
        ("+49 30 23125000", "3023125000"),
        ("0049 30 23125000", "3023125000"),
        ("+49 (0)30 23125000", "3023125000"),
        ("+49(0)3023125000", "3023125000"),
        ("030/23125-000", "3023125000"),
        ("+43 1 58858", "158858"),
        ("+41 44 123 45 67", "441234567"),
        ("+1 212 555 0123", "2125550123"),
        ("001 212 555 0123", "2125550123"),
        ("+352 26 12 34", "261234"),
        ("+423 233 11 11", "2331111"),
        ("+999 123456", "123456"),
        ("030 23125 ext. 12", "302312512"),
        ("1234", ""),
        ("12345", "12345"),
        ("00000", ""),
        ("11111", ""),
        ("abc", ""),
        ("", ""),
        ("0800 1234567", "8001234567"),
        ("+49", ""),
    ],
)
def test_telephone_numbers(text: str, digits: str) -> None:
    assert contact.phone(text) == digits


@given(st.sampled_from(["30", "89", "171", "6221"]), st.integers(2_000_000, 9_999_999))
def test_a_number_is_one_with_and_without_its_country(area: str, local: int) -> None:
    assert {
        contact.phone(text)
        for text in (
            f"0{area} {local}",
            f"0{area}/{local}",
            f"+49 {area} {local}",
            f"0049{area}{local}",
            f"+49 (0) {area}-{local}",
            f"(0{area}) {local}",
        )
    } == {f"{area}{local}"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4711-A", "4711a"),
        ("4711 a", "4711a"),
        ("4711a", "4711a"),
        ("000", ""),
        ("0-0", ""),
        ("", ""),
        ("ÄÖ-1", "ao1"),
    ],
)
def test_identifiers(text: str, code: str) -> None:
    assert contact.identifier(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("HRB 12345", "hrb12345"),
        ("HRB 12345 München", "hrb12345 munchen"),
        ("Amtsgericht München HRB 12345", "hrb12345 munchen"),
        ("HRB 012345 B Berlin", "hrb12345 berlin"),
        ("HRA 1 Köln", "hra1 koln"),
        ("VR 99", "vr99"),
        ("GnR 7 Bonn", "gnr7 bonn"),
        ("PR 3", "pr3"),
        ("12345", "12345"),
        ("FN 123456a", "fn123456a"),
        ("", ""),
        ("HRB 12345, AG Köln", "hrb12345 koln"),
    ],
)
def test_register_numbers(text: str, code: str) -> None:
    assert contact.register_number(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE123456789", "de123456789"),
        ("DE 123.456.789", "de123456789"),
        ("DE123456789-00001", "de123456789"),
        ("ATU12345678", "atu12345678"),
        ("", ""),
    ],
)
def test_vat_numbers(text: str, code: str) -> None:
    assert contact.vat(text) == code
