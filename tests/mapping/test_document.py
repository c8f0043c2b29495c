"""YAML read quickly means what YAML read by PyYAML means, also where it is wrong."""

import pytest
import yaml

from mapping import document
from mapping.document import read_document
from mapping.problems import MappingError

TEXTS = {
    "plain": "a: 1\nb: ~\nc: 007\nd: NO\ne: 2026-01-02\nf: 1.5\n",
    "quoted": "a: '1'\nb: \"2\"\nc: |\n  3\nd: >\n  4\ne: ''\n",
    "nested": "a: {b: [c, {d: e}]}\nf:\n  - g\n  - h: [1, 2,]\n",
    "aliases": "a: &x {b: 1}\nc: *x\n",
    "carriage returns": "a:\r\n  b: 1\r\nc: 2\r\n",
    "empty": "# nothing\n",
    "a tag": "a: !thing 1\n",
    "a key twice": "a: 1\na: 2\n",
    "a colon too many": "a: b: c\n",
    "a tab": "\ta: 1\n",
    "brackets": "a: {b[0]: c}\n",
    "two documents": "a: 1\n---\nb: 2\n",
    "a control character": "a: \x00\n",
    "half a character": "a: \ud83d\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_both_readers_agree(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = _read(TEXTS[name])
    monkeypatch.setattr(document, "_QuickLoader", yaml.SafeLoader)
    assert quick == _read(TEXTS[name])


def test_what_is_nested_too_deep_is_said() -> None:
    assert "recursion" in str(_read("[" * 100_000))


def _read(text: str) -> object:
    try:
        found = read_document(text, "a.yaml")
    except MappingError as error:
        return str(error)
    return found.data, found.lines
