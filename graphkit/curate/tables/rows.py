"""Rows into statements: each is checked as a file is, and gets its key; nothing is written here.

A row that is right in every way takes the short path: one look at its letters, one at the model, one at
the links. Only a row with a mistake is taken apart, by the functions that read source files.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from graphkit.corpus import parse as records
from graphkit.corpus.evidence import MAX_QUOTED_WORDS, check_lengths
from graphkit.corpus.lint import check_text, is_plain
from graphkit.corpus.yaml_tree import Tree
from graphkit.curate.tables.columns import (
    AMOUNT,
    EACH_ROW,
    EVIDENCE,
    FIRST_ROW,
    SOURCE,
    STATEMENT,
    in_part,
    needed_in,
)
from graphkit.curate.tables.problems import Cells, empty_cells, in_columns, unread_cell
from graphkit.model.errors import Location, Problem, has_errors
from graphkit.model.iris import digest, statement_iri
from graphkit.model.records import KEY, LONGEST_ID, Corpus, Dataset, Source, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphkit.corpus.references import Links
    from graphkit.curate.tables.table import Row, Table

_FACTS = tuple(name for name in in_part(SOURCE) if name != "source")
_SAID = tuple(name for name in in_part(STATEMENT) if name not in {"key", "via"})
_AMOUNT, _EVIDENCE = in_part(AMOUNT), in_part(EVIDENCE)
_NEEDED = tuple(name for name in needed_in(EACH_ROW) if name != "source")
_KEY_DIGITS = 12
_SHOWN = 60
# Stands for a source whose facts are wrong or not known, so that its rows can be checked all the same.
_ANY: dict[str, Any] = {"id": "x", "kind": "x", "publisher": "x", "title": "x"}
_NOWHERE = Tree("")
_ANY_SOURCE = Source.model_construct(**_ANY, statements={})
_NO_DATASET = Dataset.model_construct(title="", description="", version="0.0.0", licence="", creators=())


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that is right.

    Attributes:
        source: Id of its source.
        key: Key of the statement.
        statement: What it says.
    """

    source: str
    key: str
    statement: Statement


@dataclass(slots=True)
class Head:
    """What the first row of a source says about it, or the file that is there already.

    Attributes:
        row: Number of the first row, 0 for a file.
        source: The facts, without statements; None if they are refused.
        seen: Key to a fingerprint of its statement and the row where it stands, 0 for the file.
    """

    row: int
    source: Source | None
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)


def _nothing_there(_name: str, _place: Location) -> tuple[Source | None, list[Problem]]:
    """Say that there is no file of a source."""
    return None, []


