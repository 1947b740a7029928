"""Reads a `.dna` file: documents, statements with their variables, entities with their attributes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from graphkit.model.errors import WorkspaceError

# The tables and columns that are read; their names are those of DNA 3.
_COLUMNS = {
    "DOCUMENTS": ("ID", "Title", "Text", "Coder", "Author", "Source", "Section", "Notes", "Type", "Date"),
    "STATEMENTS": ("ID", "StatementTypeId", "DocumentId", "Start", "Stop", "Coder"),
    "STATEMENTTYPES": ("ID", "Label"),
    "VARIABLES": ("ID", "Variable", "DataType", "StatementTypeId"),
    "ENTITIES": ("ID", "VariableId", "Value", "ChildOf"),
    "ATTRIBUTEVARIABLES": ("ID", "AttributeVariable"),
    "ATTRIBUTEVALUES": ("EntityId", "AttributeVariableId", "AttributeValue"),
    "DATASHORTTEXT": ("StatementId", "VariableId", "Entity"),
    "DATALONGTEXT": ("StatementId", "VariableId", "Value"),
    "DATABOOLEAN": ("StatementId", "VariableId", "Value"),
    "DATAINTEGER": ("StatementId", "VariableId", "Value"),
}
_NEWEST = 3


@dataclass(frozen=True, slots=True)
class DnaDocument:
    """A document. Its date is in seconds since 1970."""

    id: int
    title: str
    text: str
    coder: int
    author: str
    source: str
    section: str
    notes: str
    type: str
    date: int


@dataclass(frozen=True, slots=True)
class DnaEntity:
    """A value of a variable; attributes by name, without empty ones."""

    id: int
    variable: int
    value: str
    child_of: int | None
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class DnaVariable:
    """A variable of a statement type: short text (an entity), long text, integer or boolean."""

    id: int
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class DnaStatement:
    """A statement.

    Attributes:
        start, stop: Offsets in the text, in UTF-16 code units.
        values: Variable to its value; of a short text, the id of the entity.
    """

    id: int
    type: int
    document: int
    start: int
    stop: int
    coder: int
    values: dict[int, Any]


@dataclass(frozen=True, slots=True)
class DnaDatabase:
    """A database; `types` has the label and the variables of each statement type."""

    documents: dict[int, DnaDocument]
    statements: list[DnaStatement]
    types: dict[int, tuple[str, list[DnaVariable]]]
    entities: dict[int, DnaEntity]


def read_database(path: Path) -> DnaDatabase:
    """Read a database; it is not changed, and the passwords and permissions of its coders are not read.

    Raises:
        WorkspaceError: It is no SQLite file, is encrypted, has other tables or no statement, or a text is not UTF-8.
    """
    if not path.is_file():
        raise WorkspaceError(f"{path} is not a file.", "Name a .dna file.")
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            return _read(_Tables(connection, path))
    except sqlite3.DatabaseError as error:
        raise _unreadable(path, str(error)) from error


def _unreadable(path: Path, error: str) -> WorkspaceError:
    if "decode" in error:
        column = error.partition("column '")[2].partition("'")[0]
        return WorkspaceError(
            f"{path}: a text in the column {column!r} is not UTF-8.", "Open it in DNA, correct the text and save it."
        )
    if "not a database" in error:
        return WorkspaceError(f"{path} is not an SQLite file, or it is encrypted.", "Save a plain .dna file from DNA.")
    return WorkspaceError(f"{path} cannot be read: {error}.", "Open it in DNA and save it again.")


class _Tables:
    """The tables of an open database."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection, self.path = connection, path
        self._require_version()
        for table, columns in _COLUMNS.items():
            self._require(table, columns)

    def _require(self, table: str, columns: tuple[str, ...]) -> None:
        found = {row[1].lower() for row in self.connection.execute(f"PRAGMA table_info({table})")}
        kind = self.connection.execute("SELECT type FROM sqlite_master WHERE name = ? COLLATE NOCASE", (table,))
        if kind.fetchone() != ("table",) or not found.issuperset(map(str.lower, columns)):
            missing = next((column for column in columns if column.lower() not in found), "")
            raise self._other(f"its table {table} has no column {missing!r}" if found else f"it has no table {table}")

    def _require_version(self) -> None:
        if self.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'SETTINGS'").fetchone():
            rows = dict(self.connection.execute("SELECT Property, Value FROM SETTINGS"))
            number = str(rows.get("version", "")).partition(".")[0]
            if number.isdigit() and int(number) > _NEWEST:
                raise self._other(f"it is of version {rows['version']}")

    def _other(self, why: str) -> WorkspaceError:
        return WorkspaceError(f"{self.path} is not a database of DNA 3: {why}.", "Save it with DNA 3.")

    def rows(self, table: str) -> Iterator[tuple[Any, ...]]:
        """Yield the columns of a table, in the order of its rows."""
        columns = ", ".join(_COLUMNS[table])
        yield from self.connection.execute(f"SELECT {columns} FROM {table} ORDER BY rowid")  # noqa: S608 - our names


def _read(tables: _Tables) -> DnaDatabase:
    values: dict[int, dict[int, Any]] = {}
    for table in ("DATASHORTTEXT", "DATALONGTEXT", "DATABOOLEAN", "DATAINTEGER"):
        for statement, variable, value in tables.rows(table):
            values.setdefault(statement, {})[variable] = value
    statements = [
        DnaStatement(number, kind, document, start, stop, coder, values.get(number, {}))
        for number, kind, document, start, stop, coder in tables.rows("STATEMENTS")
    ]
    if not statements:
        raise WorkspaceError(f"{tables.path} holds no statement.", "Code some in DNA, and import it then.")
    variables = [(row[3], DnaVariable(*row[:3])) for row in tables.rows("VARIABLES")]
    types = {
        number: (label, [variable for of, variable in variables if of == number])
        for number, label in tables.rows("STATEMENTTYPES")
    }
    documents = {row[0]: DnaDocument(row[0], *map(_filled, row[1:])) for row in tables.rows("DOCUMENTS")}
    return DnaDatabase(documents, statements, types, _entities(tables))


def _filled(value: Any) -> Any:  # noqa: ANN401 - a value of a cell
    return "" if value is None else value


def _entities(tables: _Tables) -> dict[int, DnaEntity]:
    names = dict(tables.rows("ATTRIBUTEVARIABLES"))
    attributes: dict[int, dict[str, str]] = {}
    for entity, name, value in tables.rows("ATTRIBUTEVALUES"):
        if value and name in names:
            attributes.setdefault(entity, {})[names[name]] = value
    return {
        number: DnaEntity(number, variable, str(value or ""), child_of, attributes.get(number, {}))
        for number, variable, value, child_of in tables.rows("ENTITIES")
    }
