"""Draw a network, given as a networkx graph, into one file.

The kinds, engines and formats of views are declared here, each once. Importing this package loads nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from graphkit.model.did_you_mean import instead
from graphkit.model.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    import networkx as nx

# Kind of view to its description. Except for "entities", the whole network, `graphkit.view.diagrams` has a module of
# the same name with a function `make(store, asked)`.
KINDS: Mapping[str, str] = {
    "entities": "all entities and the statements between them",
    "ego": "an entity and its neighbours",
    "dispute": "disagreements, with one side on the left and the other on the right",
    "timeline": "statements by date, with a lane for each speaker",
    "compare": "two entities, named with a comma between them, and their common neighbours",
    "flows": "who funded whom, with a band as wide as each sum",
    "relays": "who reports whose statements",
    "discourse": "actors and the claims that they support or oppose",
    "coalitions": "actors that agree or disagree with each other",
    "result": "the answer to a query: triples, or ?source and ?target",
}
# Module and function of each engine, (network, path) -> None, imported when the engine is used.
ENGINES: Mapping[str, tuple[str, str]] = {
    "svg": ("graphkit.view.page.page", "write_page"),
    "pyvis": ("graphkit.view.vis.page", "write_page"),
    "canvas": ("graphkit.view.vis.page", "write_canvas"),
}
# A page, or a figure of `graphkit.view.print_layout`.
FORMATS = ("html", "svg", "png", "pdf")


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
            raise QueryError(f"There is no {what} {name!r}.", instead(name, known))
    module, function = ENGINES[engine] if form == "html" else ("graphkit.view.print_layout", f"write_{form}")
    draw: Callable[[nx.MultiDiGraph[str], Path], None] = getattr(import_module(module), function)
    draw(_positioned(network, kept, grouped=(engine, form) == ("svg", "html")), path)


def write_figure(network: nx.MultiDiGraph[str], path: Path, form: str, width: int) -> None:
    """Draw a figure of a width in millimetres, with a key and text of at least 7 points.

    Raises:
        QueryError: The format is no figure, or the picture does not fit into the width.
        MissingExtraError: matplotlib is not installed.
        ExportError: The file cannot be written.
    """
    from graphkit.view.print_layout import write_sized

    if form not in FORMATS[1:]:
        raise QueryError("A page has no width in millimetres.", f"Type also: --format {FORMATS[-1]}")
    write_sized(network, path, form, width)


def _positioned(network: nx.MultiDiGraph[str], kept: Path | None, *, grouped: bool) -> nx.MultiDiGraph[str]:
    """Return the network with stored positions, unless it is so large that only its groups are drawn."""
    from graphkit.analysis.outline import MOST_EDGES
    from graphkit.view.positions import apply_positions

    large = grouped and network.number_of_edges() > MOST_EDGES
    return apply_positions(network, kept) if kept and not large else network
