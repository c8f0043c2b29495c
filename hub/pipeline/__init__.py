"""The moves between the rooms: each reads from the store, lets a pure room compute, writes back.

The only place in which resolution, cases, alerts, notices and the store meet.
"""
