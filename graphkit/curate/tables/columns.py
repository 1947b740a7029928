"""The columns of a table of statements, from which the documentation, the template and the checks are made."""

from __future__ import annotations

import csv
import difflib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graphkit.model.did_you_mean import as_solution, did_you_mean
from graphkit.model.errors import GraphkitError, Location, MissingExtraError, Problem
from graphkit.model.files import replacing
from graphkit.model.text import counted, shortened

# The part of a source file that a column belongs to.
SOURCE, STATEMENT, AMOUNT, EVIDENCE, CORRECTION = "source", "statement", "amount", "evidence", "correction"
# Where a cell must be filled in.
EACH_ROW, FIRST_ROW, NOWHERE = "each row", "first row of a source", ""

MAX_COLUMNS = 100
# How many column names make a row a header, and in how many rows a header is looked for.
_ENOUGH = 3
_LOOKED_THROUGH = 20
_ALIKE = 0.6
_SHORTEST = 2
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the header.

    Attributes:
        needed: Where it must be filled in.
        form: The solution for a cell of the wrong form; "" if the message of the model is enough.
    """

    name: str
    part: str
    needed: str
    meaning: str
    example: str = ""
    form: str = ""


COLUMNS = (
    Column("source", SOURCE, EACH_ROW, "id of the source; its file is data/sources/ID.yaml", "example-minutes-2021"),
    Column("kind", SOURCE, FIRST_ROW, "kind of source, a word of the ontology", "official-document"),
    Column("publisher", SOURCE, FIRST_ROW, "entity that published it", "exampletown-council"),
    Column("title", SOURCE, FIRST_ROW, "title, as printed", "Minutes of the council"),
    Column("url", SOURCE, NOWHERE, "address of the page", "https://example.org/minutes"),
    Column("published", SOURCE, NOWHERE, "date of publication, EDTF", "2021-04-12"),
    Column("retrieved", SOURCE, NOWHERE, "day on which it was read, YYYY-MM-DD", "2021-05-01"),
    Column("derivedFrom", SOURCE, NOWHERE, "id of the source that this one copies or digests"),
    Column("authors", SOURCE, NOWHERE, "entities that wrote it, with ; between names"),
    Column("language", SOURCE, NOWHERE, "code of its language; default en", "en"),
    Column("licence", SOURCE, NOWHERE, "address of its licence, if more of it is used than quotations and facts"),
    Column(
        "key", STATEMENT, NOWHERE, "permanent name of the statement in its source; derived from the content if empty",
        "council-paid", "use letters, digits, - and _, and begin with a letter, as in council-paid.",
    ),
    Column("speaker", STATEMENT, NOWHERE, "entity that makes the statement; without this column, the publisher"),
    Column(
        "stance", STATEMENT, NOWHERE, "position of the speaker: asserts, denies, plans …; without this column, asserts",
        "asserts",
    ),
    Column("subject", STATEMENT, EACH_ROW, "entity that the statement is about", "exampletown-council"),
    Column("relation", STATEMENT, EACH_ROW, "relation, a word of the ontology", "funded"),
    Column("object", STATEMENT, NOWHERE, "entity at the other end; or fill in value", "street-cameras"),
    Column("value", STATEMENT, NOWHERE, "text, date or true/false, where the relation leads to one"),
    Column(
        "number", AMOUNT, NOWHERE, "the amount, in digits", "125000",
        "type digits, with a point for decimals and nothing between thousands, as in 1250000 or 12.5.",
    ),
    Column(
        "unit", AMOUNT, NOWHERE, "unit of the amount: GBP, percent, people …; needed with number", "GBP",
        "type a unit, such as GBP, percent or people.",
    ),
    Column(
        "bound", AMOUNT, NOWHERE,
        "exactly (default), at-least, at-most, more-than, less-than, nearly, almost, around", "around",
    ),
    Column("amountTo", AMOUNT, NOWHERE, "upper end of a range, in digits", "130000"),
    Column("amountOf", AMOUNT, NOWHERE, "entity that is counted"),
    Column("amountBase", AMOUNT, NOWHERE, "entity that is the whole of a share"),
    Column("amountPer", AMOUNT, NOWHERE, "period of a rate: year, quarter, month, week, day; or an entity", "year"),
    Column("amountKind", AMOUNT, NOWHERE, "stock, flow or cumulative", "flow"),
    Column(
        "qualifiers", STATEMENT, NOWHERE, "restrictions of the statement, with ; between them",
        "matter: street-cameras; manner: by hand", "type a qualifier, a colon and its value, as in manner: by hand.",
    ),
    Column("scope", STATEMENT, NOWHERE, "a restriction that fits no qualifier", "in 2020"),
    Column("when", STATEMENT, NOWHERE, "period for which it is said to hold, EDTF", "2020"),
    Column("said", STATEMENT, NOWHERE, "when it was said, EDTF", "2021-04-12"),
    Column("via", STATEMENT, NOWHERE, "who passed it on to the source, with ; between names"),
    Column("certainty", STATEMENT, NOWHERE, "certain (default), probable or possible", "probable"),
    Column("hedge", STATEMENT, NOWHERE, "words that limit the certainty of the speaker"),
    Column("basis", STATEMENT, NOWHERE, "first-hand (default), second-hand or inference", "second-hand"),
    Column("corrects", STATEMENT, NOWHERE, "statement that this one replaces: key, or source/key"),
    Column("reason", STATEMENT, NOWHERE, "key of the statement that gives the reason for this one"),
    Column("group", STATEMENT, NOWHERE, "name shared by statements whose passages overlap"),
    Column("publicity", STATEMENT, NOWHERE, "self-published, on-record, as-reported or leaked", "self-published"),
    Column("gist", STATEMENT, EACH_ROW, "one sentence of our own", "The council says that it paid for the cameras."),
    Column("starts", EVIDENCE, EACH_ROW, "first words of the passage", "The council paid for"),
    Column("ends", EVIDENCE, NOWHERE, "last words of the passage", "the street cameras."),
    Column(
        "sha256", EVIDENCE, EACH_ROW, "hash of the whole passage; graphkit quote prints it",
        "5f8b4f3e8f0c3ad0e4a1c1f04d6c2f4b1c9f8a7e6d5c4b3a29180706f5e4d3c2",
    ),
    Column(
        "passage", EVIDENCE, NOWHERE, "the whole passage, in place of starts, ends, sha256 and at; see --captures",
        "The council paid for the street cameras.",
    ),
    Column(
        "at", EVIDENCE, NOWHERE, "position of the passage in the normalised capture", "45",
        "type a whole number, or leave the cell empty.",
    ),
    Column("note", STATEMENT, NOWHERE, "anything for other curators"),
    Column("file", CORRECTION, NOWHERE, "file of a refused row; ignored on import"),
    Column("row", CORRECTION, NOWHERE, "number of a refused row in its file; ignored on import"),
    Column("problem", CORRECTION, NOWHERE, "reason for which a row was refused; ignored on import"),
    Column("unread", CORRECTION, NOWHERE, "text that could not be split into cells; must be empty"),
)  # fmt: skip

# The keys of an amount whose columns have longer names.
AMOUNT_KEYS = {"amountTo": "to", "amountOf": "of", "amountBase": "base", "amountPer": "per", "amountKind": "kind"}
AMOUNT_COLUMNS = {key: name for name, key in AMOUNT_KEYS.items()}
BY_NAME = {column.name: column for column in COLUMNS}
NAMES = tuple(BY_NAME)


def in_part(part: str) -> tuple[str, ...]:
    """Return the columns of a part of a source file."""
    return tuple(column.name for column in COLUMNS if column.part == part)


def needed_in(where: str) -> tuple[str, ...]:
    """Return the columns that must be filled in somewhere."""
    return tuple(column.name for column in COLUMNS if column.needed == where)


def _squeezed(name: str) -> str:
    """Return a column name without case, spaces, underscores and hyphens."""
    return "".join(name.casefold().split()).replace("_", "").replace("-", "")


_KNOWN = {_squeezed(name): name for name in NAMES}
# Headers of other programs, and of tables in German, French and Spanish.
_SYNONYMS: dict[str, list[str]] = {}
for _line in """
source: sourceid document doc quelle quellenid dokument sourcenr fuente documento
kind: sourcetype type typ art genre tipo
publisher: publication newspaper outlet herausgeber verlag editeur éditeur editor medio
title: headline name titel überschrift titre titulo título
url: link address website webpage uri href adresse lien enlace direccion dirección
published: date publicationdate pubdate datum veröffentlicht erschienen fecha
retrieved: accessed accessdate abgerufen consulté consultado
authors: author by writer autor autoren auteur auteurs autores
language: lang sprache langue idioma
key: id identifier statementid schlüssel clé clave
speaker: who actor person organisation organization sprecher sprecherin redner locuteur hablante
stance: position polarity attitude haltung postura
subject: from sourcenode head subjekt sujet sujeto
relation: type predicate property edge verb relationship beziehung prädikat relación relacion
object: to target targetnode tail objekt ziel objet objeto
value: wert valeur valor
number: amount sum quantity count betrag anzahl zahl montant nombre cantidad
unit: currency einheit währung unité devise unidad moneda
scope: context umfang portée alcance
when: period year time zeitraum jahr période année periodo año
said: datesaid gesagt dit dicho
via: through über
certainty: confidence
gist: summary label statement description claim aussage zusammenfassung résumé resumen
passage: quote quotation text excerpt citation zitat textstelle stelle passage extrait cita pasaje
sha256: hash checksum prüfsumme
note: notes comment comments remark bemerkung kommentar notiz remarque nota
""".strip().splitlines():
    _name, _, _words = _line.partition(": ")
    for _word in _words.split():
        _SYNONYMS.setdefault(_word, []).append(_name)
_MEANT = {**_SYNONYMS, **{word: [name] for word, name in _KNOWN.items()}}


def known(name: str) -> str:
    """Return the column that a header cell names, "" if none.

    >>> known("Derived from"), known("SHA-256"), known("comment")
    ('derivedFrom', 'sha256', '')
    """
    return name if name in BY_NAME else _KNOWN.get(_squeezed(name), "")


def count_known(header: Iterable[str]) -> int:
    """Count the cells of a row that name a column."""
    return sum(bool(known(name)) for name in header)


def count_meant(header: Iterable[str]) -> int:
    """Count the cells of a row that name a column, or mean one in another language or program."""
    return sum(_squeezed(name) in _MEANT for name in header)


def places(header: Sequence[str]) -> dict[str, int]:
    """Return the number of each column in a header, counted from 1.

    >>> places(["Source", "", "Object"])
    {'source': 1, 'object': 3}
    """
    return {name: number for number, cell in enumerate(header, 1) if (name := known(cell))}


def check_header(
    file: str, header: Sequence[str], below: Iterable[Sequence[str]], *, facts: bool = True
) -> list[Problem]:
    """Return the problems of the first row of a table.

    Args:
        below: The rows under it; some of them are read if the first row is no header.
        facts: Whether the columns with the metadata of sources are needed too.
    """
    if count_known(header) < min(_ENOUGH, len(header)) or not header:
        for number, row in zip(range(2, _LOOKED_THROUGH + 2), below, strict=False):
            if count_known(row) >= _ENOUGH:
                message = f"The header is in row {number}, not in row 1."
                return [Problem("no-header", Location(file, number), message, "delete the rows above it.")]
        if not any(map(_nearest, header)):
            shown = ", ".join(repr(shortened(cell)) for cell in header[:_ENOUGH]) or "nothing"
            message = f"Row 1 is read as the header, and no cell in it names a column; it has {shown}."
            solution = f"name the columns, with a comma, a semicolon or a tab between. {_TEMPLATE}"
            return [Problem("no-header", Location(file, 1), message, solution)]
    if len(header) > MAX_COLUMNS:
        message = f"The header has {counted(len(header), 'column')}; {len(NAMES)} are known."
        return [Problem("no-header", Location(file, 1), message, f"remove the others. {_TEMPLATE}")]
    found = places(header)
    return [
        *(unknown_column(cell, Location(file, 1, number)) for number, cell in enumerate(header, 1) if not known(cell)),
        *_twice(file, header, found),
        *(_missing(file, name) for name in _needed(found, facts=facts) if name not in found),
    ]


_TEMPLATE = "graphkit import --template prints a header."
# The columns that a passage replaces.
HASHED = ("starts", "ends", "sha256", "at")


def _needed(found: Mapping[str, int], *, facts: bool) -> tuple[str, ...]:
    asked = {EACH_ROW, FIRST_ROW} if facts else {EACH_ROW}
    replaced = HASHED if "passage" in found else ()
    return tuple(column.name for column in COLUMNS if column.needed in asked and column.name not in replaced)


def unknown_column(cell: str, location: Location) -> Problem:
    """Return the problem of a header cell or key that names no column, with the nearest columns."""
    if not cell.strip() or cell.startswith("Unnamed:"):
        solution = "name it, or remove it (pandas: index=False); if cells of the header are merged, split them."
        return Problem("unknown-column", location, "A column has no name.", solution)
    near = _nearest(cell)
    solution = f"{as_solution(did_you_mean(near))} Or remove it." if near else f"remove it. {_TEMPLATE}"
    return Problem("unknown-column", location, f"{shortened(cell)!r} is not a column.", solution)


def _nearest(cell: str) -> list[str]:
    """Return the columns that a cell means in another language or program, or almost spells."""
    word = _squeezed(cell)[:_SHOWN]
    if word in _MEANT:
        return _MEANT[word]
    alike = difflib.get_close_matches(word, _MEANT, n=3, cutoff=_ALIKE) if len(word) > _SHORTEST else []
    return list(dict.fromkeys(name for other in alike for name in _MEANT[other]))


def _twice(file: str, header: Sequence[str], found: Mapping[str, int]) -> Iterator[Problem]:
    counts = Counter(map(known, header))
    for name in found:
        if counts[name] > 1:
            numbers = [number for number, cell in enumerate(header, 1) if known(cell) == name]
            message = f"The column {name!r} occurs more than once: columns {', '.join(map(str, numbers))}."
            yield Problem("duplicate-column", Location(file, 1, numbers[1]), message, "keep one of them.")


def _missing(file: str, name: str) -> Problem:
    column = BY_NAME[name]
    message = f"The column {name!r} is missing: {column.meaning}."
    solution = f"add it; a cell looks like this: {column.example}"
    if name in HASHED:
        solution = "add it, or a column passage with the whole passage in its cells."
    return Problem("missing-column", Location(file, 1), message, solution)


def template() -> str:
    """Return an empty table: a CSV header."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(column.name for column in COLUMNS if column.part != CORRECTION)
    return out.getvalue()


