"""A connector in a file of its own needs no installation, and says where it is wrong."""

import os
from pathlib import Path

import pytest

from connectors.registry import connector_class, is_declared
from connectors.sdk import ConnectionBrokenError, Connector
from hub.cli.contract import subject_of

GOOD = """\
from connectors.sdk import Connector, Model, Stream, auth, pages


class Meta(Model):
    modified: int
    removed: bool


class Person(Model):
    uid: str
    meta: Meta


people = Stream(
    Person,
    "/rest/people",
    key="uid",
    items="response.entries",
    cursor="meta.modified",
    since="from",
    tombstone="meta.removed",
    pages=pages.Token("continue", token="response.next", size=("max", 100)),
)
connector = Connector("pipe", auth=auth.ApiKey(header="X-Key"), streams=[people])
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pipe_crm.py"
    path.write_text(GOOD)
    return path


def test_a_file_is_a_source(file: Path) -> None:
    found = connector_class("pipe_crm.py", file.parent)
    assert isinstance(found, Connector)
    assert connector_class("pipe_crm.py", file.parent) is found  # run once
    assert is_declared("pipe_crm.py", file.parent)
    file.write_text(GOOD.replace('"pipe"', '"other"'))
    os.utime(file, ns=(1, 1))
    changed = connector_class(str(file))
    assert (found.name, getattr(changed, "name", "")) == ("pipe", "other")


def test_an_emulator_of_the_authors_stands_beside_it(file: Path) -> None:
    own = file.with_name("pipe_crm_contract.py")
    own.write_text(
        "from pathlib import Path\n"
        "from connectors.sdk.conformance import DeclaredSubject\n"
        "from connectors.sdk.modules import load_module\n"
        "def subject():\n"
        "    connector = load_module(Path(__file__).with_name('pipe_crm.py'))\n"
        "    return DeclaredSubject(connector, leave_out={'people': 'says its author'})\n"
    )
    subject = subject_of(str(file))
    assert getattr(subject, "left_out", {}) == {"people": "says its author"}


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("items=", "itmes=", ": Stream: itmes: there is no such argument; is 'items' meant?"),
        (
            'token="',
            'tokn="',
            ": Token: tokn: there is no such argument; is 'token' meant?",
        ),
        ('    cursor="meta.modified",\n', "", ": Stream: `since`, `ordered` and `lookback` go"),
        ('header="X-Key"', "", ": ApiKey: state `header` or `query`, one of them"),
        ("class Meta(Model):", "class Meta(Model)", ":4: SyntaxError: expected ':'"),
        ("streams=[people]", "streams=[pople]", ": NameError: name 'pople' is not defined"),
        ("connector = ", "conector = ", ": holds no `connector`"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(right: str, wrong: str, said: str, file: Path) -> None:
    file.write_text(GOOD.replace(right, wrong))
    with pytest.raises(ConnectionBrokenError) as told:
        connector_class(str(file))
    shown = str(told.value)
    assert shown.startswith(f"{file}:")
    assert said in shown


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(ConnectionBrokenError, match=r"nowhere\.py: cannot be read"):
        connector_class("nowhere.py")
