"""Reads values as people write them: text comes in, a settled value or None goes out."""
