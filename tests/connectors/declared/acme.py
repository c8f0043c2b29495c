"""The connector of the guide."""

from datetime import datetime

from connectors.sdk import Connector, Model, Stream, auth, pages


class Contact(Model):
    id: int
    email: str | None
    updated_at: datetime


paged = pages.Number(size=("per_page", 100), more="meta.has_more", total="meta.total")
contacts = Stream(
    Contact, "/v1/contacts", items="data", cursor="updated_at", since="updated_since", pages=paged
)
connector = Connector("acme-crm", auth=auth.Bearer(), streams=[contacts])
