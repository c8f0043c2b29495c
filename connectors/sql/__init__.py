"""Tables and queries of a database as a source."""

from connectors.sql.connector import SqlConnector

__all__ = ["SqlConnector"]
