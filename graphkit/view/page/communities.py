"""Communities of a large network, by label propagation: each node takes the label that most of its neighbours have.

Only the neighbours of a node that has changed are visited again (Traag and Subelj, doi:10.1038/s41598-023-29610-z).
Networkx has the same method, but takes five times as long. The order of the visits and the choice among equally
frequent labels follow from a hash, so that the same network has the same communities on every machine.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence

import networkx as nx

_FACTOR, _RANGE = 2654435761, 1 << 32


def communities(network: nx.MultiDiGraph[str]) -> list[list[str]]:
    """Return the communities of a network, the largest first, each sorted; a node without neighbours is one."""
    names = sorted(network)
    number = {name: i for i, name in enumerate(names)}
    near: list[list[int]] = [[] for _ in names]
    for one, other in network.edges():
        if one != other:
            near[number[one]].append(number[other])
            near[number[other]].append(number[one])
    found: defaultdict[int, list[str]] = defaultdict(list)
    for name, label in zip(names, _labels(near), strict=True):
        found[label].append(name)
    return sorted(found.values(), key=lambda members: (-len(members), members[0]))


def _labels(near: Sequence[Sequence[int]]) -> list[int]:
    """Return the label of each node.

    Args:
        near: The neighbours of each node, once for each edge.
    """
    labels = list(range(len(near)))
    waiting = set(labels)
    queue = deque(sorted(labels, key=_hashed))
    while queue:
        node = queue.popleft()
        waiting.discard(node)
        label = _label_of(node, labels, near[node])
        if label != labels[node]:
            labels[node] = label
            fresh = {other for other in near[node] if labels[other] != label} - waiting
            waiting |= fresh
            queue.extend(sorted(fresh))
    return labels


def _label_of(node: int, labels: Sequence[int], near: Sequence[int]) -> int:
    """Return the most frequent label among the neighbours of a node; if several are, one of them by its hash."""
    counts = Counter([labels[other] for other in near])
    most = max(counts.values(), default=0)
    best = [label for label, count in counts.items() if count == most]
    return best[0] if len(best) == 1 else min(best, key=lambda label: _hashed(label + node), default=labels[node])


def _hashed(number: int) -> int:
    return number * _FACTOR % _RANGE
