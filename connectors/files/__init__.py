"""Files of CSV, JSON, JSON lines or XLSX as a source."""

from connectors.files.connector import FilesConnector

__all__ = ["FilesConnector"]
