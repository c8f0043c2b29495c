"""Tells in German and English why an alert is there: a line for each thing, with what is so of it.

`Ticket T-80122: Priorität normal` and `Projekt P-7 „Umbau“: geplantes Ende in 3 Tagen`, made of the
evidence as it was frozen, which `hub.alerts.grounds` gathered.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from hub.alerts.evidence import CLAIMS
from hub.alerts.fact_words import LABELS, Label
from hub.alerts.model import LISTS
from hub.alerts.papers import RANKS
from hub.model.alert import Alert
from hub.model.fact import FactValue
from hub.model.words import WORDS
from mapping.normalize.currency import MINOR_DIGITS

LANGUAGES: Final = ("de", "en")
MOST_LINES = 12
_THINGS = WORDS["record_kinds"] | WORDS["subjects"]
_VALUES = WORDS["phases"] | WORDS["values"]
_PRIORITIES = {rank: WORDS["priorities"][name] for name, rank in RANKS.items()}
_MORE = {"de": "und {count} weitere", "en": "and {count} more"}
_MAY_BELONG = {"de": "Vielleicht dazu: {named} ({share})", "en": "May belong: {named} ({share})"}
_YES = {"de": ("ja", "nein"), "en": ("yes", "no")}


def told(evidence: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the reasons frozen in an evidence, by language; none in one that has no grounds."""
    return {language: _lines(evidence, language) for language in LANGUAGES}


def called(kind: str, id: str, evidence: Mapping[str, Any]) -> dict[str, str]:
    """Return what the subject of an alert is called by its evidence, by language: kind and number.

    Where no record tells a number or a title, its own id is told.
    """
    named = _names(evidence).get(id, {})
    if not (named.get("number") or named.get("title")):
        named = {"number": id}
    return {language: _thing(kind, named, language) for language in LANGUAGES}


def about(alert: Alert, names: Mapping[str, str], language: str) -> str:
    """Return whom or what an alert is about: its customer's name, else what its subject is called.

    names: customer -> name.
    """
    current = alert.evidence.get("current", {})
    named = names.get(alert.entity_id or "")
    return named or called(alert.subject.kind, alert.subject.id, current)[language]


def _lines(evidence: Mapping[str, Any], language: str) -> list[str]:
    things: dict[tuple[str, str], dict[str, FactValue]] = {}
    none: dict[str, None] = {}
    for ground in evidence.get("because", ()):
        for about in ground["about"]:
            key = about["variable"], about.get("ref") or about.get("id") or ""
            things.setdefault(key, {}).update(about["facts"])
        none |= dict.fromkeys(ground.get("none", ()))
    names = _names(evidence)
    currency = evidence.get("currency", "")
    lines = []
    for (variable, ref), facts in things.items():
        subject = LISTS.get(variable, variable)
        named = names.get(ref) or ({"number": ref} if subject == "source" else {})
        told = {name: _number_of(value, names) for name, value in facts.items()}
        said = ", ".join(_said(subject, told, language, currency))
        measure = named.get("anomaly")
        if "anomaly_score" in facts and isinstance(measure, Mapping):
            said += f" ({measure[language]})"
        lines.append(f"{_thing(subject, named, language)}: {said}")
    lines += [_upper(WORDS["lists"][name][language]) for name in none]
    lines += [_claim(one, language) for one in evidence.get("records", {}).get(CLAIMS, ())]
    lines += [_may_belong(one, language) for one in evidence.get("candidates", ())]
    if len(lines) > MOST_LINES:
        more = _MORE[language].format(count=len(lines) - MOST_LINES)
        lines = [*lines[:MOST_LINES], more]
    return lines


