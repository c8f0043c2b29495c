"""Reads the rules a company uses from the folder its configuration names."""

from hub.alerts.rule_files import read_rules as rules_of
from hub.alerts.rules import CompiledRule
from hub.config import Loaded
from mapping.problems import Problem


def read_rules(loaded: Loaded) -> tuple[list[CompiledRule], list[Problem]]:
    """Return the rules of a configuration, by id, and all that is wrong with them."""
    place = loaded.config.rules
    folder = loaded.beside(place.folder)
    if not folder.is_dir():
        missing = loaded.document.problem(("rules", "folder"), f"there is no folder {folder}")
        return [], [missing]
    texts: dict[str, str] = {}
    unread: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            texts[str(path)] = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            unread.append(Problem(str(path), 1, "", f"cannot be read: {error}"))
    rules, problems = rules_of(texts, place.params, overrides_in=loaded.document)
    return rules, [*unread, *problems]
