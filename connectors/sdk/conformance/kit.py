"""Runs the checks one by one and tells how each went."""

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from connectors.sdk.conformance import checks, token_checks, wire_checks
from connectors.sdk.conformance.lab import Lab
from connectors.sdk.conformance.seam import BreachError, Clock, NotApplicableError, Store, Subject
from connectors.sdk.errors import ConnectorError

CHECKS: dict[str, Callable[[Lab], None]] = {
    "check": wire_checks.check,
    "schema": checks.schema,
    "completeness": checks.completeness,
    "crash": checks.crash,
    "ties": checks.ties,
    "lying-200": wire_checks.lying_200,
    "pacing": wire_checks.pacing,
    "tokens": token_checks.tokens,
    "drift": checks.drift,
    "deletes": checks.deletes,
}
"""The ten, in the order in which they make sense of each other."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How one check went; text: what was seen, or why the check does not apply."""

    check: str
    result: Literal["passed", "failed", "does not apply"]
    text: str = ""


def run_checks(
    subject: Subject, new_store: Callable[[Clock], Store], names: Sequence[str] = tuple(CHECKS)
) -> Iterator[Finding]:
    """Yield the finding of each check; a check that raises has failed."""
    for name in names:
        lab = Lab(subject, new_store)
        try:
            CHECKS[name](lab)
        except NotApplicableError as reason:
            yield Finding(name, "does not apply", str(reason))
        except (BreachError, ConnectorError) as error:
            yield Finding(name, "failed", str(error))
        except Exception as error:  # noqa: BLE001  # the author's code: say where, go on
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(last.filename).name}:{last.lineno}"
            yield Finding(name, "failed", f"{type(error).__name__} at {place}: {error}")
        else:
            yield Finding(name, "passed", "; ".join(dict.fromkeys(lab.notes)))
        finally:
            lab.close()
