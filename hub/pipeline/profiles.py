"""What resolution is told of a canonical record: its fields as typed features."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hub.model.resolution import Profile
from hub.pipeline.features import FEATURES
from hub.resolution.facets import MOST_VALUES

MOST_HEARD = 2 * MOST_VALUES
"""Names of contacts that are told, and mailboxes: some are the same once they are folded."""


def profile_of(
    ref: str,
    kind: str,
    source: str,
    fields: Mapping[str, Any],
    employers: Collection[str] = (),
    contacts: Sequence[Mapping[str, Any]] = (),
) -> Profile:
    """Return the profile of one canonical record.

    employers: names of the organizations it refers to, which speak for who it is. contacts: fields
    of the persons who refer to it, whose names and mailboxes speak for which company it is.
    """
    features: dict[str, list[str]] = {}
    for field, feature in FEATURES[kind].items():
        value = fields.get(field)
        if value:
            features.setdefault(feature, []).extend(value if isinstance(value, list) else [value])
    if kind == "person" and "person_name" in features:
        # The parts were cut out of the whole name: told twice they would count twice.
        features.pop("given_name", None)
        features.pop("family_name", None)
    if employers:
        features["org_name"] = sorted(employers)
    _hear(features, contacts)
    return Profile(ref, kind, source, {name: tuple(features[name]) for name in sorted(features)})


def _hear(features: dict[str, list[str]], contacts: Sequence[Mapping[str, Any]]) -> None:
    """Add who works there; a company's own mailboxes come first.

    Only the first are told: comparisons hear no more, and a company of thousands of contacts shall
    not be another one with each of them.
    """
    names = {each["name"] for each in contacts if each.get("name")}
    mails = {mail for each in contacts for mail in each.get("emails") or ()}
    mails -= set(features.get("email", ()))
    if names:
        features["person_name"] = sorted(names)[:MOST_HEARD]
    if mails:
        features.setdefault("email", []).extend(sorted(mails)[:MOST_HEARD])
