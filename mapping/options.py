"""Turns what a mapping file states about its source's habits into options for normalisers."""

from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mapping.normalize.country import country_code
from mapping.normalize.currency import MINOR_DIGITS
from mapping.normalize.registry import Options
from mapping.problems import suggestion
from mapping.spec import Defaults, FieldSpec, OptionSpec

OPTION_NAMES: Final = frozenset(Options.__dataclass_fields__)


class OptionError(ValueError):
    """An option's value cannot be used; option: its key in the file."""

    def __init__(self, option: str, message: str) -> None:
        self.option = option
        super().__init__(message)


def stated_options(spec: OptionSpec) -> dict[str, Any]:
    """Return the options that `spec` states, ready for use; raises OptionError."""
    stated = {
        name: getattr(spec, name)
        for name in OPTION_NAMES
        if name in spec.model_fields_set and getattr(spec, name) is not None
    }
    for name, read in (("country", _country), ("currency", _currency), ("time_zone", _time_zone)):
        if name in stated:
            stated[name] = read(stated[name])
    return stated


def field_options(defaults: Defaults, field: FieldSpec) -> Options:
    """Return the options for one field: the file's defaults, overridden by its own."""
    return Options(**{**stated_options(defaults), **stated_options(field)})


def _country(text: str) -> str:
    code = country_code(text)
    if code is None:
        raise OptionError("country", f"expected a country such as DE, got {text!r}")
    return code


def _currency(text: str) -> str:
    if text not in MINOR_DIGITS:
        near = suggestion(text.upper(), MINOR_DIGITS)
        raise OptionError("currency", f"expected an ISO 4217 code such as EUR, got {text!r}{near}")
    return text


def _time_zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"expected a time zone such as Europe/Berlin, got {text!r}"
        raise OptionError("time_zone", message) from error
