"""How many there are, in words."""


def counted(count: int, one: str, several: str = "") -> str:
    """Return `1 rule`, `2 rules`, `1,000 rules`. several: where an s behind it is not enough."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"
