"""Turns sums and dates from the store into typed facts; what is not known is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from hub.alerts.business_time import BusinessTime
from hub.alerts.model import typed
from hub.model.fact import Fact, FactValue
from hub.model.run import Run
from hub.model.setting import ConnectionInfo

Facts = dict[str, Fact]
MOST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the hub can know at all.

    sources: kind of record -> the connections it comes from; a kind is left out while one of them
    has never been read in full, or none is configured: then a count of zero would be a guess.
    """

    sources: Mapping[str, tuple[str, ...]]

    def of(self, *kinds: str) -> tuple[str, ...] | None:
        """Return the connections of all these kinds, None where one is not known."""
        if any(kind not in self.sources for kind in kinds):
            return None
        return tuple(sorted({name for kind in kinds for name in self.sources[kind]}))


def knowledge(
    connections: Sequence[ConnectionInfo], successes: Mapping[str, datetime]
) -> Knowledge:
    """Return which kinds of records are known, from who gives them and who was ever read."""
    by_kind: dict[str, list[str]] = {}
    for kind in ("organization", "deal", "order", "invoice", "ticket", "project", "contract"):
        names = sorted(one.name for one in connections if one.gives(kind))
        if names and all(name in successes for name in names):
            by_kind[kind] = names
    return Knowledge({kind: tuple(names) for kind, names in by_kind.items()})


def customer_facts(
    sums: Mapping[str, Any], known: Knowledge, clock: BusinessTime, now: datetime
) -> Facts:
    """Return what is known of a customer; a sum with an unclear part is not known."""
    found: dict[str, tuple[FactValue | None, tuple[str, ...] | None]] = {}

    def put(kind: str, values: Mapping[str, Any], *unclear: str) -> None:
        sources = known.of(kind)
        for name, value in values.items():
            clear = sources is not None and not any(sums.get(part) for part in unclear)
            found[name] = (value if clear else None, sources)

    put("invoice", {"open_ar": _whole(sums.get("open_ar", 0))}, "ar_unclear")
    overdue = _whole(sums.get("overdue_ar", 0))
    age = _days_since(sums.get("oldest_due"), clock, now)
    put("invoice", {"overdue_ar": overdue}, "ar_unclear", "due_unclear")
    put("invoice", {"oldest_overdue_days": age or 0}, "due_unclear")
    put("invoice", {"dunning_level": _whole(sums.get("dunning_level") or 0)})
    put("ticket", {"open_tickets": sums.get("open_tickets", 0)}, "tickets_unclear")
    put("ticket", {"open_complaints": sums.get("open_complaints", 0)}, "tickets_unclear")
    high = {"open_high_tickets": sums.get("open_high_tickets", 0)}
    put("ticket", high, "tickets_unclear", "priority_unclear")
    oldest = _hours_since(sums.get("oldest_open_high"), clock, now)
    put("ticket", {"oldest_open_high_ticket_bh": oldest}, "high_undated")
    put("ticket", {"tickets_30d": sums.get("tickets_30d", 0)}, "tickets_undated")
    put("deal", {"open_deals_amount": _whole(sums.get("open_deals_amount", 0))}, "deals_unclear")
    forecast = {"forecast_open_amount": _whole(sums.get("forecast_open_amount", 0))}
    put("deal", forecast, "deals_unclear", "probability_unclear")
    put("contract", {"active_contracts": sums.get("active_contracts", 0)}, "contracts_unclear")
    return _facts("customer", found)


def deal_facts(
    row: Mapping[str, Any], known: Knowledge, clock: BusinessTime, now: datetime, currency: str
) -> Facts:
    """Return what is known of a deal. An unmapped status, or money in a foreign one, is not."""
    own = (str(row["connection"]),)
    status = row["status"]
    domestic = (row["currency"] or currency) == currency
    closes = _date(row["expected_close"])
    won = _days_since(row["closed_on"], clock, now) if status == "won" else None
    found: dict[str, tuple[FactValue | None, tuple[str, ...] | None]] = {
        "id": (row["ref"], own),
        "status": (None if status == "unknown" else status, own),
        "stage": (row["stage"], own),
        "stage_order": (_integer(row["stage_order"]), own),
        "amount": (_integer(row["amount_minor"]) if domestic else None, own),
        "probability": (_real(row["probability"]), own),
        "days_to_close": (-clock.days_since(closes, now) if closes else None, own),
        "days_since_won": (won, own),
        "orders": (row.get("orders", 0), known.of("order")),
        "projects": (row.get("projects", 0), known.of("project")),
    }
    return _facts("deal", found)


def source_facts(
    connection: ConnectionInfo, history: Sequence[Run], living: int | None, now: datetime
) -> Facts:
    """Return how reliable a connection is, from its finished runs, newest first.

    living: its records that are not deleted, None where nobody counted.
    """
    own = (connection.name,)
    finished = [run for run in history if run.state not in ("running", "cancelled")]
    good = [run for run in finished if run.state == "succeeded"]
    errors = next((i for i, run in enumerate(finished) if run.state == "succeeded"), len(finished))
    counts = [count for run in good if (count := _stated_total(run)) is not None]
    expected = connection.expected_every
    found: dict[str, tuple[FactValue | None, tuple[str, ...] | None]] = {
        "id": (connection.name, own),
        "system": (connection.system, own),
        "minutes_since_success": (_minutes(good[0].started_at, now) if good else None, own),
        "expected_interval_minutes": (
            max(1, expected // timedelta(minutes=1)) if expected else None,
            own,
        ),
        "consecutive_errors": (errors if finished else None, own),
        "records_last": (counts[0] if counts else None, own),
        "records_median": (float(median(counts[1:])) if len(counts) > 1 else None, own),
        "delete_ratio": (_delete_ratio(finished[0], living) if finished else None, own),
    }
    return _facts("source", found)


def _stated_total(run: Run) -> int | None:
    """Return how many records the source said it holds; None where a stream did not say."""
    totals = [stream.total for stream in run.streams.values()]
    return sum(total for total in totals if total is not None) if None not in totals else None


def _delete_ratio(run: Run, living: int | None) -> float | None:
    """Return the share of records the last run took away, or would have, held back for a person."""
    deleted, held = run.total("deleted"), run.total("held")
    if not deleted and not held:
        return 0.0
    return (deleted + held) / max(1, living + deleted) if living is not None else None


def _facts(
    subject: str, found: Mapping[str, tuple[FactValue | None, tuple[str, ...] | None]]
) -> Facts:
    values = {name: value for name, (value, sources) in found.items() if sources and _fits(value)}
    return {
        name: Fact(name, value, found[name][1] or ())
        for name, value in typed(subject, values).items()
    }


def _fits(value: FactValue | None) -> bool:
    return value is not None and not (isinstance(value, int) and abs(value) > MOST)


def _whole(value: float) -> int:
    return round(value)


def _integer(value: Any) -> int | None:
    number = _real(value)
    if number is None:
        return None
    return int(value) if str(value).lstrip("-").isdigit() else int(number)


def _real(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if abs(number) < MOST else None


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _days_since(value: Any, clock: BusinessTime, now: datetime) -> int | None:
    day = _date(value)
    return clock.days_since(day, now) if day else None


def _hours_since(value: Any, clock: BusinessTime, now: datetime) -> int | None:
    try:
        start = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return clock.hours_between(start, now) if start.tzinfo else None


def _minutes(since: str, now: datetime) -> int:
    return max(0, int((now - datetime.fromisoformat(since)) / timedelta(minutes=1)))
