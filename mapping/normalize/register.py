"""Company register numbers: German courts and their spellings -> `HRB 12345 B München`."""

import re
from typing import Any, Final

from stdnum.de.handelsregisternummer import GERMAN_COURTS

from mapping.normalize.text import folded, line

_LIMIT = 120
_KINDS = {"hra": "HRA", "hrb": "HRB", "gnr": "GnR", "gsr": "GsR", "pr": "PR", "vr": "VR"}
# Court suffixes as in "HRB 12345 B" (Berlin) or "HRB 123 KI" (Kiel) come in capitals.
_NUMBER = re.compile(
    r"(?<![^\W_])(?P<kind>(?i:H\s?R\s?[AB]|GnR|GsR|VR|PR))[\s.:-]*(?:(?i:Nr|Nummer)\.?:?\s*)?"
    r"(?P<number>\d{1,6})(?:\s?(?P<suffix>(?![HVP]R|AG(?![^\W_]))[A-ZÖ]{1,3})(?![^\W_]|\.))?(?!\d)"
)
_AUSTRIAN = re.compile(r"(?:FN[\s:]*)?(\d{1,6})\s?([a-z])(?![^\W_])", re.IGNORECASE)
_COURT_WORDS = re.compile(
    r"\b(?:amtsgerichts?|registergerichts?|handelsregisters?(?:\s(?:abt(?:eilung|\.)?\s)?[AB](?![^\W_]))?|registered|register|gericht|reg|ag|beim"
    r"|des|der|in|nr)\b[.:]?",
    re.IGNORECASE,
)
_COURT = re.compile(r"[^\W\d_][^\d]{1,48}")
_ALIASES = {
    "allgaeu": "Kempten (Allgäu)",
    "badhomburg": "Bad Homburg v.d.H.",
    "badhomburgvdhoehe": "Bad Homburg v.d.H.",
    "badhomburgvorhoehe": "Bad Homburg v.d.H.",
    "berlin": "Berlin (Charlottenburg)",
    "berlincharlottenburg": "Berlin (Charlottenburg)",
    "charlottenburg": "Berlin (Charlottenburg)",
    "charlottenburgberlin": "Berlin (Charlottenburg)",
    "frankfurt": "Frankfurt am Main",
    "frankfurtm": "Frankfurt am Main",
    "frankfurtmain": "Frankfurt am Main",
    "frankfurtam": "Frankfurt am Main",
    "ffm": "Frankfurt am Main",
    "frankfurto": "Frankfurt/Oder",
    "frankfurtanderoder": "Frankfurt/Oder",
    "freiburgimbreisgau": "Freiburg",
    "freiburgibr": "Freiburg",
    "kempten": "Kempten (Allgäu)",
    "ludwigshafen": "Ludwigshafen a.Rhein (Ludwigshafen)",
    "ludwigshafenamrhein": "Ludwigshafen a.Rhein (Ludwigshafen)",
    "ludwigshafenrhein": "Ludwigshafen a.Rhein (Ludwigshafen)",
    "muenchenadlm": "München",
    "muenchen": "München",
    "munich": "München",
    "cologne": "Köln",
    "oldenburg": "Oldenburg (Oldenburg)",
    "offenbach": "Offenbach am Main",
    "stingbert": "St. Ingbert (St Ingbert)",
    "stwendel": "St. Wendel (St Wendel)",
    "weiden": "Weiden i. d. OPf.",
}


def register_number(value: Any, country: str | None = None) -> str | None:
    """Return `HRB 12345 B München` for a German register number however written, else None.

    The kind, the number without leading zeros, the court's own suffix and the court, as far as
    stated; a court that the register does not know is kept as written. Austrian numbers come as
    `FN 123456a`. For any other country the text is kept as an identifier.
    """
    text = line(value, _LIMIT)
    if text is None:
        return None
    found = _NUMBER.search(text)
    if found is not None:
        return _german(text, found)
    if country == "AT" or text[:2].upper() == "FN":
        austrian = _AUSTRIAN.fullmatch(text)
        return f"FN {int(austrian[1])}{austrian[2].lower()}" if austrian else None
    return None if country in (None, "DE") else text[:100]


def _german(text: str, found: re.Match[str]) -> str | None:
    number = int(found["number"])
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    if number == 0 or _NUMBER.search(rest):
        return None
    kind = _KINDS["".join(found["kind"].split()).lower()]
    suffix = f" {found['suffix']}" if found["suffix"] else ""
    court = _court(rest)
    if court is None and found["suffix"] and (named := COURTS.get(_key(found["suffix"]))):
        suffix, court = "", named  # ULM and HOF are courts
    return f"{kind} {number}{suffix}" + (f" {court}" if court else "")


def _court(rest: str) -> str | None:
    words = " ".join(_COURT_WORDS.sub(" ", rest).split()).strip(" ,;:-/|")
    if words.startswith("(") and words.endswith(")"):
        words = words[1:-1].strip()
    known = COURTS.get(_key(words))
    if known is not None:
        return known
    return words if _COURT.fullmatch(words) else None


def _key(court: str) -> str:
    return "".join(c for c in folded(court) if c.isalpha())


COURTS: Final = {**{_key(court): court for court in GERMAN_COURTS}, **_ALIASES}
"""Register courts by their folded spelling."""