@dataclass(slots=True)
class Checker:
    """Checks the rows of a table, in their order.

    Args:
        table: The table.
        links: What rows may refer to.
        there: Returns the source of an id that exists already, or why nothing can be added to it.
        heads: The sources that were met, by id.
    """

    table: Table
    links: Links
    there: Callable[[str, Location], tuple[Source | None, list[Problem]]] = _nothing_there
    heads: dict[str, Head] = field(default_factory=dict)

    def check(self, row: Row) -> tuple[Entry | None, list[Problem]]:
        """Make a statement of a row.

        Returns:
            The statement, if the row is right, and problems; neither for a statement that is there already.
        """
        if row.problems and has_errors(row.problems):
            return None, list(row.problems)
        name = row.cells.get("source", "")
        head, problems = (self.heads[name], []) if name in self.heads else self._meet(name, row)
        raw = _raw(row.cells)
        statement = _valid(raw)
        key = row.cells.get("key") or (_made_key(statement) if statement else "no-key")
        if statement is None or not self._is_right(row, key, statement):
            problems += self._mistakes(row, key, raw)
        if head.row != row.number:
            problems += self._other_facts(row, head)
        if problems or statement is None or head.source is None:
            return None, [*row.problems, *problems]
        return self._new(row, head, Entry(name, key, statement))

    # --- statements ------------------------------------------------------------------------------

    def _is_right(self, row: Row, key: str, statement: Statement) -> bool:
        """Say whether nothing at all is wrong with a row that the model accepts."""
        evidence = statement.evidence
        return (
            "unread" not in row.cells
            and KEY.fullmatch(key) is not None
            and len(key) <= LONGEST_ID
            and len(evidence.starts.split()) <= MAX_QUOTED_WORDS
            and len((evidence.ends or "").split()) <= MAX_QUOTED_WORDS
            and _is_clean("\n".join(row.cells.values()))
            and not any(self.links.check_statement(_NOWHERE, ("statements", key), statement, _ANY_SOURCE))
        )

    def _mistakes(self, row: Row, key: str, raw: dict[str, Any]) -> list[Problem]:
        """Say what is wrong with the statement of a row, as with one of a file."""
        unread = unread_cell(self.table, row)
        empty = empty_cells(self.table, row, _NEEDED)
        if any(name in row.cells for name in _AMOUNT):
            empty += empty_cells(self.table, row, ("number", "unit"))
        tree = Cells(self.table.file, {**_ANY, "statements": {key: raw}}, row=row.number)
        source, problems = records.source(tree)
        problems += check_text(tree)
        path = ("statements", key)
        for statement in source.statements.values() if source else ():
            problems += self.links.check_statement(tree, path, statement, _ANY_SOURCE)
            corpus = Corpus(
                _NO_DATASET,
                {},
                {"x": _ANY_SOURCE.model_copy(update={"statements": {key: statement}})},
                self.links.vocabulary,
            )
            problems += check_lengths(corpus, {statement_iri("x", key): tree.place((*path, "starts"))})
        told = in_columns(problems, self.table, row)
        return unread + empty + [one for one in told if not (empty and one.code in {"missing-key", "missing-evidence"})]

    def _new(self, row: Row, head: Head, entry: Entry) -> tuple[Entry | None, list[Problem]]:
        """Take a statement, unless there is one of its key."""
        fingerprint = hash(entry.statement)
        if entry.key not in head.seen:
            head.seen[entry.key] = fingerprint, row.number
            return entry, list(row.problems)
        other, number = head.seen[entry.key]
        if other == fingerprint:
            return None, []
        where = f"row {number}" if number else "the file of the source"
        if "key" in row.cells:
            message = f"Column 'key': {entry.key!r} is the key of another statement, in {where}."
        else:
            message = f"Column 'key': this says the same as {entry.key!r} in {where}, in other words."
        solution = "keep one of them, or give this one a key of its own."
        return None, [*row.problems, Problem("duplicate-id", self.table.place(row.number, "key"), message, solution)]

    # --- sources ---------------------------------------------------------------------------------

    def _meet(self, name: str, row: Row) -> tuple[Head, list[Problem]]:
        """Take the facts about a source from its file, or from its first row."""
        if not name:
            return Head(row.number, None), empty_cells(self.table, row, ("source",))
        found, problems = self.there(name, self.table.place(row.number, "source"))
        head = self.heads[name] = Head(0 if found else row.number, found)
        if found is not None:
            head.seen = {key: (hash(said), 0) for key, said in found.statements.items()}
            head.source = found.model_copy(update={"statements": {}})
        elif not problems:
            head.source, problems = self._new_source(name, row)
        return head, problems

    def _new_source(self, name: str, row: Row) -> tuple[Source | None, list[Problem]]:
        facts: dict[str, Any] = {fact: row.cells[fact] for fact in _FACTS if fact in row.cells}
        if "authors" in facts:
            facts["authors"] = _listed(facts["authors"])
        tree = Cells(self.table.file, {"id": name, **facts, "statements": {}}, row=row.number)
        found, problems = records.source(tree)
        problems += check_text(tree)
        if found is not None:
            # Whether the original is there can be told when all rows are read.
            problems += self.links.check_source(tree, found.model_copy(update={"derived_from": None}))
        empty = empty_cells(self.table, row, needed_in(FIRST_ROW))
        told = [one for one in in_columns(problems, self.table, row) if one.code != "missing-key"]
        return (None if empty or told else found), empty + told

    def _other_facts(self, row: Row, head: Head) -> Iterator[Problem]:
        """Compare the facts that a row repeats with those of the first row or the file."""
        if head.source is None:
            message = f"Column 'source': the source {row.cells['source']!r} is refused."
            place = self.table.place(row.number, "source")
            yield Problem("refused-source", place, message, f"see row {head.row}, and import this row again.")
            return
        for name in _FACTS:
            if name in row.cells and (said := _fact(head.source, name)) != _spelled(name, row.cells[name]):
                where = f"row {head.row}, the first of this source," if head.row else "the file of this source"
                other = f"says {said!r}" if said else "leaves it empty"
                message = f"Column {name!r}: {row.cells[name][:_SHOWN]!r}, but {where} {other}."
                place = self.table.place(row.number, name)
                yield Problem("other-fact", place, message, "type the same in both, or leave this cell empty.")

    def source(self, name: str) -> Source:
        """Return the facts about a source of which a row is right."""
        source = self.heads[name].source
        assert source is not None  # noqa: S101 - else the row would have been refused
        return source

    def lost_originals(self, known: frozenset[str]) -> Iterator[tuple[str, Problem]]:
        """Yield the sources that are copies of one that is not there; to be asked when all rows are read.

        Args:
            known: The ids of all sources that there are.
        """
        links = replace(self.links, sources=known)
        for name, head in self.heads.items():
            if head.row and head.source and head.source.derived_from:
                tree = Cells(self.table.file, row=head.row)
                for problem in in_columns(links.check_source(tree, head.source), self.table):
                    yield name, problem


