"""Files of discourse networks. Each format holds the record from which the network is made again, or has it beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.analysis.discourse.record import compact, recompute, record
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import ExportError, QueryError, reason
from graphkit.model.files import is_stream, replacing_all
from graphkit.release.projections.binary import metadata_of, parquet
from graphkit.release.projections.markup import description_of, gexf, graphml, network_of
from graphkit.release.projections.plain import dl, edges, key, matrix, pajek, statements, ties_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphkit.analysis.discourse.projection import Projection
    from graphkit.release.projections.plain import Tie

# Format to the ending of its file.
FORMATS = {
    "matrix": ".csv", "edges": ".csv", "dl": ".dl", "pajek": ".net", "graphml": ".graphml", "gexf": ".gexf",
    "parquet": ".parquet", "json": ".json",
}  # fmt: skip
MOST_IDS = 50
# Beside a file that holds numbers only: the record, the statements of each tie, the labels of ASCII ids.
RECORD, STATEMENTS, KEY = "-network.json", "-statements.csv", "-key.csv"
_TEXTS: dict[str, Callable[[Projection, list[Tie]], str]] = {
    "matrix": matrix, "edges": edges, "dl": dl, "pajek": pajek, "graphml": graphml, "gexf": gexf
}  # fmt: skip
_HOLDS_IDS = {"edges", "graphml", "gexf", "parquet"}
_HOLDS_RECORD: dict[str, Callable[[Path], str]] = {
    ".graphml": network_of, ".gexf": description_of, ".parquet": metadata_of
}  # fmt: skip


def contents(projection: Projection, form: str, most: int = MOST_IDS) -> dict[str, bytes]:
    """Return the files of a network: the end of their name, and their content; the network itself is the first.

    Args:
        form: One of `FORMATS`.
        most: Most ids of statements on a tie; if one has more, its ids are in a second file.

    Raises:
        QueryError: There is no such format.
        ExportError: The format cannot hold a label or a weight.
        MissingExtraError: pyarrow is not installed.
    """
    if form not in FORMATS:
        raise QueryError(f"There is no format {form!r}.", instead(form, FORMATS))
    if form == "json":
        return {".json": record(projection).encode()}
    ties = ties_of(projection, most)
    made = parquet(projection, ties) if form == "parquet" else _TEXTS[form](projection, ties).encode()
    beside = {end: text.encode() for end, text in _beside(projection, form, ties)}
    return {FORMATS[form]: made, **beside}


def _beside(projection: Projection, form: str, ties: list[Tie]) -> list[tuple[str, str]]:
    """Return the files for everything that a format does not hold."""
    found = []
    if form not in _HOLDS_IDS or any(tie.counts["statements"] and not tie.ids for tie in ties):
        found.append((STATEMENTS, statements(projection)))
    if form in {"dl", "pajek"}:
        found.append((KEY, key(projection)))
    if FORMATS[form] not in _HOLDS_RECORD:
        found.append((RECORD, compact(projection) + "\n"))
    return found


def write(projection: Projection, path: Path, form: str, most: int = MOST_IDS) -> list[Path]:
    """Write the files of a network together, and return their paths; see `contents`.

    Raises:
        ExportError: A file cannot be written.
    """
    if is_stream(path):
        raise ExportError(f"{path} is not a file.", "Name a file with -o.")
    files = contents(projection, form, most)
    places = [path.with_name(path.stem + end) if number else path for number, end in enumerate(files)]
    try:
        with replacing_all(*places) as parts:
            for part, content in zip(parts, files.values(), strict=True):
                part.write_bytes(content)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {reason(error)}.", "Name another path with -o.") from error
    return places


def read(path: Path) -> Projection:
    """Make a network anew from its file, in any of `FORMATS`; text formats have their record beside them.

    Raises:
        QueryError: It is no such file.
    """
    holder = _HOLDS_RECORD.get(path.suffix)
    beside = path if path.suffix == ".json" else path.with_name(path.stem + RECORD)
    try:
        text = holder(path) if holder else beside.read_text(encoding="utf-8")
    except (OSError, ValueError, LookupError, SyntaxError) as error:  # SyntaxError: of XML
        raise QueryError(f"{path} is not the file of a network.", f"Needed: {beside}" if not holder else "") from error
    return recompute(text)
