"""Evidence over the API: two records asked about, and an entity's making."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from hub.api.review_schemas import Step
from hub.model.resolution import Merge
from hub.pipeline.resolve import resolve
from hub.store import canonical, work
from hub.store.database import Tx
from tests.api.serving import Hub, running_hub
from tests.pipeline.companies import COMPANIES, FILLING, MODELS, made_of


def _seed(tx: Tx) -> None:
    made = made_of(tx, {**COMPANIES, **FILLING})
    canonical.replace(tx, [one.source_id for one in made], made)
    work.add(tx, "resolve", [*COMPANIES, *FILLING])


@pytest.fixture
def told_hub(tmp_path: Path, new_sqlite_url: Callable[[], str]) -> Iterator[Hub]:
    with running_hub(tmp_path, new_sqlite_url(), _seed) as hub:
        resolve(hub.runtime.database, MODELS, hub.runtime.clock())
        yield hub


def test_two_records_are_explained_comparison_by_comparison(told_hub: Hub) -> None:
    pair = {"left": "desk:firms:1", "right": "crm:accounts:1"}
    with told_hub.client("read") as client:
        told = client.get("/v1/explain", params=pair).json()
        assert (told["kind"], told["one"], told["explanation"]["verdict"]) == (
            "organization",
            True,
            "same",
        )
        explained = told["explanation"]
        parts = sum(row["bits"] for row in explained["evidence"])
        assert explained["prior"] + parts == explained["bits"]
        name = next(row for row in explained["evidence"] if row["comparison"] == "name")
        assert (name["level"], name["bits"] > 0) == ("same", True)
        assert told["joined"]["reason"] == "evidence"
        how = client.get(f"/v1/customers/{told['left']['entity_id']}/how").json()
        assert [step["reason"] for step in how["steps"]] == ["identical", "evidence"]
        assert how["records"] == ["crm:accounts:1", "desk:firms:1", "erp:kunden:1"]


def test_every_reason_why_two_were_joined_can_be_answered() -> None:
    assert get_args(Step.model_fields["reason"].annotation) == get_args(
        get_type_hints(Merge)["reason"]
    )


@pytest.mark.parametrize(
    ("right", "status"), [("crm:accounts:404", 404), ("desk:firms:1", 409), ("x", 422)]
)
def test_what_cannot_be_explained(told_hub: Hub, right: str, status: int) -> None:
    with told_hub.client("read") as client:
        answer = client.get("/v1/explain", params={"left": "desk:firms:1", "right": right})
        assert answer.status_code == status


def test_the_making_of_an_unknown_entity_is_404_and_of_a_merged_one_301(own_hub: Hub) -> None:
    with own_hub.client("read") as client:
        assert client.get("/v1/customers/01NONE/how").status_code == 404
        moved = client.get("/v1/customers/01MERGED000000000000000000/how")
        assert (moved.status_code, moved.headers["location"][-4:]) == (301, "/how")
