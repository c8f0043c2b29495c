"""What people call facts, in German and English; things and values: `hub.model.words`."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Label(NamedTuple):
    """A fact by name. unit: how its value is written, see `hub.alerts.reasons`."""

    de: str
    en: str
    unit: str = "plain"


_STATUS = {"status": Label("Status", "status", "word")}

LABELS: Final[Mapping[str, Mapping[str, Label]]] = {
    "customer": {
        "name": Label("Name", "name"),
        "kind": Label("Art", "kind", "word"),
        "lifecycle": Label("Stand der Beziehung", "lifecycle", "word"),
        "segment": Label("Segment", "segment"),
        "revenue_12m": Label("Umsatz in 12 Monaten", "revenue in 12 months", "money"),
        "open_ar": Label("offene Forderungen", "open receivables", "money"),
        "overdue_ar": Label("überfällige Forderungen", "overdue receivables", "money"),
        "oldest_overdue_days": Label("älteste überfällig seit", "oldest overdue for", "for_days"),
        "credit_limit": Label("Kreditlimit", "credit limit", "money"),
        "dunning_level": Label("Mahnstufe", "dunning level"),
        "open_tickets": Label("offene Tickets", "open tickets"),
        "open_high_tickets": Label("offene dringende Tickets", "open urgent tickets"),
        "oldest_open_high_ticket_bh": Label(
            "ältestes dringendes Ticket offen seit", "oldest urgent ticket open for", "hours"
        ),
        "tickets_30d": Label("Tickets in 30 Tagen", "tickets in 30 days"),
        "tickets_30d_baseline": Label("sonst üblich in 30 Tagen", "usual in 30 days"),
        "open_complaints": Label("offene Beschwerden", "open complaints"),
        "sla_breaches_90d": Label(
            "verletzte Zusagen in 90 Tagen", "broken service levels in 90 days"
        ),
        "open_deals_amount": Label("offene Verkaufschancen", "open deals", "money"),
        "active_contracts": Label("laufende Verträge", "contracts in force"),
        "days_since_human_contact": Label("letztes Gespräch", "last conversation", "ago"),
        "open_match_candidates": Label("ungeklärte Zuordnungen", "undecided matches"),
        "forecast_open_amount": Label("gewichtete Prognose", "weighted forecast", "money"),
        "days_to_pay_median_180d": Label(
            "zahlt zuletzt nach (Median)", "lately pays after (median)", "for_days"
        ),
        "days_to_pay_median_prev_180d": Label("zuvor nach", "and before after", "for_days"),
        "match_confidence": Label("Sicherheit der Zuordnung", "confidence of the match", "share"),
    },
    "contact": {
        "role": Label("Rolle", "role"),
        "is_primary": Label("Hauptansprechpartner", "main contact", "bool"),
        "left_company": Label("hat die Firma verlassen", "has left the company", "bool"),
        "hard_bounced": Label("Adresse unzustellbar", "address bounces", "bool"),
        "open_deals": Label("offene Verkaufschancen", "open deals"),
        "active_contracts": Label("laufende Verträge", "contracts in force"),
        "open_projects": Label("laufende Projekte", "running projects"),
    },
    "lead": {
        **_STATUS,
        "source": Label("Herkunft", "source"),
        "owner_id": Label("Bearbeiter", "owner"),
        "customer_owner_id": Label("Betreuer des Kunden", "owner of the customer"),
        "age_bh": Label("Alter", "age", "hours"),
        "first_touch_bh": Label("erster Kontakt nach", "first touch after", "hours"),
        "matches_existing_customer": Label("ist bereits Kunde", "is a customer already", "bool"),
    },
    "deal": {
        **_STATUS,
        "stage": Label("Phase", "stage"),
        "owner_id": Label("Betreuer", "owner"),
        "stage_order": Label("Stufe", "stage no."),
        "amount": Label("Wert", "amount", "money"),
        "days_in_stage": Label("in dieser Phase seit", "in this stage for", "for_days"),
        "days_to_close": Label("geplanter Abschluss", "planned close", "until"),
        "days_since_won": Label("gewonnen", "won", "ago"),
        "orders": Label("Aufträge dazu", "its orders"),
        "projects": Label("Projekte dazu", "its projects"),
        "probability": Label("Wahrscheinlichkeit", "probability", "percent"),
    },
    "quote": {
        **_STATUS,
        "total_net": Label("netto", "net", "money"),
        "days_to_expiry": Label("läuft ab", "expires", "until"),
    },
    "order": {
        **_STATUS,
        "total_net": Label("netto", "net", "money"),
        "invoiced_net": Label("berechnet", "invoiced", "money"),
        "delivered_pct": Label("geliefert", "delivered", "percent"),
    },
    "project": {
        **_STATUS,
        "billing": Label("Abrechnung", "billing", "word"),
        "budget": Label("Budget", "budget", "money"),
        "cost_actual": Label("Kosten bisher", "cost so far", "money"),
        "days_past_planned_end": Label("geplantes Ende", "planned end", "ago"),
        "slip_days_30d": Label("in 30 Tagen verschoben um", "slipped in 30 days by", "days"),
        "unbilled_net": Label("noch nicht berechnet", "not billed yet", "money"),
        "oldest_unbilled_days": Label("ältester Posten", "oldest item", "ago"),
        "completed_days_ago": Label("fertig", "completed", "ago"),
        "anomaly_days_ago": Label("auffällig", "unusual", "ago"),
        "anomaly_score": Label("Auffälligkeit (robuster z-Wert)", "anomaly (robust z)"),
        "next_invoice_in_days": Label("nächste Rechnung", "next invoice", "until"),
        "next_invoice_net": Label("nächste Rechnung über", "next invoice of", "money"),
        "open_change_requests": Label("offene Änderungswünsche", "open change requests"),
        "hours_planned": Label("geplante Stunden", "planned hours"),
        "hours_actual": Label("geleistete Stunden", "hours worked"),
        "progress_pct": Label("Fortschritt", "progress", "percent"),
        "burn_pct": Label("verbraucht", "used up", "percent"),
    },
    "invoice": {
        **_STATUS,
        "kind": Label("Art", "kind", "word"),
        "recipient_country": Label("Land des Empfängers", "recipient's country"),
        "recipient_is_business": Label("Empfänger ist Unternehmen", "business recipient", "bool"),
        "structured_format": Label("als E-Rechnung", "as e-invoice", "bool"),
        "total_net": Label("netto", "net", "money"),
        "balance": Label("offen", "open", "money"),
        "days_overdue": Label("fällig", "due", "ago"),
        "dunning_level": Label("Mahnstufe", "dunning level"),
        "next_dunning_in_days": Label("nächste Mahnung", "next reminder", "until"),
        "days_since_issue": Label("ausgestellt", "issued", "ago"),
        "ordered_net": Label("bestellt", "ordered", "money"),
        "credit_note_pct": Label("gutgeschrieben", "credited", "percent"),
        "disputed": Label("bestritten", "disputed", "bool"),
    },
    "ticket": {
        **_STATUS,
        "status_group": Label("Status", "status", "word"),
        "kind": Label("Art", "kind", "word"),
        "contract_id": Label("Vertrag", "contract"),
        "project_id": Label("Projekt", "project"),
        "invoice_id": Label("Rechnung", "invoice"),
        "priority_rank": Label("Priorität", "priority", "rank"),
        "age_bh": Label("Alter", "age", "hours"),
        "sla_remaining_bh": Label("bis zur zugesagten Frist", "until the agreed deadline", "hours"),
        "reopened": Label("wieder geöffnet", "reopened", "times"),
        "handled_hours": Label("Arbeitsstunden", "hours worked"),
        "billable": Label("abrechenbar", "billable", "bool"),
    },
    "contract": {
        **_STATUS,
        "sla_priority_floor": Label("Mindestpriorität", "least priority", "rank"),
        "days_to_notice_deadline": Label("Kündigungsfrist endet", "notice deadline", "until"),
        "days_to_end": Label("endet", "ends", "until"),
        "days_since_end": Label("geendet", "ended", "ago"),
        "annual_value": Label("Jahreswert", "value a year", "money"),
        "hours_included": Label("enthaltene Stunden", "hours included"),
        "hours_used": Label("verbrauchte Stunden", "hours used"),
        "period_elapsed_pct": Label("Laufzeit verstrichen", "of the period elapsed", "percent"),
        "auto_renew": Label("verlängert sich von selbst", "renews by itself", "bool"),
    },
    "campaign": {
        "starts_in_hours": Label("Start in", "starts in", "clock_hours"),
        "audience": Label("Empfänger", "recipients"),
        "audience_open_complaint": Label("mit offener Beschwerde", "with an open complaint"),
        "audience_in_dunning": Label("im Mahnverfahren", "in dunning"),
        "audience_no_consent": Label("ohne Einwilligung", "without consent"),
    },
    "vorgang": {
        "phase": Label("Phase", "phase", "word"),
        "value": Label("Wert", "value", "money"),
        "quote_net": Label("angeboten", "quoted", "money"),
        "order_net": Label("beauftragt", "ordered", "money"),
        "invoiced_net": Label("berechnet", "invoiced", "money"),
        "paid_net": Label("bezahlt", "paid", "money"),
        "credited_net": Label("gutgeschrieben", "credited", "money"),
        "days_since_last_event": Label("letztes Ereignis", "last event", "ago"),
        "open_high_tickets": Label("offene dringende Tickets", "open urgent tickets"),
        "missing_links": Label("bekannte Lücken", "known gaps"),
        "departments": Label("beteiligte Abteilungen", "departments in it"),
        "phase_p90_days": Label(
            "neun von zehn verlassen die Phase nach",
            "nine of ten leave the phase after",
            "for_days",
        ),
    },
    "deviation": {
        "metric": Label("Größe", "metric", "word"),
        "deviation_net": Label("Abweichung", "deviation", "money"),
        "age_days": Label("Zeitraum endete", "period ended", "ago"),
        "deviation_pct": Label("gegenüber dem Üblichen", "against what is usual", "percent"),
        "robust_z": Label("robuster z-Wert", "robust z"),
    },
    "conflict": {
        "field": Label("Angabe", "field", "word"),
        "systems": Label("Systeme", "systems"),
        "age_days": Label("besteht seit", "stands for", "for_days"),
        "changed_days_ago": Label("geändert", "changed", "ago"),
        "payment_due_in_days": Label("Zahlung fällig", "payment due", "until"),
        "has_open_invoice": Label("offene Rechnung", "open invoice", "bool"),
    },
    "source": {
        "system": Label("System", "system"),
        "minutes_since_success": Label("zuletzt gelungen vor", "last success before", "minutes"),
        "expected_interval_minutes": Label("erwartet alle", "expected every", "minutes"),
        "consecutive_errors": Label("Fehler in Folge", "errors in a row"),
        "records_last": Label("Datensätze zuletzt", "records in the last run"),
        "records_median": Label("sonst (Median)", "usually (median)"),
        "delete_ratio": Label("gelöscht", "deleted", "share"),
        "auth_expires_days": Label("Zugang endet", "access ends", "until"),
        "feeds_rules": Label("Regeln, die sie lesen", "rules that read it"),
    },
}
"""Subject -> fact -> what it is called; every fact of `hub.alerts.model` but `id`."""
