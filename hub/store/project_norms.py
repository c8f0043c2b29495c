"""What is usual of projects that are alike, measured once a day."""

import sqlalchemy as sa

from hub.model.norm import Norm, Norms
from hub.store.database import Tx, insert_tuples
from hub.store.tables import project_norms


def all_of(tx: Tx) -> dict[tuple[str, str], Norm]:
    """Return what is usual by group and measure."""
    rows = tx.execute(sa.select(project_norms))
    return {(row.peers, row.measure): Norm(row.members, row.middle, row.spread) for row in rows}


def replace(tx: Tx, norms: Norms) -> None:
    """Let these be all that is usual."""
    tx.execute(sa.delete(project_norms))
    columns = tuple(column.name for column in project_norms.c)
    insert_tuples(tx, project_norms, columns, [(*key, *norm) for key, norm in norms.items()])
