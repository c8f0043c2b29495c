"""A mapping file without a mistake, and what is said once it has one."""

import pytest

from mapping.load import load_spec
from mapping.problems import MappingError

FILE = """\
defaults:
  country: DE
  currency: EUR
streams:
  accounts:
    - kind: organization
      fields:
        name: company
        phones: {paths: [phone, mobile]}
        country: land
    - part: contact
      kind: person
      when: contact_name
      fields:
        name: contact_name
      refs:
        organization: "#"
  deals:
    - kind: deal
      fields:
        name: title
        amount_minor: betrag
        status:
          path: status
          values:
            Offen: open
            Gewonnen: won
      refs:
        organization: {stream: accounts, path: account_id}
  teams:
    - kind: project
      fields: {name: title}
    - part: member
      each: members
      key: id
      kind: person
      fields: {name: who}
"""
"""A file without a mistake; each case below changes one place of it."""


STREAMS = ("accounts", "deals", "teams")


def problems(text: str) -> list[str]:
    with pytest.raises(MappingError) as caught:
        load_spec(text, file="crm.yaml", streams=STREAMS)
    return str(caught.value).splitlines()
