"""Finds words in any table, and takes them out of what is kept of former times."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from json import dumps

import msgspec
import sqlalchemy as sa

from hub.store.database import Tx, among, chunks
from hub.store.tables import (
    alert_actions,
    alert_events,
    alert_handling,
    alerts,
    entity_events,
    erasures,
    fact_history,
    facts,
    judgements,
    link_decisions,
    metadata,
    outbox,
    restless,
    runs,
    silences,
    suppressions,
    vorgaenge,
    vorgang_events,
    vorgang_member_history,
)

INSTEAD = "[erased]"
MOST_TERMS = 100
"""Words that one condition names one by one."""
_FREE_TEXT = (
    fact_history.c.found,
    alerts.c.evidence,
    alert_events.c.evidence,
    alert_events.c.reason,
    alert_actions.c.detail,
    alert_handling.c.reason,
    outbox.c.body,
    outbox.c.error,
    silences.c.why,
    judgements.c.reason,
    link_decisions.c.reason,
    runs.c.error,
    entity_events.c.detail,
    vorgaenge.c.title,
    vorgang_events.c.detail,
)
"""What was said at some time, and is not made anew from the records."""
_ASKED = (erasures, suppressions)


def secure(tx: Tx) -> None:
    """Let what this connection deletes be overwritten where it lay. PostgreSQL cannot."""
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql("PRAGMA secure_delete = ON")


def forget_facts(tx: Tx, subjects: Collection[str]) -> int:
    """Remove all that was ever observed of these subjects, and of whom they were members."""
    gone = 0
    for chunk in chunks(subjects):
        tx.execute(sa.delete(facts).where(among(facts.c.subject, chunk)))
        tx.execute(sa.delete(restless).where(among(restless.c.subject, chunk)))
        for mine in (among(fact_history.c.subject, chunk), among(fact_history.c.customer, chunk)):
            gone += tx.execute(sa.delete(fact_history).where(mine)).rowcount
        held = among(vorgang_member_history.c.ref, chunk)
        gone += tx.execute(sa.delete(vorgang_member_history).where(held)).rowcount
    return gone


def forget_cases(tx: Tx, ids: Collection[str]) -> set[str]:
    """Leave nothing of those of these business cases that have ended but that they were."""
    v, ended = vorgaenge.c, set()
    for chunk in chunks(ids):
        mine = among(v.id, chunk) & (v.state != "living")
        ended |= set(tx.execute(sa.select(v.id).where(mine)).scalars())
        nothing = {"title": "", "gaps": "[]", "contradictions": "[]"}
        tx.execute(sa.update(vorgaenge).where(mine).values(**nothing))
    return ended


def scrub(tx: Tx, strong: Collection[str], names: Collection[str], about: Collection[str]) -> int:
    """Take words out of all that is kept of former times; return how many rows held one.

    strong: addresses and numbers, wherever they stand. names: only in what is `about` these
    subjects and their alerts, and in notices: elsewhere it may be a namesake.
    """
    changed = 0
    for column in _FREE_TEXT:
        changed += _scrub(tx, column, strong)
        if names:
            changed += _scrub(tx, column, names, _about(column, about))
    return changed


def _about(column: sa.Column[str], about: Collection[str]) -> sa.ColumnElement[bool]:
    table = column.table
    if table is outbox:
        return sa.true()
    if table is fact_history:
        told: sa.ColumnElement[bool] = among(fact_history.c.subject, about)
        return told
    if table is vorgaenge:
        return vorgaenge.c.state != "living"
    mine: sa.ColumnElement[bool] = among(alerts.c.subject, about) | among(alerts.c.entity_id, about)
    if table is alerts:
        return mine
    if table in (alert_events, alert_actions, alert_handling):
        theirs: sa.ColumnElement[bool] = table.c.alert_id.in_(sa.select(alerts.c.id).where(mine))
        return theirs
    return sa.false()


def _scrub(
    tx: Tx,
    column: sa.Column[str],
    words: Collection[str],
    where: sa.ColumnElement[bool] | None = None,
) -> int:
    if not words:
        return 0
    table, pattern = column.table, _pattern(words)
    assert isinstance(table, sa.Table)
    keys = list(table.primary_key)
    telling = {max(word.split(), key=len) for word in words}
    looked_for = bound(tx, telling)
    held = sa.text(holds(tx, column, looked_for)).bindparams(**looked_for)
    select = sa.select(*keys, column).where(held)
    changed = 0
    for row in tx.execute(select if where is None else select.where(where)).all():
        left = pattern.sub(INSTEAD, row[-1])
        if left == row[-1]:
            continue
        mine = sa.and_(*(key == value for key, value in zip(keys, row, strict=False)))
        tx.execute(sa.update(table).where(mine).values({column.name: left}))
        changed += 1
    return changed


def remaining(tx: Tx, words: Collection[str]) -> dict[str, int]:
    """Return `table.column` -> rows, wherever one of these words still stands."""
    found: dict[str, int] = {}
    looked_for = bound(tx, words)
    for table in metadata.sorted_tables:
        texts = [one for one in table.c if isinstance(one.type, sa.Text)]
        if table in _ASKED or not texts or not words:
            continue
        counts = ", ".join(
            f"count(CASE WHEN {holds(tx, one, looked_for)} THEN 1 END)" for one in texts
        )
        select = sa.text(f"SELECT {counts} FROM {table.name}")  # our own names
        rows = tx.execute(select, looked_for).one()
        held = zip(texts, rows, strict=True)
        found |= {f"{table.name}.{one.name}": count for one, count in held if count}
    return found


def holds(tx: Tx, column: sa.Column[str], looked_for: Mapping[str, str]) -> str:
    """Return the condition that a text holds one of the words that `bound` has bound.

    SQLite has its small letters from Python, which costs more than all else: only a text that may
    hold a word, as it can say by itself, is asked with them.
    """
    each, at = "json_each(:words) AS said", "instr"
    if tx.dialect.name == "postgresql":
        each, at = "json_array_elements_text(CAST(:words AS json)) AS said(value)", "strpos"
    name = f"{column.table.name}.{column.name}"
    sure = f"EXISTS (SELECT 1 FROM {each} WHERE {at}(lower({name}), said.value) > 0)"
    nearly = [f"{name} LIKE :{one} ESCAPE '!'" for one in looked_for if one != "words"]
    return f"({' OR '.join(nearly)}) AND {sure}" if nearly else sure


def bound(tx: Tx, words: Iterable[str]) -> dict[str, str]:
    """Return words, in all their spellings, as what `holds` binds."""
    said = _spellings(words)
    found = {"words": msgspec.json.encode(said).decode()}
    if tx.dialect.name == "sqlite" and len(said) <= MOST_TERMS:
        found |= {f"near{number}": _like(word) for number, word in enumerate(said)}
    return found


def _like(word: str) -> str:
    """Return a pattern for all that holds a word, and a little more: only A to Z are known in both
    sizes, and K, whose small letter a sign beyond them has as well, is not."""
    return f"%{''.join(map(_as_pattern, word))}%"


def _as_pattern(letter: str) -> str:
    if not letter.isascii() or letter == "k":
        return "_"
    return f"!{letter}" if letter in "!%_" else letter


def _spellings(words: Iterable[str]) -> Sequence[str]:
    """Return words in small letters, and as JSON writes them in ASCII: an Ü is another escape
    than an ü."""
    said = {one for word in words if word for one in (word, word.lower(), word.upper())}
    return sorted({one.lower() for word in said for one in (word, dumps(word)[1:-1])})


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds words as they are, and names with the family name first, too."""
    forms = set()
    for word in _spellings(words):
        said = word.split()
        forms |= {r"[\s,.]{1,3}".join(map(re.escape, some)) for some in (said, _turned(said))}
    return re.compile("|".join(sorted(forms, key=len, reverse=True)), re.IGNORECASE)


def _turned(words: list[str]) -> list[str]:
    return [words[-1], *words[:-1]]
