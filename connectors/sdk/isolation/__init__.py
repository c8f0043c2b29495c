"""Other people's programs, each in a process and an environment of its own, over JSON lines."""
