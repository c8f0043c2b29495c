"""What knowing other departments' facts adds to foresight, on invented histories.

    python -m benchmarks.foresight [--write] [--customers N]

Fits the shipped weights on histories of middle strength (see benchmarks.foresight_worlds, which
says what is assumed) and judges them on others, each beside the same model fitted without what
other departments know: at strength 0, at 0.5 and at 1. --write keeps
the weights in hub/alerts/foresight.json; without it the shipped ones are judged.
"""

import argparse
import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize
from scipy.stats import rankdata

from benchmarks.foresight_worlds import History, clientele, history
from hub.alerts import foresight, signs
from hub.alerts.foresight_weights import (
    PaymentWeights,
    RiskWeights,
    TicketLimits,
    Weights,
    shipped_weights,
    weights_from,
)
from hub.alerts.signs import Sign

Floats = NDArray[np.float64]
FIT_SEEDS, JUDGE_SEEDS = (1, 2, 3), (101, 102, 103, 104, 105)
FIT_STRENGTH, STRENGTHS = 0.5, (0.0, 0.5, 1.0)
PLACE = Path(__file__).parent.parent / "hub/alerts/foresight.json"
POOLS = (1.0, 2.0, 4.0, 8.0, 16.0)
SHIFTS = np.arange(0.0, 31.0)
L2, HEALTH_L2 = 1e-3, 1e-2
"""Health is drawn more firmly together: its signs go with each other, and all should count."""
SHARE = 0.5
"""How much is believed of what other departments' signs are worth in the fitting histories: where
they tell nothing, all of it does harm; half keeps most of the gain and a third or less of the harm.
"""
CUSTOMERS_FOR_HEALTH = 6
"""Times as many customers: each leaves or stays once, but has many deals."""
SHOWN_POOL = 200


def histories(seeds: Sequence[int], strength: float, customers: int) -> History:
    """Return the histories of several seeds as one."""
    made = History()
    for seed in seeds:
        one = history(seed, strength, customers)
        made.customers += one.customers
        made.deals += one.deals
        made.invoices += one.invoices
        made.tickets += one.tickets
    return made


# --- fitting ------------------------------------------------------------------------------------


def logistic(
    rows: Sequence[Sequence[Sign]], happened: Sequence[bool], l2: float = L2
) -> dict[str, Any]:
    """Return bias, means and weights of the likeliest logistic model with no weight below 0."""
    names = [sign.name for sign in rows[0]]
    x = np.array([[sign.amount or 0.0 for sign in row] for row in rows])
    y = np.array(happened, dtype=float)
    mean = x.mean(axis=0)
    x = x - mean

    def loss(w: Floats) -> tuple[float, Floats]:
        z = w[0] + x @ w[1:]
        off = 1 / (1 + np.exp(-z)) - y
        value = np.mean(np.logaddexp(0, z) - y * z) + l2 * w[1:] @ w[1:]
        slope = np.concatenate(([off.mean()], x.T @ off / len(y) + 2 * l2 * w[1:]))
        return float(value), slope

    bounds = [(None, None), *[(0.0, None)] * len(names)]
    w = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    return {
        "bias": round(float(w[0]), 3),
        "mean": {name: round(float(m), 3) for name, m in zip(names, mean, strict=True)},
        "weight": {name: round(float(v), 3) for name, v in zip(names, w[1:], strict=True)},
    }


def shrunk(weights: dict[str, float], own: Collection[str]) -> dict[str, float]:
    """Return weights with those of other departments' signs shrunk towards none."""
    return {
        name: weight if name in own else round(SHARE * weight, 3)
        for name, weight in weights.items()
    }


def fit_payment(made: History, names: Sequence[str], own: Collection[str]) -> dict[str, Any]:
    """Return the pool and the shifts with the least mean absolute error, found on a grid; of the
    signs that are not one's own, the shifts are shrunk."""
    everybody = pool_of(made)
    found = [foresight.payment_signs(told, one.beside) for told, one, _ in made.invoices]
    amounts = {
        name: np.array([sum(s.amount or 0 for s in row if s.name == name) for row in found])
        for name in names
    }
    best: tuple[float, dict[str, Any]] = (np.inf, {})
    for pool in POOLS:
        plain = PaymentWeights(pool, {})
        rest = np.array(
            [
                days - expected[1] if expected else 0.0
                for told, one, days in made.invoices
                for expected in [_expected(told, one.paid_days, everybody, [], plain)]
            ]
        )
        shifts = dict.fromkeys(names, 0.0)
        for name in (*names, *names, *names):
            left = rest - sum(shifts[o] * amounts[o] for o in names if o != name)
            errors = [np.abs(left - shift * amounts[name]).mean() for shift in SHIFTS]
            shifts[name] = float(SHIFTS[int(np.argmin(errors))])
        error = float(np.abs(rest - sum(shifts[o] * amounts[o] for o in names)).mean())
        if error < best[0]:
            best = (error, {"pool": pool, "shift_days": shrunk(shifts, own)})
    return best[1] | margins(made, PaymentWeights(**best[1]))


