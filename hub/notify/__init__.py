"""Sends letters out: by mail, by signed webhook. Decides nothing of what is told to whom."""
