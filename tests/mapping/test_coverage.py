"""What a mapping does not read, and what it reads that is not there."""

import textwrap

from connectors.sdk.record import Record
from mapping.compile import compile_spec
from mapping.coverage import absent_paths, unmapped_paths
from mapping.load import load_spec

MAPPING = compile_spec(
    load_spec(
        textwrap.dedent(
            """
            streams:
              teams:
                - kind: project
                  when: active
                  fields: {name: title, city: address.city, number: "codes[0]"}
                - part: member
                  each: members
                  key: id
                  kind: person
                  fields: {name: who, external_ids: $.tag}
                  refs: {organization: {stream: firms, path: firm}}
              firms:
                - kind: organization
                  fields: {name: .}
            """
        ),
        file="x.yaml",
        streams=("teams", "firms"),
    )
)


def test_unmapped_paths_show_as_one_would_write_them() -> None:
    data = {
        "title": "Umzug",
        "active": True,
        "notes": None,
        "odd.key": 1,
        "Start Datum": "1.1.2026",
        "address": {"city": "Bonn", "zip": "53111"},
        "codes": ["A", "B"],
        "tag": "x",
        "members": [{"id": 1, "who": "Anna", "firm": 3}, {"id": 2, "age": 5, "x": {"y": []}}],
    }
    assert unmapped_paths(MAPPING, "teams", Record("1", data)) == [
        "notes",
        '["odd.key"]',
        "Start Datum",
        "address.zip",
        "members[*].age",
        "members[*].x.y",
    ]


def test_a_mapping_that_takes_the_whole_record_leaves_nothing() -> None:
    assert unmapped_paths(MAPPING, "firms", Record("1", {"a": {"b": 1}})) == []
    assert unmapped_paths(MAPPING, "other", Record("1", {"a": {"b": 1}})) == ["a.b"]


def test_absent_paths_are_typos_or_optional_fields() -> None:
    data = {"titel": "Umzug", "active": 1, "address": None, "codes": [], "members": [{"who": "A"}]}
    assert absent_paths(MAPPING, "teams", Record("1", data)) == [
        "title",
        "tag",
        "members[*].id",
        "members[*].firm",
    ]
    assert absent_paths(MAPPING, "other", Record("1", data)) == []
