"""Connectors that stand in a Python file of their own, which nobody has to install."""

import sys
import traceback
from difflib import get_close_matches
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel, ValidationError

from connectors.sdk.auth import KINDS as AUTH_KINDS
from connectors.sdk.cursors import Cursor, Since
from connectors.sdk.errors import ConnectionBrokenError
from connectors.sdk.pages import KINDS as PAGE_KINDS
from connectors.sdk.streams import Deletes, StreamSpec
from connectors.sdk.webhooks import Webhook

_DECLARED: dict[str, type[BaseModel]] = {
    kind.__name__: kind
    for kind in (StreamSpec, Deletes, Webhook, Cursor, Since, *PAGE_KINDS, *AUTH_KINDS)
}


def load_module(path: Path, name: str = "connector") -> Any:
    """Return what a file calls `name`; a file is run once a process, unless it changes.

    Raises ConnectionBrokenError that says where it fails.
    """
    found = getattr(_module(path.resolve()), name, None)
    if found is None:
        raise ConnectionBrokenError(f"{path}: holds no `{name}`")
    return found


def _module(path: Path) -> ModuleType:
    try:
        name = f"connector_file_{path.stem}_{hash((path, path.stat().st_mtime_ns)):x}"
    except OSError as error:
        raise ConnectionBrokenError(f"{path}: cannot be read: {error.strerror}") from None
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = module_from_spec(spec)  # models look their own module up by name
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # the author's code, at its very beginning
        del sys.modules[name]
        raise ConnectionBrokenError(f"{path}:{_line_of(error, path)}: {said_of(error)}") from error
    return module


def said_of(error: Exception) -> str:
    """Return what is wrong with a connector whose code fails as it is loaded."""
    if not isinstance(error, ValidationError):
        return f"{type(error).__name__}: {error}"
    faults = error.errors(include_url=False, include_input=False)
    return "; ".join(_fault(error.title, item["loc"], item["type"], item["msg"]) for item in faults)


def _fault(title: str, place: tuple[int | str, ...], kind: str, message: str) -> str:
    called = "Stream" if title == "StreamSpec" else title
    path = ".".join(map(str, place))
    if kind == "extra_forbidden":
        known = _DECLARED.get(title)
        close = get_close_matches(str(place[-1]), known.model_fields if known else (), n=1)
        meant = f"; is {close[0]!r} meant?" if close else ""
        return f"{called}: {path}: there is no such argument{meant}"
    message = message.removeprefix("Value error, ")
    return f"{called}: {path}: {message}" if path else f"{called}: {message}"


def _line_of(error: Exception, path: Path) -> int:
    """Return the last line of the file itself on the way to an error."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno or 1
    frames = traceback.extract_tb(error.__traceback__)
    return next((one.lineno or 1 for one in reversed(frames) if one.filename == str(path)), 1)