def margins(made: History, weights: PaymentWeights) -> dict[str, float]:
    """Return how many days wider the interval must be for eight of ten to lie within."""
    everybody = pool_of(made)
    early, late = [], []
    for told, one, days in made.invoices:
        found = foresight.payment_signs(told, one.beside)
        expected = _expected(told, one.paid_days, everybody, found, weights)
        if expected:
            early.append(expected[0] - days)
            late.append(days - expected[2])
    return {
        "early_days": max(0.0, float(np.ceil(np.quantile(early, 0.9)))),
        "late_days": max(0.0, float(np.ceil(np.quantile(late, 0.9)))),
    }


def _expected(
    told: signs.Told,
    own: Sequence[int],
    everybody: Sequence[int],
    found: Sequence[Sign],
    weights: PaymentWeights,
) -> tuple[float, float, float] | None:
    overdue = told.number("days_overdue") or 0.0
    return foresight.expected_days(own, everybody, overdue, found, weights)


def pool_of(made: History) -> list[int]:
    """Return some payments of everybody's."""
    return [day for one in made.customers for day in one.paid_days[:2]][:SHOWN_POOL]


def fit_ticket(made: History) -> dict[str, int]:
    """Return the limits with which most priorities agree."""
    grid = [
        TicketLimits(sla, live, closing)
        for sla in (4, 6, 8)
        for live in (5, 10, 14, 21)
        for closing in (14, 21, 30)
    ]
    best = max(grid, key=lambda limits: agreement(made, limits)[0])
    return {
        "sla_soon_bh": best.sla_soon_bh,
        "go_live_days": best.go_live_days,
        "closing_days": best.closing_days,
    }


def fitted(customers: int) -> Weights:
    """Return weights fitted on the fitting histories."""
    made = histories(FIT_SEEDS, FIT_STRENGTH, customers)
    lost = [happened for _, _, happened in made.deals]
    own = [signs.deal_signs(told, beside.customer) for told, beside, _ in made.deals]
    rows = [
        [*mine, *signs.customer_signs(beside)]
        for mine, (_, beside, _) in zip(own, made.deals, strict=True)
    ]
    many = [
        one
        for seed in FIT_SEEDS
        for one in clientele(seed, FIT_STRENGTH, customers * CUSTOMERS_FOR_HEALTH)
    ]
    leaving = [health_signs(one.beside) for one in many]
    health = logistic(leaving, [one.left for one in many], HEALTH_L2)
    parts = shrunk(health["weight"], {"silence"})
    shares = {name: 100 * weight / sum(parts.values()) for name, weight in parts.items()}
    billing = ("disputed", "dunning")
    deal = logistic(rows, lost)
    deal["weight"] = shrunk(deal["weight"], {sign.name for sign in own[0]})
    others = (*billing, "complaints", "high_tickets", "late_projects")
    data = {
        "version": f"invented-{datetime.now(UTC).date().isoformat()}",
        "deal": deal,
        "deal_alone": logistic(own, lost),
        "payment": fit_payment(made, others, own=billing),
        "payment_alone": fit_payment(made, billing, own=billing),
        "ticket": fit_ticket(made),
        "health": {name: round(share, 1) for name, share in shares.items()},
    }
    PLACE.write_text(json.dumps(data, indent=2) + "\n", "utf-8")
    return weights_from(data)


def _left(made: History) -> list[bool]:
    return [one.left for one in made.customers]


def health_signs(beside: signs.Beside) -> list[Sign]:
    """Return the signs a customer's health is made of."""
    return [signs.silence(beside.customer), *signs.customer_signs(beside)]


# --- judging ------------------------------------------------------------------------------------


def auc(scores: Floats, happened: Floats) -> float:
    """Return how often what happened was scored above what did not."""
    ranks = rankdata(scores)
    positive = happened.sum()
    above = ranks[happened > 0].sum() - positive * (positive + 1) / 2
    return float(above / (positive * (len(happened) - positive)))


