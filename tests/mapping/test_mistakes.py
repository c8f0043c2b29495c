"""Whole files with mistakes: each is said with its exact file, line and key."""

import pytest

from mapping.load import load_spec
from mapping.nouns import KINDS
from tests.mapping.good_file import FILE, STREAMS, problems


def test_the_file_itself_is_good() -> None:
    spec = load_spec(FILE, file="crm.yaml", streams=STREAMS)
    assert list(spec.streams) == list(STREAMS)


CASES = (
    (
        "  country: DE",
        "  country: Preussen",
        "crm.yaml:2: defaults.country: expected a country such as DE, got 'Preussen'",
    ),
    (
        "  currency: EUR",
        "  currency: Euro",
        "crm.yaml:3: defaults.currency: expected an ISO 4217 code such as EUR, got 'Euro' "
        "(did you mean EUR?)",
    ),
    (
        "  currency: EUR",
        "  currency: 978",
        "crm.yaml:3: defaults.currency: expected text, got 978; put it in quotes",
    ),
    (
        "  currency: EUR",
        "  time_zone: Berlin",
        "crm.yaml:3: defaults.time_zone: expected a time zone such as Europe/Berlin, got 'Berlin'",
    ),
    (
        "  currency: EUR",
        "  time_zone: ../etc/passwd",
        "crm.yaml:3: defaults.time_zone: expected a time zone such as Europe/Berlin, got "
        "'../etc/passwd'",
    ),
    (
        "  currency: EUR",
        "  decimal: ';'",
        "crm.yaml:3: defaults.decimal: expected one of ',', '.', got ';'",
    ),
    (
        "  currency: EUR",
        "  date_order: ydm",
        "crm.yaml:3: defaults.date_order: expected one of dmy, mdy, ymd, got 'ydm' (did you "
        "mean ymd?)",
    ),
    (
        "  currency: EUR",
        "  empty: none",
        "crm.yaml:3: defaults.empty: expected a list, got 'none'",
    ),
    (
        "  currency: EUR",
        "  curency: EUR",
        "crm.yaml:3: defaults.curency: there is no such key (did you mean currency?)",
    ),
    (
        "defaults:\n",
        "default:\n",
        "crm.yaml:1: default: there is no such key (did you mean defaults?)",
    ),
    (
        "streams:\n",
        "stream:\n",
        "crm.yaml:1: streams: is missing"
        "\n"
        "crm.yaml:4: stream: there is no such key (did you mean streams?)",
    ),
    (
        "  deals:\n",
        "  deal:\n",
        "crm.yaml:18: streams.deal: the connection has no stream 'deal' (did you mean deals?)",
    ),
    (
        "  deals:\n",
        "  accounts:\n",
        "crm.yaml:18: streams.accounts: stands twice, first in line 5",
    ),
    (
        "kind: organization\n",
        "kind: Organization\n",
        f"crm.yaml:6: streams.accounts[0].kind: expected one of {', '.join(KINDS)}, "
        "got 'Organization' "
        "(did you mean organization?)",
    ),
    (
        "kind: organization\n",
        "kind: firm\n",
        f"crm.yaml:6: streams.accounts[0].kind: expected one of {', '.join(KINDS)}, got 'firm'",
    ),
    (
        "kind: deal\n",
        "typ: deal\n",
        "crm.yaml:19: streams.deals[0].kind: is missing"
        "\n"
        "crm.yaml:19: streams.deals[0].typ: there is no such key (known: each, extensions, fields, "
        "key, kind, part, refs, when)",
    ),
    (
        "part: contact",
        "part: Contact",
        "crm.yaml:11: streams.accounts[1].part: 'Contact' is no part name: lower-case "
        "letters, digits, '_', '.', '-'",
    ),
    (
        "part: contact",
        "part: ''",
        "crm.yaml:6: streams.accounts[0]: the record itself (no `part`) is made again "
        "further down: give this entry a `when`, or one of them another `part`",
    ),
    (
        "when: contact_name",
        "when: {pfad: contact_name}",
        "crm.yaml:13: streams.accounts[1].when.path: is missing"
        "\n"
        "crm.yaml:13: streams.accounts[1].when.pfad: there is no such key (known: equals, "
        "in, not_in, path)",
    ),
    (
        "when: contact_name",
        "when: {path: contact_name, equals: 1, not_in: [2]}",
        "crm.yaml:13: streams.accounts[1].when: expected at most one of equals, in, not_in",
    ),
    (
        "when: contact_name",
        "when: 'contact..name'",
        "crm.yaml:13: streams.accounts[1].when: 'contact..name' is no path (at '..name'): "
        'expected e.g. `city`, `address.city`, `lines[0].sku`, `tags[*]`, `["odd.key"]` or '
        "`$.id`",
    ),
    (
        'organization: "#"',
        'organization: "#boss"',
        "crm.yaml:17: streams.accounts[1].refs.organization: in this record, part 'boss' is "
        "not mapped as organization",
    ),
    (
        'organization: "#"',
        'firm: "#"',
        "crm.yaml:17: streams.accounts[1].refs.firm: person has no reference 'firm' (known: "
        "organization)",
    ),
    (
        'organization: "#"',
        'organization: "#contact"',
        "crm.yaml:17: streams.accounts[1].refs.organization: in this record, part 'contact' "
        "is not mapped as organization",
    ),
    (
        "{stream: accounts, path: account_id}",
        "{stream: account, path: account_id}",
        "crm.yaml:29: streams.deals[0].refs.organization.stream: the connection has no "
        "stream 'account' (did you mean accounts?)",
    ),
    (
        "{stream: accounts, path: account_id}",
        "{stream: accounts}",
        "crm.yaml:29: streams.deals[0].refs.organization: expected `path` (or `paths` for a "
        "key of several columns)",
    ),
    (
        "{stream: accounts, path: account_id}",
        "{stream: teams, path: team_id}",
        "crm.yaml:29: streams.deals[0].refs.organization: in stream teams, the record itself "
        "is not mapped as organization",
    ),
    (
        "{stream: accounts, path: account_id}",
        "{path: account_id}",
        "crm.yaml:29: streams.deals[0].refs.organization: `path` needs `stream`: the stream "
        "whose key it holds"
        "\n"
        "crm.yaml:29: streams.deals[0].refs.organization: in this record, the record itself "
        "is not mapped as organization",
    ),
    (
        "{stream: accounts, path: account_id}",
        "{stream: accounts, path: a, paths: [b]}",
        "crm.yaml:29: streams.deals[0].refs.organization: expected `path` (or `paths` for a "
        "key of several columns)",
    ),
    (
        "{stream: accounts, path: account_id}",
        "{stream: accounts, path: a, part: contact}",
        "crm.yaml:29: streams.deals[0].refs.organization: in stream accounts, part 'contact' "
        "is not mapped as organization",
    ),
    (
        "      each: members\n",
        "",
        "crm.yaml:34: streams.teams[1].key: `key` names the elements of `each`, which is missing",
    ),
    (
        "      key: id\n",
        "      key: '[]'\n",
        "crm.yaml:35: streams.teams[1].key: '[]' is no path (at '[]'): expected e.g. `city`, "
        '`address.city`, `lines[0].sku`, `tags[*]`, `["odd.key"]` or `$.id`',
    ),
    (
        "    - part: member\n      each",
        "    - each",
        "crm.yaml:31: streams.teams[0]: the record itself (no `part`) is made again further "
        "down: give this entry a `when`, or one of them another `part`"
        "\n"
        "crm.yaml:33: streams.teams[1].each: a list makes parts: add `part`, e.g. `part: "
        "member`",
    ),
    (
        "fields: {name: who}",
        "fields: {name: who}\n      extensions: {Größe: a, name: b, ok: 'c['}",
        "crm.yaml:38: streams.teams[1].extensions.Größe: 'Größe' is no extension name: lower-case "
        "letters, digits, '_', '.', '-'\n"
        "crm.yaml:38: streams.teams[1].extensions.name: person has a field 'name': map it under "
        "`fields`\n"
        "crm.yaml:38: streams.teams[1].extensions.ok: 'c[' is no path (at '['): expected e.g. "
        '`city`, `address.city`, `lines[0].sku`, `tags[*]`, `["odd.key"]` or `$.id`',
    ),
    (
        "fields: {name: who}",
        "fields: {name: who",
        "crm.yaml:38: is not valid YAML: expected ',' or '}', but got '<stream end>'",
    ),
    (
        "fields: {name: who}",
        "fields: {name: who}\n\tfoo: 1",
        "crm.yaml:38: is not valid YAML: found character '\\t' that cannot start any token",
    ),
    (
        "fields: {name: who}",
        "fields: {name: *who}",
        "crm.yaml:37: is not valid YAML: found undefined alias 'who'",
    ),
)


