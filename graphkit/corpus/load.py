"""Reads the YAML and Turtle files of a workspace into a corpus, and locates every problem.

All files are read before their references are checked, so that one run reports everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from graphkit.corpus import parse as records
from graphkit.corpus.codebook import codebook_places, read_codebook, reread_codebook
from graphkit.corpus.lint import check_accepted, check_text
from graphkit.corpus.merges import MergeLinks, apply_merges, read_as
from graphkit.corpus.references import Links, check_plain_dates
from graphkit.corpus.statement_links import check_statement_links
from graphkit.corpus.tombstones import erased, read_tombstones
from graphkit.corpus.verification import current_look_ups, read_look_ups
from graphkit.corpus.yaml_tree import Rereading, Tree, parse_tree, read_tree
from graphkit.model.base_iri import BASE
from graphkit.model.codebook import Codebook
from graphkit.model.dataset import DatasetFile
from graphkit.model.errors import Level, Location, Problem, WorkspaceError, has_errors
from graphkit.model.iris import entity_iri, source_iri, statement_iri
from graphkit.model.records import Corpus, Entity, Merges, Source, Statement
from graphkit.model.text import counted
from graphkit.model.vocabulary import read_vocabulary
from graphkit.model.workspace import Workspace, require_base

_NO_DATASET = DatasetFile.model_construct(title="", description="", version="0.0.0", licence="", creators=(), base=BASE)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The valid records of a workspace, and the problems of the invalid records.

    Attributes:
        places: IRI of each entity, source, statement and concept to its location.
    """

    corpus: Corpus
    problems: list[Problem]
    places: Mapping[str, Location] = field(repr=False)
    codebook: Codebook = field(default_factory=Codebook)


@dataclass(frozen=True, slots=True)
class _Files:
    """The records of all files, with their trees.

    Attributes:
        refused: The ids of entities that have errors.
        unread: Files of entities that cannot be read.
    """

    entities: dict[str, Entity] = field(default_factory=dict)
    entity_trees: list[tuple[Tree, dict[str, Entity]]] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    source_trees: list[tuple[Tree, Source]] = field(default_factory=list)
    places: dict[str, Location] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    again: Rereading = field(default_factory=Rereading)
    refused: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)


def load(workspace: Workspace, merges: str | None = None) -> Loaded:
    """Read a workspace; a change of its files that was killed half-way is undone first.

    Args:
        merges: The text to read instead of `merges.yaml`, to check a change before it is written.
    """
    words = read_vocabulary(workspace.vocabularies())
    if not words.certainties:
        raise WorkspaceError(f"{workspace.ontology} is of an earlier version of graphkit.", "Type: graphkit migrate")
    workspace.recover()
    files = _Files()
    dataset = _load_dataset(workspace, files)
    require_base(dataset.base, workspace.root)
    for path in workspace.entity_files():
        _load_entities(_tree(path, workspace, files), files)
    for path in workspace.source_files():
        _load_source(_tree(path, workspace, files), path, files)
    refused = None if files.unread else frozenset(files.refused)
    links = Links(files.entities, frozenset(files.sources), words, refused)
    files.problems.extend(_linked(links, files))
    stones, damaged = read_tombstones(workspace)
    files.problems.extend([*damaged, *erased(files.places, stones)])
    corpus = Corpus(dataset, files.entities, files.sources, words, tombstones=tuple(stones))
    read = _load_merges(_merges_tree(workspace, merges, files), links, files)
    codebook = _load_codebook(workspace, links, files)
    merged = apply_merges(_looked_up(corpus, workspace, files), read)
    return Loaded(merged, files.problems, files.places, reread_codebook(codebook, read_as(read)))


def _looked_up(corpus: Corpus, workspace: Workspace, files: _Files) -> Corpus:
    """Add the record of verified passages."""
    found, damaged = read_look_ups(workspace)
    current, stale = current_look_ups(found, corpus, workspace.name(workspace.verification))
    # Statements with errors are missing from the corpus, so that their lines would seem stale.
    files.problems.extend(damaged if has_errors(files.problems) else [*damaged, *stale])
    return replace(corpus, looked_up=current)


def _tree(path: Path, workspace: Workspace, files: _Files) -> Tree:
    if not path.is_file():
        raise WorkspaceError(f"{path} is not a file that can be read.", "Remove it, or replace it with a file.")
    try:
        tree, problems = read_tree(path, workspace.name(path))
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be read: {error.strerror}.", "Make it readable, or remove it.") from error
    return _checked(tree, problems, files)


def _checked(tree: Tree, problems: list[Problem], files: _Files) -> Tree:
    files.problems.extend(problems)
    files.problems.extend(check_text(tree))
    files.problems.extend(check_plain_dates(tree))
    return tree


def load_dataset(workspace: Workspace) -> DatasetFile:
    """Load `dataset.yaml` alone.

    Raises:
        WorkspaceError: It cannot be read, or has errors; the message has the first.
    """
    files = _Files()
    found = _load_dataset(workspace, files)
    if has_errors(files.problems):
        first = next(problem for problem in files.problems if problem.level is Level.ERROR)
        raise WorkspaceError(f"{first.location}  {first.code}  {first.message}", f"Solution: {first.solution}")
    return found


