from datetime import datetime

from connectors.sdk import Connector, Model, Stream, auth, pages


class Contact(Model):
    id: int
    updated_at: datetime


paged = pages.Number(size=("per_page", 500), more="more", total="total")
contacts = Stream(
    Contact, "/contacts", items="data", cursor="updated_at", since="updated_since", pages=paged
)
connector = Connector("acme", auth=auth.Bearer(), streams=[contacts])
