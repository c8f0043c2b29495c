"""The source `request_tracker`."""

from connectors.request_tracker.connector import RequestTrackerConnector

__all__ = ["RequestTrackerConnector"]
