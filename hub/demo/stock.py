"""Lets the stocks of names be written as running text."""


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text that holds one name per word."""
    return tuple(text.split())
