"""Bad input changes nothing but itself, and no case is quadratic."""

import time
from hashlib import blake2b

import pytest

from hub.model.resolution import Profile
from hub.resolution.batch import Divided, resolve
from hub.resolution.model import default_model

LETTERS = str.maketrans("0123456789", "ghijklmnop")


def run(rows: list[dict[str, str]], kind: str = "organization") -> Divided:
    made = [
        Profile(f"a:b:{at:06}", kind, "a", {key: (value,) for key, value in row.items()})
        for at, row in enumerate(rows)
    ]
    return resolve(made, (), default_model(kind))


def test_fifty_thousand_records_with_one_phone_and_one_name_take_seconds() -> None:
    rows = [
        {"org_name": "Muster GmbH", "phone": "030 12345-0", "email": f"u{at}@x{at}.de"}
        for at in range(50_000)
    ]
    started = time.process_time()
    found = run(rows)
    assert time.process_time() - started < 60
    assert len(found.clusters) == 50_000


def test_records_that_all_say_the_same_are_one_or_none() -> None:
    assert len(run([{"org_name": "Muster GmbH", "phone": "030 123450"}] * 5000).clusters) == 1


def test_ten_thousand_times_the_same_mailbox_joins_nobody() -> None:
    rows = [
        {"org_name": f"Q{at * 7919 % 100_003} Bau", "email": "info@x.de"} for at in range(10_000)
    ]
    assert len(run(rows).clusters) == 10_000


@pytest.mark.parametrize("kind", ["organization", "person", "thing"])
def test_odd_values_are_read_or_left_out(kind: str) -> None:
    odd = [
        {"org_name": "x" * 100_000},
        {"org_name": "a " * 50_000},
        {"org_name": "💥", "person_name": "💥 💥"},
        {"org_name": "شركة النور", "person_name": "محمد علي"},
        {},
        {"vat": "nonsense", "iban": "x", "phone": "12", "date_of_birth": "31.02.1999"},
        {"person_name": ",", "given_name": "-", "family_name": "'", "email": "@", "website": "::"},
        {"number": "1e400", "date": "0000-00-00", "category": "\u200b", "text": "\x00"},
        {"street": "1/2/3", "house_number": "½", "postcode": "?", "city": "(", "address": ",,,"},
        {"register_number": "HRB", "identifier": "000", "region": "", "country": "  "},
        {"org_name": "\ud800 lone surrogate"},
    ]
    found = run(odd + odd, kind)
    assert sorted(ref for each in found.clusters for ref in each) == [
        f"a:b:{at:06}" for at in range(2 * len(odd))
    ]


def test_a_token_in_every_record_says_nothing() -> None:
    words = [blake2b(str(at).encode(), digest_size=6).hexdigest() for at in range(300)]
    rows = [{"org_name": word.translate(LETTERS), "city": "Köln"} for word in words]
    assert len(run(rows).clusters) == 300


@pytest.mark.parametrize("rows", [[], [{"org_name": "A"}], [{"org_name": "A"}, {"org_name": "Zz"}]])
def test_hardly_any_records(rows: list[dict[str, str]]) -> None:
    assert len(run(rows).clusters) == len(rows)
