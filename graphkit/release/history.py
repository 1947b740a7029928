"""history/: the changes since the release before with their reasons, as a table and in words, and as RDF Patch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from graphkit.corpus.tombstones import COLUMNS as STONES
from graphkit.model.csv_rows import csv_writer
from graphkit.model.dataset import DatasetFile
from graphkit.model.errors import ExportError
from graphkit.model.text import counted, visible
from graphkit.release.changes import COLUMNS, Change, compare, write_patch
from graphkit.release.versions import Version

FOLDER = "history"
CHANGES, CHANGELOG = f"{FOLDER}/changes.csv", f"{FOLDER}/CHANGELOG.md"
PATCH = ".rdfp.gz"
_GRAPH = "graph.nq.gz"
_GONE = {"retracted", "removed"}
_SHOWN = 5
# How many things of a kind and a change are listed.
_LISTED = 100
_KINDS = {
    "dataset": "The dataset", "statement": "Statements", "source": "Sources", "entity": "Entities",
    "dispute": "Disputes",
}  # fmt: skip
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|!&])")


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
        message = f"{earlier.name} has {counted(len(gone), 'thing')} that the data have no more, without a reason."
        hint = f"Type into data/tombstones.csv, whose first line is {','.join(STONES)}:"
        raise ExportError(message, "\n".join([hint, *lines, *more]))


def changelog(before: str, changes: Iterable[Change]) -> str:
    """Return the changes as Markdown.

    Args:
        before: The version with which the data are compared.

    >>> print(changelog("0.1.0", [Change("added", "statement", "gazette-1/paid", "", "", "The council paid.", "")]))
    # Changes since 0.1.0
    <BLANKLINE>
    ## Statements
    <BLANKLINE>
    1 added:
    <BLANKLINE>
    - `gazette-1/paid`: The council paid.
    <BLANKLINE>
    """
    kinds = [*_KINDS]
    order = sorted(changes, key=lambda one: (kinds.index(one.kind), one.change))
    lines = [line for kind, some in groupby(order, lambda one: one.kind) for line in _of_kind(kind, some)]
    return "\n".join([f"# Changes since {_plain(before)}", "", *(lines or ["No thing has changed.", ""])])


def _of_kind(kind: str, changes: Iterable[Change]) -> Iterator[str]:
    yield from (f"## {_KINDS[kind]}", "")
    for change, some in groupby(changes, lambda one: one.change):
        things = {name: list(fields) for name, fields in groupby(some, lambda one: one.id)}
        yield from (f"{len(things):,} {'with another meaning' if change == 'reused' else change}:", "")
        yield from (f"- {_thing(name, fields)}" for name, fields in [*things.items()][:_LISTED])
        if len(things) > _LISTED:
            yield f"- … and {len(things) - _LISTED:,} more, in `changes.csv`"
        yield ""


def _thing(name: str, fields: list[Change]) -> str:
    said = [_field(one) if one.field else _plain(one.old or one.new) for one in fields]
    successor = next((f"; now `{one.new}`" for one in fields if one.change == "merged" and one.new), "")
    reason = next((f" Reason: {_plain(one.reason)}" for one in fields if one.reason), "")
    return f"`{name.replace('`', '')}`: {'; '.join(filter(None, said))}{successor}{reason}"


def _field(change: Change) -> str:
    if not change.old:
        return f"{change.field} is new: “{_plain(change.new)}”"
    if not change.new:
        return f"{change.field} is gone: “{_plain(change.old)}”"
    return f"{change.field} was “{_plain(change.old)}” and is “{_plain(change.new)}”"


def _plain(text: str) -> str:
    """Return text of others in one line, in which nothing is Markdown."""
    return _MARKDOWN.sub(r"\\\1", visible(text))
