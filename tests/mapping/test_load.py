"""What is wrong with a mapping file is said with its file, line and key."""

import textwrap

import pytest

from mapping.load import load_spec
from mapping.nouns import KINDS
from mapping.problems import MappingError

STREAMS = ("accounts", "deals")

ACCOUNTS = """
    streams:
      accounts:
        - kind: organization
          fields: {name: company}
"""


def problems(text: str) -> list[str]:
    """Return the lines of the error that loading `text` gives; line 1 is the first one of text."""
    with pytest.raises(MappingError) as caught:
        load_spec(textwrap.dedent(text).lstrip("\n"), file="crm.yaml", streams=STREAMS)
    return str(caught.value).splitlines()


def test_a_good_file_loads_with_short_forms_written_out() -> None:
    spec = load_spec(textwrap.dedent(ACCOUNTS), file="crm.yaml", streams=STREAMS)
    assert spec.streams["accounts"][0].fields["name"].path == "company"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "crm.yaml:1: expected `streams:` with the connection's streams, got nothing like it"),
        (
            "- a\n- b",
            "crm.yaml:1: expected `streams:` with the connection's streams, got nothing like it",
        ),
        (
            "a: {b: c[0]}",
            "crm.yaml:1: is not valid YAML: expected ',' or '}', but got '['; "
            "inside { } a path with brackets needs quotes",
        ),
        ("a: [1", "crm.yaml:1: is not valid YAML: expected ',' or ']', but got '<stream end>'"),
        (
            "streams: {}\nstream: {}",
            "crm.yaml:2: stream: there is no such key (did you mean streams?)",
        ),
        ("defaults: {}", "crm.yaml:1: streams: is missing"),
        ("streams: {}\nstreams: {}", "crm.yaml:2: streams: stands twice, first in line 1"),
        ("streams: !!python/name:os.system x", "tag:yaml.org,2002:python/name:os.system"),
        ("streams:\n  ? [a]\n  : b", "crm.yaml:2: streams: a key must be a single word or text"),
        (
            "defaults: {time_zone: Europa/Berlin}\nstreams: {}",
            "crm.yaml:1: defaults.time_zone: expected a time zone such as Europe/Berlin, "
            "got 'Europa/Berlin'",
        ),
        (
            "defaults: {country: Atlantis}\nstreams: {}",
            "crm.yaml:1: defaults.country: expected a country such as DE, got 'Atlantis'",
        ),
        (
            "defaults: {currency: EURO}\nstreams: {}",
            "crm.yaml:1: defaults.currency: expected an ISO 4217 code such as EUR, got 'EURO' "
            "(did you mean EUR?)",
        ),
        (
            "defaults: {decimal: ';'}\nstreams: {}",
            "crm.yaml:1: defaults.decimal: expected one of",
        ),
        (
            "defaults:\n  timezone: Europe/Berlin\nstreams: {}",
            "crm.yaml:2: defaults.timezone: there is no such key (did you mean time_zone?)",
        ),
    ],
)
def test_the_file_itself(text: str, expected: str) -> None:
    assert problems(text)[0].startswith(expected) or expected in problems(text)[0]


def entry(body: str) -> list[str]:
    """Return the problems of one entry of stream `accounts`; its `body` begins in line 3."""
    lines = textwrap.dedent(body).strip("\n").splitlines()
    listed = ["    - " + lines[0], *("      " + line for line in lines[1:])]
    return problems("\n".join(["streams:", "  accounts:", *listed]))


