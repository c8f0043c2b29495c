"""Deep links: a record's page, whatever its key holds."""

import pytest

from hub.model.deep_link import DeepLinks

LINKS = DeepLinks({"desk": {"tickets": "https://desk.example.org/t?id={key}&v=1"}, "crm": {}})


@pytest.mark.parametrize(
    ("ref", "link"),
    [
        ("desk:tickets:17", "https://desk.example.org/t?id=17&v=1"),
        ("desk:tickets:17#contact", "https://desk.example.org/t?id=17&v=1"),
        ("desk:tickets:a b/ü&x", "https://desk.example.org/t?id=a%20b%2F%C3%BC%26x&v=1"),
        ("desk:tickets:a%23b", "https://desk.example.org/t?id=a%23b&v=1"),
        ("desk:tickets:{key}", "https://desk.example.org/t?id=%7Bkey%7D&v=1"),
        ("desk:users:17", None),
        ("crm:accounts:1", None),
        ("books:invoices:1", None),
        ("01M8FXX91T01GRE00K1TV0V3B9", None),
        ("", None),
    ],
)
def test_a_record_has_the_page_of_its_stream(ref: str, link: str | None) -> None:
    assert LINKS.of(ref) == link
    assert LINKS.among([ref]) == ({ref: link} if link else {})
