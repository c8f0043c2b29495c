"""Which sources there are, by name: ours, and what others install under `hub.connectors`."""

from collections import UserDict
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import entry_points
from inspect import signature
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from connectors.sdk.connector import Connector as DeclaredConnector
from connectors.sdk.contract import Connector, ConnectorClass
from connectors.sdk.declarations import load_connector
from connectors.sdk.errors import ConnectionBrokenError
from connectors.sdk.modules import load_module
from connectors.sdk.surroundings import Surroundings


class Registry(UserDict[str, "ConnectorClass | str"]):
    """Classes by name; one that stands as `module:class` is loaded when it is asked for."""

    def __getitem__(self, name: str) -> ConnectorClass:
        found = self.data[name]
        if isinstance(found, str):
            module, _, called = found.partition(":")
            self.data[name] = found = cast("ConnectorClass", getattr(import_module(module), called))
        return found


REGISTRY = Registry(
    {
        "bottlecrm": "connectors.bottlecrm:BottleCrmConnector",
        "files": "connectors.files:FilesConnector",
        "isolated": "connectors.isolated:IsolatedConnector",
        "redmine": "connectors.redmine:RedmineConnector",
        "request_tracker": "connectors.request_tracker:RequestTrackerConnector",
        "roundup": "connectors.roundup:RoundupConnector",
        "singer": "connectors.singer:SingerConnector",
        "sql": "connectors.sql:SqlConnector",
        "tryton": "connectors.tryton:TrytonConnector",
    }
)

ENTRY_POINTS = "hub.connectors"


def connector_class(source: str, base_dir: Path = Path()) -> ConnectorClass:
    """Return the class behind a source's name; ours go before another's of the same name.

    A name that ends in .yaml or .py is the file of a connector, meant from `base_dir`; in Python
    it is called `connector`. Raises ConnectionBrokenError for an unknown name, naming those there
    are.
    """
    if source in REGISTRY:
        return REGISTRY[source]
    if source.endswith((".yaml", ".yml")):
        return load_connector(base_dir / source)
    if source.endswith(".py"):
        return cast("ConnectorClass", load_module(base_dir / source))
    others = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if source in others:
        try:
            return cast("ConnectorClass", others[source].load())
        except ImportError as error:
            raise ConnectionBrokenError(
                f"the source {source!r} ({others[source].value}) cannot be loaded: {error}"
            ) from error
    known = ", ".join(sorted({*REGISTRY, *others}))
    raise ConnectionBrokenError(
        f"there is no source {source!r}; known are: {known}; a connector in a file is named by its "
        "path, as connectors/acme.py or acme.yaml"
    )


def module_of(source: str) -> str | None:
    """Return the module a source's name leads to; None for a file and for an unknown name."""
    if source in REGISTRY:
        return f"connectors.{source}.connector"
    found = (one for one in entry_points(group=ENTRY_POINTS) if one.name == source)
    return next((point.module for point in found), None)


def is_declared(source: str, base_dir: Path) -> bool:
    """Return whether a source is a declared connector, which reads over HTTP.

    Raises ConnectionBrokenError for an unknown name.
    """
    return isinstance(connector_class(source, base_dir), DeclaredConnector)


def open_connector(
    source: str,
    *,
    name: str,
    config: Mapping[str, Any],
    base_dir: Path,
    surroundings: Surroundings | None = None,
) -> Connector:
    """Return the connection `name` of a source, ready to be checked and read.

    config: as it stands in the configuration; relative paths are meant from `base_dir`.
    surroundings: what a source that asks for it is lent by the hub. Raises ConnectionBrokenError
    that names each key which is wrong, and never its value.
    """
    chosen = connector_class(source, base_dir)
    try:
        checked = chosen.config_model.model_validate(dict(config))
    except ValidationError as error:
        faults = "; ".join(_fault(chosen, item) for item in error.errors(include_url=False))
        raise ConnectionBrokenError(f"connection {name} ({source}): {faults}") from None
    if surroundings is not None and "surroundings" in signature(chosen).parameters:
        lent = cast("Callable[..., Connector]", chosen)
        return lent(name, checked, base_dir=base_dir, surroundings=surroundings)
    return chosen(name, checked, base_dir=base_dir)


def _fault(chosen: ConnectorClass, item: Mapping[str, Any]) -> str:
    path = ".".join(map(str, item["loc"])) or "the configuration"
    if item["type"] != "extra_forbidden":
        return f"{path}: {item['msg'].removeprefix('Value error, ')}"
    known = _option_names(chosen.config_model.model_json_schema())
    close = get_close_matches(str(item["loc"][-1]), known, n=1)
    return f"{path}: no such option" + (f"; is {close[0]!r} meant?" if close else "")


def _option_names(schema: Mapping[str, Any]) -> list[str]:
    models = [schema, *schema.get("$defs", {}).values()]
    return sorted({name for model in models for name in model.get("properties", {})})
