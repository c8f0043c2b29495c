"""Tryton 8 (REST): parties, opportunities, sales, invoices with their payments, and projects."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import Field

from connectors.sdk import Connector, Cursor, Model, Since, Stream, auth, pages
from connectors.tryton.changes import STAMPS, changed_since, last_change
from connectors.tryton.values import Domain, encoded, plain

Object = dict[str, Any]


class Stamped(Model):
    """What every one of Tryton's records holds."""

    id: int
    tryton_model: str = Field(alias="__name__")
    create_date: datetime
    write_date: datetime | None


class Party(Stamped):
    name: str | None
    code: str | None
    email: str | None
    phone: str | None
    mobile: str | None
    website: str | None
    tax_identifier: Object | None
    addresses: list[Object]
    contact_mechanisms: list[Object]
    relations: list[Object]


class Opportunity(Stamped):
    number: str | None
    description: str | None
    state: str
    amount: str | None
    currency: Object | None
    party: int | None
    end_date: date | None


class Sale(Stamped):
    number: str | None
    reference: str | None
    description: str | None
    state: str
    sale_date: date | None
    untaxed_amount: str | None
    total_amount: str | None
    currency: Object | None
    party: int | None


class Invoice(Stamped):
    number: str | None
    reference: str | None
    description: str | None
    type: str
    state: str
    invoice_date: date | None
    party: int | None
    currency: Object | None
    untaxed_amount: str | None
    tax_amount: str | None
    total_amount: str | None
    amount_to_pay: str | None
    sales: list[int]
    lines_to_pay: list[Object]
    payment_lines: list[Object]


class Work(Stamped):
    name: str
    type: str
    status: Object | None
    party: int | None
    parent: int | None
    progress: float | None


ALSO_DEACTIVATED = (["active", "in", [True, False]],)


def _stream(
    model: type[Model],
    tryton_model: str,
    name: str,
    *,
    related: Sequence[str] = (),
    watched: Sequence[str] = (),
    base: Domain = (),
    maps_to: str,
) -> Stream:
    """Return the stream of one of Tryton's models.

    related: fields of related records, asked for with their own. watched: the relations whose
    change counts as one of the record, too.
    """
    outer = {path.partition(".")[0] for path in related}
    fields = [field for field in model.model_fields if field not in {"id", "tryton_model", *outer}]
    stamps = [f"{one}.{stamp}" for one in watched for stamp in STAMPS]
    return Stream(
        model,
        f"/rest/model/{tryton_model}",
        name=name,
        cursor=Cursor("", kind="moment", read=last_change(watched)),
        since=Since("d", write=changed_since(base, watched), full=encoded(base)),
        full_every="1d",
        params={"f": [*fields, *related, *stamps], "o": encoded([["id", "ASC"]])},
        pages=pages.Offset(param="p", size=("s", 500)),
        reads=plain,
        maps_to=maps_to,
    )


parties = _stream(
    Party,
    "party.party",
    "parties",
    related=(
        "tax_identifier.code",
        "addresses.street",
        "addresses.postal_code",
        "addresses.city",
        "addresses.country.code",
        "relations.to",
        "relations.type.name",
    ),
    watched=("addresses", "contact_mechanisms"),
    base=ALSO_DEACTIVATED,
    maps_to="organization",
)
opportunities = _stream(
    Opportunity, "sale.opportunity", "opportunities", related=("currency.code",), maps_to="deal"
)
sales = _stream(Sale, "sale.sale", "sales", related=("currency.code",), maps_to="order")
invoices = _stream(
    Invoice,
    "account.invoice",
    "invoices",
    related=(
        "currency.code",
        "lines_to_pay.maturity_date",
        "payment_lines.credit",
        "payment_lines.debit",
        "payment_lines.date",
    ),
    watched=("payment_lines",),
    maps_to="invoice",
)
projects = _stream(Work, "project.work", "projects", related=("status.name",), maps_to="project")

TrytonConnector = Connector(
    "tryton",
    auth=auth.Bearer(),
    streams=[parties, opportunities, sales, invoices, projects],
    check="/rest/model/party.party?s=1",
)