ORGANIZATION = "streams.accounts[0]"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "kind: organisation\nfields: {name: a}",
            f"crm.yaml:3: {ORGANIZATION}.kind: expected one of {', '.join(KINDS)}, "
            "got 'organisation' "
            "(did you mean organization?)",
        ),
        ("fields: {name: a}", f"crm.yaml:3: {ORGANIZATION}.kind: is missing"),
        (
            "kind: organization\nfileds: {name: a}",
            f"crm.yaml:4: {ORGANIZATION}.fileds: there is no such key (did you mean fields?)",
        ),
        (
            "kind: organization\nfields:\n  name: a\n  emial: b",
            f"crm.yaml:6: {ORGANIZATION}.fields.emial: organization has no field 'emial' "
            "(did you mean emails?)",
        ),
        (
            "kind: asset\nfields:\n  zzz: b",
            f"crm.yaml:5: {ORGANIZATION}.fields.zzz: asset has no field 'zzz' "
            "(known: installed_on, name, serial, warranty_until)",
        ),
        (
            "kind: organization\nfields:\n  phones: {paths: [a], normalise: phone}",
            f"crm.yaml:5: {ORGANIZATION}.fields.phones.normalise: there is no such key "
            "(did you mean normalize?)",
        ),
        (
            "kind: organization\nfields:\n  phones:\n    paths: [a]\n    normalize: fone",
            f"crm.yaml:7: {ORGANIZATION}.fields.phones.normalize: there is no normaliser 'fone' "
            "(did you mean phone?)",
        ),
        (
            "kind: organization\nfields:\n  emails: {path: a, normalize: money}",
            f"crm.yaml:5: {ORGANIZATION}.fields.emails.normalize: money does not give what emails "
            "holds (text); expected one of text, ",
        ),
        (
            "kind: organization\nfields:\n  name: {path: a, const: b}",
            f"crm.yaml:5: {ORGANIZATION}.fields.name: expected exactly one of path, paths, const, "
            "join; got path and const",
        ),
        (
            "kind: organization\nfields:\n  name: {normalize: text}",
            f"crm.yaml:5: {ORGANIZATION}.fields.name: expected exactly one of path, paths, const, "
            "join; got none of them",
        ),
        (
            "kind: organization\nfields:\n  name: 5",
            f"crm.yaml:5: {ORGANIZATION}.fields.name: expected keys and values, got 5",
        ),
        (
            "kind: organization\nfields:\n  name: {path: 5}",
            f"crm.yaml:5: {ORGANIZATION}.fields.name.path: expected text, got 5; put it in quotes",
        ),
        (
            "kind: organization\nfields:\n  phones: {paths: telefon}",
            f"crm.yaml:5: {ORGANIZATION}.fields.phones.paths: expected a list, got 'telefon'",
        ),
        (
            "kind: organization\nfields: {name: 'a..b'}",
            f"crm.yaml:4: {ORGANIZATION}.fields.name: 'a..b' is no path (at '..b'): expected",
        ),
        (
            "kind: organization\nfields: {name: ''}",
            f"crm.yaml:4: {ORGANIZATION}.fields.name: a path must not be empty",
        ),
        (
            "kind: organization\nfields:\n  country: {const: Germony}",
            f"crm.yaml:5: {ORGANIZATION}.fields.country.const: 'Germony' is not a country's name "
            "or ISO code",
        ),
        (
            "kind: organization\nfields:\n  credit_limit_minor: {const: 5}",
            f"crm.yaml:5: {ORGANIZATION}.fields.credit_limit_minor.const: an amount must come from "
            "the source, not from this file",
        ),
        (
            "kind: organization\nfields:\n  name: {const: a, default: b}",
            f"crm.yaml:5: {ORGANIZATION}.fields.name.default: a constant needs no `default`",
        ),
        (
            "kind: organization\nfields:\n  emails: {path: a, decimal: ','}",
            f"crm.yaml:5: {ORGANIZATION}.fields.emails.decimal: `decimal` means nothing to email",
        ),
        (
            "kind: organization\nfields:\n  phones: {path: a, decimal: ','}",
            f"crm.yaml:5: {ORGANIZATION}.fields.phones.decimal: `decimal` means nothing to phone; "
            "it understands country",
        ),
        (
            "kind: organization\nfields:\n  phones: {path: a, country: XX}",
            f"crm.yaml:5: {ORGANIZATION}.fields.phones.country: expected a country such as DE, "
            "got 'XX'",
        ),
        (
            "kind: organization\nfields:\n  name: {path: a, with: x}",
            f"crm.yaml:5: {ORGANIZATION}.fields.name.with: `with` stands between the texts of "
            "`join`, which is missing",
        ),
        (
            "kind: organization\nfields:\n  name: {path: a, exact: true}",
            f"crm.yaml:5: {ORGANIZATION}.fields.name.exact: `exact` is about `values`, "
            "which is missing",
        ),
        (
            "kind: deal\nfields:\n  status:\n    path: s\n    values:\n      Gewonnen: gewonnen",
            f"crm.yaml:8: {ORGANIZATION}.fields.status.values.Gewonnen: expected one of abandoned, "
            "lost, open, unknown, won, got 'gewonnen'",
        ),
        (
            "kind: deal\nfields:\n  status:\n    path: s\n    values:\n      Neu: open\n"
            "      NEU: lost",
            f"crm.yaml:9: {ORGANIZATION}.fields.status.values.NEU: is the same as 'Neu' "
            "(unless `exact: true`)",
        ),
        (
            "kind: deal\nfields:\n  status: {path: s, normalize: text}",
            f"crm.yaml:5: {ORGANIZATION}.fields.status.normalize: status holds one of abandoned, "
            "lost, open, unknown, won: use `values`",
        ),
        (
            "kind: deal\nfields:\n  status_raw: s",
            f"crm.yaml:5: {ORGANIZATION}.fields.status_raw: status_raw is filled in by itself; "
            "map status instead",
        ),
        (
            "kind: organization\npart: Kontakt\nfields: {name: a}",
            f"crm.yaml:4: {ORGANIZATION}.part: 'Kontakt' is no part name: lower-case letters, "
            "digits, '_', '.', '-'",
        ),
        (
            "kind: organization\neach: list\nfields: {name: a}",
            f"crm.yaml:4: {ORGANIZATION}.each: a list makes parts: add `part`, e.g. `part: member`",
        ),
        (
            "kind: organization\nkey: id\nfields: {name: a}",
            f"crm.yaml:4: {ORGANIZATION}.key: `key` names the elements of `each`, which is missing",
        ),
        (
            "kind: organization\nwhen: {path: a, equals: 1, in: [2]}\nfields: {name: a}",
            f"crm.yaml:4: {ORGANIZATION}.when: expected at most one of equals, in, not_in",
        ),
        ("kind: organization", f"crm.yaml:3: {ORGANIZATION}.fields: expected fields of"),
        (
            "kind: organization\nfields: {name: a}\nrefs: {parnet: {stream: accounts, path: p}}",
            f"crm.yaml:5: {ORGANIZATION}.refs.parnet: organization has no reference 'parnet' "
            "(did you mean parent?)",
        ),
        (
            "kind: product\nfields: {name: a}\nrefs: {organization: '#'}",
            f"crm.yaml:5: {ORGANIZATION}.refs.organization: product has no reference "
            "'organization' (it has none)",
        ),
        (
            "kind: organization\nfields: {name: a}\nrefs:\n  parent:\n    stream: acounts\n"
            "    path: p",
            f"crm.yaml:7: {ORGANIZATION}.refs.parent.stream: the connection has no stream "
            "'acounts' (did you mean accounts?)",
        ),
        (
            "kind: organization\nfields: {name: a}\nrefs: {parent: accounts}",
            f"crm.yaml:5: {ORGANIZATION}.refs.parent: expected `path` "
            "(or `paths` for a key of several columns)",
        ),
        (
            "kind: organization\nfields: {name: a}\nrefs: {parent: {path: p}}",
            f"crm.yaml:5: {ORGANIZATION}.refs.parent: `path` needs `stream`: "
            "the stream whose key it holds",
        ),
        (
            "kind: organization\nfields: {name: a}\nrefs: {parent: '#holding'}",
            f"crm.yaml:5: {ORGANIZATION}.refs.parent: in this record, part 'holding' "
            "is not mapped as organization",
        ),
        (
            "kind: ticket\nfields: {subject: a}\nrefs: {person: '#'}",
            f"crm.yaml:5: {ORGANIZATION}.refs.person: in this record, the record itself "
            "is not mapped as person",
        ),
        (
            "kind: ticket\nfields: {subject: a}\nrefs: {person: {stream: deals, path: p}}",
            f"crm.yaml:5: {ORGANIZATION}.refs.person: in stream deals, the record itself "
            "is not mapped as person",
        ),
    ],
)
def test_one_entry(body: str, expected: str) -> None:
    found = entry(body)
    assert found[0].startswith(expected), found[0]
    assert len(found) == 1, found


