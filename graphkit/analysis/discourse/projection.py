"""Networks made of coded statements, each weight traceable to its statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import networkx as nx
import numpy as np
from scipy import sparse

from graphkit.analysis.discourse import matrices
from graphkit.analysis.discourse.coded import Coded
from graphkit.analysis.discourse.matrices import Cells
from graphkit.analysis.discourse.selection import Selection, select
from graphkit.analysis.discourse.settings import Projecting, require_qualifier
from graphkit.analysis.discourse.trace import Contribution, Trace
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import NotFoundError

_REASONS = {"actors": "A network among actors needs two actors", "concepts": "A network of concepts needs two concepts"}


@dataclass(frozen=True, eq=False)
class Projection:
    """A network of coded statements.

    Attributes:
        rows, columns: Labels in the order of the matrix; the same if the network is not two-mode.
        matrix: Weights as a `scipy.sparse.csr_array`. A stored 0 is a tie whose statements cancel out.
        settings: How it was made.
        coded: The statements that are counted.
        given: All statements, before any was left out.
        cells: The same as numbers of rows, columns and levels.
        activity: What the normalisation takes as the activity of a row, if not its number of statements.
        left_out: Reason to the number of statements that were left out for it.
        notes: Counts from reading the statements, such as the number of actors that are not organisations.
        reason: Why the network has no tie; "" if it has one.
        kind: A name for the network, such as `actor-concept`.
        iris: Label of a row or column to its IRI, as far as it has one.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    matrix: Any
    settings: Projecting
    coded: Coded
    cells: Cells = field(repr=False)
    activity: matrices.Floats | None = field(default=None, repr=False)
    left_out: dict[str, int] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    kind: str = ""
    iris: dict[str, str] = field(default_factory=dict)
    given: Coded | None = field(default=None, repr=False)

    @cached_property
    def planes(self) -> dict[Any, Any]:
        """The number of statements of each row and column, for each level."""
        return {label: self.cells.plane(place) for place, label in enumerate(self.cells.labels)}

    @cached_property
    def _trace(self) -> Trace:
        return Trace(self.coded, self.cells, self.settings, self.matrix, self.activity)

    def statements(self, row: str, column: str) -> tuple[Contribution, ...]:
        """Return the statements behind a tie; their contributions sum to its weight.

        Raises:
            NotFoundError: There is no such row or column.
        """
        return self._trace.of(_place(row, self.rows, "row"), _place(column, self.columns, "column"))

    def ties(self) -> Iterator[tuple[int, int, float]]:
        """Yield the numbers of row and column and the weight of each tie, once each."""
        self.matrix.sort_indices()
        found = sparse.triu(self.matrix, 1) if self.settings.one_mode else self.matrix.tocoo()
        yield from zip(*(part.tolist() for part in (*found.coords, found.data)), strict=True)

    def contributions(self, row: int, column: int) -> tuple[Contribution, ...]:
        """Return the statements behind a tie that is given by numbers."""
        return self._trace.of(row, column)

    def to_matrix(self) -> Any:  # noqa: ANN401 - scipy.sparse ships no types
        """Return the weights as a dense numpy array."""
        return self.matrix.toarray()

    def to_table(self) -> list[dict[str, Any]]:
        """Return a row for each tie: source, target, weight, number of statements, and of those for and against it."""
        return [
            {
                "source": self.rows[row],
                "target": self.columns[column],
                "weight": weight,
                **counts_of(self.contributions(row, column)),
            }
            for row, column, weight in self.ties()
        ]

    def to_networkx(self) -> nx.Graph[Any]:
        """Return a networkx graph: bipartite, undirected or a DiGraph, with settings as attributes of the graph.

        Nodes of a two-mode network are pairs `("row", label)` and `("column", label)`, because an actor and a concept
        may have the same label; nodes of other networks are labels. Edges have `weight`.
        """
        made: nx.Graph[Any] = nx.DiGraph() if self.settings.mode == "directed" else nx.Graph()
        made.graph.update(kind=self.kind, **self.settings.as_dict())
        rows, columns = self.nodes()
        for part, nodes, labels in ((0, rows, self.rows), (1, columns, self.columns)):
            about = {"bipartite": part} if self.settings.mode == "two-mode" else {}
            made.add_nodes_from((node, {**about, "label": label}) for node, label in zip(nodes, labels, strict=True))
        made.add_edges_from((rows[i], columns[j], {"weight": weight}) for i, j, weight in self.ties())
        return made

    def nodes(self) -> tuple[list[Any], list[Any]]:
        """Return the nodes of the networkx graph, in the order of rows and columns."""
        if self.settings.mode != "two-mode":
            return list(self.rows), list(self.rows)
        return [("row", label) for label in self.rows], [("column", label) for label in self.columns]


