"""The weights foresight judges by, as shipped: fitted on invented histories."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class RiskWeights:
    """A logistic model: bias + sum of weight * (sign - mean), in log-odds. No weight is below 0."""

    bias: float
    mean: Mapping[str, float]
    weight: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PaymentWeights:
    """pool: how many own invoices all customers' weigh; shift_days: later by, at a full sign.

    early_days, late_days: how much wider than past payments the interval must be to hold eight of
    ten.
    """

    pool: float
    shift_days: Mapping[str, float]
    early_days: float = 0.0
    late_days: float = 0.0


@dataclass(frozen=True, slots=True)
class TicketLimits:
    """sla_soon_bh: business hours left; the others are days ahead."""

    sla_soon_bh: int
    go_live_days: int
    closing_days: int


@dataclass(frozen=True, slots=True)
class Weights:
    """All weights. *_alone: the same model fitted without what other departments know."""

    version: str
    deal: RiskWeights
    deal_alone: RiskWeights
    payment: PaymentWeights
    payment_alone: PaymentWeights
    ticket: TicketLimits
    health: Mapping[str, float]


def weights_from(data: Mapping[str, Any]) -> Weights:
    """Return weights from their JSON. Raises KeyError or TypeError for another shape."""
    return Weights(
        version=data["version"],
        deal=RiskWeights(**data["deal"]),
        deal_alone=RiskWeights(**data["deal_alone"]),
        payment=PaymentWeights(**data["payment"]),
        payment_alone=PaymentWeights(**data["payment_alone"]),
        ticket=TicketLimits(**data["ticket"]),
        health=data["health"],
    )


@cache
def shipped_weights() -> Weights:
    """Return the weights that come with the hub."""
    text = resources.files("hub.alerts").joinpath("foresight.json").read_text("utf-8")
    return weights_from(json.loads(text))