def _names(evidence: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {
        record.get("ref") or record.get("id"): record
        for records in evidence.get("records", {}).values()
        for record in records
    }


def _number_of(value: FactValue, names: Mapping[str, Mapping[str, Any]]) -> FactValue:
    """Return the number of a record that a fact names, else the fact as it is."""
    number = names.get(value, {}).get("number") if isinstance(value, str) else None
    return number or value


def _thing(subject: str, record: Mapping[str, Any], language: str) -> str:
    quoted = "„{}“" if language == "de" else '"{}"'
    title = record.get("title")
    parts = (
        _upper(_THINGS.get(subject, {}).get(language, subject)),
        record.get("number"),
        title and quoted.format(title),
    )
    return " ".join(str(part) for part in parts if part)


def _claim(one: Mapping[str, Any], language: str) -> str:
    day = date.fromisoformat(one["as_of"])
    of = f"Stand {day:%d.%m.%Y}" if language == "de" else f"as of {day}"
    return f"{one['connection']}: {one['value']} ({of})"


def _may_belong(one: Mapping[str, Any], language: str) -> str:
    named = f"{_upper(_THINGS[one['kind']][language])} {one['number'] or one['ref']}"
    return _MAY_BELONG[language].format(named=named, share=_share(one["score"], language, ""))


def _said(
    subject: str, facts: Mapping[str, FactValue], language: str, currency: str
) -> Iterator[str]:
    for name, value in facts.items():
        label = LABELS[subject].get(name)
        if label is None:
            yield f"{name} {value}"
            continue
        colon = ":" if label.unit == "bool" else ""
        text = _UNITS[label.unit](value, language, currency)
        yield f"{_label(label, language)}{colon} {text}"


def _label(label: Label, language: str) -> str:
    return label.de if language == "de" else label.en


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def number(value: float, language: str, decimals: int | None = None) -> str:
    """Return a number with the language's signs; as many decimals as it has, two at most."""
    if decimals is None:
        decimals = 0 if value == int(value) else 1 if round(value, 1) == round(value, 2) else 2
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "de" else text


def _plain(value: Any, language: str, _: str) -> str:
    return value if isinstance(value, str) else number(value, language)


def money(value: Any, language: str, currency: str) -> str:
    """Return an amount of minor units as the language writes it."""
    digits = MINOR_DIGITS.get(currency, 2)
    amount = number(value / 10**digits, language, digits)
    return f"{amount} {currency}" if language == "de" else f"{currency} {amount}"


def _counted(one: tuple[str, str], many: tuple[str, str]) -> Callable[[Any, str, str], str]:
    def told(value: Any, language: str, _: str) -> str:
        word = (one if value == 1 else many)[language == "en"]
        return f"{number(value, language)} {word}"

    return told


_FOR_DAYS = _counted(("Tag", "day"), ("Tagen", "days"))


def _ago(value: Any, language: str, currency: str) -> str:
    if not value:
        return "heute" if language == "de" else "today"
    days = _FOR_DAYS(abs(value), language, currency)
    if value < 0:
        return f"in {days}"
    return f"vor {days}" if language == "de" else f"{days} ago"


def _until(value: Any, language: str, currency: str) -> str:
    return _ago(-value, language, currency)


def _percent(value: Any, language: str, _: str) -> str:
    text = number(round(value, 1), language)
    return f"{text} %" if language == "de" else f"{text}%"


def _share(value: Any, language: str, currency: str) -> str:
    return _percent(100 * value, language, currency)


def _yes(value: Any, language: str, _: str) -> str:
    return _YES[language][not value]


def _rank(value: Any, language: str, _: str) -> str:
    words = _PRIORITIES.get(value)
    return words[language] if words else str(value)


def _word(value: Any, language: str, _: str) -> str:
    words = _VALUES.get(str(value))
    return words[language] if words else str(value)


_UNITS: Final[Mapping[str, Callable[[Any, str, str], str]]] = {
    "plain": _plain,
    "money": money,
    "days": _counted(("Tag", "day"), ("Tage", "days")),
    "for_days": _FOR_DAYS,
    "ago": _ago,
    "until": _until,
    "hours": _counted(("Arbeitsstunde", "business hour"), ("Arbeitsstunden", "business hours")),
    "clock_hours": _counted(("Stunde", "hour"), ("Stunden", "hours")),
    "minutes": _counted(("Minute", "minute"), ("Minuten", "minutes")),
    "times": _counted(("Mal", "time"), ("Mal", "times")),
    "percent": _percent,
    "share": _share,
    "bool": _yes,
    "rank": _rank,
    "word": _word,
}
