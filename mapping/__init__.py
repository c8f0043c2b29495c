"""Says what fields mean: a record and a mapping file come in, canonical records go out.

Pure; knows `connectors.sdk.record`, never a source, never the hub.
"""
