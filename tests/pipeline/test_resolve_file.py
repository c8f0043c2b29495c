"""`hub resolve FILE`: any table in, `id,cluster` out, and errors that name file and line."""

import csv
import json
import os
import re
from pathlib import Path
from threading import Thread
from typing import Any

import openpyxl
import pytest

from hub.errors import ConfigError
from hub.pipeline.model_file import read_model
from hub.pipeline.resolve_file import read_schema, resolve_file
from hub.pipeline.table_file import located, read_rows
from hub.resolution.model import default_model, model_data
from hub.resolution.schema import SchemaError

SCHEMA = """
kind: organization
id: id
source: source
fields:
  name: org_name
  vat: vat
"""
ROWS = [
    {"id": "1", "source": "crm", "name": "Weber Logistik GmbH", "vat": "DE111111111"},
    {"id": "2", "source": "erp", "name": "Weber Logistik", "vat": "DE 111111111"},
    {"id": "3", "source": "erp", "name": "Nordlicht AG", "vat": ""},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schema.yaml").write_text(SCHEMA, "utf-8")
    lines = "\n".join(json.dumps(row) for row in ROWS)
    (tmp_path / "rows.jsonl").write_text(lines + "\n", "utf-8")
    with (tmp_path / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ROWS[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(ROWS)
    return tmp_path


def run(folder: Path, name: str, **more: Path) -> list[list[str]]:
    out = folder / "out.csv"
    resolve_file(folder / name, folder / "schema.yaml", out, **more)
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.csv"])
def test_a_file_becomes_clusters_called_by_their_smallest_key(folder: Path, name: str) -> None:
    assert run(folder, name) == [["id", "cluster"], ["1", "1"], ["2", "1"], ["3", "3"]]


def test_an_empty_file_gives_no_clusters(folder: Path) -> None:
    (folder / "none.jsonl").write_text("", "utf-8")
    assert run(folder, "none.jsonl") == [["id", "cluster"]]


def test_a_model_of_ones_own_is_used(folder: Path) -> None:
    data = model_data(default_model("organization")) | {"merge": 99.0}
    (folder / "model.json").write_text(json.dumps(data), "utf-8")
    found = run(folder, "rows.jsonl", model=folder / "model.json")
    assert [row[1] for row in found[1:]] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x.jsonl", '{"id": "1"}\n{"id": ', "x.jsonl line 2"),
        ("x.jsonl", "[1]\n", "x.jsonl line 1: one JSON object is wanted on each line: Expected"),
        (
            "x.dat",
            "id,name\n",
            "x.dat line 1: one JSON object is wanted on each line, or a name that",
        ),
        ("x.csv", "id,name\n1,a,b\n", "x.csv line 2: more values than columns"),
        ("x.jsonl", '{"id": "1", "name": "a"}\n', "no row has the column 'vat'"),
        (
            "x.csv",
            "id,name,vat,source\n1,a,,s\n1,b,,s\n",
            "x.csv line 3: 1 key is in 'id' more than once: 1 (records 1 and 2)",
        ),
        ("x.csv", "key, name\n1,a\n", "line 2: record 1 has no value in the key column 'id'; its"),
        ("x.csv", "key, name\n1,a\n", "its columns are ' name', key"),
        ("x.csv", 'id,name\n1,"a\nb"\n\n,c\n', "x.csv line 5: record 2 has no value in the key"),
        ("x.csv", "id,name\n1,a\nid,name\n", "x.csv line 3: the header stands here again"),
        ("x.csv", "id,name\n1,a\n2," + "b" * (1 << 24) + "c\n", "x.csv line 3: field larger than"),
        ("x.csv", "\nid,id\n", "x.csv line 2: the column 'id' is there more than once"),
        ("x.jsonl", '{"id": "1", "name": ' + "[" * 5000, "x.jsonl line 1: one JSON object"),
        ("x.jsonl", '\n{"id": ["1"], "name": "a"}\n', "line 2: record 1 has no value in the key"),
        ("x.csv", "id,name,name\n1,a,b\n", "x.csv line 1: the column 'name' is there more"),
        ("x.csv", "id,x,x,name\n1,a,b,c\n", "no row has the column 'vat'; columns are id, name, x"),
        ("x.csv", 'id,name\n1,a\n2,"b\n3,c\n', "x.csv line 3: a quotation mark is opened"),
    ],
)
def test_bad_rows_are_named(folder: Path, name: str, text: str, said: str) -> None:
    (folder / name).write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        run(folder, name)
    assert said in str(caught.value)


def test_a_value_may_span_lines_and_hold_quotation_marks(folder: Path) -> None:
    (folder / "x.csv").write_text('id,name\n1,"a\nb"\n2,the "c"\n3,"d ""e"""\n', "utf-8")
    plan = read_schema(folder / "schema.yaml")
    assert [row["name"] for row in read_rows(folder / "x.csv", plan)] == [
        "a\nb",
        'the "c"',
        'd "e"',
    ]


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("rows.csv", "is read here"),
        ("schema.yaml", "is read here"),
        (".", "is a folder"),
        ("nowhere/out.csv", "there is no folder"),
    ],
)
def test_what_is_read_is_not_written_over_nor_work_done_for_nothing(
    folder: Path, out: str, said: str
) -> None:
    before = (folder / "rows.csv").read_text("utf-8"), (folder / "schema.yaml").read_text("utf-8")
    with pytest.raises(ConfigError, match=said):
        resolve_file(folder / "rows.csv", folder / "schema.yaml", folder / out)
    after = (folder / "rows.csv").read_text("utf-8"), (folder / "schema.yaml").read_text("utf-8")
    assert after == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_a_csv_is_read_in_the_encodings_of_spreadsheets(folder: Path, encoding: str) -> None:
    text = "id;name;vat;source\r\n1;Müller Straßenbau KG;;crm\r\n"
    (folder / "x.csv").write_bytes(text.encode(encoding))
    rows = list(read_rows(folder / "x.csv", read_schema(folder / "schema.yaml")))
    assert rows == [{"id": "1", "name": "Müller Straßenbau KG", "vat": "", "source": "crm"}]


