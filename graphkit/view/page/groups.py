"""The overview of a network that is too large for one picture: groups, which a reader opens one by one.

Groups are communities, or kinds of entities where the network has no communities. Each group contains its strongest
relations, packed, and the number of the others.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import networkx as nx

from graphkit.analysis.outline import views_of
from graphkit.analysis.statements import StatementView
from graphkit.model.text import as_json, counted, visible
from graphkit.view.drawing import mark_of, node_keys, verb_of
from graphkit.view.encoding import NodeStyle, PolarityStyle, StatusStyle, kind_of, polarity_of, status_of
from graphkit.view.page.rows import packed_statement
from graphkit.view.page.svg import class_of

# A network with more edges opens as an overview of groups.
_MOST_GROUPS, _MOST_RELATIONS, _LARGEST_SHARE, _STRONGEST = 24, 1000, 0.6, 40
# A line between two groups joins relations of every status.
_MEANINGS = {
    "reported": "in an open group: a source reports it, and the policy accepts it; between groups: all relations, also"
    " what is claimed, planned or denied"
}

# The radius of the largest group and of the smallest, the width of a line of one relation, and a share of relations
# between groups above which the groups are loose.
_LARGEST, _SMALLEST, _THIN, _LOOSE = 60, 8, 1, 0.4
_Relation = tuple[str, str, dict[str, Any]]
_FACTOR, _RANGE = 2654435761, 1 << 32


@dataclass(frozen=True, slots=True)
class Overview:
    """The network of groups, and the data with which a page opens them.

    Attributes:
        network: Groups as nodes, the relations between two groups as one edge.
        packed: The groups as JSON: key to gzipped and base64-encoded JSON.
        kinds: Kinds of the nodes inside the groups.
        polarities: Polarities of the relations inside.
        statuses: Statuses of the relations inside.
    """

    network: nx.MultiDiGraph[str]
    packed: str
    kinds: tuple[NodeStyle, ...]
    polarities: tuple[PolarityStyle, ...]
    statuses: tuple[StatusStyle, ...]


def overview(whole: nx.MultiDiGraph[str]) -> Overview:
    """Return the overview of a network, which is not changed."""
    degrees = dict(whole.degree())
    groups, rest = _groups(whole)
    groups = [sorted(members, key=lambda name: (-degrees[name], name)) for members in groups]
    of = {name: number for number, names in enumerate(groups) for name in names}
    inside, ties = _sorted_edges(whole, of)
    names = [_name(whole, members) for members in groups]
    if rest:
        names[-1] = f"{len(groups[-1]):,} entities of {rest:,} small groups"
    keys = node_keys(dict(whole.nodes.items()))
    small = _network(whole, groups, names, ties, inside)
    packed = {
        f"n-group-{number}": pack(_group(whole, members, inside[number], keys)) for number, members in enumerate(groups)
    }
    data = [edge for edges in inside.values() for *_, edge in edges]
    return Overview(
        small,
        as_json(packed),
        tuple(dict.fromkeys(kind_of(node["kind"]) for _, node in whole.nodes(data=True))),
        tuple(dict.fromkeys(polarity_of(edge["polarity"]) for edge in data)),
        tuple(dict.fromkeys(status_of(edge["status"], plain=edge["plain"]) for edge in data)),
    )


def _groups(whole: nx.MultiDiGraph[str]) -> tuple[list[list[str]], int]:
    """Return groups of nodes, the largest first, and the number of small groups that are merged into the last."""
    found = communities(whole)
    if len(found) < 3 or len(found[0]) > _LARGEST_SHARE * len(whole):  # noqa: PLR2004 - two groups are no overview
        found = _by_kind(whole)
    rest = sorted(name for names in found[_MOST_GROUPS:] for name in names)
    return [*found[:_MOST_GROUPS], *([rest] if rest else [])], max(len(found) - _MOST_GROUPS, 0)


def _by_kind(whole: nx.MultiDiGraph[str]) -> list[list[str]]:
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(whole):
        kinds[whole.nodes[name]["kind"]].append(name)
    return sorted(kinds.values(), key=lambda names: (-len(names), names[0]))


def _sorted_edges(
    whole: nx.MultiDiGraph[str], of: Mapping[str, int]
) -> tuple[dict[int, list[_Relation]], Counter[tuple[int, int]]]:
    """Return the edges inside each group, those with most statements first, and how many are between two groups."""
    inside: dict[int, list[_Relation]] = {number: [] for number in set(of.values())}
    ties: Counter[tuple[int, int]] = Counter()
    for source, target, data in whole.edges(data=True):
        if of[source] == of[target]:
            inside[of[source]].append((source, target, data))
        else:
            ties[min(of[source], of[target]), max(of[source], of[target])] += 1
    for edges in inside.values():
        edges.sort(key=lambda edge: (-len(edge[2]["statements"]), edge[0], edge[1], edge[2]["statements"]))
    return inside, ties


def _name(whole: nx.MultiDiGraph[str], members: Sequence[str]) -> str:
    """Return the name of a group: that of its first member, which has most relations, and the number of the others."""
    label = visible(whole.nodes[members[0]]["label"])
    return f"{label} and {len(members) - 1:,} more" if len(members) > 1 else label


def _network(
    whole: nx.MultiDiGraph[str],
    groups: Sequence[Sequence[str]],
    names: Sequence[str],
    ties: Counter[tuple[int, int]],
    inside: Mapping[int, Sequence[_Relation]],
) -> nx.MultiDiGraph[str]:
    small: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    about = {key: value for key, value in whole.graph.items() if key not in {"disputes", "undrawn"}}
    lead = _lead(whole, len(groups), sum(ties.values()))
    small.graph.update(about, evidence={}, drawn=0, disputes=(), undrawn={}, lead=lead, meanings=_MEANINGS)
    for number, (name, members) in enumerate(zip(names, groups, strict=True)):
        relations = f" ({counted(len(inside[number]), 'relation')})" if inside[number] else ""
        radius = max(round(_LARGEST * math.sqrt(len(members) / max(map(len, groups)))), _SMALLEST)
        small.add_node(
            f"group-{number}", label=f"{name}{relations}", kind="Community", slug=f"group-{number}", aliases=(),
            wrap=(22, 4), radius=radius,
        )  # fmt: skip
    for (one, other), number in ties.most_common(_STRONGEST):
        small.add_edge(
            f"group-{one}", f"group-{other}", key=f"{one}-{other}", relation="ties", label=counted(number, "relation"),
            polarity="neutral", status="reported", plain=True, policies=(), scope="", statements=(), speakers=(),
            stances=(), disputes=(), width=round(_THIN + 1.5 * math.log10(number)),
        )  # fmt: skip
    return small


def _lead(whole: nx.MultiDiGraph[str], groups: int, between: int) -> str:
    """Return the sentence above the picture: how large the network is, and how many relations are between groups."""
    edges = whole.number_of_edges()
    loose = (
        f" The groups are loose: {between / edges:.0%} of all relations are between them, and this file has only their"
        " number. For the relations of an entity, type: graphkit view --about NAME."
    )
    return (
        f"Too large for one picture: {counted(len(whole), 'entity', 'entities')} and {counted(edges, 'relation')} in "
        f"{counted(groups, 'group')}, and {counted(between, 'relation')} between groups. A circle is as large as its "
        f"group has members. Choose a group to open it.{loose if between > _LOOSE * edges else ''}"
    )


def _group(
    whole: nx.MultiDiGraph[str], members: Sequence[str], edges: Sequence[_Relation], keys: Mapping[str, str]
) -> dict[str, Any]:
    """Return the data of a group: its members, its strongest edges with their statements, and the number of edges."""
    strongest = edges[:_MOST_RELATIONS]
    at = {name: number for number, name in enumerate(members)}
    views = views_of(whole.graph["evidence"], (name for *_, data in strongest for name in data["statements"]))
    base = visible(members[0].rpartition("/")[0]) + "/"
    return {
        "base": base,
        "nodes": [_node(name, whole.nodes[name], keys[name], base) for name in members],
        "between": [_edge(at[source], at[target], data, views) for source, target, data in strongest],
        "relations": len(edges),
    }


def _node(iri: str, data: Mapping[str, Any], key: str, base: str) -> list[str]:
    """Return a member; without its IRI if this is the base and the key, and without other names if it has neither."""
    symbol, word = _kind(data["kind"])
    also = " · ".join(visible(alias) for alias in data.get("aliases", ()))
    rest = [] if base + key[2:] == iri else [visible(iri)]
    return [key, visible(data["label"]) or visible(iri), symbol, word, *([also, *rest] if also or rest else [])]


@cache
def _kind(name: str) -> tuple[str, str]:
    """Return the symbol of a kind, and its word."""
    kind = kind_of(name)
    return class_of(kind), kind.word


def _edge(source: int, target: int, data: Mapping[str, Any], views: Mapping[str, StatementView]) -> list[object]:
    status = status_of(data["status"], plain=data["plain"])
    classes = f"{class_of(polarity_of(data['polarity']))} {class_of(status)}"
    statements = [packed_statement(views[name]) for name in data["statements"] if name in views]
    disputes = " ".join(name.rpartition("/")[2][:12] for name in data["disputes"])
    return [
        source, target, verb_of(data), status.mark, mark_of(data), visible(data.get("rest", "")), classes,
        visible(data["scope"]), " ".join(data.get("policies", ())), disputes, statements,
    ]  # fmt: skip


def pack(data: object) -> str:
    """Return data as JSON, gzipped and base64-encoded."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return base64.b64encode(gzip.compress(text, 6, mtime=0)).decode("ascii")


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
