"""Source records: what a source sent, in every version, and what was made of it."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path, Query

from connectors.sdk.record import parse_ref
from hub.api import record_schemas
from hub.api.access import Hub, MayRead
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.errors import NotFoundError
from hub.model.money import base_amounts
from hub.store import records

router = api_router(tags=["source records"], dependencies=[MayRead])


@router.get(
    "/v1/source-records/{ref:path}",
    operation_id="get_source_record",
    summary="One object of a source, as sent, with its versions",
    response_model=record_schemas.SourceRecord,
    responses=answers("unauthorized", "forbidden", "not-found", "invalid"),
)
def get(
    hub: Hub,
    ref: Annotated[
        str,
        Path(
            max_length=3000,
            description="connection:stream:key; a part of it (#contact) finds the whole record. "
            "Percent-encode it once more for the address.",
            examples=["crm:accounts:A-17"],
        ),
    ],
    versions: Annotated[int, Query(ge=1, le=200, description="How many versions at most.")] = 20,
) -> Any:
    """The record as it was sent, newest version first, beside the canonical records made of it."""
    try:
        key, _ = parse_ref(ref)
    except ValueError as error:
        raise NotFoundError(f"{error}.") from error
    with hub.database.reading() as tx:
        record = records.get(tx, key, versions=versions)
    if record is None:
        raise NotFoundError(f"There is no source record {key.ref()}.")
    told = asdict(record)
    for one in told["canonical"]:
        one["base_amounts"] = base_amounts(one["fields"], hub.currency)
    return {**told, "link": hub.deep_links.of(record.ref), "base_currency": hub.currency}
