"""Broken exports: what is usable is used, the rest kept whole, nothing is lost or doubled."""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from hub.cli.ending import Exit
from hub.runtime import opened
from tests.flow.conftest import GOOD
from tests.flow.hub_folder import HubFolder, one_line, until

HEAD = "id,name,city\n"
JSONL = (
    '{"id": "1", "name": "Weber GmbH", "city": "Ulm"}\n'
    '{"id": "2", "name": "Bär AG", "city": "Kiel"}\n'
    '{"id": "3", "name": "Oetzwald KG", "city": "Jena"}\n'
)
FIRST, SECOND, THIRD = JSONL.splitlines(keepends=True)
HUGE = f'3,"{"x" * 5_000_000}",Jena'


@dataclass(frozen=True)
class Torn:
    """A file of which some is usable. entries: (place, reason, raw) of what is not."""

    name: str
    content: str | bytes
    entries: list[tuple[str, str, str]]
    file: str = "accounts.csv"
    alive: str = "1 2 3"
    options: str = ""
    whole: str = GOOD


def _jsonl(name: str, content: str, *entries: tuple[str, str, str], alive: str = "1 2 3") -> Torn:
    return Torn(name, content, list(entries), file="accounts.jsonl", alive=alive, whole=JSONL)


TORN = [
    Torn(
        "a quote that is not closed",
        HEAD + '1,Weber GmbH,Ulm\n2,"Bär AG,Kiel\n3,Oetzwald KG,Jena\n',
        [("accounts.csv line 3", "a quote is not closed", '2,"Bär AG,Kiel')],
    ),
    Torn(
        "too many fields",
        HEAD + "1,Weber GmbH,Ulm\n2,Bär,AG,Kiel\n3,Oetzwald KG,Jena\n",
        [("accounts.csv line 3", "4 fields where the header has 3", "2,Bär,AG,Kiel")],
    ),
    Torn(
        "a delimiter that changes",
        "id;name;city\n1;Weber GmbH;Ulm\n2,Bär AG,Kiel\n3\tOetzwald KG\tJena\n",
        [
            ("accounts.csv line 3", "1 fields where", "2,Bär AG,Kiel"),
            ("accounts.csv line 4", "1 fields where", "3\tOetzwald KG\tJena"),
        ],
    ),
    Torn(
        "a field of 5 MB",
        f"{HEAD}1,Weber GmbH,Ulm\n2,Bär AG,Kiel\n{HUGE}\n",
        [("accounts.csv line 4", r"larger than 4194304 bytes", HUGE)],
    ),
    Torn(
        "a NUL",
        HEAD + "1,Weber GmbH,Ulm\n2,Bär\0AG,Kiel\n3,Oetzwald KG,Jena\n",
        [("accounts.csv line 3", "holds a NUL character", "2,Bär\0AG,Kiel")],
    ),
    Torn(
        "a byte of another encoding",
        GOOD.encode().replace("ä".encode(), b"\xe4"),
        [
            (
                "accounts.csv line 3",
                "byte 0xe4 does not fit the file's encoding",
                "2,B\\xe4r AG,Kiel",
            )
        ],
        options=", encoding: utf-8",
    ),
    Torn(
        "a duplicate key",
        GOOD + "2,Another AG,Kiel\n3,Oetzwald KG,Jena\n",
        [("accounts.csv line 5", "duplicate key '2' with other content", "2,Another AG,Kiel")],
    ),
    Torn(
        "an empty key",
        HEAD + "1,Weber GmbH,Ulm\n ,Bär AG,Kiel\n3,Oetzwald KG,Jena\n",
        [("accounts.csv line 3", "the key 'id' is empty", " ,Bär AG,Kiel")],
    ),
    _jsonl(
        "half a line",
        FIRST + SECOND + '{"id": "3", "na',
        ("accounts.jsonl line 3", "no JSON: Input data was truncated", '{"id": "3", "na'),
    ),
    _jsonl(
        "keys of every wrong kind",
        FIRST + '{"id": null}\n{"name": "B"}\n{"id": {"a": 1}}\n{"id": true}\n' + THIRD,
        ("accounts.jsonl line 2", "the key 'id' is null", '{"id": null}'),
        ("accounts.jsonl line 3", "the key 'id' is missing .fields there: name", '{"name": "B"}'),
        ("accounts.jsonl line 4", "the key 'id' is neither text nor a number", '{"id": {"a": 1}}'),
        ("accounts.jsonl line 5", "the key 'id' is neither text nor a number", '{"id": true}'),
    ),
    _jsonl(
        "lines that are no objects",
        FIRST + SECOND + THIRD + '[1]\nnull\nNaN\n"3"\n',
        ("accounts.jsonl line 4", "no JSON object", "[1]"),
        ("accounts.jsonl line 5", "no JSON object", "null"),
        ("accounts.jsonl line 6", "no JSON", "NaN"),
        ("accounts.jsonl line 7", "no JSON object", '"3"'),
    ),
    _jsonl(
        "a NUL and half a character in a key",
        FIRST + SECOND + THIRD + '{"id": "4\\u0000"}\n{"id": "\\ud800"}\n',
        ("accounts.jsonl line 4", "the key 'id' holds a NUL character", '{"id": "4\\u0000"}'),
        ("accounts.jsonl line 5", "no JSON", '{"id": "\\ud800"}'),
    ),
]


