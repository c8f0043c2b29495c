"""What is suggested for the demo's exports, held against the mappings written by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.registry import open_connector
from connectors.sdk.record import Page
from hub.config import load_config
from hub.demo.repair import repair
from hub.demo.world import world
from hub.demo.write import write
from mapping.load import load_spec
from mapping.normalize.registry import Options
from mapping.spec import MappingSpec
from mapping.suggestion.sample import Sample, sample_of
from mapping.suggestion.suggest import suggest

CONFIGS = Path(__file__).resolve().parents[2] / "configs/demo"
HABITS = Options(country="DE", currency="EUR", time_zone=ZoneInfo("Europe/Berlin"))
Claim = tuple[str, str, str, str]
"""(stream, kind, field or role, path)."""


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[Claim], set[Claim]]:
    """What is suggested of all connections, and what stands in their mapping files."""
    base = tmp_path_factory.mktemp("demo")
    write(world(7, date(2026, 11, 23), 80), base / "data/demo")
    repair(base / "data/demo", "R20", datetime(2026, 11, 23, 9, 15, tzinfo=UTC))
    ours: set[Claim] = set()
    written: set[Claim] = set()
    for name, connection in load_config(CONFIGS / "hub.yaml").config.connections.items():
        connector = open_connector(
            connection.source, name=name, config=connection.config, base_dir=base
        )
        samples: list[Sample] = []
        for stream in connector.streams():
            pages = [item for item in stream.read(None) if isinstance(item, Page)]
            rows = [(one.key, one.data) for page in pages for one in page.records]
            samples.append(sample_of(stream.name, rows[:500]))
        connector.close()
        streams = [sample.stream for sample in samples]
        text = suggest(samples, HABITS, time_zone="Europe/Berlin")
        ours |= set(_claims(load_spec(text, file="suggested.yaml", streams=streams)))
        path = CONFIGS / connection.mapping
        by_hand = load_spec(path.read_text("utf-8"), file=path.name, streams=streams)
        written |= set(_claims(by_hand))
    return ours, written


def _claims(spec: MappingSpec) -> Iterator[Claim]:
    for stream, entries in spec.streams.items():
        for entry in entries:
            for name, field in entry.fields.items():
                yield from ((stream, entry.kind, name, path) for path in field.read_paths)
            for role, ref in entry.refs.items():
                yield (stream, entry.kind, role, ref.path or "")


def test_nearly_all_that_was_written_by_hand_is_suggested(
    claims: tuple[set[Claim], set[Claim]],
) -> None:
    ours, written = claims
    missed = written - ours
    assert len(missed) <= 0.15 * len(written), sorted(missed)


def test_little_is_suggested_that_nobody_would_write(
    claims: tuple[set[Claim], set[Claim]],
) -> None:
    ours, written = claims
    strange = ours - written
    assert len(strange) <= 0.05 * len(ours), sorted(strange)
