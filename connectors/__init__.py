"""Read departmental tools: the API, files or a database of a product come in, records go out.

Know nothing of mapping or of the hub; sources never import each other.
"""
