"""The hub over HTTP, version 1."""