def test_a_stream_the_connection_does_not_declare() -> None:
    text = "streams:\n  acounts:\n    - kind: product\n      fields: {name: a}"
    assert problems(text) == [
        "crm.yaml:2: streams.acounts: the connection has no stream 'acounts' "
        "(did you mean accounts?)"
    ]
    assert problems("streams: {accounts: []}") == [
        "crm.yaml:1: streams.accounts: expected at least one entry with `kind` and `fields`"
    ]


def test_alternatives_for_one_part_need_conditions() -> None:
    text = """
        streams:
          accounts:
            - kind: organization
              fields: {name: a}
            - kind: person
              fields: {name: a}
    """
    assert problems(text) == [
        "crm.yaml:3: streams.accounts[0]: the record itself (no `part`) is made again further "
        "down: give this entry a `when`, or one of them another `part`"
    ]
    alternatives = text.replace(
        "- kind: organization", "- kind: organization\n              when: f"
    )
    load_spec(textwrap.dedent(alternatives), file="crm.yaml", streams=STREAMS)


def test_all_mistakes_come_at_once_in_the_order_of_the_file() -> None:
    found = entry(
        """
        kind: organization
        fields:
          nmae: a
          emails: {path: b, normalize: mail}
          country: {const: Nirgends}
        """
    )
    assert [line.split(": ")[0] for line in found] == ["crm.yaml:5", "crm.yaml:6", "crm.yaml:7"]
    schema = entry("kind: firma\nfields: {name: {path: a, pfad: b}}\nfoo: 1")
    assert [line.split(": ")[0] for line in schema] == ["crm.yaml:3", "crm.yaml:4", "crm.yaml:5"]


def test_yaml_words_stay_what_they_look_like() -> None:
    text = """
        streams:
          deals:
            - kind: deal
              fields:
                name: {path: a, values: {no: 0123, on: 2026-01-01, "1": yes, 12:30: x}}
                owner: {const: NO}
    """
    spec = load_spec(textwrap.dedent(text), file="crm.yaml", streams=STREAMS)
    fields = spec.streams["deals"][0].fields
    assert fields["name"].values == {"no": "0123", "on": "2026-01-01", "1": "yes", "12:30": "x"}
    assert fields["owner"].const == "NO"


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "a: \x01",
        "%YAML 9",
        "a: *b",
        "&a [*a]",
        "[" * 5_000,
        "a: {b",
        "--- 1\n--- 2",
        "\t- a",
    ],
)
def test_whatever_the_text_the_error_is_a_mapping_error(text: str) -> None:
    assert problems(text)


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "more than 200000 values" in problems("\n".join(lines))[0]
