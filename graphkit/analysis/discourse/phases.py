"""Phases of a debate: moments whose networks are alike, and the moments at which one phase follows another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from graphkit.analysis.discourse.backbone import spectrum
from graphkit.analysis.discourse.matrices import Floats
from graphkit.analysis.discourse.settings import Projecting
from graphkit.analysis.discourse.windows import Window
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import QueryError

DISTANCES = ("spectral", "absolute")
_FEWEST, _MOST_PHASES = 4, 6


@dataclass(frozen=True, slots=True)
class Phases:
    """The phases of a series of networks.

    Attributes:
        moments: The middle of each network.
        phases: The phase of each, numbered in the order of their beginnings.
        distances: How far each two networks differ, divided by the greatest distance.
        modularity: How clearly the phases are apart; weighted, of 1 minus the distance.
        reason: Why there are no phases; "" if there are.
    """

    moments: tuple[dt.datetime, ...] = ()
    phases: tuple[int, ...] = ()
    distances: Any = None
    modularity: float = 0.0
    reason: str = ""

    @property
    def transitions(self) -> list[dt.datetime]:
        """The moments with which another phase begins."""
        pairs = zip(self.moments[1:], self.phases, self.phases[1:], strict=False)
        return [moment for moment, before, after in pairs if before != after]


def distances(windows: Sequence[Window], method: str = "spectral") -> Floats:
    """Return how far each two networks of a series differ.

    Args:
        method: spectral, the sum of the differences of the Laplacian spectra of the positive ties, each divided by its
            sum; or absolute, the sum of the differences of all weights. All networks must have the same rows.

    Raises:
        QueryError: There is no such method, or the rows differ.
    """
    if method not in DISTANCES:
        raise QueryError(f"There is no distance {method!r}.", instead(method, DISTANCES))
    if len({(window.projection.rows, window.projection.columns) for window in windows}) > 1:
        raise QueryError("Networks with different rows have no distance.", "Keep isolates, or use slices of a kernel.")
    found = _vectors(windows, method)
    return np.array([[np.abs(one - other).sum() for other in found] for one in found])


def _vectors(windows: Sequence[Window], method: str) -> list[Floats]:
    """Return what is compared of each network; a tie without direction counts once."""
    matrices = ((window.projection, window.projection.to_matrix()) for window in windows)
    if method == "spectral":
        return [spectrum(weights, compat=bool(made.settings.compat)) for made, weights in matrices]
    return [_each_tie_once(made.settings, weights) for made, weights in matrices]


def _each_tie_once(settings: Projecting, weights: Floats) -> Floats:
    """Return the weights above the diagonal of a one-mode network; the program counts both halves."""
    return np.triu(weights, 1) if settings.one_mode and not settings.compat else weights


def phases(windows: Sequence[Window], method: str = "spectral", most: int = _MOST_PHASES) -> Phases:
    """Group the networks of a series by average linkage; of 2 to `most` groups, those with the highest modularity.

    Raises:
        QueryError: There is no such distance, or the rows differ.
    """
    if len(windows) < _FEWEST:
        return Phases(reason=f"At least {_FEWEST} windows are needed; the series has {len(windows)}.")
    moments = tuple(window.middle for window in windows)
    found = distances(windows, method)
    if not found.max() > 0:
        return Phases(moments, reason="All networks of the series are equal.")
    found /= found.max()
    tree = linkage(squareform(found, checks=False), "average")
    trials = (fcluster(tree, number, "maxclust") for number in range(2, min(most, len(windows) - 1) + 1))
    scored = [(round(_modularity(1 - found, groups), 12), tuple(_numbered(groups.tolist()))) for groups in trials]
    modularity, best = max(scored, key=lambda each: (each[0], -max(each[1])))
    return Phases(moments, best, found, modularity)


def _numbered(groups: list[int]) -> list[int]:
    """Number groups in the order of their first member.

    >>> _numbered([2, 2, 1, 2, 3])
    [1, 1, 2, 1, 3]
    """
    order = {group: number for number, group in enumerate(dict.fromkeys(groups), 1)}
    return [order[group] for group in groups]


def _modularity(alike: Floats, groups: Any) -> float:  # noqa: ANN401 - an array of numpy
    weights = alike - np.diag(np.diag(alike))
    total = weights.sum()
    degrees = weights.sum(axis=1)
    same = np.equal.outer(groups, groups)
    return float((weights / total - np.outer(degrees, degrees) / total**2)[same].sum()) if total else 0.0