@pytest.mark.parametrize(
    "text",
    [
        "\n\nid;name\n1;Meier, Karl & Co.\n",
        "Kunden, Stand 27.11.2026\n\nid;name\n1;Meier, Karl & Co.\n",
        "sep=;\nid;name\n1;Meier, Karl & Co.\n",
        'id;name;"a, b, c, d"\n1;Meier, Karl & Co.;\n',
        'id,name\n1,"Meier, Karl & Co.",,\n',
    ],
)
def test_a_csv_is_read_as_spreadsheets_write_it(folder: Path, text: str) -> None:
    (folder / "x.csv").write_text(text, "utf-8")
    (row,) = read_rows(folder / "x.csv", read_schema(folder / "schema.yaml"))
    assert (row["id"], row["name"]) == ("1", "Meier, Karl & Co.")


def test_only_the_last_letter_tells_the_encoding(folder: Path) -> None:
    (folder / "x.csv").write_bytes(b"id;name\n1;Caf\xe9")
    (row,) = read_rows(folder / "x.csv", read_schema(folder / "schema.yaml"))
    assert row["name"] == "Café"


def test_a_value_may_be_long(folder: Path) -> None:
    (folder / "x.csv").write_text(f"id;name\n1;{'x' * 200_000}\n", "utf-8")
    (row,) = read_rows(folder / "x.csv", read_schema(folder / "schema.yaml"))
    assert len(row["name"]) == 200_000


def test_lines_of_json_may_begin_with_a_mark(folder: Path) -> None:
    text = (folder / "rows.jsonl").read_text("utf-8")
    (folder / "x.jsonl").write_text(text, "utf-8-sig")
    assert run(folder, "x.jsonl") == run(folder, "rows.jsonl")


