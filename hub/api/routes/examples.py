"""How views may look, for the OpenAPI document."""

from typing import Any

from hub.api.routes.case_examples import ROW
from hub.vorgang.view import CASE, LISTS

_AT = "2026-11-23T09:45:00.000Z"
_ID = "01JD9ZK3W4M8Q2T6V0X1Y5B7C9"


def _origin(connection: str, ref: str) -> dict[str, str]:
    return {"connection": connection, "ref": ref, "fetched_at": _AT}


def _golden(value: Any, *origins: dict[str, str], other: Any = None) -> dict[str, Any]:
    elsewhere = _origin("helpdesk", "helpdesk:tickets:T-1044#company")
    alternatives = [{"value": other, "sources": [elsewhere]}] if other else []
    return {"value": value, "sources": list(origins), "as_of": _AT, "alternatives": alternatives}


def _link(role: str) -> dict[str, Any]:
    return {"id": "9f2c4b7a1d3e5f60718293a4", "role": role, "method": "key", "score": 1.0}


def _documents(*items: dict[str, Any]) -> dict[str, Any]:
    return {"total": len(items), "items": list(items)}


_TICKET = {
    "ref": "helpdesk:tickets:T-1044",
    "number": "T-1044",
    "title": "Export stops at page 3",
    "status": "open",
    "at": "2026-11-20T08:12:00Z",
    "kind": "incident",
    "priority": "high",
    "opened_at": "2026-11-20T08:12:00Z",
    "connection": "helpdesk",
    "link": _link("organization"),
}
_EVENT = {
    "at": "2026-11-20T08:12:00Z",
    "kind": "ticket",
    "ref": "helpdesk:tickets:T-1044",
    "number": "T-1044",
    "title": "Export stops at page 3",
    "status": "open",
    "connection": "helpdesk",
}
_FROM_CRM = _origin("crm", "crm:accounts:A-17")
_FROM_BOOKS = _origin("books", "books:customers:10023")


def _view(kind: str, name: str, ref: str) -> dict[str, Any]:
    connection, stream, key = ref.split(":")
    return {
        "id": _ID,
        "kind": kind,
        "name": name,
        "base_currency": "EUR",
        "golden": {"name": _golden(name, _FROM_CRM, _FROM_BOOKS, other=name.split(" ")[0])},
        "records": [
            {
                "ref": ref,
                "connection": connection,
                "stream": stream,
                "key": key,
                "fetched_at": _AT,
                "method": "model",
                "score": 0.998,
                "extensions": {"sales_region": "Süd"},
            }
        ],
        **{name: _documents() for name in LISTS.values()},
        "tickets": _documents(_TICKET),
        "timeline": {"total": 1, "items": [_EVENT]},
        "alerts": [],
        "facts": {"open_high_tickets": {"value": 1, "as_of": _AT, "sources": ["helpdesk"]}},
        "freshness": {"crm": _AT, "helpdesk": _AT},
        "rendered_at": _AT,
    }


_CONTACT = {"id": "01JD9ZK3W4M8Q2T6V0X1Y5B7CA", "name": "Eva Weber", "link": _link("organization")}
_FIRM = {"id": _ID, "name": "Weber Logistik GmbH", "link": _link("organization")}

_CASE = {
    **{name: ROW[name] for name in CASE},
    "phase": "closed",
    "closed_at": "2026-11-02",
    "gaps": [{"type": "value_drift", "department": "finance", "since": "2026-11-02"}],
}
CUSTOMER: dict[str, Any] = {
    **_view("organization", "Weber Logistik GmbH", "crm:accounts:A-17"),
    "contacts": _documents(_CONTACT),
    "organizations": _documents(),
    "projects": _documents(),
    "vorgaenge": _documents(_CASE),
}
PERSON: dict[str, Any] = {
    **_view("person", "Eva Weber", "crm:contacts:K-4"),
    "organizations": _documents(_FIRM),
    "projects": _documents(),
}
PROJECT: dict[str, Any] = {
    **_view("project", "Migration of the warehouse", "projects:projects:P-9"),
    "organizations": _documents(_FIRM),
    "contacts": _documents(_CONTACT),
}
