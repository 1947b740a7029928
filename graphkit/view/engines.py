"""What can draw a network, and into which file: one line for each."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from graphkit.model.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    import networkx as nx

# Module and function: (network, path) -> None. Each imports what it needs when it is asked.
ENGINES: Mapping[str, tuple[str, str]] = {
    "svg": ("graphkit.view.page.page", "write_page"),
    "pyvis": ("graphkit.view.vis.page", "write_page"),
    "canvas": ("graphkit.view.vis.page", "write_plain"),
}
# Pictures for papers; a page is drawn by an engine.
PICTURES: Mapping[str, tuple[str, str]] = {
    "svg": ("graphkit.view.figure_svg", "write_svg"),
    "png": ("graphkit.view.figure", "write_png"),
    "pdf": ("graphkit.view.figure", "write_pdf"),
}
FORMATS = ("html", *PICTURES)


def view(
    network: nx.MultiDiGraph[str], path: Path, engine: str = "svg", form: str = "html", kept: Path | None = None
) -> None:
    """Write the picture of a network as one self-contained file.

    The same network and the same places that were kept give the same bytes. The file is complete or not there: it is
    written beside and renamed.

    Args:
        network: As `graphkit.analysis.network` describes it. It is not changed.
        path: The file to write; nothing else is written anywhere, but for `kept`.
        engine: What draws a page: svg; pyvis for one drawn by vis-network; canvas for up to 50,000 edges.
        form: html for a page with the evidence; svg, png or pdf for a picture alone.
        kept: The file that keeps where its nodes stand, as `Workspace.places_file` names it; none by default.

    Raises:
        QueryError: There is no such engine or format.
        MissingExtraError: A package that the engine needs is not installed.
        ExportError: The file cannot be written.
    """
    checked: tuple[tuple[str, Collection[str]], ...] = ((engine, ENGINES), (form, FORMATS))
    for name, known in checked:
        if name not in known:
            raise QueryError(f"Nothing draws {name!r}.", f"Type one of: {', '.join(known)}.")
    module, function = PICTURES.get(form) or ENGINES[engine]
    draw: Callable[[nx.MultiDiGraph[str], Path], None] = getattr(import_module(module), function)
    draw(_settled(network, kept, grouped=(engine, form) == ("svg", "html")), path)


def _settled(network: nx.MultiDiGraph[str], kept: Path | None, *, grouped: bool) -> nx.MultiDiGraph[str]:
    """Let nodes stand where they stood; a network of which only groups are drawn has no places."""
    from graphkit.view.page.groups import MOST_EDGES
    from graphkit.view.positions import settle

    large = grouped and network.number_of_edges() > MOST_EDGES
    return settle(network, kept) if kept and not large else network
