"""All SQL of the hub: one module a subject, functions that take the transaction first.

Hands out values of `hub.model`, never a session or a lazy row.
"""
