"""Communities of large networks."""

from __future__ import annotations

from itertools import combinations
from random import Random

import networkx as nx

from graphkit.view.page.groups import communities


def cliques(order: list[tuple[str, str]]) -> nx.MultiDiGraph[str]:
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    made.add_node("alone")
    made.add_edges_from(order)
    return made


def test_groups_that_one_line_joins_are_communities_in_whatever_order_the_lines_come() -> None:
    names = [[f"{letter}{i}" for i in range(size)] for letter, size in (("b", 9), ("a", 9), ("c", 5))]
    lines = [pair for group in names for pair in combinations(group, 2)] + [("a0", "b0"), ("b1", "c1"), ("c2", "c2")]
    found = communities(cliques(lines))
    assert found == [names[1], names[0], names[2], ["alone"]], "the largest first, then by name"
    Random(1).shuffle(lines)  # noqa: S311 - makes data
    assert communities(cliques([(other, one) for one, other in lines])) == found
