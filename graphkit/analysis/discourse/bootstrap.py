"""How sure a network is: its documents are drawn again and again, and each draw makes a network of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from graphkit.analysis.discourse.coded import Coded
from graphkit.analysis.discourse.matrices import Floats
from graphkit.analysis.discourse.measures import measures, too_small
from graphkit.analysis.discourse.projection import Projection, project
from graphkit.model.errors import QueryError

_FEWEST_DOCUMENTS = 3
_SHARE = 0.95
# Measure to the name of its value.
_VALUES = {"communities": "modularity", "polarisation": "score"}


class Interval(NamedTuple):
    """A value of the network, and between which values 95 % of the draws are; NaN if no draw has the value.

    Attributes:
        draws: In how many draws it is defined.
        same_sign: The share of the draws in which the value has the same sign.
    """

    value: float
    low: float
    high: float
    draws: int
    same_sign: float


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Intervals of a network.

    Attributes:
        ties: Labels of row and column, and the interval of their weight; 0 in a draw without the tie.
        measured: Modularity and polarisation, as far as the network has them.
        reason: Why there are no intervals; "" if there are.
    """

    ties: tuple[tuple[str, str, Interval], ...] = ()
    measured: tuple[tuple[str, Interval], ...] = ()
    draws: int = 0
    seed: int = 1
    reason: str = ""


def bootstrap(projection: Projection, draws: int = 200, seed: int = 1) -> Bootstrap:
    """Draw as many documents as there are, with replacement, and return intervals of weights and measures.

    A document that is drawn twice counts as two. Rows without a statement in a draw have no ties in it. Modularity and
    polarisation are those of the camps and communities that each draw has itself.

    Raises:
        QueryError: There are fewer than 2 draws.
    """
    if draws < 2:  # noqa: PLR2004 - an interval needs two ends
        raise QueryError(f"{draws} draws give no interval.", "Type 2 or more.")
    given = projection.given if projection.given is not None else projection.coded
    documents = len(np.unique(given.document))
    reason = too_small(projection)
    if not reason and documents < _FEWEST_DOCUMENTS:
        reason = f"At least {_FEWEST_DOCUMENTS} documents are needed; the network has {documents}."
    if reason:
        return Bootstrap(reason=reason, seed=seed)
    made = [_draw(projection, given, np.random.default_rng((seed, number)), seed) for number in range(draws)]
    weights = np.array([found for found, _ in made])
    ties = list(projection.ties())
    intervals = (
        (projection.rows[row], projection.columns[column], _interval(weight, weights[:, place]))
        for place, (row, column, weight) in enumerate(ties)
    )
    return Bootstrap(tuple(intervals), tuple(_measured(projection, [found for _, found in made], seed)), draws, seed)


def _draw(
    projection: Projection, given: Coded, random: np.random.Generator, seed: int
) -> tuple[Floats, dict[str, float]]:
    """Return the weights of the ties of a network in one draw, and the measures of that draw."""
    drawn = project(resampled(given, random), replace(projection.settings, min_weight=0.0), projection.kind)
    places = [{label: place for place, label in enumerate(labels)} for labels in (drawn.rows, drawn.columns)]
    matrix = drawn.to_matrix()
    weights = np.zeros(0 if projection.matrix is None else len(list(projection.ties())))
    for number, (row, column, _) in enumerate(projection.ties()):
        one, other = places[0].get(projection.rows[row]), places[1].get(projection.columns[column])
        weights[number] = 0.0 if one is None or other is None else matrix[one, other]
    return weights, _values(drawn, seed)


def resampled(coded: Coded, random: np.random.Generator) -> Coded:
    """Return the statements of documents that are drawn with replacement; each draw is a document of its own."""
    order = np.argsort(coded.document, kind="stable")
    present = np.unique(coded.document)
    drawn = np.sort(random.choice(present, len(present)))
    starts = np.searchsorted(coded.document[order], drawn)
    ends = np.searchsorted(coded.document[order], drawn, side="right")
    places = [order[start:end] for start, end in zip(starts, ends, strict=True)]
    copies = np.repeat(np.arange(len(drawn)), ends - starts)
    taken = np.concatenate(places)
    copied = replace(coded.select(taken), document=copies, documents=tuple(str(number) for number in range(len(drawn))))
    return copied.select(np.argsort(copied.first, kind="stable"))


def _values(projection: Projection, seed: int) -> dict[str, float]:
    if not projection.settings.one_mode:
        return {}
    found = {measure.name: measure.values for measure in measures(projection, seed, only=tuple(_VALUES))}
    return {name: found[name][_VALUES[name]] for name in _VALUES if _VALUES[name] in found[name]}


def _measured(projection: Projection, drawn: list[dict[str, float]], seed: int) -> list[tuple[str, Interval]]:
    values = _values(projection, seed)
    found = ((name, np.array([each[name] for each in drawn if name in each])) for name in values)
    return [(_VALUES[name] if name == "communities" else name, _interval(values[name], each)) for name, each in found]


def _interval(value: float, drawn: Any) -> Interval:  # noqa: ANN401 - an array of numpy
    if not len(drawn):
        return Interval(value, float("nan"), float("nan"), 0, float("nan"))
    tail = (1 - _SHARE) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    same = float((np.sign(drawn) == np.sign(value)).mean())
    return Interval(float(value), float(low), float(high), len(drawn), same)
