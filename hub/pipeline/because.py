"""Gathers why a rule is true of a subject: the parts that hold, and the records they look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.alerts.evidence import FORECAST, MOST_RECORDS
from hub.alerts.grounds import About
from hub.alerts.rules import CompiledRule
from hub.model.fact import Subject
from hub.pipeline.scene import Scene


@dataclass(slots=True)
class Because:
    """parts: as JSON, each naming records by ref or id; beside: variable -> those records."""

    parts: list[dict[str, Any]] = field(default_factory=list)
    beside: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, rule: CompiledRule, subject: Subject, scene: Scene, reads: Mapping[str, Sequence[str]]
    ) -> "Because":
        """Return why the rule is true of the subject as the scene shows it."""
        found = cls()
        if not FORECAST.isdisjoint(rule.condition.reads):
            found.beside |= {"deals": deals} if (deals := scene.open_deals(subject)) else {}
        for reason in rule.grounds(scene.seen_by(subject, reads)):
            about = [found._about(one, subject, scene) for one in reason.about[:MOST_RECORDS]]
            part: dict[str, Any] = {"condition": reason.text, "about": about}
            if reason.none:
                part["none"] = list(reason.none)
            if reason.raises:
                part["raises"] = True
            found.parts.append(part)
        return found

    def _about(self, about: About, subject: Subject, scene: Scene) -> dict[str, Any]:
        meant = scene.meant(subject, about.variable)
        told: dict[str, Any] = {"variable": about.variable, "facts": dict(about.facts)}
        if not meant:
            return told
        one = meant[about.position or 0]
        told["ref" if ":" in one.id else "id"] = one.id
        if one != subject and one.kind != "customer":
            record = scene.show(one)
            beside = self.beside.setdefault(about.variable, [])
            beside += [] if record in beside else [record]
        return told
