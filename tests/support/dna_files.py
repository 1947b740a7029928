"""Makes `.dna` files: SQLite databases with the tables of Discourse Network Analyzer 3."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SCHEMA = """
CREATE TABLE SETTINGS(Property TEXT PRIMARY KEY, Value TEXT);
CREATE TABLE CODERS(ID INTEGER PRIMARY KEY, Name TEXT, Password TEXT);
CREATE TABLE DOCUMENTS(ID INTEGER PRIMARY KEY, Title TEXT, Text TEXT, Coder INTEGER, Author TEXT, Source TEXT,
  Section TEXT, Notes TEXT, Type TEXT, Date INTEGER);
CREATE TABLE STATEMENTTYPES(ID INTEGER PRIMARY KEY, Label TEXT, Red INTEGER, Green INTEGER, Blue INTEGER);
CREATE TABLE VARIABLES(ID INTEGER PRIMARY KEY, Variable TEXT, DataType TEXT, StatementTypeId INTEGER);
CREATE TABLE STATEMENTS(ID INTEGER PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER,
  Stop INTEGER, Coder INTEGER);
CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY, VariableId INTEGER, Value TEXT, Red INTEGER, Green INTEGER, Blue INTEGER,
  ChildOf INTEGER);
CREATE TABLE ATTRIBUTEVARIABLES(ID INTEGER PRIMARY KEY, VariableId INTEGER, AttributeVariable TEXT);
CREATE TABLE ATTRIBUTEVALUES(ID INTEGER PRIMARY KEY, EntityId INTEGER, AttributeVariableId INTEGER,
  AttributeValue TEXT);
CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Entity INTEGER);
CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value TEXT);
CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
CREATE TABLE DATAINTEGER(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
"""
TABLES = {
    "short text": "DATASHORTTEXT",
    "long text": "DATALONGTEXT",
    "boolean": "DATABOOLEAN",
    "integer": "DATAINTEGER",
}
DEFAULT = {"person": "short text", "organization": "short text", "concept": "short text", "agreement": "boolean"}
DAY = 86_400


@dataclass(slots=True)
class DnaFile:
    """A database to be written.

    Attributes:
        documents: Text and further columns of each document, whose ids count from 1.
        types: Label of a statement type to its variables and their types.
        statements: Document, passage, statement type and values by variable, of each statement; ids count from 1.
        attributes: Entity to its attributes.
        parents: Concept to the one above it.
    """

    documents: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    types: dict[str, dict[str, str]] = field(default_factory=lambda: {"DNA Statement": DEFAULT})
    statements: list[tuple[int, str, str, dict[str, Any]]] = field(default_factory=list)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    password: str = ""

    def say(self, document: int, passage: str, kind: str = "DNA Statement", **values: Any) -> None:  # noqa: ANN401
        """Add a statement."""
        self.statements.append((document, passage, kind, values))

    def write(self, path: Path) -> Path:
        """Write the database."""
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(SCHEMA)
            self._fill(connection)
            connection.commit()
        return path

    def _fill(self, connection: sqlite3.Connection) -> None:
        _insert(connection, "CODERS", [(1, "Admin", self.password), (2, "Second", self.password)])
        for number, (text, more) in enumerate(self.documents, 1):
            facts = {"Title": f"Document {number}", "Coder": 1, "Author": "", "Source": "", "Section": "", "Notes": "",
                     "Type": "", "Date": DAY * number, **more}  # fmt: skip
            _insert(connection, "DOCUMENTS", [(number, facts.pop("Title"), text, *facts.values())])
        variables: dict[tuple[str, str], int] = {}
        for number, (label, names) in enumerate(self.types.items(), 1):
            _insert(connection, "STATEMENTTYPES", [(number, label, 0, 0, 0)])
            for name, kind in names.items():
                variables[label, name] = len(variables) + 1
                _insert(connection, "VARIABLES", [(len(variables), name, kind, number)])
        entities: dict[tuple[int, str], int] = {}
        for variable in (variables[key] for key in variables if self.types[key[0]][key[1]] == "short text"):
            _entity(connection, entities, variable, "")
        for number, (document, passage, kind, values) in enumerate(self.statements, 1):
            start = _utf16(self.documents[document - 1][0].partition(passage)[0])
            type_id = list(self.types).index(kind) + 1
            row = (number, type_id, document, start, start + _utf16(passage), 1 + number % 2)
            _insert(connection, "STATEMENTS", [row])
            for name, of in self.types[kind].items():
                variable, value = variables[kind, name], values.get(name, 1 if of in {"boolean", "integer"} else "")
                if of == "short text":
                    value = _entity(connection, entities, variable, value)
                _insert(connection, TABLES[of], [(None, number, variable, value)])
        self._describe(connection, entities)

    def _describe(self, connection: sqlite3.Connection, entities: dict[tuple[int, str], int]) -> None:
        names = sorted({name for found in self.attributes.values() for name in found})
        _insert(connection, "ATTRIBUTEVARIABLES", [(number, 1, name) for number, name in enumerate(names, 1)])
        for (_, value), entity in entities.items():
            found = self.attributes.get(value, {})
            rows = [(None, entity, names.index(name) + 1, text) for name, text in found.items()]
            _insert(connection, "ATTRIBUTEVALUES", rows)
            parent = [other for (_, label), other in entities.items() if label == self.parents.get(value)]
            if parent:
                connection.execute("UPDATE ENTITIES SET ChildOf = ? WHERE ID = ?", (parent[0], entity))


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _entity(connection: sqlite3.Connection, entities: dict[tuple[int, str], int], variable: int, value: str) -> int:
    if (variable, value) not in entities:
        entities[variable, value] = len(entities) + 1
        _insert(connection, "ENTITIES", [(len(entities), variable, value, 0, 0, 0, None)])
    return entities[variable, value]


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    for row in rows:
        connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608


def debate() -> DnaFile:
    """Return a debate of two documents, with everything that a database can hold."""
    made = DnaFile(password="secret", attributes={"Charity": {"Type": "NGO", "Alias": "CH"}})  # noqa: S106
    made.documents = [
        ("A 😀 page. The cameras must go, she said.\nHe disagreed: the cameras stay. So it is.",
         {"Source": "Daily", "Author": "Reporter", "Section": "News", "Notes": "a note", "Date": 1_106_697_600}),
        ("The police said nothing of it. Nobody asked them, and the report of 2004 is secret.",
         {"Title": "Second", "Type": "report", "Date": 1_107_302_400 + 3600}),
    ]  # fmt: skip
    made.types["Annotation"] = {"note": "long text"}
    made.types["Score"] = {"party": "short text", "frame": "short text", "score": "integer", "tone": "short text"}
    made.say(1, "The cameras must go, she said.", person="Jane", organization="Charity", concept="Ban cameras")
    made.say(1, "He disagreed: the cameras stay.", person="Joe", organization="Police", concept="Ban cameras",
             agreement=0)  # fmt: skip
    made.say(1, "So it is.", "Annotation", note="remember")
    made.say(2, "Nobody asked them", person="Joe", organization="Police", concept="Ask people", agreement=0)
    made.say(2, "the report of 2004 is secret", organization="Charity", concept="Ask people")
    made.say(2, "The police said nothing", person="Jane", concept="Ask people")
    made.say(2, "said nothing of it", "Score", party="Greens", frame="Privacy", score=-4, tone="angry")
    made.say(2, "and the report", "Score", party="Greens", frame="Privacy", score=0)
    return made
