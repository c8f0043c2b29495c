"""The source `bottlecrm`."""

from connectors.bottlecrm.connector import BottleCrmConnector

__all__ = ["BottleCrmConnector"]
