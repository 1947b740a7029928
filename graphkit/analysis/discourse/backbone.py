"""The backbone of a network: the concepts that its structure rests on, and those that add little."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from graphkit.analysis.discourse.coded import Coded
from graphkit.analysis.discourse.matrices import Floats
from graphkit.analysis.discourse.projection import of_selection
from graphkit.analysis.discourse.selection import Selection, select
from graphkit.analysis.discourse.settings import Projecting, require_qualifier
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import NotFoundError, QueryError


class Removal(NamedTuple):
    """A step of the nested backbone.

    Attributes:
        loss: Distance between the networks of all concepts and of those left.
        redundant_loss: The same for the concepts removed so far.
        statements: Number of statements about the concepts left.
    """

    concept: str
    loss: float
    redundant_loss: float
    statements: int


class _Full:
    """The network of all concepts among all its actors, to compare others with."""

    def __init__(self, coded: Coded, settings: Projecting) -> None:
        require_qualifier(settings, coded.qualifier)
        if settings.mode != "actors":
            raise QueryError(f"A backbone is not defined with the mode {settings.mode!r}.", "Type the mode actors.")
        self.settings = settings
        self.selection: Selection = select(coded, settings)
        kept = self.selection.kept
        self.names = {number: kept.concepts[number] for number in self.selection.columns.tolist()}
        self.whole = self.spectrum(self.names)

    def statements(self, concepts: Collection[int]) -> Any:  # noqa: ANN401
        return np.isin(self.selection.kept.concept, list(concepts))

    def spectrum(self, concepts: Collection[int]) -> Floats:
        kept = self.selection.kept.select(self.statements(concepts))
        part = replace(self.selection, kept=kept)
        return spectrum(of_selection(part, self.settings).to_matrix(), compat=bool(self.settings.compat))

    def loss(self, concepts: Collection[int]) -> float:
        return float(np.abs(self.spectrum(concepts) - self.whole).sum())


def spectrum(weights: Floats, *, compat: bool = False) -> Floats:
    """Return the eigenvalues of the Laplacian of the positive ties, sorted, divided by their sum.

    Args:
        compat: Return the activity of the rows, sorted, divided by its sum, as the program does by mistake.
    """
    positive = np.where(weights > 0, weights, 0.0)
    degrees = positive.sum(axis=1)
    values = np.sort(degrees) if compat else np.linalg.eigvalsh(np.diag(degrees) - positive).clip(min=0)
    total = values.sum()
    return values / total if total else np.zeros(len(values))


def nested_backbone(coded: Coded, settings: Projecting) -> list[Removal]:
    """Remove one concept after the other, each time the one whose removal changes the network least.

    The distance of two networks is the sum of the differences of their spectra. Of equal losses, the first concept
    in alphabetical order is removed.

    Raises:
        QueryError: The mode is not `actors`.
    """
    full = _Full(coded, settings)
    left, removed, steps = dict(full.names), list[int](), list[Removal]()
    while left:
        losses = {number: full.loss(left.keys() - {number}) for number in left}
        # Losses that are equal but for rounding are equal.
        least = min(left, key=lambda number: round(losses[number], 12))
        removed.append(least)
        name = left.pop(least)
        count = int(full.statements(left).sum())
        steps.append(Removal(name, losses[least], full.loss(removed), count))
    return steps


def backbone_loss(
    coded: Coded, settings: Projecting, concepts: Collection[str], penalty: float = 0.0
) -> tuple[float, float]:
    """Return the loss of some concepts as the backbone, and that of the others.

    Args:
        penalty: By how much a smaller set is preferred; 0 is not at all.

    Raises:
        NotFoundError: There is no such concept.
    """
    full = _Full(coded, settings)
    unknown = sorted(set(concepts) - set(full.names.values()))
    if unknown:
        raise NotFoundError(f"The network has no concept {unknown[0]!r}.", instead(unknown[0], full.names.values()))
    chosen = {number for number, name in full.names.items() if name in concepts}
    first, second = (
        full.loss(part) * math.exp(-penalty * (len(full.names) - len(part)) / len(full.names))
        for part in (chosen, full.names.keys() - chosen)
    )
    return first, second
