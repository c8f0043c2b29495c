"""Secrets: the configuration names an environment variable, never the value."""

from collections.abc import Iterator, Mapping
from typing import Any

from hub.errors import ConfigError
from mapping.problems import Place


def _variable(value: Any) -> str | None:
    """Return NAME for `{env: NAME}`, None for anything else."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("env"), str):
        return str(value["env"])
    return None


def with_secrets(value: Any, env: Mapping[str, str], *, where: str) -> Any:
    """Return `value` with each `{env: NAME}` replaced by what the environment holds.

    Raises ConfigError naming `where` and the variable that is not set.
    """
    name = _variable(value)
    if name is not None:
        if name not in env:
            raise ConfigError(f"{where}: the environment variable {name} is not set")
        return env[name]
    if isinstance(value, dict):
        return {key: with_secrets(item, env, where=where) for key, item in value.items()}
    if isinstance(value, list):
        return [with_secrets(item, env, where=where) for item in value]
    return value


def missing_variables(
    value: Any, env: Mapping[str, str], place: Place = ()
) -> Iterator[tuple[Place, str]]:
    """Yield where `value` names a variable that is not set, and its name."""
    name = _variable(value)
    if name is not None:
        if name not in env:
            yield place, name
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from missing_variables(item, env, (*place, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from missing_variables(item, env, (*place, at))
