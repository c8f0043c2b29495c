"""The Atom feed: an entry for each alert, whatever its texts hold."""

from xml.etree.ElementTree import fromstring

from hub.model.alert import Alert, AlertState, Condition, Severity
from hub.model.fact import Subject
from hub.notify.atom import feed

AT = "2026-11-23T10:00:00.000Z"
SPACE = "{http://www.w3.org/2005/Atom}"


def alert(condition: Condition, name: str) -> Alert:
    state = AlertState(condition, Severity.WARNING, AT, AT, fired_at=AT)
    texts = {"name": {"de": name, "en": name}, "clears_when": {"de": "Wenn", "en": "When"}}
    return Alert("R07", Subject("deal", "crm:deals:1"), "01A", state, AT, {}, texts)


def test_each_alert_is_an_entry_that_readers_can_parse() -> None:
    found = [
        alert(Condition.FIRING, "<b>&\x00\x0bÜbergabe"),
        alert(Condition.RESOLVED, "Übergabe"),
    ]
    why = {one.id: ["Projekte dazu 0"] for one in found}
    about = {one.id: "Weber" for one in found}
    written = feed(found, about, why, language="de", base_url="https://hub.example.org/", now=AT)
    root = fromstring(written)
    entries = root.findall(f"{SPACE}entry")
    assert [entry.findtext(f"{SPACE}title") for entry in entries] == [
        "Neu (Warnung): <b>&Übergabe – Weber",
        "Erledigt (Warnung): Übergabe – Weber",
    ]
    link = entries[0].find(f"{SPACE}link")
    assert link is not None
    assert link.attrib["href"] == f"https://hub.example.org/console/alerts/{found[0].id}"
    assert entries[0].findtext(f"{SPACE}summary") == "Projekte dazu 0\nWenn"
    assert entries[1].findtext(f"{SPACE}summary") == "Wenn"
