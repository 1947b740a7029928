"""Polarisation: how far actors form two camps that agree inside and disagree with each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from graphkit.analysis.discourse.matrices import Floats

# Up to this number of actors all partitions are compared: at most 2,047.
_ALL = 12
_STARTS = 20


class Camps(NamedTuple):
    """A partition of actors into two camps.

    Attributes:
        score: From 0, one camp or no structure, to 1, camps that only agree inside and only disagree with each other.
        members: For each actor, 0 or 1; the first actor is in camp 0.
        exact: Whether all partitions were compared.
    """

    score: float
    members: tuple[int, ...]
    exact: bool = True


def score(congruence: Floats, conflict: Floats, members: Sequence[int] | NDArray[np.int_]) -> float:
    """Return how polarised a partition is.

    Inside camps, the share is (c - d) / (c + d), between them (d - c) / (c + d), where c and d are the sums of
    congruence and conflict; below 0 counts as 0. The score is the geometric mean of both, times the size of the
    smaller camp divided by half of the actors, rounded down.

    >>> agree = np.kron(np.eye(2), np.ones((2, 2))) - np.eye(4)
    >>> oppose = 1 - np.kron(np.eye(2), np.ones((2, 2)))
    >>> score(agree, oppose, [0, 0, 1, 1]), score(agree, oppose, [0, 1, 0, 1]), score(agree, oppose, [0, 0, 0, 0])
    (1.0, 0.0, 0.0)
    """
    camps = np.asarray(members)
    same = camps[:, None] == camps[None, :]
    inside = _share(congruence[same].sum(), conflict[same].sum())
    between = _share(conflict[~same].sum(), congruence[~same].sum())
    smaller = np.bincount(camps, minlength=2).min() / max(len(camps) // 2, 1)
    return float(np.sqrt(inside * between) * smaller)


def _share(one: float, other: float) -> float:
    total = one + other
    return max(float((one - other) / total), 0.0) if total else 0.0


def polarisation(congruence: Floats, conflict: Floats, seed: int = 1) -> Camps:
    """Find the partition into two camps with the highest score.

    Up to twelve actors all partitions are compared; for more, actors change camps one by one as long as the score
    rises, from random beginnings. The same seed gives the same camps.
    """
    number = len(congruence)
    every = number <= _ALL
    found = _partitions(number) if every else _climbs(congruence, conflict, seed)
    best = max(found, key=lambda members: round(score(congruence, conflict, members), 12))
    flip = best[0] if best else 0
    return Camps(score(congruence, conflict, best), tuple(int(camp != flip) for camp in best), every)


def _partitions(number: int) -> Iterator[tuple[int, ...]]:
    for code in range(1 << max(number - 1, 0)):
        yield tuple(code >> place & 1 for place in range(number))


def _climbs(congruence: Floats, conflict: Floats, seed: int) -> Iterator[tuple[int, ...]]:
    """Yield a local best for each random beginning, and for the signs of the first eigenvector."""
    random = np.random.default_rng(seed)
    number = len(congruence)
    leading = np.linalg.eigh(congruence - conflict)[1][:, -1] > 0
    for start in (leading, *(random.random(number) < 1 / 2 for _ in range(_STARTS))):
        yield _climb(congruence, conflict, start.astype(int))


def _climb(congruence: Floats, conflict: Floats, members: NDArray[np.int_]) -> tuple[int, ...]:
    """Move actors to the other camp, as long as the score rises.

    A sum inside camps is half of the total plus half of `sides @ weights @ sides`, which one move changes by four times
    the product of the side of the actor with its sum over the sides of the others.
    """
    weights = np.stack([congruence, conflict])
    sides = 1.0 - 2 * members
    totals, products = weights.sum(axis=(1, 2)), weights @ sides
    inside = products @ sides
    best, again = _score(totals, inside, sides.sum(), len(sides)), True
    while again:
        again = False
        for place in range(len(sides)):
            moved = inside - 4 * sides[place] * products[:, place]
            now = _score(totals, moved, sides.sum() - 2 * sides[place], len(sides))
            if now > best + 1e-12:
                best, again, inside = now, True, moved
                products -= 2 * sides[place] * weights[:, :, place]
                sides[place] *= -1
    return tuple((sides < 0).astype(int).tolist())


def _score(totals: Floats, inside: Floats, balance: float, number: int) -> float:
    """Return `score` of sums over all pairs, of those inside camps less those between, and of the sizes of camps."""
    (agreed, opposed), (across, contested) = ((totals + inside) / 2).tolist(), ((totals - inside) / 2).tolist()
    smaller = (number - abs(balance)) / 2 / max(number // 2, 1)
    return math.sqrt(_share(agreed, opposed) * _share(contested, across)) * smaller


def dna3_score(congruence: Floats, conflict: Floats, members: Sequence[int], *, normalised: bool = False) -> float:
    """Return the score that DNA 3 maximises: the distance from the ideal picture, so that true camps score least."""
    camps = np.asarray(members)
    same = camps[:, None] == camps[None, :]
    sizes = np.bincount(camps)[camps].astype(float)
    inside = float((np.bincount(camps) * (np.bincount(camps) - 1)).sum())
    between = len(camps) * (len(camps) - 1) - inside
    agreed, opposed = congruence.sum(), conflict.sum()
    # The ideal of a pair inside a camp, and of one between camps.
    ideal = (sizes * (sizes - 1))[:, None] / (inside or 1) * agreed / (inside or 1)
    other = sizes[:, None] * sizes[None, :] / (between or 1) * opposed / (between or 1)
    distance = np.where(
        same, np.abs(congruence - ideal) + np.abs(conflict), np.abs(congruence) + np.abs(conflict - other)
    )
    np.fill_diagonal(distance, 0)
    total = float(distance.sum()) / 2
    return total / (agreed + opposed) if normalised else total
