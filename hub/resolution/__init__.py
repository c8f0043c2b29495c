"""Works out which records mean the same: profiles come in, edges in bits and clusters go out.

Pure: no I/O. Knows `hub.model` alone of the hub.
"""