def write_template(path: Path) -> None:
    """Write an empty table; existing files are not overwritten."""
    if path.exists():
        raise GraphkitError(f"{path} exists already.", "Name a new file.")
    writers = {".csv": _write_csv, ".xlsx": _write_workbook}
    if path.suffix.lower() not in writers:
        raise GraphkitError(f"{path} is not a table that can be written.", "Name a .csv or an .xlsx file.")
    try:
        with replacing(path) as beside:
            writers[path.suffix.lower()](beside)
    except OSError as error:
        raise GraphkitError(f"{path} cannot be written: {error.strerror}.", "Name another folder.") from error


def _write_csv(path: Path) -> None:
    path.write_text(template(), encoding="utf-8", newline="\n")


def _write_workbook(path: Path) -> None:
    """Write a workbook with text cells only, so that no spreadsheet changes a date or a number."""
    try:
        from openpyxl import Workbook
        from openpyxl.comments import Comment
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter
    except ImportError as error:
        raise MissingExtraError("openpyxl", "curate") from error
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "statements"
    sheet.freeze_panes = "A2"
    for number, column in enumerate((column for column in COLUMNS if column.part != CORRECTION), 1):
        cell = sheet.cell(1, number, column.name)
        cell.font = Font(bold=bool(column.needed))
        needed = f"Needed in: {column.needed}. " if column.needed else ""
        example = f" Example: {column.example}" if column.example else ""
        cell.comment = Comment(f"{needed}{column.meaning}.{example}", "graphkit")
        letter = sheet.column_dimensions[get_column_letter(number)]
        letter.number_format = "@"
        letter.width = max(14, len(column.name) + 2)
    workbook.save(path)
