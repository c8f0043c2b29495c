"""How a business case and a waiting link may look, for OpenAPI."""

from typing import Any

_AT = "2026-11-23T09:45:00.000Z"
_CUSTOMER = {"id": "01JD9ZK3W4M8Q2T6V0X1Y5B7C9", "name": "Weber Logistik GmbH"}
ROW: dict[str, Any] = {
    "id": "01JD9ZK3W4M8Q2T6V0X1Y5B7D1",
    "kind": "new_business",
    "title": "Steuerung Förderband",
    "customer": _CUSTOMER,
    "phase": "delivered",
    "phase_since": "2026-11-02",
    "value_minor": 2_400_000,
    "currency": "EUR",
    "value_base_minor": 2_400_000,
    "base_currency": "EUR",
    "opened_at": "2026-06-11",
    "last_event_at": "2026-11-02",
    "closed_at": None,
    "departments": ["delivery", "sales"],
    "gaps": ["delivered_not_invoiced"],
    "health": {
        "state": "attention",
        "reasons": ["delivered_not_invoiced", "slow"],
        "days_in_phase": 21,
        "p90_days": 12,
        "compared_with": 84,
    },
    "confidence": 0.95,
    "member_count": 2,
}
_ORDER: dict[str, Any] = {
    "ref": "books:orders:AU-2026-00107",
    "kind": "order",
    "connection": "books",
    "number": "AU-2026-00107",
    "title": "Steuerung Förderband",
    "status": "closed",
    "amount_minor": 2_400_000,
    "currency": "EUR",
    "amount_base_minor": 2_400_000,
}
_DEAL: dict[str, Any] = {
    **_ORDER,
    "ref": "crm:deals:C-50107",
    "kind": "deal",
    "connection": "crm",
    "number": "AN-2026-00107",
    "status": "won",
}
_HELD = {"role": "trunk", "share_pct": 100.0, "score": 0.95, "link": "5f1c0a4e9b7d2c3e8f6a1b20"}
_SUMS = {
    "quoted": None,
    "ordered": 2_400_000,
    "invoiced": None,
    "credited": None,
    "paid": None,
}
VORGANG: dict[str, Any] = {
    **ROW,
    "amounts": _SUMS,
    "amounts_base": _SUMS,
    "without_rate": [],
    "phases": [
        {
            "phase": "ordered",
            "entered_at": "2026-07-20",
            "left_at": "2026-11-02",
            "days": 105,
            "p90_days": 120,
        },
        {
            "phase": "delivered",
            "entered_at": "2026-11-02",
            "left_at": None,
            "days": 21,
            "p90_days": 12,
        },
    ],
    "gaps": [
        {
            "type": "delivered_not_invoiced",
            "department": "finance",
            "since": "2026-11-02",
            "open": True,
            "refs": ["books:orders:AU-2026-00107"],
            "detail": {},
        }
    ],
    "contradictions": [],
    "members": [{**_DEAL, **_HELD, "score": 1.0, "link": None}, {**_ORDER, **_HELD}],
    "split_from": None,
    "events": [{"type": "created", "at": _AT, "detail": {"others": []}}],
}
WAITING: dict[str, Any] = {
    "id": "5f1c0a4e9b7d2c3e8f6a1b20",
    "from_ref": _ORDER["ref"],
    "role": "deal",
    "target": _DEAL["ref"],
    "method": "amount",
    "score": 0.8,
    "evidence": {
        "amounts_minor": [2_400_000, 2_400_000],
        "days": ["2026-06-11", "2026-07-20"],
        "same_name": True,
    },
    "customer": _CUSTOMER,
    "ends": [_ORDER, _DEAL],
    "why": "/v1/links/5f1c0a4e9b7d2c3e8f6a1b20/why",
}
