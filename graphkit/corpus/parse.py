"""Turns trees into records; each error of pydantic becomes a located problem."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from graphkit.corpus.amount_hints import suggest_amount
from graphkit.corpus.yaml_tree import Tree
from graphkit.model.codebook import Codebook, Concept
from graphkit.model.dataset import DatasetFile
from graphkit.model.date_hints import WRITE_EDTF
from graphkit.model.did_you_mean import as_solution, instead
from graphkit.model.errors import Problem
from graphkit.model.fields import Record
from graphkit.model.iris import SLUG
from graphkit.model.records import (
    KEY,
    LONGEST_ID,
    Amount,
    Entity,
    EntityFile,
    Merge,
    Merges,
    Source,
    Split,
    Statement,
)
from graphkit.model.text import counted, shortened

_Model = TypeVar("_Model", bound=Record)

_PATTERNS = {
    "sha256": "give 64 hexadecimal digits, in small letters; graphkit quote SOURCE 'words' prints them.",
    **dict.fromkeys(("retrieved", "released", "date"), "give a day as YYYY-MM-DD."),
    "wikidata": "give a Wikidata number such as Q1139213.",
    "language": "give a language code such as en.",
    "version": "give a version such as 1.0.0.",
    "unverifiedShare": "give a share from 0 to 1, such as 0.05.",
    "any": "name two or more entities: {any: [st-giles-trust, redthread]}.",
    "corrects": "name a statement by its key, or as source/key.",
    "reason": "name a statement of the same source by its key.",
    "number": "type digits, with a point for decimals and nothing between thousands, as in 1250000 or 12.5.",
    "amount": "write the number and its unit: {number: 45000, unit: GBP}.",
    **dict.fromkeys(("when", "said", "published"), WRITE_EDTF),
    "proposed": "write true, or delete the line: then the statement is accepted.",
}
_TYPES = {
    "string_type": "write a text, in double quotes.",
    **dict.fromkeys(("dict_type", "model_type"), "write keys and values, as in {key: value}."),
}
# Longer values are cut, and longer lists are not printed.
_SHOWN = 80
_SLUG = "use small letters, digits and hyphens, and begin with a letter, as in home-office."


def dataset(tree: Tree) -> tuple[DatasetFile | None, list[Problem]]:
    """Make the dataset record of `dataset.yaml`."""
    return _record(DatasetFile, tree, tree.root, ())


def entities(tree: Tree) -> tuple[dict[str, Entity], list[Problem]]:
    """Make the entities of a file; a wrong entity does not hide the others."""
    found, problems = _entries(Entity, tree, "entities", SLUG)
    return found, problems + _record(EntityFile, tree, _head(tree, "entities"), ())[1]


def source(tree: Tree) -> tuple[Source | None, list[Problem]]:
    """Make a source; omit the statements that have errors."""
    statements, problems = _entries(Statement, tree, "statements", KEY)
    record, others = _record(Source, tree, _head(tree, "statements"), ())
    if record is not None:
        record = record.model_copy(update={"statements": statements})
    return record, problems + others


def merges(tree: Tree) -> tuple[Merges, list[Problem]]:
    """Make the record of `merges.yaml`; omit the entries that have errors."""
    entries, problems = _entries(Merge, tree, "merges", SLUG)
    splits, others = _entries(Split, tree, "splits", SLUG)
    _, unread = _record(Merges, tree, _head(tree, "merges", "splits"), ())
    return Merges.model_construct(merges=entries, splits=splits), [*problems, *others, *unread]


def codebook(tree: Tree) -> tuple[Codebook, list[Problem]]:
    """Make the record of `codebook.yaml`; omit the concepts that have errors."""
    concepts, problems = _entries(Concept, tree, "concepts", SLUG)
    record, others = _record(Codebook, tree, _head(tree, "concepts"), ())
    found = record or Codebook()
    return found.model_copy(update={"concepts": concepts}), [*problems, *others]


def _head(tree: Tree, *parts: str) -> object:
    """Return a file without its entries, which are read separately."""
    if isinstance(tree.root, dict):
        return {**tree.root, **{part: {} for part in parts if isinstance(tree.root.get(part), dict)}}
    return tree.root


def _entries(
    model: type[_Model], tree: Tree, part: str, names: re.Pattern[str]
) -> tuple[dict[str, _Model], list[Problem]]:
    raw = tree.root.get(part) if isinstance(tree.root, dict) else None
    found: dict[str, _Model] = {}
    problems: list[Problem] = []
    for key, value in raw.items() if isinstance(raw, dict) else ():
        if not names.fullmatch(key) or len(key) > LONGEST_ID:
            problems.append(Problem("invalid-id", tree.key_place((part, key)), f"{key!r} cannot be an id.", _SLUG))
        record, wrong = _record(model, tree, value, (part, key))
        problems += [*wrong, *(_valueless(tree, value, (part, key)) if model is Statement else ())]
        if record is not None:
            found[key] = record
    return found, problems


def _valueless(tree: Tree, node: object, path: tuple[str | int, ...]) -> Iterator[Problem]:
    """Yield a problem for each key of a statement without a value, which would be read as its default."""
    for key, value in node.items() if isinstance(node, dict) else ():
        if value is None and key in _OPTIONAL:
            solution = f"fill it in: {key}: …, or delete the line."
            yield Problem("missing-key", tree.key_place((*path, key)), f"{key!r} has no value.", solution)
        yield from _valueless(tree, value, (*path, key))


_OPTIONAL = frozenset(
    field.alias or name
    for name, field in {**Statement.model_fields, **Amount.model_fields}.items()
    if not field.is_required() and name not in {"note", "proposed"}
)


def _record(
    model: type[_Model], tree: Tree, value: object, path: tuple[str | int, ...]
) -> tuple[_Model | None, list[Problem]]:
    try:
        return model.model_validate(_without_empty(value)), []
    except ValidationError as error:
        return None, [_problem(model, tree, path, detail) for detail in error.errors(include_url=False)]


def _without_empty(value: object) -> object:
    # An empty scalar counts as a missing key.
    if isinstance(value, Mapping):
        return {key: part for key, part in value.items() if part is not None}
    return {} if value is None else value


def _problem(model: type[Record], tree: Tree, above: Sequence[str | int], detail: ErrorDetails) -> Problem:
    path = (*above, *_typed(detail["loc"]))
    last = str(path[-1]) if path else "file"
    kind = detail["type"]
    if kind == "missing" and last == "evidence":
        message = f"Statement {path[-2]!r} has no evidence."
        solution = "add evidence; graphkit quote SOURCE 'words of the passage' prints it."
        return Problem("missing-evidence", tree.key_place(path[:-1]), message, solution)
    if kind == "missing":
        return _missing(tree, path, last)
    if kind == "extra_forbidden":
        return _unknown_key(tree, path, _keys(model, detail["loc"][:-1]))
    if kind in {"range", "alternatives"}:
        return _inconsistent(tree, path, detail)
    if kind == "object_or_value":
        message = f"{last!r} {detail['msg']}."
        return Problem(
            "object-or-value", tree.key_place(path), message, "keep one of the keys object and value, or amount alone."
        )
    return _invalid(tree, path, detail)


def _inconsistent(tree: Tree, path: Sequence[str | int], detail: ErrorDetails) -> Problem:
    """Return a problem of several keys or values that do not fit each other."""
    place, message, solution = tree.key_place(path), detail["msg"], detail["ctx"]["solution"]
    if detail["type"] == "range":
        return Problem("invalid-range", place, message, solution)
    return Problem("invalid-alternatives", place, message, solution)


def _invalid(tree: Tree, path: Sequence[str | int], detail: ErrorDetails) -> Problem:
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "file")
    if detail["type"] == "address":
        shown = "" if "@" in (text := str(detail["input"])) else f" {shortened(text)!r}"  # not a password
        message = f"{name}{shown}: {detail['msg']}"
        return Problem("invalid-address", tree.place(path), message, detail["ctx"]["solution"])
    if detail["type"] == "identifier":
        return Problem("invalid-identifier", tree.place(path), f"{name}: {detail['msg']}", detail["ctx"]["solution"])
    if detail["type"] == "future":
        return Problem("released-later", tree.place(path), f"{name}: {detail['msg']}", detail["ctx"]["solution"])
    shown = repr(detail["input"])
    message = f"{name}: {shown if len(shown) < _SHOWN else shown[: _SHOWN - 1] + '…'} is not allowed here."
    amount = suggest_amount(str(detail["input"])) if name in {"number", "to"} else ""
    solution = amount or _PATTERNS.get(name) or _generic(detail)
    return Problem("invalid-value", tree.place(path), message, solution)


def _generic(detail: ErrorDetails) -> str:
    if detail["type"] in {"string_too_short", "string_too_long"}:
        most = detail["type"] == "string_too_long"
        number = detail["ctx"]["max_length" if most else "min_length"]
        return f"write at {'most' if most else 'least'} {counted(number, 'character')}."
    if detail["type"] == "tuple_type":
        return f"write a list: [{shortened(str(detail['input']))}]."
    context = detail.get("ctx", {})
    if detail["type"] == "literal_error":
        return near(str(detail["input"]), re.findall("'([^']*)'", context["expected"]))
    if detail["type"] == "value_error":
        return f"{context['error']}."
    pattern = str(context.get("pattern", ""))
    other = _TYPES.get(detail["type"], f"{detail['msg'].lower()}.")
    return _as_id(str(detail["input"])) if "a-z0-9" in pattern else other


def _as_id(text: str) -> str:
    """Return a solution for a text that is no id.

    >>> _as_id("Example Gazette").partition(";")[0]
    'type example-gazette if that is the id'
    """
    plain = unicodedata.normalize("NFKD", text)
    if foreign := next((char for char in plain if char.isalpha() and not char.isascii()), ""):
        return f"{foreign!r} is {unicodedata.name(foreign, 'another letter').lower()}; {_SLUG}"
    found = "-".join(re.findall("[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower()))
    return f"type {found} if that is the id; {_SLUG}" if SLUG.fullmatch(found) and len(found) < _SHOWN else _SLUG


def _typed(loc: Sequence[str | int]) -> Iterator[str | int]:
    # After "object", pydantic adds the form of the object to the path.
    return (part for number, part in enumerate(loc) if number == 0 or loc[number - 1] != "object")


def _keys(model: type[Record], loc: Sequence[str | int]) -> Iterable[str]:
    """Return the keys of the record at a place inside another; those of the outer one if the place is not known."""
    for part in loc:
        inner = _records(model.model_fields[part].annotation) if part in model.model_fields else []
        model = inner[0] if len(inner) == 1 else model
    return (field.alias or name for name, field in model.model_fields.items())


def _records(annotation: object) -> list[type[Record]]:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return [annotation]
    return [found for part in get_args(annotation) for found in _records(part)]


def _missing(tree: Tree, path: Sequence[str | int], name: str) -> Problem:
    if tree.has_key(path):
        return Problem("missing-key", tree.key_place(path), f"{name!r} has no value.", f"fill it in: {name}: …")
    return Problem("missing-key", tree.key_place(path[:-1]), f"{name!r} is missing.", f"add a line: {name}: …")


def _unknown_key(tree: Tree, path: Sequence[str | int], known: Iterable[str]) -> Problem:
    name = str(path[-1])
    odd = next((char for char in name if not char.isascii()), "")
    message = f"{name!r} is not a key here."
    message += f" It has the character {unicodedata.name(odd, 'without a name').lower()}." if odd else ""
    known = [*known]
    solution = _PATTERNS["number"] if name.isdecimal() and "number" in known else near(name, known)
    return Problem("unknown-key", tree.key_place(path), message, solution)


def near(word: str, known: Iterable[str]) -> str:
    """Return a solution that names the known words nearest to an unknown word.

    >>> near("fundet", ["funded", "launched"])
    'did you mean funded?'
    """
    return as_solution(instead(word, sorted(known)))
