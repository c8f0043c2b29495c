"""Tables of what is served and searched."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, Table, Text

from hub.store.tables.columns import Ref, metadata

views = Table(
    "views",
    metadata,
    Column("id", Text, primary_key=True),  # the entity's
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sort_name", Ref, nullable=False),
    Column("country", Text),
    Column("city", Text),
    Column("firing", sa.Integer, nullable=False),  # alerts that fire
    Column("etag", Text, nullable=False),
    Column("document", Text, nullable=False),  # JSON, served as it is
    Column("rendered_at", Text, nullable=False),
    Index(None, "kind", "sort_name", "id"),
)

# Words of what can be found; the letter triples of each distinct word lead a misspelt one there.
search_tokens = Table(
    "search_tokens",
    metadata,
    Column("token", Ref, primary_key=True),
    Column("item", Ref, primary_key=True),  # an entity's id or a document's ref
    Column("kind", Text, nullable=False),
    Index(None, "item"),
    sqlite_with_rowid=False,
)

search_grams = Table(
    "search_grams",
    metadata,
    Column("gram", Ref, primary_key=True),
    Column("token", Ref, primary_key=True),
    sqlite_with_rowid=False,
)

search_items = Table(
    "search_items",
    metadata,
    Column("item", Ref, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),  # folded: what tokens were made of
)
