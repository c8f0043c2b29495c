"""The edition of tokens, apart from what makes them: it is asked for before that is loaded."""

EDITION = 3
"""The way features are read into facets and tokens. Whoever changes what those of a stored record
are raises it: hubs read their profiles anew at the next run."""
