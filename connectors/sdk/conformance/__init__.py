"""The contract kit: ten checks that every source passes, run by the hub's own runner.

An author needs no account: the kit serves invented records the way the declaration says that the
product does, puts faults in between, and looks at what arrives in a real store.
"""

from connectors.sdk.conformance.kit import CHECKS, Finding, run_checks
from connectors.sdk.conformance.release import write_release
from connectors.sdk.conformance.seam import (
    BreachError,
    Clock,
    NotApplicableError,
    Outcome,
    Store,
    Subject,
)
from connectors.sdk.conformance.subject import DeclaredSubject

__all__ = [
    "CHECKS",
    "BreachError",
    "Clock",
    "DeclaredSubject",
    "Finding",
    "NotApplicableError",
    "Outcome",
    "Store",
    "Subject",
    "run_checks",
    "write_release",
]
