"""Rows into statements: each row gets the same checks as a source file, and a key; nothing is written here.

A correct row takes the short path: one check of its characters, one of the model, one of the links. Only a row with a
mistake goes through the functions that read source files, which locate each mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from graphkit.corpus import parse as records
from graphkit.corpus.evidence import is_too_long, too_long
from graphkit.corpus.lint import check_text, is_ambiguous_number, is_plain
from graphkit.corpus.references import Links
from graphkit.corpus.tombstones import erased
from graphkit.corpus.yaml_tree import Tree
from graphkit.curate.tables.blanks import Blanks
from graphkit.curate.tables.columns import (
    AMOUNT,
    AMOUNT_KEYS,
    EACH_ROW,
    EVIDENCE,
    FIRST_ROW,
    HASHED,
    SOURCE,
    STATEMENT,
    in_part,
    needed_in,
)
from graphkit.curate.tables.completion import column_of, completed
from graphkit.curate.tables.passages import Passages
from graphkit.curate.tables.problems import (
    Cells,
    empty_cells,
    first_of_each_cell,
    in_columns,
    is_wrong,
    unread_cell,
    without_stand_ins,
)
from graphkit.curate.tables.table import Row, StatementTable
from graphkit.model.errors import Level, Location, Problem, has_errors
from graphkit.model.iris import digest, source_iri, statement_iri
from graphkit.model.records import KEY, LONGEST_ID, Source, Statement, Tombstone

_FACTS = tuple(name for name in in_part(SOURCE) if name != "source")
_SAID = tuple(name for name in in_part(STATEMENT) if name not in {"key", "via", "qualifiers"})
_AMOUNT, _EVIDENCE = in_part(AMOUNT), in_part(EVIDENCE)
_NEEDED = tuple(name for name in needed_in(EACH_ROW) if name != "source")
_KEY_DIGITS = 12
_SHOWN = 60
# Replaces a source whose metadata are wrong or unknown, so that its rows can be checked all the same.
_ANY: dict[str, Any] = {"id": "x", "kind": "x", "publisher": "x", "title": "x"}
_NOWHERE = Tree("")
_ANY_SOURCE = Source.model_construct(**_ANY, statements={})


@dataclass(frozen=True, slots=True)
class Entry:
    """A correct row."""

    source: str
    key: str
    statement: Statement


@dataclass(slots=True)
class SourceHead:
    """The metadata of a source, from its first row or from its existing file.

    Attributes:
        row: Number of the first row, 0 for a file.
        table: The table with the first row.
        source: The metadata, without statements; None if they were refused.
        seen: Key to a fingerprint of its statement, its table and the number of its row, 0 for the file.
    """

    row: int
    table: str
    source: Source | None
    seen: dict[str, tuple[int, str, int]] = field(default_factory=dict)

    def is_copy(self) -> bool:
        """Return whether the table itself has the source, as a copy of another source."""
        return bool(self.row and self.source and self.source.derived_from)


def _no_file(_name: str, _location: Location) -> tuple[Source | None, list[Problem]]:
    """Return the answer for a source without a file."""
    return None, []


@dataclass(slots=True)
class Checker:
    """Checks the rows of a table, in order.

    Args:
        existing: Returns an existing source by its id, or the reason why nothing can be added to it.
        heads: The sources of the rows so far, by id.
        stones: The marks of erased things, which are refused.
    """

    table: StatementTable
    links: Links
    existing: Callable[[str, Location], tuple[Source | None, list[Problem]]] = _no_file
    passages: Passages = field(default_factory=Passages)
    heads: dict[str, SourceHead] = field(default_factory=dict)
    stones: Sequence[Tombstone] = ()
    blanks: Blanks = field(init=False)

    def __post_init__(self) -> None:
        self.blanks = Blanks(self.table)

    def check(self, row: Row) -> tuple[Entry | None, list[Problem]]:
        """Make a statement of a row.

        Returns:
            The statement, if the row is correct, and problems; neither for a statement that exists already.
        """
        if not row.cells and has_errors(row.problems):
            return None, list(row.problems)
        row, empty = without_stand_ins(self.table, row)
        problems = first_of_each_cell(list(row.problems), empty)
        faults = list(self.blanks.find(row))
        name = row.cells.get("source", "")
        head, others = (self.heads[name], []) if name in self.heads else self._open_source(name, row)
        faults += others
        if head.row == row.number and is_wrong(problems, _FACTS):
            head.source = None
        if "passage" in row.cells:
            row, found = self.passages.hashed(row, self.table, head.source)
            problems += found
        raw = _raw(row.cells)
        statement = _valid(raw)
        key = row.cells.get("key") or (_made_key(statement) if statement else "no-key")
        if statement is None or not self._is_correct(row, key, statement):
            faults += self._mistakes(row, key, raw)
        if head.row != row.number:
            faults += self._other_facts(row, head)
        problems = first_of_each_cell(problems, faults)
        if has_errors(problems) or statement is None or head.source is None:
            return None, problems
        if self.stones and (gone := self._erased(row, name, key)):
            return None, [*problems, *gone]
        return self._new(replace(row, problems=tuple(problems)), head, Entry(name, key, statement))

    # --- statements ------------------------------------------------------------------------------

    def _is_correct(self, row: Row, key: str, statement: Statement) -> bool:
        """Return whether a row that the model accepts passes every other check too."""
        return (
            "unread" not in row.cells
            and KEY.fullmatch(key) is not None
            and len(key) <= LONGEST_ID
            and not is_too_long(statement.evidence)
            and _is_clean("\n".join(row.cells.values()))
            and not any(is_ambiguous_number(row.cells.get(name, "")) for name in ("number", "amountTo"))
            and not any(self.links.check_statement(_NOWHERE, ("statements", key), statement, _ANY_SOURCE))
        )

    def _mistakes(self, row: Row, key: str, raw: dict[str, Any]) -> list[Problem]:
        """Return the problems of the statement of a row, found as in a source file."""
        unread = unread_cell(self.table, row)
        has_passages = "passage" in self.table.places and "starts" not in self.table.places
        asked = [name for name in _NEEDED if not (has_passages and name in HASHED)]
        empty = empty_cells(self.table, row, [*asked, *["passage"] * (has_passages and "starts" not in row.cells)])
        if any(name in row.cells for name in _AMOUNT):
            empty += empty_cells(self.table, row, ("number", "unit"))
        tree = Cells(self.table.file, {**_ANY, "statements": {key: raw}}, row=row.number)
        _, problems = records.source(tree)
        problems += check_text(tree)
        path = ("statements", key)
        statement, replaced = completed(Statement, raw)
        if statement:
            linked = self.links.check_statement(tree, path, statement, _ANY_SOURCE)
            problems += [problem for problem in linked if column_of(problem) not in replaced]
            problems += [too_long(tree.place((*path, "starts")))] * is_too_long(statement.evidence)
        if empty:
            problems = [problem for problem in problems if problem.code not in {"missing-key", "missing-evidence"}]
        return unread + empty + in_columns(problems, self.table, row)

    def _erased(self, row: Row, source: str, key: str) -> list[Problem]:
        """Return the problems of a row whose source or statement was erased."""
        ids = {source_iri(source): "source", statement_iri(source, key): "key"}
        return list(erased({iri: self.table.place(row.number, name) for iri, name in ids.items()}, self.stones))

    def _new(self, row: Row, head: SourceHead, entry: Entry) -> tuple[Entry | None, list[Problem]]:
        """Return a statement, unless its key is taken."""
        fingerprint = hash(entry.statement)
        if entry.key not in head.seen:
            head.seen[entry.key] = fingerprint, self.table.file, row.number
            return entry, list(row.problems)
        other, table, number = head.seen[entry.key]
        if other == fingerprint:
            return None, []
        where = self._row(table, number) if number else "the file of the source"
        if "key" in row.cells:
            message = f"Column 'key': {entry.key!r} is the key of another statement, in {where}."
        else:
            message = f"Column 'key': this says the same as {entry.key!r} in {where}, in other words."
        solution = "keep one of them, or give this one a key of its own."
        return None, [*row.problems, Problem("duplicate-id", self.table.place(row.number, "key"), message, solution)]

    # --- sources ---------------------------------------------------------------------------------

    def _open_source(self, name: str, row: Row) -> tuple[SourceHead, list[Problem]]:
        """Read the metadata of a source from its file, or from its first row."""
        if not name:
            return SourceHead(row.number, self.table.file, None), empty_cells(self.table, row, ("source",))
        found, problems = self.existing(name, self.table.place(row.number, "source"))
        head = self.heads[name] = SourceHead(0 if found else row.number, self.table.file, found)
        if found is not None:
            head.seen = {key: (hash(statement), "", 0) for key, statement in found.statements.items()}
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
        whole, replaced = completed(Source, {"id": name, **facts, "statements": {}})
        if whole:
            # Only the last row decides whether the original exists.
            linked = self.links.check_source(tree, whole.model_copy(update={"derived_from": None}))
            problems += [problem for problem in linked if column_of(problem) not in replaced]
        if found is not None and "passage" in row.cells and self.passages.captures:
            found = found.model_copy(update={"capture": self.passages.captures.capture_of(name)})
        empty = empty_cells(self.table, row, needed_in(FIRST_ROW))
        others = in_columns((problem for problem in problems if problem.code != "missing-key"), self.table, row)
        return (None if empty or has_errors(others) else found), empty + others

    def _other_facts(self, row: Row, head: SourceHead) -> Iterator[Problem]:
        """Compare the metadata that a row repeats with those of the first row or the file."""
        if head.source is None:
            message = f"Column 'source': the source {row.cells['source']!r} is refused."
            location = self.table.place(row.number, "source")
            yield Problem(
                "refused-source",
                location,
                message,
                f"see {self._row(head.table, head.row)}, and import this row again.",
            )
            return
        for name in _FACTS:
            if name in row.cells and (statement := _fact(head.source, name)) != _spelled(name, row.cells[name]):
                first = self._row(head.table, head.row)
                where = f"{first}, the first of this source," if head.row else "the file of this source"
                other = f"says {statement!r}" if statement else "leaves it empty"
                message = f"Column {name!r}: {row.cells[name][:_SHOWN]!r}, but {where} {other}."
                location = self.table.place(row.number, name)
                yield Problem("other-fact", location, message, "type the same in both, or leave this cell empty.")

    def _row(self, table: str, number: int) -> str:
        """Return a row in words; a row of another table has its name."""
        return f"row {number}" if table == self.table.file else f"row {number} of {table}"

    def source(self, name: str) -> Source:
        """Return the metadata of a source with a correct row."""
        source = self.heads[name].source
        assert source is not None  # noqa: S101 - else the row would have been refused
        return source

    def orphans(self, existing: frozenset[str]) -> Iterator[tuple[str, Problem]]:
        """Yield the copies whose original does not exist, and then the copies of those; call it after the last row.

        Args:
            existing: The ids of all sources, in the workspace and in the table.
        """
        while found := [(name, problem) for name, problem in self._orphans(existing) if name in existing]:
            yield from found
            existing -= {name for name, _ in found}

    def _orphans(self, existing: frozenset[str]) -> Iterator[tuple[str, Problem]]:
        links = replace(self.links, sources=existing)
        for name, head in self.heads.items():
            if head.source and head.is_copy():
                tree = Cells(self.table.file, row=head.row)
                problems = [
                    problem for problem in links.check_source(tree, head.source) if problem.level is Level.ERROR
                ]
                for problem in in_columns(problems, self.table):
                    yield name, problem


def _is_clean(text: str) -> bool:
    """Return whether `check_text` finds nothing in a text; plain ASCII needs no closer look."""
    return is_plain(text) if text.isascii() else not any(check_text(Tree("", text)))


def _raw(cells: dict[str, str]) -> dict[str, Any]:
    """Return the cells of a statement in the structure of a source file."""
    raw: dict[str, Any] = {name: cells[name] for name in _SAID if name in cells}
    raw["evidence"] = {name: cells[name] for name in _EVIDENCE if name in cells}
    if "via" in cells:
        raw["via"] = _listed(cells["via"])
    if "qualifiers" in cells:
        parts = (part.partition(":") for part in _listed(cells["qualifiers"]))
        raw["qualifiers"] = {name.strip(): value.strip() for name, _, value in parts}
    if any(name in cells for name in _AMOUNT):
        raw["amount"] = {AMOUNT_KEYS.get(name, name): cells[name] for name in _AMOUNT if name in cells}
    return raw


def _valid(raw: dict[str, Any]) -> Statement | None:
    try:
        return Statement.model_validate(raw)
    except ValidationError:
        return None


def _listed(text: str) -> list[str]:
    return [name for part in text.split(";") if (name := part.strip())]


def _fact(source: Source, name: str) -> str:
    """Return a metadata value of a source as a cell."""
    value = getattr(source, "derived_from" if name == "derivedFrom" else name)
    return "; ".join(value) if isinstance(value, tuple) else value or ""


def _spelled(name: str, cell: str) -> str:
    return "; ".join(_listed(cell)) if name == "authors" else cell


def _made_key(statement: Statement) -> str:
    """Derive a key from the content, the speaker and the passage, so that it stays when the gist is corrected.

    >>> from graphkit.model.records import Evidence
    >>> proof = Evidence(starts="paid", sha256="0" * 64)
    >>> _made_key(Statement(subject="council", relation="funded", object="lamps", gist="It paid.", evidence=proof))
    'funded-f2fb783c19e0'
    """
    amount = statement.amount
    made = digest(
        statement.speaker or "",
        statement.stance,
        statement.subject,
        statement.relation,
        str(statement.object or ""),
        statement.value or "",
        *((amount.number, amount.unit, amount.bound) if amount else ("", "", "")),
        statement.scope or "",
        statement.when or "",
        statement.said or "",
        statement.evidence.sha256,
        *(f"{name}={value}" for name, value in (amount.further.items() if amount else ())),
        *(f"{name}: {value}" for name, value in sorted(statement.qualifiers.items())),
    )
    return f"{statement.relation[: LONGEST_ID - _KEY_DIGITS - 1]}-{made[:_KEY_DIGITS]}"
