"""How reasons are told, in German and English."""

from collections.abc import Mapping

Words = Mapping[str, str]

WORDS: Mapping[str, Words] = {
    "early": {"de": "Stand im Vertrieb", "en": "stage in sales"},
    "stuck": {"de": "Tage in dieser Phase", "en": "days in this stage"},
    "past_close": {"de": "Tage bis zum geplanten Abschluss", "en": "days to the planned close"},
    "silence": {"de": "Tage ohne Gespräch", "en": "days without a conversation"},
    "complaints": {"de": "offene Beschwerden", "en": "open complaints"},
    "high_tickets": {"de": "offene dringende Tickets", "en": "open urgent tickets"},
    "sla_breaches": {
        "de": "verletzte Zusagen in 90 Tagen",
        "en": "broken service levels in 90 days",
    },
    "overdue": {"de": "Tage überfällig", "en": "days overdue"},
    "dunning": {"de": "Mahnstufe", "en": "dunning level"},
    "slower": {"de": "zahlt langsamer als zuvor", "en": "pays more slowly than before"},
    "late_projects": {"de": "Projekte im Verzug (Tage)", "en": "late projects (days)"},
    "disputed": {"de": "Rechnung bestritten", "en": "invoice disputed"},
    "history": {"de": "bezahlte Rechnungen dieses Kunden", "en": "paid invoices of this customer"},
    "everybody": {"de": "bezahlte Rechnungen aller Kunden", "en": "paid invoices of all customers"},
    "still_open": {"de": "offen, Tage nach Fälligkeit", "en": "still open, days after it was due"},
    "as_filed": {"de": "Priorität im Ticketsystem", "en": "priority in the helpdesk"},
    "contract": {"de": "Mindestpriorität des Vertrags", "en": "least priority by contract"},
    "sla": {"de": "Stunden bis zur Frist", "en": "business hours to the deadline"},
    "go_live": {"de": "Tage nach dem geplanten Start", "en": "days past the planned go-live"},
    "closing": {"de": "Tage bis zum Abschluss", "en": "days until a deal is to close"},
}


def told(name: str, values: tuple[object, ...]) -> Words:
    """Return a reason as a text in each language, with the values it rests on."""
    shown = ", ".join(str(value) for value in values)
    return {language: f"{text}: {shown}" for language, text in WORDS[name].items()}
