"""Shows how a table was resolved: one HTML page with figures, that loads nothing from elsewhere."""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from hub.model.resolution import Merge, probability_of
from hub.pipeline import figures
from hub.resolution.catalogue import Compared, compare_pairs
from hub.resolution.facets import spoken
from hub.resolution.frame import Ints
from hub.resolution.masks import Bits
from hub.resolution.scoring import level_bits
from hub.resolution.table import Resolved

PAIRS = 100_000
"""Pairs at most whose levels are counted; a stride over all of them."""
LEAST_CERTAIN = 30
MOST_SOURCES = 12
LONGEST = 90
"""Characters of a value that are shown."""
STEP = 0.5
_CSS = """
body{font:15px/1.5 system-ui,sans-serif;max-width:820px;margin:2rem auto;padding:0 1rem;
color:#1d2329;background:#fff}
h1{font-size:1.5rem;margin-bottom:0}h2{font-size:1.1rem;margin-top:2.2rem}
svg{width:100%;height:auto;display:block}svg text{font:11px system-ui,sans-serif;fill:#1d2329}
svg .head{font-weight:600}svg .grid{stroke:#e3e7eb}svg .mark{stroke:#1d2329;stroke-dasharray:3 3}
table{border-collapse:collapse;width:100%;font-size:13px}
td,th{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;
border-top:1px solid #e3e7eb;overflow-wrap:anywhere}
.lead{border-top:2px solid #9aa5b1}.quiet{color:#5b6670}
"""


def page(resolved: Resolved, *, title: str) -> str:
    """Return the page."""
    model = resolved.model
    body = "".join(
        f"<section><h2>{escape(name)}</h2>{_paragraph(text)}{drawn}</section>"
        for name, text, drawn in _sections(resolved)
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_CSS}</style></head><body>"
        f'<h1>{escape(title)}</h1><p class="quiet">{escape(model.kind)}, model '
        f"{escape(model.name)}</p>{body}</body></html>\n"
    )


def _sections(resolved: Resolved) -> list[tuple[str, str, str]]:
    """Return the sections of the page: heading, what is to be seen there, and that."""
    model = resolved.model
    return [
        ("Counts", "", _counts(resolved)),
        (
            "Sizes of clusters",
            "How many clusters hold so many records.",
            figures.counts("clusters by size", _sizes(resolved)),
        ),
        (
            "How pairs are weighed",
            "Of the pairs that were compared: what each level gave on average, and the share "
            "of pairs that reach it among matches and among others.",
            figures.weights("weights of levels", _levels(resolved)),
        ),
        (
            "What pairs came to",
            f"From {model.merge:+.1f} bits on a pair is a match; between {model.review:+.1f} and "
            f"that a person may know better. Heights are in powers of ten; "
            f"the bars at both ends hold all that lies beyond.{_of_sources(resolved)}",
            _histogram(resolved),
        ),
        (
            "The least certain clusters",
            "Joined by the weakest evidence: the average over all pairs of both sides, and what "
            "their sources tell.",
            _uncertain(resolved),
        ),
    ]


def _paragraph(text: str) -> str:
    return f'<p class="quiet">{escape(text)}</p>' if text else ""


def _of_sources(resolved: Resolved) -> str:
    told = sorted(resolved.model.sources.items(), key=lambda each: (each[1].both, each[0]))
    if not told:
        return ""
    named = [f"{name} {each.both:+.1f} ({each.one:+.1f})" for name, each in told[:MOST_SOURCES]]
    more = ", ..." if len(told) > MOST_SOURCES else ""
    return (
        " Sources rarely hold a thing twice. Where both sides have a record of one source already, "
        f"and where only one side has (in brackets), that tells: {', '.join(named)}{more} bits."
    )


def _counts(resolved: Resolved) -> str:
    bits = resolved.divided.edges.bits
    records = sum(map(len, resolved.clusters))
    matching = int((bits >= resolved.model.merge).sum())
    rows = [
        ("records", records),
        ("that differ", len(resolved.base.ids)),
        ("pairs compared", len(resolved.scored.left)),
        ("pairs that match", matching),
        ("pairs in doubt", int((bits >= resolved.model.review).sum()) - matching),
        ("clusters", len(resolved.clusters)),
        ("of more than one", sum(len(each) > 1 for each in resolved.clusters)),
    ]
    return figures.counts("counts", rows)