@pytest.mark.parametrize(("good", "bad", "expected"), CASES)
def test_each_mistake_is_said_where_it_stands(good: str, bad: str, expected: str) -> None:
    assert good in FILE
    assert "\n".join(problems(FILE.replace(good, bad, 1))) == expected


@pytest.mark.parametrize("above", ["# one\n", "\n\n\n", "# a\n# b\n" * 50])
def test_lines_are_counted_from_the_top_of_the_file(above: str) -> None:
    (found,) = problems(above + FILE.replace("name: company", "nam: company"))
    assert found.startswith(f"crm.yaml:{8 + above.count(chr(10))}: streams.accounts[0].fields.nam")


def test_windows_line_ends_count_as_one_line_each() -> None:
    (found,) = problems(FILE.replace("name: company", "nam: company").replace("\n", "\r\n"))
    assert found.startswith("crm.yaml:8: ")


def test_independent_mistakes_come_together_in_file_order() -> None:
    text = FILE
    for good, bad in (
        ("name: company", "name: 'a['"),
        ('organization: "#"', 'organization: "#boss"'),
        ("Gewonnen: won", "Gewonnen: gewonnen"),
        ("fields: {name: who}", "fields: {name: who, status: x}"),
    ):
        text = text.replace(good, bad, 1)
    assert [line.split(":")[1] for line in problems(text)] == ["8", "17", "27", "37"]