def test_a_workbook_is_a_table_below_its_titles(folder: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    titles: list[list[Any]] = [["Kunden, Stand 27.11.2026"], [], ["id", "source", "name", "vat"]]
    for row in [*titles, *([int(row["id"]), *list(row.values())[1:]] for row in ROWS)]:
        sheet.append(row)
    book.save(folder / "rows.xlsx")
    assert run(folder, "rows.xlsx") == [["id", "cluster"], ["1", "1"], ["2", "1"], ["3", "3"]]


@pytest.mark.parametrize("name", ["none.xlsx", "rows.csv.xlsx"])
def test_what_is_no_workbook_is_named(folder: Path, name: str) -> None:
    (folder / "rows.csv.xlsx").write_text("id,name\n", "utf-8")
    with pytest.raises(ConfigError, match=re.escape(name)):
        run(folder, name)


@pytest.mark.parametrize("name", ["rows.jsonl", "schema.yaml"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ConfigError, match=name):
        run(folder, "rows.jsonl")


@pytest.mark.parametrize(
    "text",
    ["fields: [", "kind: organization\nid: id\nfields: {name: nome}", "&a\nfields: *a", "[" * 2000],
)
def test_a_bad_schema_is_named(folder: Path, text: str) -> None:
    (folder / "schema.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"schema\.yaml"):
        run(folder, "rows.jsonl")


@pytest.mark.parametrize(
    "text", ["", "{}", '{"version": 99}', '{"version": 1}', "[]", "[" * 9000, "\N{NULL}"]
)
def test_a_bad_model_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.json").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"m\.json: no model file"):
        read_model(tmp_path / "m.json")


@pytest.mark.parametrize("value", ["x", None, [1, {}], {"a": {"b": "c"}}, 1e999, float("nan")])
def test_a_spoiled_model_is_named(tmp_path: Path, value: object) -> None:
    data = model_data(default_model("organization"))
    for key in ("prior", "merge", "weights", "interactions", "rivalry", "trees", "sources"):
        (tmp_path / "m.json").write_text(json.dumps(data | {key: value}), "utf-8")
        with pytest.raises(ConfigError, match=r"m\.json: no model file.*`hub train` writes one"):
            read_model(tmp_path / "m.json")
    (tmp_path / "m.json").write_text(json.dumps(data | {"vetoes": [1, {}]}), "utf-8")
    assert read_model(tmp_path / "m.json").vetoes == ("1", "{}")


@pytest.mark.parametrize("key", ["prior", "scale", "propose", "weights", "rivalry"])
def test_what_a_model_lacks_is_named(tmp_path: Path, key: str) -> None:
    data = model_data(default_model("thing"))
    (tmp_path / "m.json").write_text(json.dumps({k: data[k] for k in data if k != key}), "utf-8")
    with pytest.raises(ConfigError, match=rf"m\.json: no model file: '{key}' is missing"):
        read_model(tmp_path / "m.json")


def test_keys_come_out_as_they_are_written(folder: Path) -> None:
    keys = [" 007 ", "007", 'a "b", c', "=1+1", "0x1F", "ü "]
    with (folder / "x.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "name", "vat", "source")])
        csv.writer(file).writerows((key, "Weber", "", "crm") for key in keys)
    assert {row[0] for row in run(folder, "x.csv")[1:]} == set(keys)


def test_a_packed_file_and_the_line_with_other_bytes_are_named(folder: Path) -> None:
    (folder / "x.csv").write_bytes(b"\x1f\x8b\x08\x00")
    with pytest.raises(ConfigError, match=r"x\.csv: is packed \(gzip\); unpack it"):
        run(folder, "x.csv")
    (folder / "x.csv").write_bytes(b"id,name\n1,M\xc3\xbcller\n2,M\xfcller\n")
    with pytest.raises(ConfigError, match=r"x\.csv line 3: is not UTF-8"):
        run(folder, "x.csv")
    (folder / "x.jsonl").write_bytes(b'{"id": "1"}\n{"id": "M\xfcller"}\n')
    with pytest.raises(ConfigError, match=r"x\.jsonl line 2: is not UTF-8"):
        run(folder, "x.jsonl")
    (folder / "x.jsonl").write_text('{"id": "1"}\n', "utf-16")
    with pytest.raises(ConfigError, match=r"x\.jsonl: is UTF-16; save it as UTF-8"):
        run(folder, "x.jsonl")


def test_a_pipe_is_not_asked_again_which_line_was_wrong(folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(b"{}",))
    writer.start()
    plan = read_schema(folder / "schema.yaml")
    assert str(located(pipe, plan, SchemaError("no key", 1))) == f"{pipe}: no key"
    assert pipe.read_bytes() == b"{}"
    writer.join()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("kind: person\nkind: thing\nid: id\nfields:\n  name: text\n", 2),
        ("kind: person\nid: id\nfields:\n  name: person_name\n  name: text\n", 5),
    ],
)
def test_a_schema_that_says_a_thing_twice_is_refused(folder: Path, text: str, line: int) -> None:
    (folder / "schema.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=rf"line {line}: '\w+' is there more than once"):
        run(folder, "rows.csv")


def test_a_schema_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "schema.yaml").write_text(SCHEMA.replace("name", "größe"), "cp1252")
    with pytest.raises(ConfigError, match=r"schema\.yaml: is not UTF-8; save it"):
        run(folder, "rows.csv")


def test_a_model_of_another_kind_is_refused(folder: Path) -> None:
    data = model_data(default_model("thing"))
    (folder / "model.json").write_text(json.dumps(data), "utf-8")
    with pytest.raises(ConfigError, match=r"model\.json: is a model of kind thing; .* says"):
        run(folder, "rows.csv", model=folder / "model.json")
