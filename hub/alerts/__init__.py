"""Judges rules over facts: observations come in, states of alerts and what is told of them go out.

Pure: no I/O, `now` is an argument. Knows `hub.model`, and of mapping how files are read.
"""
