"""What the page of Art. 15 GDPR says, in German and English: its titles, and names for codes."""

from collections.abc import Mapping
from typing import Final

from hub.model.words import WORDS as CODES
from hub.model.words import Words, parsed

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "de": {
        "title": "Auskunft nach Art. 15 DSGVO",
        "made": "Stand",
        "by": "Verantwortlich",
        "known_by": "Bekannt unter",
        "records": "Was Quellen über Sie sagen, in jeder Fassung",
        "identity": "Welche Datensätze für Sie gehalten werden, und warum",
        "read_as": "Wie diese Datensätze gelesen werden",
        "links": "Vorgänge und Belege, in denen Sie vorkommen",
        "cases": "Geschäftsvorgänge",
        "facts": "Was daraus berechnet wurde, mit Verlauf",
        "alerts": "Meldungen",
        "judgements": "Entscheidungen von Menschen, was zusammengehört",
        "quarantine": "Eingaben, die nicht gelesen werden konnten",
        "told_to": "Wem es mitgeteilt wurde",
        "readers": "Wer es abrufen kann",
        "sources": "Woher die Daten kommen",
        "notes": "Hinweise",
        "none": "nichts",
        "retention": "Was die Quelle hält, hält auch der Hub; was dort gelöscht ist, bleibt in "
        "seiner letzten Fassung, bis es auch hier gelöscht wird. Wo ein Gesetz eine Frist setzt, "
        "steht sie beim Datensatz.",
        "logic": "Dass Datensätze dieselbe Person meinen, wird aus Namen, Anschriften, Nummern und "
        "Kennungen berechnet (Bits: log2 eines Wahrscheinlichkeitsverhältnisses) oder von Menschen "
        "entschieden. Eine Entscheidung mit rechtlicher Wirkung trifft der Hub nicht.",
        "beyond": "Nicht enthalten sind Dateien außerhalb der Datenbank: Aufzeichnungen, Exporte, "
        "Sicherungen. Zwecke und Rechtsgrundlagen nennt der Verantwortliche. Namen, Adressen und "
        "Nummern anderer sind verdeckt: [other person].",
    },
    "en": {
        "title": "Access under Art. 15 GDPR",
        "made": "As of",
        "by": "Controller",
        "known_by": "Known by",
        "records": "What sources say of you, in every version",
        "identity": "Which records are taken for you, and why",
        "read_as": "How these records are read",
        "links": "Papers you stand in",
        "cases": "Business cases",
        "facts": "What was made of it, with its course",
        "alerts": "Alerts",
        "judgements": "What people decided belongs together",
        "quarantine": "Input that could not be read",
        "told_to": "Whom it was told to",
        "readers": "Who can ask for it",
        "sources": "Where it comes from",
        "notes": "Notes",
        "none": "nothing",
        "retention": "What the source keeps, the hub keeps; what is deleted there stays in its "
        "last version until it is erased here, too. Where a law sets a term, it stands with the "
        "record.",
        "logic": "That records mean the same person is worked out from names, addresses, numbers "
        "and identifiers (bits: log2 of a ratio of likelihoods), or was decided by people. The hub "
        "takes no decision with legal effect.",
        "beyond": "Not in it are files outside the database: recordings, exports, backups. "
        "Purposes and legal grounds are the controller's to name. Names, addresses and numbers of "
        "others are masked: [other person].",
    },
}

_NAMES = parsed("""
[names]
ref = Datensatz | record
source = Quelle | source
stream = Bereich der Quelle | part of the source
kind = Art | kind
theirs = handelt von Ihnen | is about you
kept_until = aufbewahrt bis | kept until
kept_because = Grund der Aufbewahrung | ground for keeping it
deleted_there = in der Quelle gelöscht | deleted in the source
first_seen_at = zuerst gelesen | first read
versions = Fassungen | versions
version = Fassung Nr. | version no.
fetched_at = gelesen | read
data = Inhalt | content
raw = Inhalt | content
id = Kennung im Hub | id in the hub
since = seit | since
records = Datensätze | records
method = erkannt durch | known by
score = Sicherheit (0 bis 1) | confidence (0 to 1)
evidence = Grundlage | evidence
left_id = erste Gruppe, Nr. | first group, no.
right_id = zweite Gruppe, Nr. | second group, no.
left = erster Datensatz | first record
right = zweiter Datensatz | second record
bits = Beweiskraft in Bits | evidence in bits
probability = Wahrscheinlichkeit (0 bis 1) | probability (0 to 1)
former = früher für Sie gehalten | taken for you before
from = von | from
to = bis | to
events = Ereignisse | events
type = Ereignis | event
at = am | at
detail = Einzelheiten | details
fields = gelesen als | read as
number = Nummer | number
status = Stand | state
title = Titel | title
phase = Phase | phase
opened_at = begonnen | opened
last_event_at = zuletzt geschehen | last event
closed_at = abgeschlossen | closed
subject = berechnet für | worked out for
facts = Ergebnis | result
rule = Regel | rule
name = Name | name
about = betrifft | is about
condition = Stand | state
reasons = Warum | why
course = Verlauf | course
verdict = Entscheidung | decision
reason = Begründung | reason
target = Empfänger | told to
last_at = zuletzt am | last at
alert = Meldung | alert
product = Produkt | product
system = Art des Systems | kind of system
""")["names"]
NAMES: Final[Mapping[str, Words]] = _NAMES
"""What a part of the document is called; names of a source's own fields are not among them."""

_VALUES = parsed("""
[method]
single = steht für sich | stands alone
model = Berechnung | calculation
judgement = Entscheidung eines Menschen | a person's decision
[type]
created = angelegt | created
merged = zusammengeführt | merged
split = getrennt | split
emptied = ohne Datensätze | left without records
[verdict]
same = dieselbe Person oder Firma | the same
different = nicht dieselbe | not the same
unsure = unsicher | unsure
[system]
crm = Kundenverwaltung | customer relations
ticketing = Service | help desk
accounting = Buchhaltung | accounting
marketing = Marketing | marketing
projects = Projekte | projects
""")
VALUES: Final[Mapping[str, Mapping[str, Words]]] = {
    **_VALUES,
    "kind": CODES["vorgang_kinds"] | CODES["record_kinds"],
    "about": CODES["record_kinds"] | CODES["subjects"],
    "subject": CODES["record_kinds"] | CODES["subjects"],
    "phase": CODES["phases"],
    "condition": CODES["conditions"],
    "to": CODES["conditions"],
    "status": CODES["values"],
}
"""Part of the document -> its codes by name."""
YES: Final[Mapping[bool, Words]] = {
    True: {"de": "ja", "en": "yes"},
    False: {"de": "nein", "en": "no"},
}
