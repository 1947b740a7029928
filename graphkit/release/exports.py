"""Exports for other tools. A new format needs a function, and a line in `FORMATS`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from graphkit.model.did_you_mean import instead
from graphkit.model.errors import ExportError, reason
from graphkit.store import Store

# Format to its writer, which is imported only when needed, and to the default name of the file or folder.
FORMATS = {
    "graphml": ("network_files.write_graphml", "graph.graphml"),
    "csv": ("network_files.write_tables", "tables"),
    "tables": ("tables.files.write_csv_tables", "dataset"),
    "spreadsheets": ("tables.files.write_spreadsheets", "spreadsheets"),
    "parquet": ("tables.files.write_parquet", "parquet"),
    "gexf": ("other_networks.write_gexf", "graph.gexf"),
    "cx2": ("other_networks.write_cx2", "graph.cx2"),
    "neo4j": ("other_networks.write_neo4j", "neo4j"),
    "pajek": ("other_networks.write_pajek", "pajek"),
    "dl": ("other_networks.write_dl", "dl"),
    "dna-csv": ("dna_csv.write_dna_csv", "statements-dna.csv"),
    "dna-csv-comma": ("dna_csv.write_dna_csv_comma", "statements-dna-comma.csv"),
    "turtle": ("rdf.write_turtle", "graph.ttl"),
    "trig": ("rdf.write_trig", "graph.trig"),
    "nquads": ("rdf.write_nquads", "graph.nq"),
    "jsonld": ("rdf.write_jsonld", "graph.jsonld"),
}


def _format(name: str) -> tuple[str, str]:
    if name not in FORMATS:
        raise ExportError(f"There is no format {name!r}.", instead(name, FORMATS))
    return FORMATS[name]


def default_name(name: str) -> str:
    """Return the default name of the file, or for tables of the folder, in a format.

    Raises:
        ExportError: There is no such format.
    """
    return _format(name)[1]


def export(store: Store, name: str, policy: str, path: Path) -> list[Path]:
    """Write files for another tool and return their paths.

    Args:
        policy: One of `graphkit.model.iris.POLICIES`; it decides which propositions are plain.
        path: The file, or for tables the folder.

    Raises:
        ExportError: There is no such format, or the file cannot be written.
        QueryError: There is no such policy.
    """
    from graphkit.analysis.network import require_policy

    module, _, function = _format(name)[0].rpartition(".")
    require_policy(policy)
    try:
        files: list[Path] = getattr(import_module(f"graphkit.release.{module}"), function)(store, policy, path)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {reason(error)}.", "Name another path with -o.") from error
    return files
