"""What the pages themselves say, in German and English."""

from collections.abc import Mapping
from typing import Final

_TABLE: Final = """
find = Kunde, Person, Projekt | Customer, person, project
search = Suchen | Search
leave = Abmelden | Sign out
other = English | Deutsch
title = Was gerade anliegt | What is going on
quiet = Es liegt nichts vor. | Nothing fires.
fires = {count} Alarme liegen vor | {count} alerts fire
fires_one = Ein Alarm liegt vor | One alert fires
unsure = {count} sind derzeit unbekannt: ihre Quellen sind nicht auf dem Stand. | {count} are unknown at present: their sources are not up to date.
pending = {count} bahnen sich an. | {count} are pending.
all_of = Alle {count} zeigen | Show all {count}
next = Weitere | More
since = seit | since
sources = Quellen | Sources
source = Quelle | Source
system = System | System
read = Zuletzt gelesen | Last read
records = Datensätze | Records
waiting = Quarantäne | Quarantine
state = Stand | State
handling = Bearbeitung | Handling
fresh = aktuell | up to date
late = zu alt | too old
never = noch nie ganz gelesen | never read whole
any = kein Zeitplan | no schedule
off = abgeschaltet | switched off
found = Gefunden zu „{q}“ | Found for “{q}”
nobody = Niemand heißt so ähnlich. | Nobody is called like that.
alert = Alarm | Alert
of = Betrifft | About
department = Am Zug | Whose step is next
condition = Zustand | Condition
severity = Schwere | Severity
why = Warum | Why
ends = Erledigt, wenn | Over when
papers = Belege | Records
phase = Phase | Phase
phases = Phasen | Phases
begun = seit | since
days = Tage | days
usual = üblich bis (neun von zehn) | usually up to (nine of ten)
worth = Wert | Worth
health = Verfassung | Health
lacks = Was fehlt | What is missing
course = Verlauf | Course
first = zuerst gesehen | first seen
sign_in = Anmelden | Sign in
key = API-Schlüssel | API key
key_hint = Ein Schlüssel mit der Berechtigung read; hub keys create NAME --scope read macht einen. | A key with the scope read; hub keys create NAME --scope read makes one.
key_wrong = Dieser Schlüssel ist hier nicht bekannt oder wurde zurückgezogen. | This key is not known here, or it was revoked.
key_small = Dieser Schlüssel darf nicht lesen: er braucht die Berechtigung read. | This key may not read: it needs the scope read.
missing = Hier ist nichts | There is nothing here
missing_why = Es gibt nichts unter dieser Adresse, oder es gibt es nicht mehr. | Nothing has this address, or nothing has it any more.
away = Die Datenbank ist nicht zu erreichen | The database cannot be reached
away_why = Gleich noch einmal versuchen; das Log des Hubs sagt mehr. | Try again in a moment; the hub's log says more.
"""  # noqa: E501  # a phrase a line


def _read() -> dict[str, dict[str, str]]:
    said: dict[str, dict[str, str]] = {"de": {}, "en": {}}
    for line in _TABLE.strip().splitlines():
        name, _, words = line.partition(" = ")
        said["de"][name], _, said["en"][name] = words.partition(" | ")
    return said


WORDS: Final[Mapping[str, Mapping[str, str]]] = _read()
"""Language -> name of a phrase -> the phrase."""
