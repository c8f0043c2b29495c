"""`hub contract`: the ten checks every source passes, without an account anywhere."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from pydantic import ValidationError

from connectors.registry import REGISTRY, connector_class, module_of
from connectors.sdk.conformance import (
    CHECKS,
    BreachError,
    DeclaredSubject,
    Finding,
    Subject,
    run_checks,
    write_release,
)
from connectors.sdk.connector import Connector
from connectors.sdk.errors import ConnectionBrokenError
from connectors.sdk.modules import load_module, said_of
from hub.cli.ending import Exit, fail
from hub.pipeline.trial import trial_stores

HOSTS = {
    "isolated": "it hosts other sources: run their own contract in their environment",
    "singer": "it hosts taps, which promise none of this",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("contract")(contract)


def contract(
    source: Annotated[
        str | None,
        typer.Argument(help="A source by its name or file, or module:object, as acme:connector."),
    ] = None,
    all_sources: Annotated[bool, typer.Option("--all", help="Every source of the hub.")] = False,
    check: Annotated[
        list[str] | None, typer.Option("--check", help="Only this check; may be said again.")
    ] = None,
    cassette: Annotated[
        Path | None,
        typer.Option(help="Play what `hub run CONNECTION --record DIR` kept of the real product."),
    ] = None,
    write_schema: Annotated[
        bool, typer.Option("--write-schema", help="Keep what this release promises; check nothing.")
    ] = False,
) -> None:
    """Put a source through the contract's ten checks.

    It is served invented records the way its declaration says, with faults in between, and read by
    the hub's own runner into a store that is thrown away. With --cassette its rows and answers are
    those of the real product, and its declaration has to read them. What it promised at its last
    release is compared with NAME.schema.json beside it, which --write-schema writes.
    """
    if (source is None) != all_sources:
        fail("state a source, or --all", Exit.CONFIG)
    if cassette is not None and (all_sources or write_schema):
        fail("state --cassette with one source that is checked", Exit.CONFIG)
    if write_schema and check:
        fail("state --write-schema or --check, not both", Exit.CONFIG)
    if write_schema:
        unwritten = [name for name in _names(source) if not _schema_written(name, all_sources)]
        raise typer.Exit(Exit.FAILED if unwritten else Exit.OK)
    for name in check or ():
        if name not in CHECKS:
            fail(f"there is no check {name!r}; there are: {', '.join(CHECKS)}", Exit.CONFIG)
    chosen = list(check or CHECKS)
    failed = [name for name in _names(source) if not _holds(name, chosen, cassette)]
    raise typer.Exit(Exit.FAILED if failed else Exit.OK)


def _names(source: str | None) -> list[str]:
    return sorted(REGISTRY) if source is None else [source]


def _schema_written(name: str, all_sources: bool) -> bool:
    """Write a source's snapshot beside it; one that declares no streams matters if it was named."""
    subject = subject_of(name)
    if not isinstance(subject, DeclaredSubject) or subject.home is None:
        print(f"{name}: what its streams hold is said by each connection, not by the source")
        return all_sources
    try:
        path = write_release(subject.home, subject.connector)
    except BreachError as error:
        print(f"{name}: the schema stays as it was: {error}")
        return False
    print(f"wrote {path}")
    return True


def _holds(name: str, chosen: Sequence[str], cassette: Path | None) -> bool:
    subject = subject_of(name)
    if isinstance(subject, str):
        print(f"{name}: {subject}")
        return True
    if cassette is not None:
        _play(name, subject, cassette)
    began, good, applied = monotonic(), True, False
    with closing(subject), trial_stores() as new_store:
        for finding in _told(name, run_checks(subject, new_store, chosen)):
            good &= finding.result != "failed"
            applied |= finding.result == "passed"
    verdict = "passes the contract" if good else "does not pass the contract"
    if good and not applied:
        verdict = "nothing could be checked; its author's own subject would be needed"
    print(f"{name}: {verdict} ({monotonic() - began:.1f} s)")
    return good


def _play(name: str, subject: Subject, cassette: Path) -> None:
    if not isinstance(subject, DeclaredSubject):
        fail(f"{name} speaks no HTTP that a cassette could hold", Exit.CONFIG)
    try:
        subject.play(cassette)
    except BreachError as error:
        fail(str(error), Exit.CONFIG)


def _told(name: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    for finding in findings:
        text = f": {finding.text}" if finding.text else ""
        print(f"{name}  {finding.check:<13}{finding.result}{text}", flush=True)
        yield finding


def source_named(source: str) -> object:
    """Return a source by its name or file, or as module:object.

    Raises ConnectionBrokenError where there is none.
    """
    module, _, attribute = source.partition(":")
    return _imported(module, attribute) if attribute else connector_class(source)


def subject_of(source: str) -> Subject | str:
    """Return what the kit may fill and read: the source's own subject, else its declaration.

    A source's own stands as `subject` in a module beside it: `contract` in its package, else
    NAME_contract. A text says why there is nothing to check. Raises ConnectionBrokenError where
    there is no such source.
    """
    if source in HOSTS:
        return HOSTS[source]
    found = source_named(source)
    module, _, attribute = source.partition(":")
    if not attribute:
        module = module_of(source) or ""
    own, beside = _own_subject(module, source)
    subject: Subject
    if own is not None:
        subject = own()
    elif isinstance(found, Connector):
        subject = DeclaredSubject(found)
    else:
        raise ConnectionBrokenError(
            f"source {source}: it is no declared connector; put a function `subject` into "
            f"{beside}, which returns what the kit may fill and read"
        )
    if isinstance(subject, DeclaredSubject) and subject.home is None:
        subject.home = _home(module, source)
    return subject


def _own_subject(module: str, source: str) -> tuple[Callable[[], Subject] | None, str]:
    """Return what makes a source's own subject, None without one; and where it would stand."""
    if not module:
        path = Path(source)
        path = path.with_name(f"{path.stem.replace('-', '_')}_contract.py")
        return (load_module(path, "subject") if path.exists() else None), str(path)
    package, _, _ = module.rpartition(".")
    beside = f"{package}.contract" if package else f"{module}_contract"
    return (import_module(beside).subject if _exists(beside) else None), beside


def _home(module: str, source: str) -> Path:
    """Return the folder a connector lies in: its module's, or its file's."""
    file = import_module(module).__file__ if module else source
    return Path(file or "").parent


def _imported(module: str, attribute: str) -> object:
    sys.path.insert(0, "")  # as `python -m` does: an author's module lies where the author is
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise ConnectionBrokenError(f"{module}:{attribute} cannot be loaded: {error}") from error
    except (ValidationError, ValueError, TypeError) as error:
        raise ConnectionBrokenError(f"{module}:{attribute}: {said_of(error)}") from error


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
