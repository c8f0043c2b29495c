"""The edition of resolution, apart from what does it: it is asked for before that is loaded."""

EDITION = 5
"""The way features are read into facets and tokens, and edges into clusters. Whoever changes what
comes of stored records raises it: hubs read their profiles anew at the next run, and settle all."""
