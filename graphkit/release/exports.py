"""Files for other people's tools. A new format is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graphkit.analysis.network import require_policy
from graphkit.model.errors import ExportError
from graphkit.release import graphml, rdf, tables
from graphkit.store import Store

Writer = Callable[[Store, str, Path], list[Path]]

# Name to its writer and to what it is called where no name is given.
FORMATS: dict[str, tuple[Writer, str]] = {
    "graphml": (graphml.write, "graph.graphml"),
    "csv": (tables.write, "tables"),
    "turtle": (rdf.write_turtle, "graph.ttl"),
    "trig": (rdf.write_trig, "graph.trig"),
    "nquads": (rdf.write_nquads, "graph.nq"),
    "jsonld": (rdf.write_jsonld, "graph.jsonld"),
}


def _format(name: str) -> tuple[Writer, str]:
    if name not in FORMATS:
        raise ExportError(f"There is no format {name!r}.", f"Type one of: {', '.join(FORMATS)}.")
    return FORMATS[name]


def default_name(name: str) -> str:
    """Return what a file, or for csv the folder, of a format is called where no name is given.

    Raises:
        ExportError: There is no such format.
    """
    return _format(name)[1]


def export(store: Store, name: str, policy: str, path: Path) -> list[Path]:
    """Write a file for another tool.

    Args:
        store: The graph.
        name: One of FORMATS.
        policy: Which propositions are plain: attributed, undisputed or corroborated.
        path: The file, or for csv the folder.

    Returns:
        The files that were written.

    Raises:
        ExportError: There is no such format, or the file cannot be written.
        QueryError: There is no such policy.
    """
    writer = _format(name)[0]
    require_policy(policy)
    try:
        return writer(store, policy, path)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}.", "Name another place with -o.") from error
