"""The source `tryton`."""

from connectors.tryton.connector import TrytonConnector

__all__ = ["TrytonConnector"]
