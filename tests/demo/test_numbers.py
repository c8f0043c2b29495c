"""Numbers of the demo company: right check digits, ranges that belong to nobody, no doubles."""

import phonenumbers
import pytest
from stdnum import iban as stdnum_iban
from stdnum.de import vat as stdnum_vat

from hub.demo import numbers


@pytest.mark.parametrize("index", [0, 1, 7, 99, 12_345, 700_006, 999_999])
def test_vat_ids_have_a_right_check_digit_and_no_owner(index: int) -> None:
    vat = numbers.vat_id(index)
    assert stdnum_vat.is_valid(vat)
    assert vat.startswith("DE99")


@pytest.mark.parametrize("index", [0, 1, 97, 9_700_000])
def test_ibans_have_right_check_digits_at_a_bank_that_does_not_exist(index: int) -> None:
    iban = numbers.iban(index)
    assert stdnum_iban.is_valid(iban)
    assert iban[4] == "9"


def test_ten_thousand_switchboards_and_their_lines_are_distinct_and_possible() -> None:
    written: list[str] = []
    for index in range(0, 60_000, 6):
        switchboard = numbers.switchboard(index)
        written += [switchboard, numbers.direct_line(switchboard, 11 + index % 8 * 10)]
    parsed = [phonenumbers.parse(number, "DE") for number in written]
    assert len({p.national_number for p in parsed}) == len(written)
    assert all(phonenumbers.is_possible_number(p) for p in parsed)


def test_telephone_numbers_come_from_the_ranges_kept_free_for_films() -> None:
    free = ("3023125", "6990009", "4066969", "2214710", "8999998", "17139200", "176040690")
    written = [numbers.switchboard(i) for i in range(0, 20_000, 7)]
    written += [numbers.mobile(i) for i in range(200)]
    for number in written:
        assert str(phonenumbers.parse(number, "DE").national_number).startswith(free)


def test_there_are_two_hundred_mobile_numbers_and_then_none() -> None:
    assert len({numbers.mobile(i) for i in range(200)}) == 200
    assert numbers.mobile(200) == ""
