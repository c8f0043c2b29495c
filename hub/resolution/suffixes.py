"""Public suffixes: under which endings of a host anybody may register a name.

The list is the one that tldextract ships. The library itself loads a web client for what is never
done here, and that takes longer than reading the list.
"""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_PRIVATE = "// ===BEGIN PRIVATE DOMAINS==="
_RULE = re.compile(r"^[.*!]*\w\S*", re.MULTILINE)
_DOTS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61", "."))


def registrable(host: str) -> str:
    """Return the part of a host in lower case that somebody registered, "" where none is known."""
    labels = host.translate(_DOTS).rstrip(".").split(".")
    start = _suffix_start([_spelt(label) for label in labels])
    return ".".join(labels[start - 1 :]) if 0 < start < len(labels) and labels[start - 1] else ""


def _suffix_start(labels: list[str]) -> int:
    """Return where the public suffix begins; the number of labels where there is none."""
    exact, wild, excepted = _rules()
    found = len(labels)
    behind = ""
    for at in range(len(labels) - 1, -1, -1):
        ending = f"{labels[at]}.{behind}" if behind else labels[at]
        if ending in excepted:
            return at + 1
        if ending in exact or behind in wild:
            found = at
        behind = ending
    return found


@cache
def _rules() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return what is a suffix, below what anything is one, and what is none in spite of that."""
    spec = find_spec("tldextract")
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).with_name(".tld_set_snapshot").read_text("utf-8")
    rules = _RULE.findall(text.partition(_PRIVATE)[0])
    return (
        frozenset(rule for rule in rules if rule[0] not in "*!"),
        frozenset(rule[2:] for rule in rules if rule[0] == "*"),
        frozenset(rule[1:] for rule in rules if rule[0] == "!"),
    )


def _spelt(label: str) -> str:
    """Return a label as the list spells it."""
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label
