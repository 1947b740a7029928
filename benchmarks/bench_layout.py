"""Layout: how long it takes and how good it is, beside networkx's spring layout in the same run.

python -m benchmarks.bench_layout [250 1000 10000]: a size of 100000 takes two minutes; networkx runs up to 1,000.

Networks are made up: degrees follow a power law, communities have sixty nodes, nine in ten edges stay in one, one in
twenty is parallel to another. Figures are of the places that are drawn, after boxes were parted:

* nbr, the share of a node's neighbours that are among as many nearest points;
* com, the share of the ten nearest points that are of the same community;
* overlap, the share of nodes that lie on another. networkx's places are scaled to the same picture for it.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
from scipy.spatial import cKDTree

from graphkit.view.drawing import draw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_COMMUNITY, _INSIDE, _PARALLEL, _NEAREST = 60, 0.9, 0.05, 10
_SPRING_UP_TO, _JUDGED_UP_TO = 1_000, 10_000


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up network: the ends of its edges, and the community of each node."""

    ends: NDArray[np.int64]
    group: NDArray[np.int64]

    @property
    def network(self) -> nx.MultiDiGraph[str]:
        """The same as something to draw."""
        found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for i in range(len(self.group)):
            found.add_node(f"n{i:06}", label=f"Institution {i}", kind="Organisation", slug=f"n{i}")
        for i, (one, other) in enumerate(self.ends.tolist()):
            found.add_edge(
                f"n{one:06}", f"n{other:06}", key=str(i), relation="consulted", label="consulted", polarity="neutral",
                status="reported", plain=True, scope="", statements=(), disputes=(),
            )  # fmt: skip
        return found


def made(count: int, seed: int = 1) -> Made:
    """Make a network of so many nodes and twice as many edges, less those that would lead back to their node."""
    chance = np.random.default_rng(seed)
    weight = chance.permutation((np.arange(count) + 1.0) ** -0.5)
    group = chance.integers(0, max(count // _COMMUNITY, 1), count)
    members = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[members], np.arange(group.max() + 2))
    upto = np.concatenate([[0.0], np.cumsum(weight[members])])
    one, far = (chance.choice(count, 2 * count, p=weight / weight.sum()) for _ in range(2))
    low, high = upto[bounds[group[one]]], upto[bounds[group[one] + 1]]
    spot = np.searchsorted(upto, low + chance.random(2 * count) * (high - low), side="right") - 1
    other = np.where(chance.random(2 * count) < _INSIDE, members[np.clip(spot, 0, count - 1)], far)
    ends = np.column_stack([one, other])
    again = chance.random(2 * count) < _PARALLEL
    ends[again] = ends[chance.integers(0, 2 * count, int(again.sum()))]
    return Made(ends[ends[:, 0] != ends[:, 1]], group)


def quality(places: NDArray[Any], found: Made) -> tuple[float, float]:
    """Return nbr and com of some places."""
    near: dict[int, set[int]] = {}
    for one, other in found.ends.tolist():
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    most = min(max(*map(len, near.values()), _NEAREST) + 1, len(places))
    order = cKDTree(places).query(places, most)[1]
    shares = [len(some.intersection(order[i, 1 : len(some) + 1].tolist())) / len(some) for i, some in near.items()]
    same = found.group[order[:, 1 : _NEAREST + 1]] == found.group[:, None]
    return float(np.mean(shares)), float(same.mean())


def overlap(places: NDArray[Any], radius: NDArray[Any]) -> float:
    """Return the share of nodes whose circle touches another's."""
    pairs = cKDTree(places).query_pairs(2 * float(radius.max()), output_type="ndarray")
    apart = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T)
    return len(np.unique(pairs[apart < radius[pairs].sum(axis=1)])) / len(places)


def spring(found: Made, like: NDArray[Any]) -> tuple[float, NDArray[Any]]:
    """Return how long networkx takes, and its places, as large as others."""
    simple: nx.Graph[int] = nx.Graph(found.ends.tolist())
    simple.add_nodes_from(range(len(found.group)))
    start = time.perf_counter()
    places = nx.spring_layout(simple, seed=1)
    seconds = time.perf_counter() - start
    rows = np.array([places[i] for i in range(len(found.group))])
    return seconds, rows * np.sqrt(np.prod(np.ptp(like, axis=0)) / np.prod(np.ptp(rows, axis=0)))


def lines(sizes: list[int]) -> Iterator[str]:
    """Yield a line for each size and layout."""
    yield f"{'nodes':>8} {'layout':>9} {'seconds':>9} {'nbr':>6} {'com':>6} {'overlap':>8}"
    for count in sizes:
        found = made(count)
        network = found.network
        start = time.perf_counter()
        shapes = draw(network).nodes
        seconds = time.perf_counter() - start
        places, radius = np.array([shape.position for shape in shapes]), np.array([shape.radius for shape in shapes])
        rows = [("graphkit", seconds, places)]
        if count <= _SPRING_UP_TO:
            rows.append(("networkx", *spring(found, places)))
        for name, took, at in rows:
            judged = quality(at, found) if count <= _JUDGED_UP_TO else (float("nan"),) * 2
            figures = f"{judged[0]:>6.2f} {judged[1]:>6.2f} {100 * overlap(at, radius):>6.1f} %"
            yield f"{count:>8} {name:>9} {took:>9.2f} {figures}"


def main() -> None:
    """Run the sizes that were asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", type=int, nargs="*", default=[250, 1_000, 10_000])
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the beginning")
    for line in lines(given.sizes):
        print(line, flush=True)


if __name__ == "__main__":
    main()
