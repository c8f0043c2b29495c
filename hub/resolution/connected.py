"""Connected components of many edges."""

from importlib import import_module

import numpy as np
from scipy import sparse

from hub.resolution.frame import Ints


def components_from(left: Ints, right: Ints, size: int) -> Ints:
    """Return the number of the component of each of `size` nodes; left, right: ends of edges.

    scipy's graphs are loaded here, where there are many edges: a fifth of a command's start.
    """
    graph = sparse.coo_array((np.ones(len(left)), (left, right)), shape=(size, size))
    graphs = import_module("scipy.sparse.csgraph")
    return np.asarray(graphs.connected_components(graph, directed=False)[1], dtype=np.int64)