@pytest.mark.parametrize("torn", TORN, ids=lambda torn: torn.name)
def test_what_is_unusable_waits_whole_until_it_is_mended(folder: HubFolder, torn: Torn) -> None:
    folder.stream(f"path: {torn.file}{torn.options}")
    file = folder.write(f"exports/{torn.file}", torn.whole)
    assert folder.hub("sync").returncode == Exit.OK
    before = folder.customers()
    folder.write(f"exports/{torn.file}", torn.content)
    for _ in range(2):  # the second time, the same input is the same entry
        said = folder.hub("sync")
        assert (said.returncode, f"{len(torn.entries)} in quarantine" in said.stdout) == (0, True)
    shown = folder.hub("status")
    assert len(shown.stdout) < 3_000
    assert folder.keys_alive() == torn.alive.split()
    with folder.api() as client:
        waiting = folder.quarantine(client)
        assert waiting.keys() == {place for place, _, _ in torn.entries}
        for place, reason, raw in torn.entries:
            one_line(shown, f"in quarantine: {place}: {reason}")
            assert waiting[place]["raw"] == raw
        file.write_text(torn.whole)
        assert client.post("/v1/connections/crm/quarantine/replay").status_code == 202
        until(lambda: not folder.rows("SELECT 1 FROM runs WHERE state = 'running'"), "the replay")
        assert folder.quarantine(client) == {}
    assert (folder.keys_alive(), folder.customers()) == (["1", "2", "3"], before)


def _workbook(*rows: tuple[str, ...]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


STOPPED: list[tuple[str, str, bytes | str, str]] = [
    ("no bytes", "accounts.csv", "", r"accounts\.csv has 0 bytes: an export that was only begun\?"),
    ("only line ends", "accounts.csv", "\n\n", r"accounts\.csv has no header line"),
    ("a wrong column", "accounts.csv", "nr,name\n1,A\n", "no column 'id' for the key; .*nr, name"),
    ("noise", "accounts.csv", bytes(range(256)) * 9, r"accounts\.csv"),
    ("another encoding", "accounts.csv", GOOD.encode("cp500"), r"no column 'id' for the key"),
    ("a line of 70 MB", "accounts.csv", HEAD + "x" * 70_000_000, "a line of more than 67108864"),
    ("no workbook", "accounts.xlsx", b"PK\x03\x04 no", r"accounts\.xlsx is no whole workbook"),
    ("half", "accounts.xlsx", _workbook(("id", "name"))[:900], "is no whole workbook"),
    ("a table", "accounts.xlsx", GOOD, "is no whole workbook"),
    ("a column", "accounts.xlsx", _workbook(("nr",), ("1",)), "no column 'id' for the key; .*nr"),
    ("not closed", "accounts.json", '[{"id": "1"}, {"id": "2"', r"accounts\.json"),
    ("no list", "accounts.json", '{"id": "1"}', r"accounts\.json"),
    ("cut UTF-16", "accounts.json", "[{}]".encode("utf-16")[:-1], r"accounts\.json cannot be read"),
]


@pytest.mark.parametrize(("name", "file", "content", "why"), STOPPED, ids=lambda v: str(v)[:24])
def test_a_file_that_cannot_be_read_deletes_nothing(
    folder: HubFolder, name: str, file: str, content: bytes | str, why: str
) -> None:
    assert folder.hub("sync").returncode == Exit.OK
    folder.stream(f"path: {file}")
    folder.write(f"exports/{file}", content)
    said = folder.hub("sync")
    assert said.returncode == Exit.FAILED, name
    one_line(said, "crm: failed", why)
    assert len(said.stdout) < 3_000
    one_line(folder.hub("status"), "failed", why)
    checked = folder.hub("check", "--connect")
    if file != "accounts.json":  # its end is not looked for
        assert checked.returncode == Exit.CONFIG
        one_line(checked, r"configs/hub\.yaml:\d+: connections\.crm", why)
    assert folder.keys_alive() == ["1", "2", "3"]
    folder.stream("path: accounts.csv")
    folder.write("exports/accounts.csv", GOOD)
    assert "3 unchanged" in folder.hub("sync").stdout


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ("path: accounts.csv, encoding: klingon", "unknown encoding 'klingon'; usual are utf-8"),
        ("path: accounts.csv, encoding: utf-16", "accounts.csv cannot be read as utf-16: .*BOM"),
        ("path: accounts.csv, encoding: base64", "'base64' is no text encoding"),
        (
            "path: accounts.csv, format: jsonl, encoding: utf-16",
            "accounts.csv cannot be read: .*BOM",
        ),
        ("path: ../../etc/passwd", "leaves the folder"),
        ("path: accounts.csv, delimiter: ';;'", "expected one character"),
        ("path: accounts.csv, delimeter: ','", "no such option; is 'delimiter' meant"),
        ("glob: '*.tsv'", r"no file in .*exports matches '\*\.tsv'"),
    ],
)
def test_a_stream_that_is_told_wrongly(folder: HubFolder, options: str, why: str) -> None:
    folder.stream(options)
    said = folder.hub("sync")
    assert said.returncode == Exit.FAILED
    one_line(said, "crm: failed", why)
    assert "unforeseen" not in said.stdout
    assert folder.hub("check", "--connect").returncode == Exit.CONFIG
    assert folder.keys_alive() == []


