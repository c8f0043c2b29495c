"""Adds up the papers of a customer, one after the other: sums, counts, and dates that facts hold.

Each paper is read once, however many facts it counts in, and nothing of it is kept but what a
median needs.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from statistics import median
from typing import Any

from hub.alerts.observation import FIRST_DAY, LAST_DAY
from hub.model.day import Day
from hub.model.money import LARGEST, base_amount
from hub.model.paper_status import DONE_TICKET, IN_FORCE, OPEN_TICKET, OVER_INVOICE, UNTOLD

TURNS: Mapping[str, int] = {
    "turns_due": 1,
    "turns_issued_ahead": 0,
    "turns_issued": 365,
    "turns_paid_ahead": 0,
    "turns_paid_lately": 180,
    "turns_paid_before": 360,
    "turns_opened_lately": 31,
    "turns_opened_before": 211,
    "turns_missed": 91,
}
"""The first of the dates that decide a window -> days from there until that window has moved on."""
RESOLUTION = ("resolution_due_at", "closed_at")
RESPONSE = ("first_response_due_at", "first_response_at")
Fields = Mapping[str, Any]


class Window:
    """The dates that windows begin and end on, told once for a batch.

    first, last: of the months whose figures are held against one another.
    """

    def __init__(self, day: Day) -> None:
        self.today, self.now, self.currency = day.today.isoformat(), day.now, day.currency
        self.ago_30, self.ago_90, self.ago_180 = day.ago(30), day.ago(90), day.ago(180)
        self.ago_210, self.ago_360, self.ago_365 = day.ago(210), day.ago(360), day.ago(365)
        self.end = day.today.replace(day=1) - timedelta(days=1)
        self.first = f"{self.end.year - 1:04}-{self.end.month:02}-01"
        self.last = self.end.isoformat()


class Tally:
    """What the papers of one customer add up to so far.

    values: name -> number or text; `*_unclear` counts papers that leave a sum undecided, and
    `turns_*` are dates that decide when the same papers add up to something else. revenue,
    receipts, paid: month (`2026-11`) -> amount, or days to pay of each invoice.
    """

    __slots__ = ("_days", "paid", "receipts", "revenue", "values")

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.revenue: dict[str, float] = {}
        self.receipts: dict[str, float] = {}
        self.paid: dict[str, list[int]] = {}
        self._days: dict[str, list[int]] = {}

    def add(self, kind: str, status: str, fields: Fields, window: Window) -> None:
        """Count one paper. status: `unknown` where it has none."""
        count = _KINDS.get(kind)
        if count is not None:
            count(self, status, fields, window)

    def most(self, name: str, value: Any) -> None:
        """Let a part be at least `value`."""
        before = self.values.get(name)
        if before is None or value > before:
            self.values[name] = value

    def least(self, name: str, value: Any) -> None:
        """Let a part be at most `value`."""
        before = self.values.get(name)
        if before is None or value < before:
            self.values[name] = value

    def sums(self) -> dict[str, Any]:
        """Return what the papers add up to; changes_at: the day or instant from which that is
        something else."""
        found, turns = {}, []
        for name, value in self.values.items():
            if name[:6] != "turns_":
                found[name] = value
            elif name in TURNS:
                turns.append(_after(value[:10], TURNS[name]))
            else:
                turns.append(value)
        for span, days in self._days.items():
            found[f"days_to_pay_{span}"] = float(median(days))
        if turns:
            found["changes_at"] = min(turns)
        return found

    def months(self) -> dict[str, dict[str, float]]:
        """Return metric -> month -> amount: `revenue` net, `receipts`, the median `days_to_pay`."""
        days = {month: float(median(some)) for month, some in self.paid.items()}
        return {"revenue": self.revenue, "receipts": self.receipts, "days_to_pay": days}

    def _count(self, name: str, value: Any = 1) -> None:
        self.values[name] = self.values.get(name, 0) + value

    def _invoice(self, status: str, fields: Fields, window: Window) -> None:
        kind = fields.get("kind")
        if kind is None:
            kind = "receivable"
        paid, issued = _day(fields.get("paid_on")), _day(fields.get("issued_on"))
        running = status not in OVER_INVOICE
        if running:
            self._running(kind, status, fields, window)
        if kind != "payable" and status not in ("draft", "void"):
            self._revenue(kind, issued, fields, window)
        today = window.today
        if issued is not None and issued > today:
            self.least("turns_issued_ahead", issued)
        if paid is None:
            return
        if paid > today:
            self.least("turns_paid_ahead", paid)
        elif paid > window.ago_180:
            self.least("turns_paid_lately", paid)
        elif paid > window.ago_360:
            self.least("turns_paid_before", paid)
        if kind == "receivable" and issued is not None:
            self._payment_time(issued, paid, window)

    def _running(self, kind: str, status: str, fields: Fields, window: Window) -> None:
        """Count an invoice that is not over: what is owed, since when, and what falls due."""
        due, today = _day(fields.get("due_on")), window.today
        if due is not None and due >= today:
            self.least("turns_due", due)
            if kind != "credit_note":
                self.least("next_due", due)
        stated = _number(fields.get("balance_minor"))
        if kind != "receivable" or (stated is not None and stated <= 0):
            return
        of = "gross_minor" if stated is None else "balance_minor"
        amount = base_amount(fields, of, window.currency)
        self._count("owed_invoices")
        self._count("open_ar", amount or 0)
        # An unmapped status says nothing, and of a part nobody knows which: only a balance does.
        if amount is None or (status in UNTOLD and stated is None):
            self._count("ar_unclear")
        if due is None:
            self._count("due_unclear")
        elif due < today:
            self._count("overdue_ar", amount or 0)
            self.least("oldest_due", due)
        level = _number(fields.get("dunning_level"))
        if level is not None:
            self.most("dunning_level", level)

    def _revenue(self, kind: str, issued: str | None, fields: Fields, window: Window) -> None:
        if issued is None:
            self._count("revenue_unclear")
            return
        lately = window.ago_365 < issued <= window.today
        in_months = window.first <= issued <= window.last
        if lately:
            self.least("turns_issued", issued)
        if not lately and not in_months:
            return
        net = base_amount(fields, "net_minor", window.currency)
        if net is None:
            if lately:
                self._count("revenue_unclear")
            return
        if kind == "credit_note":
            net = -abs(net)
        if lately:
            self._count("revenue_12m", net)
        if in_months:
            self.revenue[issued[:7]] = self.revenue.get(issued[:7], 0.0) + net

    def _payment_time(self, issued: str, paid: str, window: Window) -> None:
        lately = window.ago_360 < paid <= window.today
        in_months = window.first <= paid <= window.last
        if not lately and not in_months:
            return
        days = _apart(issued, paid)
        if days is None:
            return
        days = max(0, days)
        if lately:
            span = "lately" if paid > window.ago_180 else "before"
            self._days.setdefault(span, []).append(days)
        if in_months:
            self.paid.setdefault(paid[:7], []).append(days)

    def _payment(self, _: str, fields: Fields, window: Window) -> None:
        on = _day(fields.get("booked_on"))
        if on is None or not window.first <= on <= window.last:
            return
        if fields.get("direction") in (None, "incoming") and not fields.get("returned"):
            amount = base_amount(fields, "amount_minor", window.currency)
            if amount is not None:
                self.receipts[on[:7]] = self.receipts.get(on[:7], 0.0) + amount

    def _ticket(self, status: str, fields: Fields, window: Window) -> None:
        opened = _instant(fields.get("opened_at"))
        if status in OPEN_TICKET:
            self._open_ticket(opened, fields)
        elif status not in DONE_TICKET and fields.get("closed_at") is None:
            self._count("tickets_unclear")
        if opened is None:
            self._count("tickets_undated")
        elif opened >= window.ago_30:
            self._count("tickets_30d")
            self.least("turns_opened_lately", opened)
        elif opened >= window.ago_210:
            self._count("tickets_before")
            self.least("turns_opened_before", opened)
        said = _instant(fields.get("last_message_at"))
        if said is not None:
            self.most("messaged_at", said)
        self._promises(status, fields, window)

    def _open_ticket(self, opened: str | None, fields: Fields) -> None:
        self._count("open_tickets")
        if fields.get("kind") == "complaint":
            self._count("open_complaints")
        priority = fields.get("priority")
        if priority == "unknown":
            self._count("priority_unclear")
        elif priority in ("high", "urgent"):
            self._count("open_high_tickets")
            if opened is None:
                self._count("high_undated")
            else:
                self.least("oldest_open_high", opened)

    def _promises(self, status: str, fields: Fields, window: Window) -> None:
        """Count a ticket of which a time promised within 90 days has passed before what was
        promised came."""
        running, missed = status not in DONE_TICKET, []
        for (due_at, done_at), turn in zip((RESOLUTION, RESPONSE), _INSTANTS, strict=True):
            due, done = _instant(fields.get(due_at)), _instant(fields.get(done_at))
            if due is None:
                continue
            waits = done is None and running
            if waits and due >= window.now:
                self.least(turn, due)
            if due >= window.ago_90 and ((waits and due < window.now) or (done or "") > due):
                missed.append(due)
        if missed:
            self._count("sla_breaches_90d")
            self.least("turns_missed", min(missed))

    def _deal(self, status: str, fields: Fields, window: Window) -> None:
        if status == "won":
            self._count("won_deals")
        elif status == "unknown":
            self._count("deals_unclear")
        elif status == "open":
            amount = base_amount(fields, "amount_minor", window.currency)
            probability = _number(fields.get("probability"))
            self._count("open_deals")
            if amount is None:
                self._count("deals_unclear")
            else:
                self._count("open_deals_amount", amount)
            if probability is None:
                self._count("probability_unclear")
            elif amount is not None:
                self._count("forecast_open_amount", amount * probability / 100.0)

    def _contract(self, status: str, _: Fields, __: Window) -> None:
        if status in IN_FORCE:
            self._count("active_contracts")
        elif status == "unknown":
            self._count("contracts_unclear")

    def _touch(self, _: str, fields: Fields, __: Window) -> None:
        at = _instant(fields.get("at"))
        if fields.get("is_human") and at is not None:
            self.most("touched_at", at)

    def _message(self, _: str, fields: Fields, __: Window) -> None:
        at = _instant(fields.get("at"))
        if at is not None:
            self.most("written_at", at)


_INSTANTS = ("turns_promised", "turns_answered")
_KINDS: Mapping[str, Callable[[Tally, str, Fields, Window], None]] = {
    "invoice": Tally._invoice,
    "payment": Tally._payment,
    "ticket": Tally._ticket,
    "deal": Tally._deal,
    "contract": Tally._contract,
    "touch": Tally._touch,
    "message": Tally._message,
}
COUNTED = tuple(sorted(_KINDS))
"""Kinds of records that count."""


@lru_cache(maxsize=4096)
def _after(on: str, days: int) -> str:
    return (date.fromisoformat(on) + timedelta(days=days)).isoformat()


@lru_cache(maxsize=4096)
def _apart(first: str, last: str) -> int | None:
    """Return the days from one date to another; None where one is the 30th of February."""
    try:
        return (date.fromisoformat(last) - date.fromisoformat(first)).days
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    if isinstance(value, int | float) and -LARGEST < value < LARGEST:
        return value
    return None


def _day(value: Any) -> str | None:
    """Return a date; None where it stands for none."""
    if value is None:
        return None
    on = str(value)[:10]
    return on if FIRST_DAY <= on <= LAST_DAY else None


def _instant(value: str | None) -> str | None:
    """Return an instant; None where it stands for none."""
    return value if value is not None and FIRST_DAY <= value[:10] <= LAST_DAY else None
