"""Records without the parts that the model refuses, so that the rest of a row is checked in the same run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from graphkit.curate.tables.columns import AMOUNT_COLUMNS, EVIDENCE, NAMES, in_part
from graphkit.model.errors import Problem
from graphkit.model.fields import Record

_Model = TypeVar("_Model", bound=Record)
ENDS = frozenset({"object", "value", "number"})
PROOF = {"starts": "x", "sha256": "0" * 64}
_AMOUNT = {"number": "1", "unit": "people"}
_FITTING = {"subject": "x", "relation": "x", "gist": "x", "kind": "x", "publisher": "x", "title": "x"}


def completed(model: type[_Model], raw: Mapping[str, Any]) -> tuple[_Model | None, frozenset[str]]:
    """Return a record with a word in place of each part that the model refuses, and the columns of these parts."""
    try:
        return model.model_validate(raw), frozenset()
    except ValidationError as error:
        wrong = [tuple(map(str, detail["loc"])) for detail in error.errors(include_url=False)]
    parts = dict(raw)
    columns = frozenset(name for path in wrong for name in _replace(parts, path))
    try:
        return model.model_validate(parts), columns
    except ValidationError:
        return None, columns


def _replace(parts: dict[str, Any], path: tuple[str, ...]) -> frozenset[str]:
    """Replace a part of a record and return its columns."""
    match path:
        case ():
            parts["value"] = "x"
            parts.pop("object", None)
            return ENDS
        case ("evidence", *_):
            parts["evidence"] = PROOF
            return frozenset(in_part(EVIDENCE))
        case ("amount",):
            parts["amount"] = {key: text for key, text in parts["amount"].items() if key not in {"to", "bound"}}
            return frozenset({"amountTo", "bound"})
        case ("amount", key, *_):
            kept = {name: text for name, text in parts["amount"].items() if name != key}
            parts["amount"] = kept | {name: text for name, text in _AMOUNT.items() if name == key}
            return frozenset({AMOUNT_COLUMNS.get(key, key)})
    parts.pop(path[0], None)
    parts |= {name: text for name, text in _FITTING.items() if name == path[0]}
    return frozenset({path[0]})


def column_of(problem: Problem) -> str:
    """Return the column of a problem of `Cells`, "" if it is about the whole row."""
    return NAMES[problem.location.column - 1] if problem.location.column else ""
