"""Runs the shapes and checks of the ontology on a graph.

Shapes define the properties that each thing must have; a check is a SELECT query that must find nothing. Each violation
becomes a problem at the location of the thing in the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from graphkit.build.shacl import ShapeQuery, UnsupportedShape, Violation, compile_shapes, violations
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import Level, Location, Problem, QueryError, WorkspaceError
from graphkit.model.iris import SP, shorten
from graphkit.store import EmbeddedStore, texts
from graphkit.store.syntax import Header, read_query

_TERM = re.compile(r"sp:(\w+) a ")


def check_shapes(shapes: Path, store: EmbeddedStore, places: Mapping[str, Location]) -> Iterator[Problem]:
    """Validate a graph against a Turtle file of SHACL shapes.

    Raises:
        QueryError: The file is not Turtle, or uses a part of SHACL that is not supported; begins with line and column.
        WorkspaceError: The file cannot be read.
    """
    for violation in violations(_compiled(shapes), store.engine):
        yield _shape_problem(violation, store, places)


def _compiled(shapes: Path) -> tuple[ShapeQuery, ...]:
    hint = "Correct it, or copy it from a new workspace: graphkit init DIR"
    try:
        return compile_shapes(ox.parse(path=shapes, format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        reason = error.msg.partition(": ")[2]  # before it, the engine repeats the place
        raise QueryError(f"line {error.lineno}, column {error.offset}: This is not Turtle: {reason}", hint) from error
    except UnsupportedShape as error:
        name, _, reason = str(error).partition(": ")
        line = _line_of(reason.split()[0] if name.startswith("_:") else shorten(name), shapes)
        raise QueryError(f"line {line}, column 1: {shorten(name)}: {reason}.", hint) from error
    except OSError as error:
        raise WorkspaceError(f"{shapes} cannot be read: {error}", hint) from error


def _line_of(name: str, shapes: Path) -> int:
    """Return the first line that begins with a name, else the first that has it, else 1."""
    lines = list(enumerate(shapes.read_text(encoding="utf-8").splitlines(), 1))
    having = [number for number, line in lines if re.search(rf"{re.escape(name)}\b", line)]
    beginning = [number for number, line in lines if number in having and line.startswith(name)]
    return next(iter([*beginning, *having]), 1)


def _shape_problem(violation: Violation, store: EmbeddedStore, places: Mapping[str, Location]) -> Problem:
    focus = violation.focus.strip("<>")
    path = f" ({shorten(violation.path)})" if violation.path else ""
    value = f", not {_shown(violation.value)}" if violation.value else ""
    level = Level.ERROR if violation.severity == "Violation" else Level.WARNING
    message = f"{shorten(focus)}{path}{value}: {violation.message}"
    solution = f"see {shorten(violation.shape)} in ontology/shapes.ttl."
    return Problem("shape-violation", place_of(focus, store, places), message, solution, level)


def _shown(term: str) -> str:
    return shorten(term.strip("<>")) if term.startswith("<") else term


def run_checks(paths: Iterable[Path], store: EmbeddedStore, places: Mapping[str, Location]) -> Iterator[Problem]:
    """Run check files; each row is a problem with the name of the file as its code.

    Args:
        paths: SELECT queries with a column `?focus` and optionally `?value`.

    Raises:
        QueryError: A check is not a SELECT query with a `?focus`.
    """
    for path in paths:
        text, header = read_query(path)
        level = header.fields.get("Level", Level.ERROR)
        if level not in set(Level):
            raise QueryError(f"The level of the check {path.name} is {level!r}.", instead(level, Level))
        rows = store.query(text)
        if not isinstance(rows, ox.QuerySolutions) or ox.Variable("focus") not in rows.variables:
            raise QueryError(
                f"The check {path.name} does not SELECT ?focus.", "Give the subject of the problem the name ?focus."
            )
        for row in rows:
            yield _row_problem(path.stem, header, row, store, places)


def _row_problem(
    code: str, header: Header, row: ox.QuerySolution, store: EmbeddedStore, places: Mapping[str, Location]
) -> Problem:
    focus = _name(row["focus"])
    level = Level(header.fields.get("Level", Level.ERROR))
    others = [_shown(str(term)) for term in list(row)[1:] if term is not None]
    message = " ".join(
        [shorten(focus), header.fields.get("Problem", header.title), *(f"({other})" for other in others)]
    )
    return Problem(code, place_of(focus, store, places), message, header.fields.get("Solution", header.why), level)


def term_places(paths: Iterable[Path], name: Callable[[Path], str]) -> dict[str, Location]:
    """Return the locations of the terms that Turtle files of the ontology describe, one term at the start of a line."""
    places: dict[str, Location] = {}
    for path in paths:
        file = name(path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if found := _TERM.match(line):
                places.setdefault(SP + found[1], Location(file, number, 1))
    return places


def _name(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def place_of(iri: str, store: EmbeddedStore, places: Mapping[str, Location]) -> Location:
    """Return the location of a thing; a part of a statement has the location of the statement."""
    name = iri
    while name and name not in places:
        name = name.rpartition("/")[0]
    if name:
        return places[name]
    users = texts(store, f"SELECT ?user WHERE {{ ?user sp:proposition <{iri}> }} ORDER BY ?user", "user")
    return next((places[user] for (user,) in users if user in places), Location("build/graph.nq"))
