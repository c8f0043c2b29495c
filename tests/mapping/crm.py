"""The mapping file of a made-up CRM that the tests of apply() share."""

import textwrap
from typing import Any

from connectors.sdk.record import Record, RecordKey
from mapping.apply import CompiledMapping, apply
from mapping.canonical import CanonicalRecord
from mapping.compile import compile_spec
from mapping.load import load_spec

STREAMS = ("accounts", "deals", "lines", "people", "teams", "tickets")

CRM = """
defaults: {country: DE, currency: EUR, time_zone: Europe/Berlin, decimal: ","}
streams:
  accounts:
    - kind: organization
      fields:
        name: company
        phones: {paths: [phone, mobile]}
        emails: mail
        vat_id: ust_id
        street: street
        postcode: zip
        city: address.city
        country: country
        credit_limit_minor: limit
        industry: {path: branch, default: Handel}
        external_ids: {const: from-crm}
        lifecycle: {path: kind, values: {Kunde: customer, Lead: prospect, Alt: null}}
    - part: contact
      kind: person
      when: contact_name
      fields:
        name: contact_name
        emails: {paths: [contact_mail], normalize: email}
      refs: {organization: "#"}
  deals:
    - kind: deal
      fields:
        name: {join: [city, title], with: " / "}
        status: {path: Status, values: {Gewonnen: won, Offen: open}}
        amount_minor: amount
        probability: {path: chance, fraction: true}
        created_at: created
      refs:
        organization: {stream: accounts, path: account_id}
        person: {stream: accounts, path: account_id, part: contact}
  lines:
    - kind: order
      fields: {number: no}
      refs: {deal: {stream: deals, paths: [region, deal]}}
  teams:
    - kind: project
      fields: {name: title, number: id}
      refs: {person: "#member"}
    - part: member
      each: members
      kind: person
      fields: {name: who, position: role, external_ids: $.id, city: $.place}
    - part: guest
      each: guests
      key: id
      kind: person
      fields: {given_name: first, family_name: last}
  people:
    - kind: organization
      when: {path: type, in: [firma, 2]}
      fields: {name: name}
    - kind: person
      when: {path: type, not_in: [geloescht]}
      fields: {name: name, address: address, is_primary: main}
  tickets:
    - kind: ticket
      fields:
        subject: subject
        text: body
        priority: prio
        status: state
      refs: {person: "#requester", organization: "#company"}
    - part: requester
      kind: person
      fields: {name: from.name, emails: from.mail}
      refs: {organization: "#company"}
    - part: company
      kind: organization
      when: {path: from.company, not_in: [privat]}
      fields: {name: from.company, country: {const: Deutschland}}
"""


def compiled(text: str = CRM) -> CompiledMapping:
    """Return a mapping file's text ready to run."""
    spec = load_spec(textwrap.dedent(text), file="crm.yaml", streams=STREAMS)
    return compile_spec(spec)


MAPPING = compiled()


def made(stream: str, data: dict[str, Any], key: str = "A-17") -> list[CanonicalRecord]:
    """Return what a record of a stream makes."""
    return apply(MAPPING, RecordKey("crm", stream, key), Record(key, data))


def one(stream: str, data: dict[str, Any]) -> CanonicalRecord:
    """Return the one canonical record that a record makes."""
    (record,) = made(stream, data)
    return record
