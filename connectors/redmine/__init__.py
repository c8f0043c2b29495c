"""The source `redmine`."""

from connectors.redmine.connector import RedmineConnector

__all__ = ["RedmineConnector"]
