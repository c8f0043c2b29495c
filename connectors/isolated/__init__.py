"""The `isolated` source: another source of the hub, in an environment and a process of its own."""

from connectors.isolated.connector import IsolatedConnector

__all__ = ["IsolatedConnector"]
