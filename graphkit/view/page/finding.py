"""The headline of a view: the dispute of most speakers in its largest disagreement, and more to start with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from graphkit.analysis.disagreements import beginning, leading
from graphkit.analysis.disputes import DisputeView
from graphkit.analysis.network import status_of_stances
from graphkit.analysis.statements import StatementView
from graphkit.model.disputes import DENIED
from graphkit.model.text import counted, escaped, shortened, visible
from graphkit.view.encoding import STATUSES

# Most speakers named in the headline, most statements of a side, and number of disputes to start with.
_NAMED, _SHOWN, _STARTS = 2, 3, 3
# Most letters of a claim in it; the number of shared words at the beginning of two claims from which they appear once.
_LONGEST, _ALIKE = 140, 3


class Finding(NamedTuple):
    """A headline, and the HTML below it."""

    headline: str
    sides: str


def finding_of(disputes: Sequence[DisputeView], views: Mapping[str, StatementView]) -> Finding:
    """Return the finding of a view, empty if no speaker denies the claim of another.

    Args:
        views: The statements on their sides, by IRI.
    """
    groups = sorted(
        (sorted(group, key=lambda one: _rank_of(one, views)) for group in _joined(disputes)),
        key=lambda group: (-len(_speakers(group, views)), group[0].label, group[0].iri),
    )
    if not groups:
        return Finding("", "")
    first = groups[0][0]
    sides = [leading(views[name] for name in names if name in views) for names in (first.affirmed, first.denied)]
    more = "".join(f'<li><a href="#{anchor_of(group[0])}">{escaped(group[0].label)}</a>' for group in groups[:_STARTS])
    return Finding(
        _headline(*sides),
        f'<section id="finding"><h2>One side</h2>{_items(sides[0])}<h2>Other side</h2>{_items(sides[1])}'
        f"<h2>Start here</h2><ul>{more}</ul>"
        f'<p><a href="#disputes">All {counted(len(disputes), "dispute")}</a></section>',
    )


def _headline(one: Sequence[StatementView], other: Sequence[StatementView]) -> str:
    """Return the claim of each side, and who takes which stance on it; words that both begin with are written once."""
    first, second = (visible(side[0].matter or side[0].claim) for side in (one, other))
    if first == second:
        return f"“{shortened(first, _LONGEST)}”: {_said(one)}, {_said(other)}"
    words = second.split()
    shared = len(beginning(first.split(), words))
    rest = " ".join(["…", *words[shared:]]) if _ALIKE <= shared < len(words) else second
    return f"“{shortened(first, _LONGEST)}”: {_said(one)}. “{shortened(rest, _LONGEST)}”: {_said(other)}"


def anchor_of(dispute: DisputeView) -> str:
    """Return the id of a dispute in the list of its page."""
    return f"d-{escaped(dispute.key[:12])}"


def _joined(disputes: Iterable[DisputeView]) -> list[list[DisputeView]]:
    """Return disputes in groups that share statements, so that a claim with several denials is one disagreement."""
    groups: list[tuple[set[str], list[DisputeView]]] = []
    for dispute in disputes:
        if dispute.kind not in DENIED:
            continue
        sides = {name for _, name in dispute.sides()}
        touching = [group for group in groups if not sides.isdisjoint(group[0])]
        merged = (sides.union(*(names for names, _ in touching)), [one for _, some in touching for one in some])
        groups = [*(group for group in groups if group not in touching), (merged[0], [*merged[1], dispute])]
    return [some for _, some in groups]


def _speakers(group: Iterable[DisputeView], views: Mapping[str, StatementView]) -> set[str]:
    return {views[name].speaker for dispute in group for _, name in dispute.sides() if name in views}


def _rank_of(dispute: DisputeView, views: Mapping[str, StatementView]) -> tuple[int, bool, str, str]:
    """Return a key that sorts disputes: those of most speakers, then those with the same claim on both sides."""
    return -len(_speakers([dispute], views)), len(dispute.about) > 1, dispute.label, dispute.iri


def _said(side: Iterable[StatementView]) -> str:
    """Return who takes which stance, such as "denied by A and B"."""
    stances: dict[str, list[str]] = {}
    for view in side:
        mark = STATUSES[status_of_stances([view.stance])].mark
        told = "reported as " if view.reports_plan else ""
        stances.setdefault(f"{told}{mark}", []).append(visible(view.speaker))
    return ", ".join(f"{stance} by {_listed(names)}" for stance, names in stances.items())


def _items(side: Sequence[StatementView]) -> str:
    rows = "".join(
        f"<li><b>{escaped(visible(view.speaker))}</b>: {escaped(visible(view.gist))}" for view in side[:_SHOWN]
    )
    return f"<ul>{rows}</ul>"


def _listed(names: Sequence[str]) -> str:
    """Return names in a sentence, at most two of them.

    >>> _listed(["A", "B", "C", "D"]), _listed(["A", "B"])
    ('A, B and 2 others', 'A and B')
    """
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {counted(len(names) - _NAMED, 'other')}"
    return " and ".join(names)