def _folder(path: Path) -> None:
    path.mkdir()


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere.csv")


PLACES: list[tuple[Callable[[Path], object], str]] = [
    (lambda _: None, r"there is no file .*accounts\.csv"),
    (_folder, r"accounts\.csv is a folder: state `path` or `glob`"),
    (_loop, r"there is no file .*accounts\.csv"),
    (_dangling, r"there is no file .*accounts\.csv"),
    (os.mkfifo, r"accounts\.csv is no file but a device or a pipe"),
]


@pytest.mark.parametrize(("put", "why"), PLACES)
def test_something_else_where_the_file_should_be(
    folder: HubFolder, put: Callable[[Path], object], why: str
) -> None:
    assert folder.hub("sync").returncode == Exit.OK
    file = folder.path / "exports/accounts.csv"
    file.unlink()
    put(file)
    said = folder.hub("sync")
    assert said.returncode == Exit.FAILED
    one_line(said, "crm: failed", why)
    one_line(folder.hub("check", "--connect"), r"hub\.yaml:3: connections\.crm: ", why)
    assert folder.keys_alive() == ["1", "2", "3"]


def test_a_folder_that_holds_itself_is_read_once(folder: HubFolder) -> None:
    exports = folder.path / "exports"
    (exports / "again").symlink_to(exports)
    (exports / "b.csv").symlink_to("b.csv")
    folder.stream("glob: '**/*.csv'")
    assert "3 new" in folder.hub("sync").stdout
    assert folder.keys_alive() == ["1", "2", "3"]


def test_a_file_that_changes_while_it_is_read_deletes_nothing(folder: HubFolder) -> None:
    many = HEAD + "".join(f"{n},Firm {n} GmbH,Ulm\n" for n in range(3_000))
    file = folder.write("exports/accounts.csv", many)
    assert folder.hub("sync").returncode == Exit.OK
    file.write_text(many[: len(many) // 2])

    def grow(_: object) -> None:
        with file.open("a") as out:
            out.write("99999,Late GmbH,Ulm\n")

    with opened(folder.path / "configs/hub.yaml", folder.env) as runtime:
        run = runtime.sync("crm", on_progress=grow)
    assert (run.state, run.error_kind) == ("failed", "contract")
    assert "changed while it was read; the next run reads it again" in str(run.error)
    assert {str(n) for n in range(3_000)} <= set(folder.keys_alive())
    file.write_text(many)
    assert folder.hub("sync", "--accept-deletes").returncode == Exit.OK
    assert len(folder.keys_alive()) == 3_000


def test_a_file_of_an_odd_name_is_named_as_well_as_can_be(folder: HubFolder) -> None:
    (folder.path / "exports/accounts.csv").unlink()
    (folder.path / os.fsdecode(b"exports/odd-\xff.csv")).write_text("nr\n1\n")
    folder.stream("glob: 'odd-*.csv'")
    said = folder.hub("sync")
    assert said.returncode == Exit.FAILED
    one_line(said, r"odd-\\udcff\.csv has no column 'id'")
    one_line(folder.hub("status"), r"odd-\\udcff\.csv has no column 'id'")
