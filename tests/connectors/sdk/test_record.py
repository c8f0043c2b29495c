"""Record refs: every key survives being written and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sdk import RecordKey, parse_ref


@given(key=st.text(min_size=1), part=st.sampled_from(["", "contact", "member.0"]))
def test_a_ref_is_read_back(key: str, part: str) -> None:
    record = RecordKey("crm", "accounts", key)
    assert parse_ref(record.ref(part)) == (record, part)


@pytest.mark.parametrize("text", ["", "crm", "crm:accounts", "crm:accounts:", "CRM:a:1", ":a:1"])
def test_what_is_no_ref_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a record ref"):
        parse_ref(text)
