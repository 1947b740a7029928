"""Row 28: the redirects of w3id/.htaccess, followed from each IRI of the dataset to a file of the folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import pyoxigraph as ox

from graphkit.release.verify.deposit import Deposit, UnprovedError
from graphkit.release.verify.graphs import graph_lines, triples_of

_FILE = "w3id/.htaccess"
_VERSION = ox.NamedNode("http://www.w3.org/2002/07/owl#versionIRI")
_PAGE, _TURTLE = "text/html", "text/turtle"
# Only these forms are read: a hostile pattern can keep a program busy for years.
_PATTERN = re.compile(r"\^((?:[\w/~-]|\\[.~-])*)(\.\+|\(\.\+\))?\$")
_RULE = re.compile(r"RewriteRule (\S+) (\S+) \[R=303,L\]")
_CONDITION = "RewriteCond %{HTTP_ACCEPT} text/html"


class Redirect(NamedTuple):
    """A rule: paths that begin so, and end there unless others follow, lead to a target."""

    start: str
    others: bool
    target: str
    page: bool

    def applied(self, path: str, accept: str) -> str:
        """Return the target of a path; "" if the rule is not for it."""
        fits = path.startswith(self.start) and len(path) > len(self.start) if self.others else path == self.start
        return self.target.replace("$1", path[len(self.start) :]) if fits and (accept == _PAGE or not self.page) else ""


def redirects_of(deposit: Deposit) -> Iterator[Redirect]:
    """Yield the rules of the file.

    Raises:
        UnprovedError: A rule has another form than the simulator knows.
    """
    page = False
    for line in map(str.strip, deposit.text(_FILE).split("\n")):
        if line == _CONDITION:
            page = True
        elif line and not line.startswith(("#", "RewriteEngine ", "RewriteBase ")):
            rule = _RULE.fullmatch(line)
            pattern = _PATTERN.fullmatch(rule[1]) if rule else None
            if not rule or not pattern:
                raise UnprovedError(f"{_FILE} has a line that graphkit verify does not follow: {line[:90]!r}.")
            yield Redirect(pattern[1].replace("\\", ""), bool(pattern[2]), rule[2], page)
            page = False


def check_redirects(deposit: Deposit) -> Iterator[str]:
    """Yield each IRI below the base that leads to no file, or to a Turtle file that does not describe it."""
    rules, base = [*redirects_of(deposit)], _base(deposit)
    known = {name: _described(deposit, name) for name in ("graph-flat.ttl", "ontology.ttl", "dcat.ttl", "void.ttl")}
    for iri in _own(deposit, base):
        path = iri.removeprefix(base.partition("#")[0]).partition("#")[0]
        file = _followed(deposit, rules, path, _TURTLE)
        if not file or not _followed(deposit, rules, path, _PAGE):
            yield f"{iri} leads to no file of the folder."
        elif file in known and "/release/" not in iri and hash(ox.NamedNode(iri)) not in known[file]:
            yield f"{iri} leads to {file}, which does not describe it."


def _described(deposit: Deposit, name: str) -> set[int]:
    """Return the hashes of the IRIs that a file describes: its subjects, and the versions of those."""
    found = set[int]()
    for quad in triples_of(deposit, name):
        found.add(hash(quad.subject))
        found |= {hash(quad.object)} if quad.predicate == _VERSION else set()
    return found


def _base(deposit: Deposit) -> str:
    """Return the base of the IRIs: what comes before the word dataset in that of the dataset."""
    found = (line.split(b" ", 1)[0] for line in graph_lines(deposit))
    name = next((one for one in found if one.endswith((b"/dataset>", b"#dataset>"))), b"")
    if not name:
        raise UnprovedError("graph.nq.gz has no dataset.")
    return name.decode()[1 : -len("dataset>")]


def _own(deposit: Deposit, base: str) -> Iterator[str]:
    """Yield the subjects of the graph, the versions of the ontology and the files in DCAT, if they are below a base."""
    subjects = (name.decode()[1:-1] for name, _ in groupby(line.split(b" ", 1)[0] for line in graph_lines(deposit)))
    yield from (name for name in subjects if name.startswith(base))
    quads = (quad for quad in triples_of(deposit, "ontology.ttl") if quad.predicate == _VERSION)
    versions = (getattr(quad.object, "value", "") for quad in quads)
    yield from (name for name in versions if name.startswith(base))
    files = {getattr(quad.subject, "value", "") for quad in triples_of(deposit, "dcat.ttl")}
    yield from sorted(name for name in files if name.startswith(f"{base}release/"))


def _followed(deposit: Deposit, rules: list[Redirect], path: str, accept: str) -> str:
    """Return the file to which a path leads; "" if there is none."""
    target = next(filter(None, (rule.applied(path, accept) for rule in rules)), "")
    parts = target.split("/")
    return next((name for name in ("/".join(parts[at:]) for at in range(len(parts))) if name in deposit.files), "")
