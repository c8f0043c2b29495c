"""Where people see a record in the tool it comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from connectors.sdk.record import parse_ref


@dataclass(frozen=True, slots=True)
class DeepLinks:
    """templates: connection -> stream -> an address in which `{key}` stands for a record's key."""

    templates: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, ref: str) -> str | None:
        """Return the address of a record's page, None where nobody said."""
        try:
            key, _ = parse_ref(ref)
        except ValueError:
            return None
        template = self.templates.get(key.connection, {}).get(key.stream)
        return template.replace("{key}", quote(key.key, safe="")) if template else None

    def among(self, refs: Iterable[str]) -> dict[str, str]:
        """Return ref -> address of those that have one."""
        return {ref: link for ref in refs if (link := self.of(ref))}
