"""configs/demo reads the exports: every stream complete, no record set aside."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from connectors.registry import open_connector
from connectors.sdk.errors import ConnectionBrokenError
from connectors.sdk.record import End, Record
from hub.config import load_config
from hub.demo.model import World
from hub.demo.repair import repair
from hub.demo.world import world
from hub.demo.write import write

CONFIG = Path(__file__).resolve().parents[2] / "configs/demo/hub.yaml"
FOLDER = "data/demo"
NOW = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def company() -> World:
    return world(7, date(2026, 11, 23), 80)


@pytest.fixture
def base(company: World, tmp_path: Path) -> Path:
    write(company, tmp_path / FOLDER)
    return tmp_path


def listing(base: Path, name: str) -> dict[str, list[Record]]:
    """Read a connection of the demo's configuration whole, as a first sync does."""
    connection = load_config(CONFIG).config.connections[name]
    connector = open_connector(
        connection.source, name=name, config=connection.config, base_dir=base
    )
    found: dict[str, list[Record]] = {}
    try:
        for stream in connector.streams():
            *pages, end = stream.read(None)
            assert isinstance(end, End)
            assert end.complete
            for page in pages:
                assert not isinstance(page, End)
                assert not page.rejected
                found.setdefault(stream.name, []).extend(page.records)
    finally:
        connector.close()
    return found


def test_the_project_folder_is_home() -> None:
    loaded = load_config(CONFIG)
    assert loaded.home == CONFIG.parents[2]
    assert loaded.config.connections["books"].system == "accounting"


def test_every_export_is_read_whole(base: Path, company: World) -> None:
    papers = company.papers
    counts = {
        "crm": {
            "accounts": len(company.accounts),
            "contacts": len(company.contacts),
            "deals": len(company.deals),
            "leads": len(company.leads),
            "sellers": len(papers.sellers),
            "activities": len(papers.activities),
            "offer_lines": len(papers.offer_lines),
        },
        "helpdesk": {"tickets": len(company.tickets), "messages": len(papers.messages)},
        "books": {
            "customers": len(company.debtors),
            "orders": len(company.orders),
            "contracts": len(company.contracts),
            "invoices": len(company.invoices) + len(papers.credits),
            "payments": len(company.payments),
            "reminders": len(papers.reminders),
            "deliveries": len(papers.deliveries),
            "articles": len(papers.articles),
            "lines": len(papers.invoice_lines),
            "assets": len(papers.assets),
        },
        "projects": {
            "projects": len(company.projects),
            "hours": sum(len(project.weekly_hours) for project in company.projects),
            "milestones": len(papers.milestones),
            "tasks": len(papers.tasks),
        },
    }
    for name, streams in counts.items():
        found = listing(base, name)
        assert {stream: len(records) for stream, records in found.items()} == streams


def test_planted_refs_name_records_that_the_connections_deliver(base: Path, company: World) -> None:
    refs = {
        f"{name}:{stream}:{record.key}"
        for name in ("crm", "helpdesk", "books", "projects")
        for stream, records in listing(base, name).items()
        for record in records
    }
    for case in (*company.planted, *company.near_misses, *company.identities):
        arrived = {ref for ref in case.refs if ":" in ref and not ref.startswith("marketing")}
        assert arrived <= refs


def test_a_repaired_file_differs_only_in_what_was_repaired(base: Path) -> None:
    before = {r.key: r.data for r in listing(base, "books")["orders"]}
    repair(base / FOLDER, "R07", NOW)
    after = {r.key: r.data for r in listing(base, "books")["orders"]}
    assert {key: after[key] for key in before} == before
    assert len(after) == len(before) + 2


def test_the_newsletter_is_missing_until_it_is_repaired(base: Path, company: World) -> None:
    with pytest.raises(ConnectionBrokenError, match=r"recipients\.csv"):
        listing(base, "marketing")
    repair(base / FOLDER, "R20", NOW)
    assert len(listing(base, "marketing")["recipients"]) == len(company.recipients)
