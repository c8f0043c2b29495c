"""What people call the codes that answers hold, in German and English."""

from collections.abc import Mapping
from typing import Final

Words = Mapping[str, str]

_TABLE = """
[record_kinds]
organization = Unternehmen | organization
person = Person | person
consent = Einwilligung | consent
campaign = Kampagne | campaign
touch = Kontakt | touch
lead = Lead | lead
deal = Verkaufschance | deal
quote = Angebot | quote
order = Auftrag | order
delivery = Lieferung | delivery
contract = Vertrag | contract
project = Projekt | project
milestone = Meilenstein | milestone
task = Aufgabe | task
time_entry = Zeiteintrag | time entry
ticket = Ticket | ticket
message = Nachricht | message
invoice = Rechnung | invoice
credit_note = Gutschrift | credit note
payment = Zahlung | payment
refund = Rückzahlung | refund
dunning = Mahnung | reminder
line = Position | line
product = Artikel | product
asset = Anlage beim Kunden | asset
user = Mitarbeiter | user
[vorgang_kinds]
new_business = Neugeschäft | new business
renewal = Verlängerung | renewal
project = Projekt | project
service_case = Servicefall | service case
complaint = Beschwerde | complaint
[phases]
attracted = aufmerksam geworden | attracted
qualified = qualifiziert | qualified
offered = angeboten | offered
ordered = beauftragt | ordered
delivering = in Lieferung | delivering
delivered = geliefert | delivered
invoiced = berechnet | invoiced
paid = bezahlt | paid
in_service = in Betreuung | in service
closed = abgeschlossen | closed
[gaps]
lead_without_owner = Lead, um den sich niemand kümmert | lead nobody owns
quote_expired_deal_open = Angebot abgelaufen, Verkaufschance offen | quote expired, deal still open
won_without_order = gewonnen, aber kein Auftrag | won without an order
order_without_project = Auftrag ohne Projekt | order without a project
delivered_not_invoiced = geliefert, aber nicht berechnet | delivered, not invoiced
invoiced_without_order = berechnet ohne Auftrag | invoiced without an order
paid_without_invoice = bezahlt ohne Rechnung | paid without an invoice
service_without_contract = Service ohne Vertrag | service without a contract
value_drift = Wert driftet entlang der Kette | value drifts along the chain
[health_reasons]
contradiction = widersprüchliche Angaben | contradicting records
slow = dauert länger als neun von zehn | takes longer than nine of ten
stuck = dauert mehr als doppelt so lang wie neun von zehn | takes twice as long as nine of ten
[health]
sound = gesund | sound
attention = braucht Aufmerksamkeit | needs attention
critical = kritisch | critical
[departments]
marketing = Marketing | marketing
sales = Vertrieb | sales
delivery = Lieferung | delivery
service = Service | service
finance = Buchhaltung | finance
management = Geschäftsleitung | management
it = IT | IT
[severities]
info = Hinweis | info
warning = Warnung | warning
critical = kritisch | critical
[conditions]
inactive = liegt nicht vor | inactive
pending = bahnt sich an | pending
firing = liegt vor | firing
recovering = klingt ab | recovering
resolved = erledigt | resolved
unknown = derzeit unbekannt | unknown
error = Regel gestört | error
[endings]
condition = liegt nicht mehr vor | the condition is over
by_hand = von Hand geschlossen | closed by hand
gone = der Gegenstand ist weg | its subject is gone
identity_changed = gehört jetzt zu einem anderen Kunden | its customer became another
subject_erased = der Gegenstand wurde gelöscht | its subject was erased
[handling]
new = neu | new
acknowledged = übernommen | acknowledged
in_progress = in Arbeit | in progress
done = abgeschlossen | done
[feedback]
useful = nützlich | useful
known = schon bekannt | known already
wrong = falsch | wrong
not_mine = nicht meine Sache | not mine
[notification]
open = wird verschickt | open
inhibited = eine andere Meldung spricht dafür | inhibited by another
silenced = stummgeschaltet | silenced
muted = Ruhezeit | muted by the calendar
grouped = mit anderen zusammengefasst | grouped
[priorities]
low = niedrig | low
normal = normal | normal
high = hoch | high
urgent = dringend | urgent
unknown = unbekannt | unknown
[subjects]
customer = Kunde | customer
contact = Ansprechpartner | contact
vorgang = Vorgang | business case
deviation = Abweichung | deviation
conflict = Widerspruch | contradiction
source = Quelle | source
[lists]
tickets = keine Tickets | no tickets
projects = keine Projekte | no projects
invoices = keine Rechnungen | no invoices
contracts = keine Verträge | no contracts
deals = keine Verkaufschancen | no deals
[values]
open = offen | open
waiting_customer = wartet auf den Kunden | waiting for the customer
waiting_internal = wartet intern | waiting inside
solved = gelöst | solved
planned = geplant | planned
active = aktiv | active
on_hold = ruht | on hold
completed = fertig | completed
cancelled = abgebrochen | cancelled
draft = Entwurf | draft
notice_given = gekündigt | notice given
ended = beendet | ended
won = gewonnen | won
lost = verloren | lost
abandoned = aufgegeben | abandoned
sent = verschickt | sent
accepted = angenommen | accepted
rejected = abgelehnt | rejected
expired = abgelaufen | expired
converted = umgewandelt | converted
confirmed = bestätigt | confirmed
in_progress = in Arbeit | in progress
partly_paid = teilweise bezahlt | partly paid
void = storniert | void
written_off = ausgebucht | written off
new = neu | new
contacted = angesprochen | contacted
disqualified = verworfen | disqualified
running = läuft | running
paid = bezahlt | paid
delivered = geliefert | delivered
shipped = verschickt | shipped
closed = abgeschlossen | closed
qualified = qualifiziert | qualified
reached = erreicht | reached
done = erledigt | done
blocked = blockiert | blocked
given = erteilt | given
revoked = widerrufen | revoked
objected = widersprochen | objected
pending = offen | pending
paused = angehalten | paused
finished = beendet | finished
fixed = Festpreis | fixed price
time_and_materials = nach Aufwand | time and materials
milestone = nach Meilensteinen | by milestones
retainer = laufende Pauschale | retainer
non_billable = nicht abrechenbar | not billable
incident = Störung | incident
request = Anfrage | request
complaint = Beschwerde | complaint
billing = Rechnungsfrage | billing
change = Änderung | change
receivable = Forderung | receivable
payable = Verbindlichkeit | payable
credit_note = Gutschrift | credit note
prospect = Interessent | prospect
customer = Kunde | customer
former = ehemaliger Kunde | former
supplier = Lieferant | supplier
organization = Unternehmen | organization
person = Person | person
revenue = Umsatz | revenue
receipts = Zahlungseingänge | receipts
days_to_pay = Tage bis zur Zahlung | days to pay
iban = IBAN | IBAN
vat_id = USt-IdNr. | VAT ID
legal_name = Firmenname | legal name
billing_address = Rechnungsanschrift | billing address
leitweg_id = Leitweg-ID | Leitweg-ID
unknown = unbekannt | unknown
"""


def parsed(table: str) -> dict[str, dict[str, Words]]:
    """Return what a table says: [kind of code], then a line `code = German | English` for each."""
    found: dict[str, dict[str, Words]] = {}
    codes: dict[str, Words] = {}
    for row in table.strip().splitlines():
        if row.startswith("["):
            codes = found.setdefault(row.strip("[]"), {})
            continue
        code, _, words = row.partition(" = ")
        german, _, english = words.partition(" | ")
        codes[code] = {"de": german, "en": english}
    return found


WORDS: Final[dict[str, dict[str, Words]]] = parsed(_TABLE)
"""Kind of code -> code -> its name by language."""
