"""The folder `drafts/`: proposals that wait for a person, one file for each source. Nothing in it is ever built."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from graphkit.build.pipeline import check
from graphkit.corpus.write import statement_text
from graphkit.corpus.yaml_tree import Node, Tree, parse_tree
from graphkit.curate.draft.passages import Passage
from graphkit.curate.yaml_edit import (
    check_meaning,
    entries,
    lines_of,
    read_file,
    with_entry,
    without_entry,
    write_files,
)
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import Level, Location, NotFoundError, Problem, WorkspaceError, has_errors
from graphkit.model.iris import SLUG
from graphkit.model.records import LONGEST_ID, Entity, Evidence
from graphkit.model.text import shortened
from graphkit.model.workspace import Workspace

_PART = "statements"
_HEAD = """\
# yaml-language-server: $schema=../ontology/source.schema.json
# Proposals that wait for a person; nothing in this folder is part of the data. Read the passage, give the entry a key
# that says what it is, fill in the open keys, and delete those that do not apply. Then type:
# graphkit draft --accept {source}/KEY
id: {source}
statements: {{}}
"""
_NUMBERED = re.compile(r"(?:passage|proposal)-\d+")
_LONGEST_NOTE = 200
# For each key that a person has to fill in, where nothing was found.
_OPEN = ("subject", "relation", "object", "gist")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it is written to `drafts/`.

    Attributes:
        notes: Remarks for the person who reads it.
        values: Key to value; None is a key left open.
    """

    notes: Sequence[str]
    values: Mapping[str, Node]
    evidence: Evidence
    name: str = "passage"

    def lines(self, key: str) -> list[str]:
        """Write the entry, with its key at the left edge."""
        notes = "\n  # ".join(shortened(note, _LONGEST_NOTE) for note in self.notes)
        return statement_text(key, {"proposed": True, **self.values, "evidence": self.evidence}, 0, notes).splitlines()


def entry_of(passage: Passage, entities: Mapping[str, Entity]) -> Proposal:
    """Return a passage as an entry: relation, object and gist are left to the person."""
    speech, values = passage.speech, dict[str, "Node"]()
    notes = [f"{kind}: {'; '.join(dict.fromkeys(words))}" for kind, words in passage.reasons.items() if words]
    names = "; ".join(f"{slug} ({entities[slug].label})" for slug in passage.entities)
    notes += [f"entities: {names}"] if names else []
    if speech:
        notes += [f"speaker: {speech.remark}"] if speech.remark else []
        values["speaker"] = speech.speaker
        values |= {"said": speech.said} if speech.said else {}
    if passage.stances:
        notes.append(f"stance: perhaps {' or '.join(passage.stances)}")
        values["stance"] = None
    return Proposal(notes, values | dict.fromkeys(_OPEN), passage.evidence)


def draft_file(workspace: Workspace, source: str) -> Path:
    """Return the file of the proposals for a source."""
    if not SLUG.fullmatch(source) or len(source) > LONGEST_ID:
        raise WorkspaceError(
            f"{source[:LONGEST_ID]!a} cannot be the id of a source.", "Name one: --source example-gazette-2021"
        )
    return workspace.root / "drafts" / f"{source}.yaml"


def _read(workspace: Workspace, source: str) -> tuple[str, Tree]:
    path = draft_file(workspace, source)
    return read_file(path, workspace.name(path), _HEAD.format(source=source))


def waiting(workspace: Workspace, source: str) -> dict[str, Node]:
    """Return the proposals that wait for a source, by key."""
    return entries(_read(workspace, source)[1], _PART)


def evidence_in(entry: Node) -> Evidence | None:
    """Return where the passage of a proposal is; None if a person has left it incomplete."""
    found = entry.get("evidence") if isinstance(entry, dict) else None
    try:
        return Evidence.model_validate(found)
    except ValueError:
        return None


def open_keys(entry: Node) -> list[str]:
    """Return the keys of a proposal that a person has not filled in."""
    return [key for key, value in entry.items() if value is None] if isinstance(entry, dict) else []


def add(workspace: Workspace, source: str, proposals: Iterable[Proposal]) -> list[str]:
    """Add proposals to the file of a source, after those that wait, and return their keys.

    A proposal that waits already, or that is in the data, is left out.

    Raises:
        WorkspaceError: The file cannot be read or written; it stays as it was.
    """
    path = draft_file(workspace, source)
    text, tree = _read(workspace, source)
    known = entries(tree, _PART)
    data = workspace.data / "sources" / f"{source}.yaml"
    coded = entries(read_file(data, workspace.name(data))[1], _PART) if data.is_file() else {}
    taken = {*map(_claim, known.values()), *map(_claim, coded.values())}
    keys: list[str] = []
    block: list[str] = []
    number = 0
    for proposal in proposals:
        number += 1
        while (key := f"{proposal.name}-{number}") in known:
            number += 1
        lines = proposal.lines(key)
        written, _ = parse_tree("\n ".join([f"{_PART}:", *lines]), "")
        if (claim := _claim(entries(written, _PART)[key])) in taken:
            continue
        taken.add(claim)
        keys.append(key)
        block += [*([""] if known or block else []), *lines]
    new = with_entry(text, tree, _PART, block)[0] if keys else text
    if list(entries(parse_tree(new, tree.file)[0], _PART)) != [*known, *keys]:
        raise WorkspaceError(
            f"{tree.file} is laid out in a way that nothing can be added to.", f"Move {tree.file} away."
        )
    write_files({path: new} if keys else {})
    return keys


