"""The headline of a view: the largest disagreement in it, with both sides, and more disagreements to start with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from graphkit.analysis.disagreements import question
from graphkit.analysis.disputes import DisputeView
from graphkit.analysis.statements import StatementView
from graphkit.model.text import counted, escaped, shortened, visible

# The kinds of disputes in which one speaker denies the claim of another.
_DENIED = frozenset({"contradiction", "scope-conflict"})
# Most speakers named in the headline, most statements of a side, and number of disputes to start with.
_NAMED, _SHOWN, _STARTS = 2, 3, 3
# Most letters of the question in it.
_LONGEST = 140


class Finding(NamedTuple):
    """A headline, and the HTML below it."""

    headline: str
    sides: str


def finding_of(disputes: Sequence[DisputeView], views: Mapping[str, StatementView]) -> Finding:
    """Return the finding of a view, empty if no speaker denies the claim of another.

    Args:
        views: The statements on their sides, by IRI.
    """
    groups = sorted(_joined(disputes), key=lambda group: (-len(_speakers(group, views)), group[0].label, group[0].iri))
    if not groups:
        return Finding("", "")
    first = groups[0]
    claims, denials = (_side(first, views, denied=denied) for denied in (False, True))
    who, whom = (_listed([visible(view.speaker) for view in side]) for side in (denials, claims))
    number = len(disputes)
    more = "".join(f'<li><a href="#{anchor_of(group[0])}">{escaped(group[0].label)}</a>' for group in groups[:_STARTS])
    return Finding(
        f"{who[:1].upper()}{who[1:]} disagree{'' if len(denials) > 1 else 's'} with {whom}: "
        f"{shortened(question(first, views), _LONGEST)}",
        f'<section id="finding"><h2>One side</h2>{_items(claims)}<h2>Other side</h2>{_items(denials)}'
        f'<h2>Start here</h2><ul>{more}</ul><p><a href="#disputes">All {counted(number, "dispute")}</a></section>',
    )


def anchor_of(dispute: DisputeView) -> str:
    """Return the id of a dispute in the list of its page."""
    return f"d-{escaped(dispute.key[:12])}"


def _joined(disputes: Iterable[DisputeView]) -> list[list[DisputeView]]:
    """Return disputes in groups that share statements, so that a claim with several denials is one disagreement."""
    groups: list[tuple[set[str], list[DisputeView]]] = []
    for dispute in disputes:
        if dispute.kind not in _DENIED:
            continue
        sides = {name for _, name in dispute.sides()}
        touching = [group for group in groups if not sides.isdisjoint(group[0])]
        merged = (sides.union(*(names for names, _ in touching)), [one for _, some in touching for one in some])
        groups = [*(group for group in groups if group not in touching), (merged[0], [*merged[1], dispute])]
    return [some for _, some in groups]


def _speakers(group: Iterable[DisputeView], views: Mapping[str, StatementView]) -> set[str]:
    return {views[name].speaker for dispute in group for _, name in dispute.sides() if name in views}


def _side(group: Iterable[DisputeView], views: Mapping[str, StatementView], *, denied: bool) -> list[StatementView]:
    """Return one statement of each speaker of a side, proper names first, then those with most statements."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for dispute in group:
        for name in dispute.denied if denied else dispute.affirmed:
            if name in views:
                found[views[name].speaker].add(name)
    order = sorted(found, key=lambda speaker: (not speaker[:1].isupper(), -len(found[speaker]), speaker))
    return [views[min(found[speaker], key=lambda name: _rank(views[name]))] for speaker in order]


def _rank(view: StatementView) -> tuple[bool, int, str]:
    """Return a key that sorts statements: those of originals before those of copies, the shortest first."""
    return bool(view.copied), len(view.gist), view.iri


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
