"""One is one, two are several."""

import pytest

from hub.cli.counting import counted


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (0, ("rule",), "0 rules"),
        (1, ("rule",), "1 rule"),
        (12_345, ("record",), "12,345 records"),
        (1, ("alert fires", "alerts fire"), "1 alert fires"),
        (2, ("alert fires", "alerts fire"), "2 alerts fire"),
    ],
)
def test_how_many(count: int, words: tuple[str, ...], said: str) -> None:
    assert counted(count, *words) == said
