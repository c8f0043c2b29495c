"""The source `roundup`."""

from connectors.roundup.connector import RoundupConnector

__all__ = ["RoundupConnector"]
