"""Draws figures as inline SVG: bars that lie, a histogram, and bars of bits either way."""

from collections.abc import Sequence
from html import escape
from math import log10

FOR, AGAINST, PLAIN = "#2b7a5b", "#b5482f", "#4a6fa5"
_WIDE = 760


def _svg(height: int, label: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDE} {height}" role="img" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg>"
    )


def _text(x: float, y: float, text: str, anchor: str = "start", css: str = "") -> str:
    mark = f' class="{css}"' if css else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{mark}>{escape(text)}</text>'


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" '
        f'fill="{colour}"/>'
    )


def counts(label: str, rows: Sequence[tuple[str, int]]) -> str:
    """Return lying bars; rows: name, count."""
    most = max((count for _, count in rows), default=0) or 1
    parts = []
    for at, (name, count) in enumerate(rows):
        y = 22 * at
        width = 430 * count / most
        parts += [
            _text(190, y + 15, name, "end"),
            _rect(200, y + 4, width, 14, PLAIN),
            _text(206 + width, y + 15, f"{count:,}"),
        ]
    return _svg(22 * len(rows) + 4, label, parts)


def histogram(
    label: str, heights: Sequence[int], low: float, step: float, marks: Sequence[tuple[str, float]]
) -> str:
    """Return a histogram with heights in powers of ten; marks: names of places on the axis."""
    left, top, tall = 46.0, 34.0, 180.0
    width = (_WIDE - left - 10) / max(len(heights), 1)
    powers = max((len(str(max(heights, default=1))), 1))
    parts = []
    for power in range(powers + 1):
        y = top + tall * (1 - power / powers)
        parts += [
            f'<line x1="{left}" x2="{_WIDE - 10}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>',
            _text(left - 6, y + 4, f"{10**power:,}" if power < 6 else f"1e{power}", "end"),
        ]
    for at, count in enumerate(heights):
        height = tall * log10(count) / powers if count > 1 else (2.0 if count else 0.0)
        colour = FOR if low + at * step >= marks[-1][1] else PLAIN
        parts.append(_rect(left + at * width, top + tall - height, width - 1, height, colour))
    for at in range(0, len(heights) + 1, max(1, round(4 / step))):
        tick = f"{low + at * step:+.0f}"
        parts.append(_text(left + at * width, top + tall + 16, tick, "middle"))
    for at, (name, place) in enumerate(marks):
        x = left + (place - low) / step * width
        parts += [
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top - 4}" y2="{top + tall}" class="mark"/>',
            _text(x, top - 8, name, "end" if at + 1 < len(marks) else "start"),
        ]
    parts.append(_text(_WIDE - 10, top + tall + 32, "bits, rivals heard", "end"))
    return _svg(int(top + tall + 38), label, parts)


def weights(label: str, rows: Sequence[tuple[str, str, float, float, float]]) -> str:
    """Return bars of bits either way; rows: comparison, level, bits, m, u (shares)."""
    most = max((abs(bits) for *_, bits, _, _ in rows), default=0) or 1.0
    middle, half, tall = 430.0, 150.0, 18
    parts = [
        _text(10, 14, "comparison", css="head"),
        _text(150, 14, "level", css="head"),
        _text(middle, 14, "bits on average", "middle", "head"),
        _text(_WIDE - 80, 14, "matches", "end", "head"),
        _text(_WIDE - 10, 14, "others", "end", "head"),
    ]
    before = ""
    for at, (name, level, bits, m, u) in enumerate(rows, start=1):
        y = at * tall + 4
        width = half * abs(bits) / most
        if name != before:
            parts.append(f'<line x1="0" x2="{_WIDE}" y1="{y}" y2="{y}" class="grid"/>')
            parts.append(_text(10, y + 13, name))
        before = name
        start = middle if bits >= 0 else middle - width
        beside = middle + width + 4 if bits >= 0 else middle - width - 4
        parts += [
            _text(150, y + 13, level),
            _rect(start, y + 3, width, tall - 6, FOR if bits >= 0 else AGAINST),
            _text(beside, y + 13, f"{bits:+.1f}", "start" if bits >= 0 else "end"),
            _text(_WIDE - 80, y + 13, f"{m:.1%}", "end"),
            _text(_WIDE - 10, y + 13, f"{u:.1%}", "end"),
        ]
    height = (len(rows) + 1) * tall + 8
    parts.append(f'<line x1="{middle}" x2="{middle}" y1="22" y2="{height}" class="mark"/>')
    return _svg(height, label, parts)
