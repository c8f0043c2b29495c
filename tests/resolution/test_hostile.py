"""Bad input changes nothing but itself, and no case is quadratic."""

from hashlib import blake2b

import pytest

from hub.model.resolution import Profile
from hub.resolution.batch import (
    Divided,
    base_of,
    candidates_of,
    partition_all,
    resolve,
    score_adapted,
)
from hub.resolution.candidates import MOST_HOLDERS
from hub.resolution.model import default_model

LETTERS = str.maketrans("0123456789", "ghijklmnop")


def made(rows: list[dict[str, str]], kind: str) -> list[Profile]:
    return [
        Profile(f"a:b:{at:06}", kind, "a", {key: (value,) for key, value in row.items()})
        for at, row in enumerate(rows)
    ]


def run(rows: list[dict[str, str]], kind: str = "organization") -> Divided:
    return resolve(made(rows, kind), (), default_model(kind))


def fitted_run(rows: list[dict[str, str]], kind: str = "organization") -> Divided:
    return counted_run(rows, kind)[1]


def counted_run(rows: list[dict[str, str]], kind: str = "organization") -> tuple[int, Divided]:
    """Return how many pairs were compared, and what came of it."""
    base = base_of(made(rows, kind))
    model, scored = score_adapted(base, default_model(kind))
    return len(scored.left), partition_all(base, scored, (), model)


def test_fifty_thousand_records_with_one_phone_and_one_name_are_hardly_compared() -> None:
    one = {"org_name": "Muster GmbH", "phone": "030 12345-0"}
    compared, found = counted_run([one | {"identifier": f"{at:06}x"} for at in range(1, 50_001)])
    assert compared <= 50_000
    assert len(found.clusters) == 50_000


def test_mailboxes_that_differ_by_a_number_are_hardly_compared() -> None:
    one = {"org_name": "Muster GmbH", "phone": "030 12345-0"}
    compared, found = counted_run([one | {"email": f"u{at}@x{at}.de"} for at in range(3_000)])
    assert compared <= 3_000
    assert len(found.clusters) == 3_000


@pytest.mark.parametrize("size", [50, MOST_HOLDERS])
def test_groups_of_look_alikes_cost_as_many_times_more_as_there_are_more_of_them(size: int) -> None:
    def compared(groups: int) -> int:
        names = [blake2b(str(at).encode(), digest_size=8).hexdigest() for at in range(groups)]
        rows = [
            {"org_name": name.translate(LETTERS), "phone": f"030 {at:06}77", "identifier": f"{k}x"}
            for at, name in enumerate(names)
            for k in range(size)
        ]
        base = base_of(made(rows, "organization"))
        return len(candidates_of(base, default_model("organization"))[0])

    pairs = size * (size - 1) // 2
    assert compared(4) >= 4 * pairs
    assert compared(16) <= 16 * pairs * 1.5


def test_of_names_of_a_hundred_thousand_characters_only_the_beginning_is_read() -> None:
    rows = [{"org_name": "Muster " * 14_285 + str(at), "vat": f"DE{at:09}"} for at in range(200)]
    base = base_of(made(rows, "organization"))
    assert len(base.held.items) < 200 * 100


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
    for found in (run(odd + odd, kind), fitted_run(odd + odd, kind)):
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


@pytest.mark.parametrize("kind", ["organization", "person", "thing"])
def test_records_without_a_token_in_common_stand_alone(kind: str) -> None:
    rows = [{"identifier": f"{at:04}{at:04}"} for at in range(100, 500)]
    assert len(fitted_run(rows, kind).clusters) == 400
    assert len(fitted_run([{} for _ in range(50)], kind).clusters) == 50


def test_columns_that_half_of_the_records_lack_are_no_evidence() -> None:
    names = [blake2b(str(at).encode(), digest_size=6).hexdigest() for at in range(200)]
    plain = [{"org_name": name.translate(LETTERS), "city": "Köln"} for name in names]
    more = [row | {"vat": f"DE{at:09}"} for at, row in enumerate(plain, 123_456_789)]
    found = fitted_run(plain + more).clusters
    assert {tuple(int(ref[-6:]) % 200 for ref in each) for each in found} == {
        (at, at) for at in range(200)
    }
