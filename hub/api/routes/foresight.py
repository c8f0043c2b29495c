"""What may come of a deal, a ticket, an invoice or a customer, with the reasons."""

from typing import Annotated, Any

from fastapi import Path
from fastapi.responses import JSONResponse

from hub.api import foresight_schemas as shapes
from hub.api.access import Hub, MayRead
from hub.api.problems import answers
from hub.api.routes.entities import MOVED
from hub.api.routing import api_router
from hub.store import views

router = api_router(
    prefix="/v1/foresight",
    tags=["foresight"],
    dependencies=[MayRead],
    responses=answers("unauthorized", "forbidden", "not-found", "invalid"),
)
Ref = Annotated[
    str,
    Path(
        max_length=3000,
        pattern="^[^\0]*$",
        description="A record's ref, percent-encoded once more for the address.",
        examples=["crm:deals:D-1"],
    ),
]


@router.get(
    "/deals/{ref:path}",
    operation_id="foresee_deal",
    summary="How likely an open deal is lost",
    response_model=shapes.DealForesight,
)
def deal(hub: Hub, ref: Ref) -> Any:
    """By its own facts and what other departments know of its customer, each with its effect."""
    with hub.database.reading() as tx:
        return hub.foresight.deal(tx, ref, hub.clock())


@router.get(
    "/tickets/{ref:path}",
    operation_id="foresee_ticket",
    summary="The priority an open ticket should have",
    response_model=shapes.TicketForesight,
)
def ticket(hub: Hub, ref: Ref) -> Any:
    """The highest that ticket, contract, project or deal ask for; never below the contract's."""
    with hub.database.reading() as tx:
        return hub.foresight.ticket(tx, ref, hub.clock())


@router.get(
    "/invoices/{ref:path}",
    operation_id="foresee_invoice",
    summary="When an open invoice is expected to be paid",
    response_model=shapes.InvoiceForesight,
)
def invoice(hub: Hub, ref: Ref) -> Any:
    """By when this customer and all others have paid, later where trouble holds it up."""
    with hub.database.reading() as tx:
        return hub.foresight.invoice(tx, ref, hub.clock())


@router.get(
    "/customers/{id}",
    operation_id="foresee_customer",
    summary="How well things stand with a customer",
    response_model=shapes.CustomerForesight,
    responses=MOVED,
)
def customer(
    hub: Hub, entity: Annotated[str, Path(alias="id", max_length=64, pattern="^[^\0]*$")]
) -> Any:
    """From 0 to 100, as the sum of named parts with the facts each rests on."""
    with hub.database.reading() as tx:
        living = views.successor(tx, entity)
        if living is not None:
            location = f"/v1/foresight/customers/{living}"
            body = {"merged_into": living, "location": location}
            return JSONResponse(body, status_code=301, headers={"Location": location})
        return hub.foresight.customer(tx, entity, hub.clock())
