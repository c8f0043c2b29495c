"""Secrets: the configuration names an environment variable or an entry of the vault."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hub.errors import ConfigError
from mapping.problems import Place

FromVault = Callable[[str], str]


def _named(value: Any, kind: str) -> str | None:
    """Return NAME for `{kind: NAME}`, None for anything else."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get(kind), str):
        return str(value[kind])
    return None


def _variable(value: Any) -> str | None:
    return _named(value, "env")


def unopened(name: str) -> str:
    """Stand in for a vault where a connection is only looked at, not read."""
    return f"(the vault's {name})"


def with_secrets(
    value: Any, env: Mapping[str, str], *, where: str, vault: FromVault = unopened
) -> Any:
    """Return `value` with each `{env: NAME}` and `{vault: NAME}` replaced by what they hold.

    Raises ConfigError naming `where` and the variable that is not set.
    """
    name = _variable(value)
    if name is not None:
        if name not in env:
            raise ConfigError(f"{where}: the environment variable {name} is not set")
        return env[name]
    entry = _named(value, "vault")
    if entry is not None:
        return vault(entry)
    if isinstance(value, dict):
        return {k: with_secrets(item, env, where=where, vault=vault) for k, item in value.items()}
    if isinstance(value, list):
        return [with_secrets(item, env, where=where, vault=vault) for item in value]
    return value


def missing_variables(value: Any, env: Mapping[str, str]) -> Iterator[tuple[Place, str]]:
    """Yield where `value` names a variable that is not set, and its name."""
    return ((place, name) for place, name in _all_named(value, "env") if name not in env)


def vault_entries(value: Any) -> Iterator[tuple[Place, str]]:
    """Yield where `value` names an entry of the vault, and its name."""
    return _all_named(value, "vault")


def _all_named(value: Any, kind: str, place: Place = ()) -> Iterator[tuple[Place, str]]:
    name = _named(value, kind)
    if name is not None:
        yield place, name
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _all_named(item, kind, (*place, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _all_named(item, kind, (*place, at))
