"""Erases statements, sources and entities from a workspace, and from everything that was made of it.

First the new texts of all files are written in memory, checked and built in other folders; a search makes sure that the
erased content is nowhere else. Then the files and the build folder are replaced together, or not at all.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from graphkit.build.pipeline import build
from graphkit.corpus import parse
from graphkit.corpus.codebook import named_in
from graphkit.corpus.load import load
from graphkit.corpus.merges import follow, mentioned
from graphkit.corpus.statement_links import full_name
from graphkit.corpus.tombstones import read_tombstones, tombstones_text
from graphkit.corpus.verification import look_ups_text, read_look_ups
from graphkit.corpus.yaml_removal import without
from graphkit.corpus.yaml_tree import Tree, YamlPath, parse_tree
from graphkit.model.codebook import Codebook
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import Level, NotFoundError, WorkspaceError
from graphkit.model.files import recover, remove, replacing_all, scratch_folder
from graphkit.model.generation import current_name
from graphkit.model.iris import entity_iri, source_iri, statement_iri, tombstone_iri
from graphkit.model.records import Entity, Merges, Proposition, Source, Statement, StatementRef, Tombstone
from graphkit.model.workspace import Workspace
from graphkit.release.full_text import Hit, Texts, first_line

COLUMNS = ("what", "id", "file", "line")
# Shorter passages occur anywhere.
_LONG = 4


class Removal(NamedTuple):
    """A part of a file that is removed, or a whole file or folder."""

    what: str
    id: str
    file: str
    line: int


@dataclass(slots=True)
class Plan:
    """The changes that erase something.

    Attributes:
        texts: File to its new text.
        gone: Files to delete.
        stones: The tombstones after the change.
        left: Places outside the build folder that still have erased content, and must be edited by hand first.
        held: Places in named folders that keep it.
    """

    removals: list[Removal] = field(default_factory=list)
    texts: dict[Path, str] = field(default_factory=dict)
    gone: list[Path] = field(default_factory=list)
    stones: list[Tombstone] = field(default_factory=list)
    left: list[Hit] = field(default_factory=list)
    held: list[Hit] = field(default_factory=list)


class _File(NamedTuple):
    """A file of the data."""

    path: Path
    text: str
    tree: Tree


@dataclass(slots=True)
class _Data:
    """The records as the files have them, without merges."""

    workspace: Workspace
    sources: dict[str, tuple[_File, Source]] = field(default_factory=dict)
    entities: list[tuple[_File, dict[str, Entity]]] = field(default_factory=list)
    merges: tuple[_File, Merges] | None = None
    codebook: tuple[_File, Codebook] | None = None
    stones: list[Tombstone] = field(default_factory=list)

    @classmethod
    def read(cls, workspace: Workspace) -> _Data:
        """Read all files.

        Raises:
            WorkspaceError: One of them has errors.
        """
        _require_sound(workspace)
        self = cls(workspace, stones=read_tombstones(workspace)[0])
        for path in workspace.source_files():
            file = _file(path, workspace)
            source = parse.source(file.tree)[0]
            if source:
                self.sources[source.id] = (file, source)
        files = [_file(path, workspace) for path in workspace.entity_files()]
        self.entities = [(file, parse.entities(file.tree)[0]) for file in files]
        if workspace.merges.exists():
            file = _file(workspace.merges, workspace)
            self.merges = (file, parse.merges(file.tree)[0])
        if workspace.codebook.exists():
            file = _file(workspace.codebook, workspace)
            self.codebook = (file, parse.codebook(file.tree)[0])
        return self

    def all_entities(self) -> dict[str, Entity]:
        return {slug: entity for _, found in self.entities for slug, entity in found.items()}

    def all_merges(self) -> Merges:
        return self.merges[1] if self.merges else Merges()

    def statements(self) -> Iterator[tuple[Source, str, Statement]]:
        return ((source, key, said) for _, source in self.sources.values() for key, said in source.statements.items())


def _file(path: Path, workspace: Workspace) -> _File:
    text = path.read_bytes().decode("utf-8-sig")
    return _File(path, text, parse_tree(text, workspace.name(path))[0])


def _require_sound(workspace: Workspace) -> None:
    problems = load(workspace).problems
    # A kill may have left the file of an erased source.
    erased = {problem.location.file for problem in problems if problem.code == "erased-id"}
    for problem in problems:
        if problem.level is Level.ERROR and problem.location.file not in erased:
            message = f"Nothing was erased, because the data have errors: {problem.location}: {problem.message}"
            raise WorkspaceError(message, "Correct them first: graphkit check")


# --- what is erased --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Erased:
    """The ids that are erased."""

    entities: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    statements: set[str] = field(default_factory=set)

    def iris(self) -> Iterator[tuple[str, str]]:
        """Yield the kind and the IRI of each."""
        yield from (("entity", entity_iri(slug)) for slug in sorted(self.entities))
        yield from (("source", source_iri(name)) for name in sorted(self.sources))
        yield from (("statement", statement_iri(*_parts(name))) for name in sorted(self.statements))


def _resolve(name: str, data: _Data) -> _Erased:
    """Return the thing with an id, and everything that cannot stay without it."""
    found = _Erased()
    entities, merges = data.all_entities(), data.all_merges().merges
    bare = name.removeprefix("statement:").removeprefix("source:").removeprefix("id:")
    if "/" in bare and bare in {f"{source.id}/{key}" for source, key, _ in data.statements()}:
        found.statements.add(bare)
    elif bare in merges:
        last = follow(bare, merges)[-1]
        raise WorkspaceError(f"{bare!r} is read as {last!r}.", f"Type: graphkit erase {last} --reason TEXT")
    elif bare in entities and not name.startswith("source:"):
        found.entities = {bare, *(slug for slug in merges if follow(slug, merges)[-1] == bare)}
    elif bare in data.sources:
        found.sources.add(bare)
    elif stones := _stones_of(bare, data):
        found.sources = {source for source in data.sources if stones & _stones_of(source, data)}
    else:
        known = [*entities, *data.sources, *(f"{source.id}/{key}" for source, key, _ in data.statements())]
        raise NotFoundError(f"There is no statement, source or entity {name!r}.", instead(bare, known))
    _close(found, data)
    return found


def _stones_of(name: str, data: _Data) -> set[tuple[str, str]]:
    """Return the dates and reasons of the tombstones of an id; those of one erasure are the same."""
    iris = {tombstone_iri(iri) for iri in (entity_iri(name), source_iri(name), statement_iri(*_parts(name)))}
    return {(stone.date, stone.reason) for stone in data.stones if stone.iri in iris}


def _parts(name: str) -> tuple[str, str]:
    source, _, key = name.partition("/")
    return source, key


def _close(found: _Erased, data: _Data) -> None:
    """Add the sources of erased publishers, and the statements that name or repeat something erased."""
    found.sources |= {name for name, (_, source) in data.sources.items() if source.publisher in found.entities}
    splits = data.all_merges().splits
    for source, key, said in data.statements():
        name = f"{source.id}/{key}"
        read_as = {split.statements[name] for split in splits.values() if name in split.statements}
        names = {*mentioned(said), said.speaker or source.publisher, *read_as}
        if source.id in found.sources or names & found.entities:
            found.statements.add(name)
    count = -1
    while count < len(found.statements):
        count = len(found.statements)
        for source, key, said in data.statements():
            if any(f"{source.id}/{other}" in found.statements for other in _repeated(said)):
                found.statements.add(f"{source.id}/{key}")


def _repeated(said: Proposition) -> Iterator[str]:
    """Yield the keys of the statements whose propositions are inside a statement."""
    if isinstance(said.object, StatementRef):
        yield said.object.statement
    elif isinstance(said.object, Proposition):
        yield from _repeated(said.object)


# --- where it is -----------------------------------------------------------------------------------------------------


def _in_source(source: Source, found: _Erased) -> Iterator[tuple[YamlPath, str]]:
    """Yield the paths that are removed from the file of a source, with the ids that they name."""
    for number, author in enumerate(source.authors):
        if author in found.entities:
            yield ("authors", number), author
    if source.derived_from in found.sources:
        yield ("derivedFrom",), str(source.derived_from)
    for key, said in source.statements.items():
        path = ("statements", key)
        if f"{source.id}/{key}" in found.statements:
            yield path, f"{source.id}/{key}"
            continue
        links = {"corrects": full_name(said.corrects or "", source.id), "reason": f"{source.id}/{said.reason}"}
        yield from (((*path, link), name) for link, name in links.items() if name in found.statements)


def _in_entities(entities: dict[str, Entity], found: _Erased) -> Iterator[tuple[YamlPath, str]]:
    for slug, entity in entities.items():
        path = ("entities", slug)
        if slug in found.entities:
            yield path, slug
            continue
        for key, others in entity.links.items():
            yield from (((*path, key, i), other) for i, other in enumerate(others) if other in found.entities)
        yield from (((*path, "posts", i), post.at) for i, post in enumerate(entity.posts) if post.at in found.entities)
        yield from (((*path, "writtenAs", name), name) for name in entity.written_as if name in found.sources)


def _in_merges(merges: Merges, found: _Erased) -> Iterator[tuple[YamlPath, str]]:
    for slug, merge in merges.merges.items():
        if {slug, merge.into} & found.entities:
            yield ("merges", slug), slug
    for slug, split in merges.splits.items():
        names = [
            name for name, other in split.statements.items() if name in found.statements or other in found.entities
        ]
        if slug in found.entities or len(names) == len(split.statements):
            yield ("splits", slug), slug
        else:
            yield from ((("splits", slug, "statements", name), name) for name in names)


_WHAT = {"statements": "statement", "entities": "entity", "merges": "merge", "splits": "split"}


def plan(
    workspace: Workspace, name: str, reason: str, releases: Sequence[Path] = (), delete: Sequence[Path] = ()
) -> Plan:
    """Return the changes that erase a statement, a source or an entity.

    An entity goes with its merged duplicates, with the statements that name it, and with the sources that it publishes.

    Args:
        name: The id: `source/key` of a statement, or that of an entity or a source.
        reason: Why; it stays in the tombstone.
        releases: Folders to search, which are left as they are.
        delete: Folders of made files outside the build folder, which are deleted.

    Raises:
        NotFoundError: There is no such thing.
        WorkspaceError: The data have errors, the reason contains erased content, or an entry cannot be edited.
    """
    recover(workspace.root, workspace.root / "drafts")
    data = _Data.read(workspace)
    found, done = _resolve(name, data), Plan()
    _edit(data, found, done)
    done.gone += [Path(os.path.abspath(path)) for path in delete]  # noqa: PTH100 - a link is deleted, not its target
    done.removals += [Removal("folder", "", workspace.name(path), 0) for path in done.gone[-len(delete) :] if delete]
    texts = Texts(_contents(data, found))
    if named := texts.in_text(reason):
        raise WorkspaceError(f"The reason contains {named[0]!r}, but it is kept.", "Word it without names.")
    today = dt.datetime.now().astimezone().date().isoformat()
    new = [Tombstone(tombstone_iri(iri).rpartition("/")[2], kind, today, reason) for kind, iri in found.iris()]
    done.stones = [*new, *data.stones]
    done.left = _left(workspace, done, texts, releases)
    done.held = [hit for folder in releases for hit in texts.in_folder(folder)]
    return done


def _edit(data: _Data, found: _Erased, done: Plan) -> None:
    """Add the new texts of all files."""
    for name, (file, source) in data.sources.items():
        if name in found.sources:
            done.gone.append(file.path)
            done.removals.append(Removal("source", name, file.tree.file, 1))
        else:
            _edit_file(file, _in_source(source, found), done)
    for file, entities in data.entities:
        _edit_file(file, _in_entities(entities, found), done)
    if data.merges:
        _edit_file(data.merges[0], _in_merges(data.merges[1], found), done)
    if data.codebook:
        _edit_file(data.codebook[0], named_in(data.codebook[1], found.entities, found.statements), done)
    _edit_drafts(data, found, done)
    look_ups = read_look_ups(data.workspace)[0]
    kept = {name: one for name, one in look_ups.items() if name not in found.statements}
    if len(kept) < len(look_ups):
        done.texts[data.workspace.verification] = look_ups_text(kept)
        record = data.workspace.name(data.workspace.verification)
        lines = {one: number for number, one in enumerate(look_ups, 2)}
        done.removals += [Removal("look-up", one, record, lines[one]) for one in look_ups if one not in kept]
    if data.workspace.build.exists():
        done.removals.append(Removal("folder", "", data.workspace.name(data.workspace.build), 0))


def _edit_file(file: _File, parts: Iterable[tuple[YamlPath, str]], done: Plan) -> None:
    found = list(parts)
    for path, name in found:
        what = _WHAT.get(str(path[0]), "link") if len(path) == 2 else str(path[-2 if isinstance(path[-1], int) else -1])  # noqa: PLR2004
        done.removals.append(Removal(what, name, file.tree.file, file.tree.key_place(path).line))
    if found:
        done.texts[file.path] = without(file.text, [path for path, _ in found], file.tree.file)


def _edit_drafts(data: _Data, found: _Erased, done: Plan) -> None:
    """Take proposals with erased content out of the drafts."""
    texts = Texts(_contents(data, found))
    for path in sorted((data.workspace.root / "drafts").glob("*.yaml")):
        file = _file(path, data.workspace)
        if path.stem in found.sources:
            done.gone.append(path)
            done.removals.append(Removal("file", path.stem, file.tree.file, 1))
            continue
        entries = file.tree.root.get("statements") if isinstance(file.tree.root, dict) else None
        keys = list(entries) if isinstance(entries, dict) else []
        whole = {
            key: without(file.text, [("statements", each) for each in keys if each != key], path.name) for key in keys
        }
        _edit_file(file, ((("statements", key), key) for key in keys if texts.in_text(whole[key])), done)


# --- what must not be left -------------------------------------------------------------------------------------------


def _contents(data: _Data, found: _Erased) -> set[str]:
    """Return the texts of what is erased; those that other records share are left out."""
    entities = data.all_entities()
    names = {name for slug in found.entities for name in _texts_of_entity(slug, entities[slug])}
    names -= {name for slug, entity in entities.items() if slug not in found.entities for name in entity.names}
    said, others = set[str](), set[str]()
    for source, key, statement in data.statements():
        one = f"{source.id}/{key}"
        (said if one in found.statements else others).update(_texts_of_statement(statement))
    for name, (_, source) in data.sources.items():
        (said if name in found.sources else others).update(filter(None, (source.title, source.url)))
    ids = {name for name in found.statements | found.sources if "/" in name or "-" in name}
    return names | (said - others) | ids


def _texts_of_entity(slug: str, entity: Entity) -> Iterator[str]:
    yield from entity.names
    yield from filter(None, (entity.description, entity.wikidata, entity.url, slug if "-" in slug else ""))


def _texts_of_statement(said: Statement) -> Iterator[str]:
    yield from (said.gist, said.evidence.sha256)
    maybe = (said.evidence.starts, said.evidence.ends, said.note, said.scope, said.value, said.hedge)
    yield from (text for text in maybe if text and len(text.split()) >= _LONG)


def _left(workspace: Workspace, done: Plan, texts: Texts, releases: Sequence[Path]) -> list[Hit]:
    """Return the places that would still have erased content."""
    release_paths = {Path(os.path.abspath(path)) for path in releases}  # noqa: PTH100 - links stay links
    but = {workspace.build, *done.texts, *done.gone, *release_paths}
    new = [Hit(path, first_line(text, one), one) for path, text in done.texts.items() for one in texts.in_text(text)]
    return sorted([*new, *texts.in_folder(workspace.root, but)])


# --- the change ------------------------------------------------------------------------------------------------------


def carry_out(workspace: Workspace, done: Plan, progress: Callable[[str], None]) -> None:
    """Make the changes of a plan, all or none.

    After a kill the next command restores the files, or the same command finishes the change.

    Raises:
        WorkspaceError: The data would have errors, or a file cannot be written.
    """
    texts = {**done.texts, workspace.tombstones: tombstones_text(done.stones)}
    with ExitStack() as stack:
        progress("check")
        staged = _staged(workspace, texts, done.gone, stack.enter_context(scratch_folder(workspace.root)))
        _require_sound(staged)
        targets = [*texts, *([workspace.build] if workspace.build.exists() else [])]
        try:
            parts = stack.enter_context(replacing_all(*targets))
            for part, text in zip(parts, texts.values(), strict=False):
                part.write_bytes(text.encode())
            progress("build")
            if workspace.build.exists():
                _build(workspace, Workspace(staged.root, parts[-1]))
            progress("write")
            stack.close()
            for path in done.gone:
                remove(path)
        except OSError as error:
            raise WorkspaceError(f"Nothing was erased: {error}", "Free the disk or the folder.") from error


def _staged(workspace: Workspace, texts: dict[Path, str], gone: Sequence[Path], folder: Path) -> Workspace:
    """Copy the data as they will be; erased content is never copied."""
    changed = {*texts, *gone}

    def left_out(parent: str, names: list[str]) -> list[str]:
        return [name for name in names if Path(parent, name) in changed]

    shutil.copytree(workspace.data, folder / "data", ignore=left_out)
    (folder / "ontology").symlink_to(workspace.ontology.resolve())
    for path, text in texts.items():
        if path.is_relative_to(workspace.data):
            (folder / "data" / path.relative_to(workspace.data)).write_bytes(text.encode())
    return Workspace(folder)


def _build(workspace: Workspace, staged: Workspace) -> None:
    """Fill the new build folder, if there was a build before."""
    staged.build.mkdir()
    if current_name(workspace.build):
        checked = build(staged)
        if not checked.ok:
            first = next(problem for problem in checked.problems if problem.level is Level.ERROR)
            raise WorkspaceError(
                f"Nothing was erased, because the data would have errors: {first.location}: {first.message}",
                first.solution.capitalize(),
            )
