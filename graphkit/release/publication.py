"""The rules that data must keep before they are published; they read the curator's files, not the graph.

The graph fills publicity in where a curator typed none, so that only the files show who decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from graphkit.corpus.load import Loaded, load
from graphkit.corpus.merges import mentioned
from graphkit.model.errors import Location, WorkspaceError, has_errors
from graphkit.model.iris import entity_iri, source_iri, statement_iri
from graphkit.model.records import Corpus, Source, Statement, StatementRef
from graphkit.model.text import counted
from graphkit.model.workspace import Workspace

COLUMNS = ("rule", "file", "line", "column", "message", "solution")
_DATASET = Location("data/dataset.yaml")
_PUBLIC = {"self-published", "on-record"}
_SHOWN = 10
# The conditions of known licences, by the beginning of their addresses without the scheme.
_CREATIVE = re.compile(r"creativecommons\.org/licenses/([a-z-]+)/")
_CONDITIONS = {
    "creativecommons.org/publicdomain/": "",
    "opendatacommons.org/licenses/pddl": "",
    "opendatacommons.org/licenses/by": "by",
    "opendatacommons.org/licenses/odbl": "by-sa",
    "www.nationalarchives.gov.uk/doc/open-government-licence": "by",
}


class Finding(NamedTuple):
    """A reason not to publish, with its place and a solution."""

    rule: str
    location: Location
    message: str
    solution: str

    def row(self) -> tuple[str | int, ...]:
        """Return the values of `COLUMNS`."""
        place = self.location
        return self.rule, place.file, place.line, place.column, self.message, self.solution


class Rule(NamedTuple):
    """A rule; its function yields places, messages and solutions."""

    name: str
    means: str
    find: Callable[[Loaded], Iterator[tuple[Location, str, str]]]


def check(workspace: Workspace) -> list[Finding]:
    """Return the reasons not to publish the data of a workspace.

    Raises:
        WorkspaceError: The data have errors, and cannot be judged.
    """
    loaded = load(workspace)
    if has_errors(loaded.problems):
        raise WorkspaceError("The data have errors.", "Correct them first: graphkit check")
    return [Finding(rule.name, *found) for rule in RULES for found in rule.find(loaded)]


def require(workspace: Workspace) -> None:
    """Refuse to publish data that break a rule.

    Raises:
        WorkspaceError: They do; the message lists the first places.
    """
    found = check(workspace)
    if not found:
        return
    lines = [f"{one.location}  {one.rule}  {one.message}" for one in found[:_SHOWN]]
    more = [f"… and {len(found) - _SHOWN} more."] if len(found) > _SHOWN else []
    head = f"The data may not be published, for {counted(len(found), 'reason')}."
    raise WorkspaceError(head, "\n".join([*lines, *more, "To list them all: graphkit check --publication --why"]))


# --- people ----------------------------------------------------------------------------------------------------------


def _statements(corpus: Corpus) -> Iterator[tuple[Source, str, Statement]]:
    return ((source, key, said) for source in corpus.sources.values() for key, said in source.statements.items())


def _people(corpus: Corpus) -> set[str]:
    return {slug for slug, entity in corpus.entities.items() if entity.kind == "person"}


def _named(source: Source, said: Statement) -> set[str]:
    """Return the slugs of the speaker and of everyone in a statement."""
    names = {*mentioned(said), said.speaker or source.publisher}
    if isinstance(said.object, StatementRef):
        names |= {*mentioned(source.statements[said.object.statement])}
    return names


def _without_publicity(loaded: Loaded) -> Iterator[tuple[Location, str, str]]:
    people = _people(loaded.corpus)
    words = ", ".join(sorted(loaded.corpus.vocabulary.publicity))
    for source, key, said in _statements(loaded.corpus):
        named = sorted(_named(source, said) & people)
        if named and not said.publicity:
            message = f"The statement {source.id}/{key} names {', '.join(named)} and has no publicity of its own."
            yield loaded.places[statement_iri(source.id, key)], message, f"add publicity: with one of {words}."


def _private(loaded: Loaded) -> Iterator[tuple[Location, str, str]]:
    corpus = loaded.corpus
    public = {author for source in corpus.sources.values() for author in source.authors}
    public |= {said.speaker or source.publisher for source, _, said in _statements(corpus) if said.publicity in _PUBLIC}
    for slug in sorted(_people(corpus) - public):
        if not corpus.entities[slug].posts and not corpus.entities[slug].speaks_for:
            message = f"Nothing shows a public role of {slug!r}: no post, no signed source, no public statement."
            solution = f"add the post, or remove the person: graphkit erase {slug} --reason TEXT"
            yield loaded.places[entity_iri(slug)], message, solution


# --- evidence --------------------------------------------------------------------------------------------------------


def _unverified(loaded: Loaded) -> Iterator[tuple[Location, str, str]]:
    corpus = loaded.corpus
    names = [(source.id, key) for source, key, _ in _statements(corpus)]
    found = [name for name in names if corpus.evidence_status("/".join(name)) == "unverified"]
    allowed = Decimal(corpus.dataset.unverified_share)
    if len(found) > allowed * len(names):
        share, most = f"{100 * len(found) / len(names):.1f} per cent", f"{(100 * allowed).normalize():f}"
        message = f"{len(found)} of {len(names)} passages ({share}) are unverified; {most} per cent may be."
        yield _DATASET, message, "look them up: graphkit check --captures DIR --record; or raise unverifiedShare."
        for name in found:
            message = f"The passage of {'/'.join(name)} is unverified."
            yield loaded.places[statement_iri(*name)], message, "look it up: graphkit check --captures DIR --record"


# --- licences --------------------------------------------------------------------------------------------------------


def conditions(licence: str) -> frozenset[str] | None:
    """Return the conditions of a licence: by, nc, nd, sa; None if it is not known.

    >>> sorted(conditions("https://creativecommons.org/licenses/by-nc/4.0/")), conditions("https://example.org/terms")
    (['by', 'nc'], None)
    """
    address = licence.partition("://")[2]
    creative = _CREATIVE.match(address)
    words = [creative[1]] if creative else [words for start, words in _CONDITIONS.items() if address.startswith(start)]
    return frozenset(words[0].split("-")) - {""} if words else None


def _not_permitted(loaded: Loaded) -> Iterator[tuple[Location, str, str]]:
    ours = loaded.corpus.dataset.licence
    for source in loaded.corpus.sources.values():
        reason = obstacle(source.licence, ours) if source.licence else ""
        if reason:
            message = f"The licence of the source {source.id}, {source.licence}, {reason}."
            solution = "change the licence in data/dataset.yaml, or leave out what goes beyond quotation and the key."
            yield loaded.places[source_iri(source.id)], message, solution


def obstacle(theirs: str, ours: str) -> str:
    """Return why content under one licence may not be published under another; "" if it may."""
    given, kept = conditions(theirs), conditions(ours)
    if given is None or kept is None:
        return "" if theirs == ours else f"cannot be compared with {ours}: one of them is not known here"
    if "nd" in given:
        return "permits no changed versions"
    if "nc" in given - kept:
        return f"permits no commercial use, but {ours} does"
    if "sa" in given and theirs.partition("://")[2] != ours.partition("://")[2]:
        return f"asks for the same licence, but the dataset has {ours}"
    return f"asks for attribution, but {ours} does not" if "by" in given - kept else ""


RULES = (
    Rule("person-without-publicity", "A statement that names a person says how public it was (publicity:).",
         _without_publicity),
    Rule("private-person", "A person has a public role: a post, a signed source, or a statement made in public.",
         _private),
    Rule("unverified-evidence", "No more passages are unverified than data/dataset.yaml allows (unverifiedShare:).",
         _unverified),
    Rule("licence", "The licence of each source that has one (licence:) permits that of the dataset.", _not_permitted),
)  # fmt: skip