def counts_of(parts: Sequence[Contribution]) -> dict[str, int]:
    """Return the number of statements in the parts of a tie, and of parts that add to its weight or take from it."""
    return {
        "statements": len({part.statement for part in parts}),
        "positive": sum(part.contribution > 0 for part in parts),
        "negative": sum(part.contribution < 0 for part in parts),
    }


def _place(label: str, labels: tuple[str, ...], what: str) -> int:
    try:
        return labels.index(label)
    except ValueError:
        raise NotFoundError(f"The network has no {what} {label!r}.", instead(label, labels)) from None


def project(coded: Coded, settings: Projecting | None = None, kind: str = "") -> Projection:
    """Make a network of coded statements.

    Raises:
        QueryError: A setting does not suit the qualifier.

    >>> from graphkit.analysis.discourse.coded import coded
    >>> said = coded(["1", "2", "3"], ["A", "B", "C"], ["C1", "C1", "C1"], [True, True, False])
    >>> project(said, Projecting(mode="actors", aggregation="congruence")).to_matrix().tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    settings = settings or Projecting()
    require_qualifier(settings, coded.qualifier)
    return replace(of_selection(select(turned(coded, settings), settings), settings, kind), given=coded)


def turned(coded: Coded, settings: Projecting) -> Coded:
    """Return the statements with the actors or concepts as rows that a mode needs."""
    if settings.mode == "concepts":
        return coded.swapped()
    return coded.joined() if settings.mode == "directed" else coded


def of_selection(
    selection: Selection,
    settings: Projecting,
    kind: str = "",
    weights: matrices.Floats | None = None,
    values: matrices.Floats | None = None,
) -> Projection:
    """Make a network of statements that were already selected.

    Args:
        weights: By how much each statement counts; by default once.
        values: The number that each level stands for, if not that of the qualifier.
    """
    kept = selection.kept
    rows = tuple(kept.actors[number] for number in selection.rows.tolist())
    columns = tuple(kept.concepts[number] for number in selection.columns.tolist())
    cells = _cells(selection, settings, weights)
    if values is not None:
        cells = replace(cells, values=values)
    if not settings.one_mode:
        matrix = matrices.two_mode(cells, settings)
        if settings.min_weight > 0:
            matrix = matrices.without_weak(matrix, settings.min_weight)
    elif settings.compat and cells.qualifier == "integer" and not cells.distance and settings.aggregation != "ignore":
        matrix = _undefined(len(rows))
    else:
        matrix = matrices.one_mode(cells, settings)
    made = Projection(
        rows,
        rows if settings.one_mode else columns,
        matrix,
        settings,
        kept,
        cells,
        left_out=selection.left_out,
        kind=kind,
    )
    return made if matrix.nnz else replace(made, reason=_why_empty(made, len(selection.universe)))


def _cells(selection: Selection, settings: Projecting, weights: matrices.Floats | None) -> Cells:
    kept, universe = selection.kept, selection.universe
    levels = _levels_of(universe)
    values = kept.values()[levels]
    scale = (values.min(initial=np.inf), values.max(initial=-np.inf))
    if kept.qualifier == "integer" and kept.scale and not settings.compat:
        scale = kept.scale
    return Cells(
        _renumbered(kept.actor, selection.rows, len(kept.actors)),
        _renumbered(kept.concept, selection.columns, len(kept.concepts)),
        _renumbered(kept.level, levels, len(kept.levels)),
        (len(selection.rows), len(selection.columns), len(levels)),
        values,
        float(max(scale[1] - scale[0], 0)),
        kept.qualifier,
        tuple(kept.levels[level] for level in levels.tolist()),
        weights,
    )


def _levels_of(coded: Coded) -> Any:  # noqa: ANN401
    """Return the numbers of the levels: True and False always, others if they occur."""
    if coded.qualifier in {"boolean", "none"}:
        return np.arange(len(coded.levels))
    return np.flatnonzero(np.bincount(coded.level, minlength=len(coded.levels)))


def _renumbered(codes: Any, chosen: Any, number: int) -> Any:  # noqa: ANN401
    if len(chosen) == number and np.array_equal(chosen, np.arange(number)):
        return codes
    places = np.zeros(number, dtype=np.int64)
    places[chosen] = np.arange(len(chosen))
    return places[codes]


def _undefined(number: int) -> Any:  # noqa: ANN401
    matrix = np.full((number, number), np.nan)
    np.fill_diagonal(matrix, 0)
    return sparse.csr_array(matrix)


def _why_empty(made: Projection, number: int) -> str:
    counts = ", ".join(f"{count} {reason}" for reason, count in made.left_out.items())
    left = f" (left out: {counts})" if counts else ""
    if not len(made.coded):
        return f"No statement is left{left}." if number or counts else "There are no statements."
    if made.settings.one_mode and len(made.rows) <= 1:
        return f"{_REASONS[made.settings.mode]}; there is one: {made.rows[0] if made.rows else 'none'}{left}."
    return f"No pair of the {len(made.rows)} rows has a tie with these settings{left}."
