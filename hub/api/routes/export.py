"""Whole kinds as files, for spreadsheets and BI tools, streamed."""

from typing import Annotated

from fastapi import Path
from fastapi.responses import StreamingResponse

from hub.api.access import Hub, MayRead
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.errors import NotFoundError
from hub.pipeline.export import EXPORTS, FORMS, pages

router = api_router(prefix="/v1/export", tags=["export"], dependencies=[MayRead])

_FILES = {form.partition(";")[0]: {"schema": {"type": "string"}} for form, _ in FORMS.values()}


@router.get(
    "/{file}",
    operation_id="export_kind",
    summary="All records of a kind as CSV, JSON lines or Parquet",
    response_class=StreamingResponse,
    responses={
        200: {"description": "The file, as it is made", "content": _FILES},
        **answers("unauthorized", "forbidden", "not-found", "invalid"),
    },
)
def export(
    hub: Hub,
    file: Annotated[
        str,
        Path(
            max_length=60,
            description="{kind}.csv, {kind}.jsonl or {kind}.parquet.",
            examples=["organizations.csv"],
        ),
    ],
) -> StreamingResponse:
    """organizations (also called customers), persons and projects with the best value of each
    field; every other kind as its records, each with the customer it belongs to. Amounts are in
    minor units."""
    name, _, suffix = file.rpartition(".")
    kind = EXPORTS.get("organizations" if name == "customers" else name)
    if kind is None or suffix not in FORMS:
        kinds, forms = ", ".join(EXPORTS), ", ".join(FORMS)
        raise NotFoundError(f"There is no export {file}. Kinds: {kinds}; as: {forms}.")
    media_type, written = FORMS[suffix]
    return StreamingResponse(
        written(kind, pages(hub.database, kind, hub.currency)),
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{suffix}"'},
    )
