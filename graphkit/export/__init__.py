"""Files for other people's tools. A new format is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graphkit.errors import ExportError
from graphkit.export import graphml, rdf, tables
from graphkit.store import Store

Writer = Callable[[Store, str, Path], list[Path]]

# Name to (writer, suffix of the file or "" for a folder).
FORMATS: dict[str, tuple[Writer, str]] = {
    "graphml": (graphml.write, ".graphml"),
    "csv": (tables.write, ""),
    "turtle": (rdf.write_turtle, ".ttl"),
    "trig": (rdf.write_trig, ".trig"),
    "nquads": (rdf.write_nquads, ".nq"),
    "jsonld": (rdf.write_jsonld, ".jsonld"),
}


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
    if name not in FORMATS:
        raise ExportError(f"There is no format {name!r}.", f"Type one of: {', '.join(FORMATS)}.")
    try:
        return FORMATS[name][0](store, policy, path)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}.", "Name another place with -o.") from error