def _claim(entry: Node) -> str:
    """Return what makes two proposals the same: what is claimed, and by which passage."""
    fields = entry if isinstance(entry, dict) else {}
    evidence = fields.get("evidence")
    passage = evidence.get("sha256") if isinstance(evidence, dict) else None
    return repr(
        [passage, *(fields.get(name) for name in ("subject", "relation", "object", "value", "amount", "scope"))]
    )


def accept(workspace: Workspace, name: str, captures: Path | None = None) -> list[Problem]:
    """Move one proposal into the data, if the data would be right with it; one that was moved before is left alone.

    Returns:
        What is wrong with it, at its lines in `drafts/`. If there is an error, every file is as it was.

    Raises:
        NotFoundError: No such proposal waits, or its source has no file.
    """
    source, _, key = name.partition("/")
    text, tree = _read(workspace, source)
    known = entries(tree, _PART)
    path = workspace.data / "sources" / f"{source}.yaml"
    if key not in known:
        if not _is_accepted(workspace, path, key):
            raise NotFoundError(f"No proposal {name!r} waits in {tree.file}.", instead(key, known))
        _remove_if_empty(workspace, source, known)  # the acceptance may have been interrupted
        return []
    if problems := list(_unfinished(tree, key, known[key])):
        return problems
    if not path.is_file():
        hint = f"Type: graphkit capture FILE --id {source} > {workspace.name(path)}, and fill it in."
        raise NotFoundError(f"The source {source!r} has no file {workspace.name(path)}.", hint)
    new, origins = _moved(path, workspace.name(path), text, tree, key)
    problems = list(_problems(workspace, path, new, captures, origins))
    if not has_errors(problems):
        left = without_entry(text, tree, _PART, key)
        others = {other: entry for other, entry in known.items() if other != key}
        check_meaning(left, tree, _PART, others, f"Write each key of {key!r} in a line of its own.")
        write_files({path: new, draft_file(workspace, source): left})
        _remove_if_empty(workspace, source, others)
    return problems


def _is_accepted(workspace: Workspace, path: Path, key: str) -> bool:
    return path.is_file() and key in entries(read_file(path, workspace.name(path))[1], _PART)


def _remove_if_empty(workspace: Workspace, source: str, known: Mapping[str, Node]) -> None:
    if not known:
        draft_file(workspace, source).unlink(missing_ok=True)


def _unfinished(tree: Tree, key: str, entry: Node) -> Iterable[Problem]:
    if _NUMBERED.fullmatch(key):
        message = f"The key {key!r} says nothing, and the id of a statement never changes."
        yield Problem("invalid-id", tree.key_place((_PART, key)), message, "write a key such as met-denies-profiling.")
    for name in open_keys(entry):
        message = f"{name!r} is open."
        yield Problem("missing-key", tree.key_place((_PART, key, name)), message, "fill it in, or delete the line.")


def _moved(path: Path, name: str, text: str, tree: Tree, key: str) -> tuple[str, dict[int, Location]]:
    """Return a source file with a proposal added, and for each of the new lines where it stands in `drafts/`."""
    old, old_tree = read_file(path, name)
    lines, indent = text.splitlines(), tree.key_place((_PART, key)).column - 1
    found = tree.keys.get((_PART, key, "proposed"))
    mark = found.line if found else -1
    numbers = [
        number
        for number in lines_of(text, tree, _PART, key)
        if number != mark and lines[number].strip() and not lines[number].lstrip().startswith("#")
    ]
    new, at = with_entry(old, old_tree, _PART, [lines[number][indent:] for number in numbers])
    entry = entries(tree, _PART)[key]
    kept = {part: value for part, value in entry.items() if part != "proposed"} if isinstance(entry, dict) else entry
    by_hand = f"Move the lines by hand: {tree.key_place((_PART, key))}"
    check_meaning(new, old_tree, _PART, {**entries(old_tree, _PART), key: kept}, by_hand)
    return new, {line: Location(tree.file, number + 1) for line, number in enumerate(numbers, at + 1)}


def _problems(
    workspace: Workspace, path: Path, text: str, captures: Path | None, origins: Mapping[int, Location]
) -> Iterator[Problem]:
    """Yield what would be wrong if a source file had another text; warnings only about its new lines."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Workspace(Path(folder).resolve())
        shutil.copytree(workspace.ontology, copy.ontology)
        shutil.copytree(workspace.data, copy.data)
        (copy.root / path.relative_to(workspace.root)).write_bytes(text.encode())
        found = check(copy, captures).problems
    for problem in found:
        is_here = problem.location.file == workspace.name(path)
        origin = origins.get(problem.location.line) if is_here else None
        if origin:
            yield replace(problem, location=replace(origin, column=problem.location.column))
        elif problem.level is Level.ERROR:
            yield problem
