"""Reasons: what an alert rests on, as people say it, in both languages."""

from typing import Any

import pytest

from hub.alerts.fact_words import LABELS
from hub.alerts.model import LISTS, SUBJECTS
from hub.alerts.reasons import MOST_LINES, called, told
from hub.model.words import WORDS
from mapping.nouns import FIELDS, Kind


def about(variable: str, of: str, **facts: Any) -> dict[str, Any]:
    return {"variable": variable, "ref" if ":" in of else "id": of, "facts": facts}


EVIDENCE = {
    "because": [
        {"condition": "a", "about": [about("ticket", "desk:t:1", priority_rank=2)]},
        {
            "condition": "b",
            "about": [
                about("ticket", "desk:t:1", sla_remaining_bh=1),
                about("projects", "pm:p:7", days_past_planned_end=-9),
            ],
        },
        {"condition": "c", "about": [], "none": ["contracts"]},
    ],
    "records": {
        "subject": [{"ref": "desk:t:1", "number": "T-1"}],
        "projects": [{"ref": "pm:p:7", "number": "P-7", "title": "Umbau"}],
    },
    "currency": "EUR",
}


def test_a_line_for_each_thing_with_all_that_is_so_of_it() -> None:
    assert told(EVIDENCE) == {
        "de": [
            "Ticket T-1: Priorität normal, bis zur zugesagten Frist 1 Arbeitsstunde",
            "Projekt P-7 „Umbau“: geplantes Ende in 9 Tagen",
            "Keine Verträge",
        ],
        "en": [
            "Ticket T-1: priority normal, until the agreed deadline 1 business hour",
            'Project P-7 "Umbau": planned end in 9 days',
            "No contracts",
        ],
    }


def test_what_has_no_customer_is_called_by_its_number() -> None:
    assert called("ticket", "desk:t:1", EVIDENCE) == {"de": "Ticket T-1", "en": "Ticket T-1"}
    assert called("project", "pm:p:7", EVIDENCE)["en"] == 'Project P-7 "Umbau"'
    assert called("deal", "crm:d:1", {}) == {
        "de": "Verkaufschance crm:d:1",
        "en": "Deal crm:d:1",
    }
    assert called("source", "crm", {})["de"] == "Quelle crm"


def test_a_record_that_a_fact_names_is_told_by_its_number() -> None:
    named = about("tickets", "desk:t:1", invoice_id="erp:i:9")
    evidence = {
        "because": [{"condition": "a", "about": [named]}],
        "records": {"subject": [{"ref": "erp:i:9", "number": "RE-9"}]},
    }
    assert told(evidence) == {"de": ["Ticket: Rechnung RE-9"], "en": ["Ticket: invoice RE-9"]}


@pytest.mark.parametrize(
    ("variable", "fact", "value", "german", "english"),
    [
        ("customer", "open_ar", 123_456_789, "1.234.567,89 EUR", "EUR 1,234,567.89"),
        ("customer", "oldest_overdue_days", 1, "1 Tag", "1 day"),
        ("customer", "oldest_overdue_days", 48, "48 Tagen", "48 days"),
        ("customer", "match_confidence", 0.985, "98,5 %", "98.5%"),
        ("project", "slip_days_30d", 10, "10 Tage", "10 days"),
        ("project", "days_past_planned_end", 0, "heute", "today"),
        ("project", "days_past_planned_end", 1, "vor 1 Tag", "1 day ago"),
        ("project", "anomaly_score", 3.456, "3,46", "3.46"),
        ("deal", "days_to_close", -2, "vor 2 Tagen", "2 days ago"),
        ("deal", "status", "won", "gewonnen", "won"),
        ("deal", "stage", "Verhandlung", "Verhandlung", "Verhandlung"),
        ("deviation", "deviation_pct", -69.0018, "-69 %", "-69%"),
        ("ticket", "billable", False, "nein", "no"),
        ("ticket", "priority_rank", 7, "7", "7"),
        ("ticket", "reopened", 2, "2 Mal", "2 times"),
        ("project", "billing", "fixed", "Festpreis", "fixed price"),
        ("conflict", "field", "vat_id", "USt-IdNr.", "VAT ID"),
        ("conflict", "field", "billing_address", "Rechnungsanschrift", "billing address"),
    ],
)
def test_values_are_written_as_each_language_does(
    variable: str, fact: str, value: object, german: str, english: str
) -> None:
    because = [{"condition": "", "about": [about(variable, "X1", **{fact: value})]}]
    found = told({"because": because, "currency": "EUR"})
    assert found["de"][0].endswith(f" {german}")
    assert found["en"][0].endswith(f" {english}")


def test_what_is_unusual_of_a_project_is_said() -> None:
    because = [{"condition": "", "about": [about("project", "pm:p:7", anomaly_score=4.0)]}]
    record = {"ref": "pm:p:7", "anomaly": {"de": "Stunden je Woche", "en": "hours a week"}}
    found = told({"because": because, "records": {"subject": [record]}})
    assert found["de"] == ["Projekt: Auffälligkeit (robuster z-Wert) 4 (Stunden je Woche)"]
    assert found["en"] == ["Project: anomaly (robust z) 4 (hours a week)"]


@pytest.mark.parametrize(
    ("currency", "written"), [("JPY", "1.234 JPY"), ("KWD", "1,234 KWD"), ("CHF", "12,34 CHF")]
)
def test_money_has_the_decimals_of_its_currency(currency: str, written: str) -> None:
    because = [{"condition": "", "about": [about("deal", "crm:d:1", amount=1234)]}]
    found = told({"because": because, "currency": currency})
    assert found["de"] == [f"Verkaufschance: Wert {written}"]


def test_a_company_with_many_things_is_not_told_all_of_them() -> None:
    many = [about("projects", f"pm:p:{n}", unbilled_net=n) for n in range(MOST_LINES + 3)]
    found = told({"because": [{"condition": "", "about": many}], "currency": "EUR"})
    assert len(found["de"]) == MOST_LINES + 1
    assert found["de"][-1] == "und 3 weitere"


def test_evidence_without_grounds_has_no_reasons() -> None:
    assert told({}) == {"de": [], "en": []}


def test_every_fact_of_the_model_has_a_name_in_both_languages() -> None:
    for subject, fields in SUBJECTS.items():
        assert set(LABELS[subject]) == set(fields) - {"id"}, subject
    assert set(WORDS["record_kinds"]) | set(WORDS["subjects"]) >= set(SUBJECTS)
    assert set(WORDS["lists"]) == set(LISTS)


@pytest.mark.parametrize("kind", ["ticket", "deal", "quote", "order", "project", "contract"])
def test_every_status_of_the_model_has_a_german_word(kind: Kind) -> None:
    fields = FIELDS[kind]
    assert (fields["status"].choices or frozenset()) - set(WORDS["values"]) - set(
        WORDS["phases"]
    ) == set()
