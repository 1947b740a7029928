"""history/: the changes since the release before with their reasons, as a table and in words, and as RDF Patch."""

from __future__ import annotations

from pathlib import Path

from graphkit.corpus.tombstones import COLUMNS as STONES
from graphkit.model.csv_rows import csv_writer
from graphkit.model.dataset import DatasetFile
from graphkit.model.errors import ExportError
from graphkit.release.changelog import changelog
from graphkit.release.changes import COLUMNS, Change, compare, write_patch
from graphkit.release.versions import Version

FOLDER = "history"
CHANGES, CHANGELOG = f"{FOLDER}/changes.csv", f"{FOLDER}/CHANGELOG.md"
PATCH = ".rdfp.gz"
_GRAPH = "graph.nq.gz"
_GONE = {"retracted", "removed"}
_SHOWN = 5


def write_history(earlier: Path, folder: Path, dataset: DatasetFile) -> None:
    """Write the changes since an earlier release.

    Raises:
        ExportError: Something is gone without a reason, or an id stands for something else now.
    """
    old, new = Version(str(earlier), earlier / _GRAPH), Version(str(folder), folder / _GRAPH)
    changes = compare(old, new).changes
    _require_reasons(changes, earlier, dataset)
    write_patch(old, new, folder / FOLDER / f"since-{earlier.name}{PATCH}")
    with (folder / CHANGES).open("w", encoding="utf-8", newline="") as file:
        writer = csv_writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(changes)
    (folder / CHANGELOG).write_text(changelog(earlier.name, changes), encoding="utf-8", newline="\n")


def unexplained(changes: list[Change]) -> list[Change]:
    """Return the things that are gone without a reason; a source stands for its statements."""
    gone = [one for one in changes if one.change in _GONE and not one.reason and one.kind != "dispute"]
    sources = {one.id for one in gone if one.kind == "source"}
    return [one for one in gone if one.kind != "statement" or one.id.partition("/")[0] not in sources]


def _require_reasons(changes: list[Change], earlier: Path, dataset: DatasetFile) -> None:
    if reused := [one.id for one in changes if one.change == "reused"]:
        message = f"In {earlier.name} these ids stand for something else: {', '.join(reused[:_SHOWN])}."
        raise ExportError(message, f"Give the new things new ids. To compare: graphkit diff {earlier}")
    gone = unexplained(changes)
    if gone:
        lines = [f"{one.id},{one.kind},{dataset.released},REASON" for one in gone[:_SHOWN]]
        more = [f"… and {len(gone) - _SHOWN} more: graphkit diff {earlier}"] if len(gone) > _SHOWN else []
        things = f"{len(gone)} thing{'s' * (len(gone) > 1)}"
        message = f"{earlier.name} has {things} that the data have no more, without a reason."
        hint = f"Type into data/tombstones.csv, whose first line is {','.join(STONES)}:"
        raise ExportError(message, "\n".join([hint, *lines, *more]))