def _is_clean(text: str) -> bool:
    """Say whether `check_text` finds nothing in a text; most texts are told at a glance."""
    return is_plain(text) if text.isascii() else not any(check_text(Tree("", text)))


def _raw(cells: dict[str, str]) -> dict[str, Any]:
    """Put the cells of a statement where they stand in a source file."""
    raw: dict[str, Any] = {name: cells[name] for name in _SAID if name in cells}
    raw["evidence"] = {name: cells[name] for name in _EVIDENCE if name in cells}
    if "via" in cells:
        raw["via"] = _listed(cells["via"])
    if "number" in cells or "unit" in cells or "bound" in cells:
        raw["amount"] = {name: cells[name] for name in _AMOUNT if name in cells}
    return raw


def _valid(raw: dict[str, Any]) -> Statement | None:
    try:
        return Statement.model_validate(raw)
    except ValidationError:
        return None


def _listed(text: str) -> list[str]:
    return [name for part in text.split(";") if (name := part.strip())]


def _fact(source: Source, name: str) -> str:
    """Return a fact about a source as it stands in a cell."""
    value = getattr(source, "derived_from" if name == "derivedFrom" else name)
    return "; ".join(value) if isinstance(value, tuple) else value or ""


def _spelled(name: str, cell: str) -> str:
    return "; ".join(_listed(cell)) if name == "authors" else cell


def _made_key(said: Statement) -> str:
    """Make a key of what is said, by whom and in which passage, so that it stays when the gist is mended.

    >>> from graphkit.model.records import Evidence
    >>> proof = Evidence(starts="paid", sha256="0" * 64)
    >>> _made_key(Statement(subject="council", relation="funded", object="lamps", gist="It paid.", evidence=proof))
    'funded-f2fb783c19e0'
    """
    amount = said.amount
    made = digest(
        said.speaker or "",
        said.stance,
        said.subject,
        said.relation,
        str(said.object or ""),
        said.value or "",
        *((amount.number, amount.unit, amount.bound) if amount else ("", "", "")),
        said.scope or "",
        said.when or "",
        said.said or "",
        said.evidence.sha256,
    )
    return f"{said.relation[: LONGEST_ID - _KEY_DIGITS - 1]}-{made[:_KEY_DIGITS]}"
