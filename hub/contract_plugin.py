"""The contract kit for pytest: each of the ten checks as a test of its own.

A test module has a fixture `subject` that returns what is to be checked, and one test that takes
`contract_check` and calls it. Checks that do not apply are skipped, with the reason.
"""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from connectors.sdk.conformance import CHECKS, Clock, Store, Subject, run_checks
from hub.pipeline.trial import trial_stores

FIXTURE = "contract_check"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make ten tests of each that asks for a check."""
    if FIXTURE in metafunc.fixturenames:
        metafunc.parametrize(FIXTURE, list(CHECKS), indirect=True)


@pytest.fixture(scope="session")
def _contract_stores() -> Iterator[Callable[[Clock], Store]]:
    with trial_stores() as make:
        yield make


@pytest.fixture
def contract_check(
    request: pytest.FixtureRequest, subject: Subject, _contract_stores: Callable[[Clock], Store]
) -> Callable[[], None]:
    """Return one of the ten checks, to be called."""

    def run() -> None:
        with closing(subject):
            (finding,) = run_checks(subject, _contract_stores, [request.param])
        if finding.result == "failed":
            pytest.fail(finding.text, pytrace=False)
        if finding.result == "does not apply":
            pytest.skip(finding.text)

    return run
