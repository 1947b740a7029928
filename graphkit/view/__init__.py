"""Draw a network, given as a networkx graph, into one file."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from graphkit.model.errors import QueryError
from graphkit.view.choices import ENGINES, FIGURES, FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    import networkx as nx

__all__ = ["ENGINES", "FORMATS", "view"]


def view(
    network: nx.MultiDiGraph[str], path: Path, engine: str = "svg", form: str = "html", kept: Path | None = None
) -> None:
    """Draw a network into one self-contained file, which is complete or not written at all.

    The same network and the same stored positions give the same bytes.

    Args:
        network: As `graphkit.analysis.network` describes it. It is not changed.
        path: The file to write. No other file is written, except `kept`.
        engine: What draws a page: svg, pyvis (by vis-network) or canvas (up to 50,000 edges).
        form: html for a page with the evidence; svg, png or pdf for a figure.
        kept: The file that stores the positions of the nodes, as `Workspace.places_file` names it.

    Raises:
        QueryError: There is no such engine or format.
        MissingExtraError: A package that the engine needs is not installed.
        ExportError: The file cannot be written.
    """
    checked: tuple[tuple[str, str, Collection[str]], ...] = (("engine", engine, ENGINES), ("format", form, FORMATS))
    for what, name, known in checked:
        if name not in known:
            raise QueryError(f"There is no {what} {name!r}.", f"Type one of: {', '.join(known)}.")
    module, function = FIGURES.get(form) or ENGINES[engine]
    draw: Callable[[nx.MultiDiGraph[str], Path], None] = getattr(import_module(module), function)
    draw(_positioned(network, kept, grouped=(engine, form) == ("svg", "html")), path)


def _positioned(network: nx.MultiDiGraph[str], kept: Path | None, *, grouped: bool) -> nx.MultiDiGraph[str]:
    """Return the network with stored positions, unless it is so large that only its groups are drawn."""
    from graphkit.view.page.groups import MOST_EDGES
    from graphkit.view.positions import apply_positions

    large = grouped and network.number_of_edges() > MOST_EDGES
    return apply_positions(network, kept) if kept and not large else network