def agreement(made: History, limits: TicketLimits) -> tuple[float, float]:
    """Return the share of priorities proposed as judged afterwards, and by the ticket alone."""
    hits = alone = 0
    for told, beside, judged in made.tickets:
        found = foresight.ticket_priority(told, beside, limits)
        hits += found.proposed == foresight.RANKS[judged - 1]
        alone += found.alone == foresight.RANKS[judged - 1]
    return hits / len(made.tickets), alone / len(made.tickets)


def risks(made: History, weights: RiskWeights) -> Floats:
    """Return the probability that each deal is lost."""
    return np.array(
        [
            foresight.lost_probability(
                [*signs.deal_signs(told, beside.customer), *signs.customer_signs(beside)], weights
            )
            for told, beside, _ in made.deals
        ]
    )


def payment_errors(made: History, weights: PaymentWeights) -> tuple[float, float]:
    """Return the mean absolute error in days, and the share within the interval."""
    everybody = pool_of(made)
    errors, within = [], []
    for told, one, days in made.invoices:
        found = foresight.payment_signs(told, one.beside)
        expected = _expected(told, one.paid_days, everybody, found, weights)
        if expected:
            errors.append(abs(days - expected[1]))
            within.append(expected[0] <= days <= expected[2])
    return float(np.mean(errors)), float(np.mean(within))


def healths(made: History, points: dict[str, float]) -> Floats:
    """Return the health of each customer by some parts."""
    return np.array(
        [
            sum(
                points.get(sign.name, 0.0) * (sign.amount or 0) for sign in health_signs(one.beside)
            )
            for one in made.customers
        ]
    )


def judge(weights: Weights, customers: int, console: Console) -> None:
    """Print each judgement at each strength, beside the same without other departments: means over
    histories, and how much the difference varies from one to another."""
    table = Table("strength", "judgement", "measure", "alone", "all departments", "difference")
    for strength in STRENGTHS:
        of_seeds = [figures(history(seed, strength, customers), weights) for seed in JUDGE_SEEDS]
        for rows in zip(*of_seeds, strict=True):
            name, measure = rows[0][:2]
            alone, joined = (np.array([row[at] for row in rows]) for at in (2, 3))
            apart = joined - alone
            table.add_row(
                f"{strength}",
                name,
                measure,
                f"{alone.mean():.3f}",
                f"{joined.mean():.3f}",
                f"{apart.mean():+.3f} ± {apart.std(ddof=1):.3f}",
            )
        table.add_section()
    middle = histories(JUDGE_SEEDS, FIT_STRENGTH, customers)
    console.print(table)
    reliability(middle, weights, console)


def figures(made: History, weights: Weights) -> list[tuple[str, str, float, float]]:
    """Return (judgement, measure, without others, with them)."""
    lost = np.array([happened for _, _, happened in made.deals], dtype=float)
    alone, joined = risks(made, weights.deal_alone), risks(made, weights.deal)
    with_ticket, filed = agreement(made, weights.ticket)
    own_error, own_cover = payment_errors(made, weights.payment_alone)
    error, cover = payment_errors(made, weights.payment)
    points = dict(weights.health)
    left = np.array(_left(made), dtype=float)
    sales = {name: value for name, value in points.items() if name == "silence"}
    return [
        ("deal at risk", "AUC", auc(alone, lost), auc(joined, lost)),
        ("", "Brier", float(((alone - lost) ** 2).mean()), float(((joined - lost) ** 2).mean())),
        ("payment", "error, days", own_error, error),
        ("", "within p10..p90", own_cover, cover),
        ("priority", "agreement", filed, with_ticket),
        (
            "health",
            "AUC of leaving",
            auc(healths(made, sales), left),
            auc(healths(made, points), left),
        ),
    ]


def reliability(made: History, weights: Weights, console: Console) -> None:
    """Print, by tenths of the probability told, how many deals were lost."""
    told = risks(made, weights.deal)
    lost = np.array([happened for _, _, happened in made.deals], dtype=float)
    table = Table("told", "deals", "told on average", "lost", title="Reliability, strength 0.5")
    for low in range(10):
        within = (told >= low / 10) & (told < (low + 1) / 10)
        if within.any():
            row = (f"{told[within].mean():.3f}", f"{lost[within].mean():.3f}")
            table.add_row(f"{low * 10}-{low * 10 + 10} %", str(int(within.sum())), *row)
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="fit, and keep the weights")
    parser.add_argument("--customers", type=int, default=300, help="in each history")
    args = parser.parse_args()
    weights = fitted(args.customers) if args.write else shipped_weights()
    judge(weights, args.customers, Console())


if __name__ == "__main__":
    main()
