"""Follows business cases: canonical records come in, links, cases, phases and gaps go out.

Pure: no I/O. Knows `hub.model` alone of the hub.
"""
