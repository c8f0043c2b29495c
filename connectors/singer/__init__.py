"""The `singer` source: any Singer tap, in an environment and a process of its own."""

from connectors.singer.connector import SingerConnector

__all__ = ["SingerConnector"]