def _sizes(resolved: Resolved) -> list[tuple[str, int]]:
    found = Counter(len(each) for each in resolved.clusters)
    few = [size for size in sorted(found) if size < 10]
    shown = [(f"{size} record{'s' * (size > 1)}", found[size]) for size in few]
    more = sum(count for size, count in found.items() if size >= 10)
    return [*shown, ("10 records and more", more)] if more else shown


def _levels(resolved: Resolved) -> list[tuple[str, str, float, float, float]]:
    """Return per comparison and level: mean bits, its share among matches and among others."""
    left, right = resolved.scored.left, resolved.scored.right
    stride = -(-len(left) // PAIRS) or 1
    left, right = left[::stride], right[::stride]
    if not len(left):
        return []
    match = _same_cluster(resolved, left, right)
    rows: list[tuple[str, str, float, float, float]] = []
    for each in compare_pairs(resolved.model.kind, resolved.base.frame, left, right):
        bits = level_bits(resolved.model, each, len(resolved.base.ids))
        rows += _level_rows(each, bits, match)
    return rows


def _level_rows(
    each: Compared, bits: Bits, match: NDArray[np.bool_]
) -> Iterator[tuple[str, str, float, float, float]]:
    at = each.outcome.levels
    heard = at > 0
    matches, others = int((heard & match).sum()) or 1, int((heard & ~match).sum()) or 1
    for number in range(len(each.levels) - 1, 0, -1):
        here = at == number
        if here.any():
            m, u = float((here & match).sum()) / matches, float((here & ~match).sum()) / others
            yield each.name, each.levels[number], float(bits[here].mean()), m, u


def _same_cluster(resolved: Resolved, left: Ints, right: Ints) -> NDArray[np.bool_]:
    home = {ref: at for at, refs in enumerate(resolved.clusters) for ref in refs}
    of = np.array([home[refs[0]] for refs in resolved.base.refs], dtype=np.int64)
    return np.asarray(of[left] == of[right])


def _histogram(resolved: Resolved) -> str:
    model = resolved.model
    low, high = model.keep - 4, model.ceiling + 8
    bits = np.clip(resolved.divided.edges.bits, low, high - STEP / 2)
    heights, _ = np.histogram(bits, bins=round((high - low) / STEP), range=(low, high))
    marks = [("review", model.review), ("match", model.merge)]
    return figures.histogram("bits of pairs", heights.tolist(), low, STEP, marks)


def _uncertain(resolved: Resolved) -> str:
    """Return a table of the clusters whose weakest merge is weakest."""
    weakest: dict[str, Merge] = {}
    home = {ref: cluster for cluster in resolved.clusters for ref in cluster}
    for merge in resolved.divided.merges:
        name = home[merge.left[0]][0]
        if merge.reason == "evidence" and (name not in weakest or merge.bits < weakest[name].bits):
            weakest[name] = merge
    if not weakest:
        return "<p>No cluster was joined by evidence.</p>"
    chosen = sorted(weakest.items(), key=lambda item: (item[1].bits, item[0]))[:LEAST_CERTAIN]
    position = {ref: at for at, refs in enumerate(resolved.base.refs) for ref in refs}
    rows = "".join(_merge_rows(resolved, merge, position) for _, merge in chosen)
    head = "<tr><th>bits</th><th>key</th><th>what it says</th></tr>"
    return f"<table>{head}{rows}</table>"


def _merge_rows(resolved: Resolved, merge: Merge, position: dict[str, int]) -> str:
    certain = f"{merge.bits:+.1f}<br>{probability_of(merge.bits):.0%}"
    rows = []
    for side in (merge.left, merge.right):
        shown, more = side[:3], len(side) - 3
        for at, ref in enumerate(shown):
            lead = ' class="lead"' if side is merge.left and not at else ""
            first = certain if lead else ("and" if not at else "")
            said = _said(resolved, position[ref])
            rows.append(f"<tr{lead}><td>{first}</td><td>{escape(ref)}</td><td>{said}</td></tr>")
        if more > 0:
            rows.append(f'<tr><td></td><td class="quiet">and {more} more</td><td></td></tr>')
    return "".join(rows)


def _said(resolved: Resolved, at: int) -> str:
    facets = resolved.base.facets[at]
    return "<br>".join(
        f'<span class="quiet">{escape(name)}</span> {escape(_cut(values))}'
        for name, values in sorted(facets.items())
        if values
    )


def _cut(values: Sequence[str]) -> str:
    text = " | ".join(map(spoken, values))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
