"""What is registered under a public suffix is what the library says whose list it is."""

import tldextract
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.resolution.suffixes import registrable

LIBRARY = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True)
RULES = [rule.replace("*", "any").removeprefix("!") for rule in LIBRARY.tlds]
LABELS = st.one_of(
    st.sampled_from(["www", "xn--mller-kva", "xn--", "müller", ""]), st.text("ab-1_")
)


def test_every_rule_of_the_list() -> None:
    for rule in RULES:
        for host in (rule, f"a.{rule}", f"www.a.{rule}", rule.partition(".")[2]):
            assert registrable(host) == LIBRARY(host).top_domain_under_public_suffix, host


@settings(deadline=None)
@given(
    st.lists(LABELS, max_size=3), st.sampled_from([*RULES, "local", "1", "de.", "xn--p1ai", "de。"])
)
def test_any_host(labels: list[str], ending: str) -> None:
    host = ".".join([*labels, ending])
    assert registrable(host) == LIBRARY(host).top_domain_under_public_suffix


def test_an_address_is_no_name() -> None:
    assert registrable("127.0.0.1") == registrable("localhost") == registrable("") == ""
