"""Suggests a mapping: the first records of streams come in, a file to go on from goes out."""
