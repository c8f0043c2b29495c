"""What kinds of record there are."""

from typing import Literal

Kind = Literal[
    "organization",
    "person",
    "consent",
    "campaign",
    "touch",
    "lead",
    "deal",
    "quote",
    "order",
    "delivery",
    "contract",
    "project",
    "milestone",
    "task",
    "time_entry",
    "ticket",
    "message",
    "invoice",
    "payment",
    "dunning",
    "line",
    "product",
    "asset",
    "user",
]
