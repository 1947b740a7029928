"""Checks the links between statements: a correction and the statement it replaces, a statement and its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graphkit.corpus.parse import near
from graphkit.corpus.yaml_tree import Tree
from graphkit.model.errors import Problem
from graphkit.model.records import Source

_WRITE_ONE = "keep the link of the later statement, and delete the other."


def check_statement_links(files: Iterable[tuple[Tree, Source]], sources: Mapping[str, Source]) -> Iterator[Problem]:
    """Check `corrects` and `reason` of all statements: each leads to another statement, and none back to itself."""
    corrects = {
        f"{source.id}/{key}": full_name(said.corrects, source.id)
        for source in sources.values()
        for key, said in source.statements.items()
        if said.corrects
    }
    for tree, source in files:
        reasons = {key: said.reason for key, said in source.statements.items() if said.reason}
        for key, said in source.statements.items():
            path = ("statements", key)
            if said.reason:
                yield from _reason(tree, (*path, "reason"), key, reasons, source)
            if said.corrects:
                yield from _corrects(tree, (*path, "corrects"), f"{source.id}/{key}", corrects, sources)


def full_name(name: str, source: str) -> str:
    """Return `source/key` of a statement that is named by its key alone within its source.

    >>> full_name("k", "minutes"), full_name("letter/k", "minutes")
    ('minutes/k', 'letter/k')
    """
    return name if "/" in name else f"{source}/{name}"


def _reason(
    tree: Tree, path: Sequence[str | int], key: str, reasons: Mapping[str, str], source: Source
) -> Iterator[Problem]:
    if reasons[key] not in source.statements:
        message = f"There is no statement {reasons[key]!r} in this source."
        yield Problem("unknown-statement", tree.place(path), message, near(reasons[key], source.statements))
    elif leads_back(key, reasons):
        message = f"{reasons[key]!r} leads back to this statement."
        yield Problem("circular-reason", tree.place(path), message, "name the reason in the decision only.")


def _corrects(
    tree: Tree, path: Sequence[str | int], name: str, corrects: Mapping[str, str], sources: Mapping[str, Source]
) -> Iterator[Problem]:
    source, _, key = corrects[name].partition("/")
    if source not in sources:
        message = f"There is no source {source!r}."
        yield Problem("unknown-source", tree.place(path), message, near(source, sources))
    elif key not in sources[source].statements:
        message = f"There is no statement {key!r} in {source}."
        yield Problem("unknown-statement", tree.place(path), message, near(key, sources[source].statements))
    elif leads_back(name, corrects):
        message = f"{corrects[name]!r} leads back to this statement."
        yield Problem("circular-correction", tree.place(path), message, _WRITE_ONE)


def leads_back(start: str, links: Mapping[str, str]) -> bool:
    """Return whether the links from a name lead back to it.

    >>> leads_back("a", {"a": "b", "b": "a"}), leads_back("a", {"a": "b", "b": "b"})
    (True, False)
    """
    seen = set()
    name = links.get(start)
    while name is not None and name != start and name not in seen:
        seen.add(name)
        name = links.get(name)
    return name == start