def _load_dataset(workspace: Workspace, files: _Files) -> DatasetFile:
    tree = _tree(workspace.data / "dataset.yaml", workspace, files)
    if tree.root is None:
        return _NO_DATASET
    record, problems = records.dataset(tree)
    files.problems.extend(problems)
    return record or _NO_DATASET


def _load_entities(tree: Tree, files: _Files) -> None:
    described = tree.root.get("entities") if isinstance(tree.root, dict) else None
    if isinstance(described, dict):
        files.refused.update(described)
    else:
        files.unread.append(tree.file)
    if tree.root is None:
        return
    found, problems = records.entities(tree)
    files.problems.extend(problems)
    files.entity_trees.append((tree, found))
    for slug, entity in found.items():
        location = tree.key_place(("entities", slug))
        if _first(entity_iri(slug), location, files, f"entity {slug!r}"):
            files.entities[slug] = entity


def _load_source(tree: Tree, path: Path, files: _Files) -> None:
    if tree.root is None:
        return
    source, problems = records.source(tree)
    files.problems.extend(problems)
    if source is None:
        return
    location = tree.place(("id",))
    if source.id != path.stem:
        message = f"The file {path.name} holds the source {source.id!r}."
        files.problems.append(Problem("misnamed-file", location, message, f"rename it to {source.id}.yaml."))
    files.source_trees.append((tree, source))
    files.problems.extend(_typed_positions(tree, source))
    if _first(source_iri(source.id), location, files, f"source {source.id!r}"):
        files.sources[source.id] = source
        for key in source.statements:
            files.places[statement_iri(source.id, key)] = tree.key_place(("statements", key))
    tree.give_back(path, files.again)


def _typed_positions(tree: Tree, source: Source) -> Iterator[Problem]:
    """Warn once about positions that were typed: they made passages verified that nobody had looked up."""
    typed = [key for key, said in source.statements.items() if said.evidence.at is not None]
    if typed:
        location = tree.key_place(("statements", typed[0], "evidence", "at"))
        number = counted(len(typed), "position is", "positions are")
        message = f"{number} typed (at:). A typed position makes nothing verified."
        solution = "delete the lines, and type: graphkit check --captures DIR --record"
        yield Problem("typed-position", location, message, solution, Level.WARNING)


def _first(iri: str, location: Location, files: _Files, what: str) -> bool:
    if iri not in files.places:
        files.places[iri] = location
        return True
    message = f"The {what} is already described at {files.places[iri]}."
    files.problems.append(Problem("duplicate-id", location, message, "remove one, or give it another id."))
    return False


def _linked(links: Links, files: _Files) -> Iterator[Problem]:
    for tree, entities in files.entity_trees:
        yield from links.check_entities(tree, entities)
    for tree, source in files.source_trees:
        yield from links.check_source(tree, source)
        yield from check_accepted(tree, source)
    yield from check_statement_links(files.source_trees, files.sources)


def _merges_tree(workspace: Workspace, text: str | None, files: _Files) -> Tree:
    if text is not None:
        return _checked(*parse_tree(text, workspace.name(workspace.merges)), files)
    return _tree(workspace.merges, workspace, files) if workspace.merges.exists() else Tree("")


def _load_merges(tree: Tree, links: Links, files: _Files) -> Merges:
    """Return the merges; an empty record if the file has problems."""
    if tree.root is None:
        return Merges()
    found, problems = records.merges(tree)
    trees = {source.id: source_tree for source_tree, source in reversed(files.source_trees)}

    def judge(name: str, key: str, statement: Statement) -> list[Problem]:
        source = files.sources[name]
        changed = source.model_copy(update={"statements": {**source.statements, key: statement}})
        return list(links.check_source(trees[name], changed))

    problems += MergeLinks(tree, files.entities, files.sources, links.vocabulary, judge).check(found)
    files.problems.extend(problems)
    return Merges() if problems else found


def _load_codebook(workspace: Workspace, links: Links, files: _Files) -> Codebook:
    tree = _tree(workspace.codebook, workspace, files) if workspace.codebook.exists() else Tree("")
    found, problems = read_codebook(tree, links, files.sources)
    files.problems.extend(problems)
    files.places.update(codebook_places(tree, found))
    return found


def locate_statements(workspace: Workspace, ids: Iterable[str]) -> dict[str, Location]:
    """Return the location of each statement, by id (`<source>/<key>`), if its file is in the workspace."""
    wanted: dict[str, list[str]] = {}
    for name in ids:
        wanted.setdefault(name.rpartition("/")[0], []).append(name)
    found: dict[str, Location] = {}
    for source, names in wanted.items():
        path = workspace.data / "sources" / f"{source}.yaml"
        if path.is_file():
            tree, _ = read_tree(path, workspace.name(path))
            found |= {name: tree.key_place(("statements", name.rpartition("/")[2])) for name in names}
    return found
