"""The record of a discourse network: JSON from which the network can be made again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from graphkit.analysis.discourse.coded import Coded, Dates, coded
from graphkit.analysis.discourse.projection import Projection, project
from graphkit.analysis.discourse.settings import Projecting
from graphkit.model.errors import QueryError


def number(weight: float) -> float | int:
    """Return whole numbers as such.

    >>> number(2.0), number(0.5)
    (2, 0.5)
    """
    return int(weight) if weight.is_integer() else weight


def about(projection: Projection) -> dict[str, Any]:
    """Return what a network was made of and how: version, settings, counts, labels and IRIs."""
    given = _given(projection)
    return {
        "graphkit": version("graphkit"),
        "kind": projection.kind,
        "settings": projection.settings.as_dict(),
        "notes": projection.notes,
        "left_out": projection.left_out,
        "counted": len(projection.coded),
        "reason": projection.reason,
        "rows": list(projection.rows),
        "columns": list(projection.columns),
        "iris": projection.iris,
        "qualifier": given.qualifier,
        "scale": given.scale,
    }


def compact(projection: Projection) -> str:
    """Return the record in ASCII on one line and without ties, for a format that holds them itself."""
    return json.dumps({**about(projection), "coded": _rows(_given(projection))})


def record(projection: Projection) -> str:
    """Return the record with one line for each tie and each coded statement; a tie has the ids of its statements."""
    ties = [
        [projection.rows[row], projection.columns[column], None if np.isnan(weight) else number(weight), ids]
        for row, column, weight in projection.ties()
        for ids in [list(dict.fromkeys(part.statement for part in projection.contributions(row, column)))]
    ]
    head = json.dumps(about(projection), ensure_ascii=False, indent=1).removesuffix("\n}")
    return f"{head},\n{_lines('ties', ties)},\n{_lines('coded', _rows(_given(projection)))}\n}}\n"


def _given(projection: Projection) -> Coded:
    return projection.given if projection.given is not None else projection.coded


def _rows(given: Coded) -> list[tuple[Any, ...]]:
    """Return the statements as rows for JSON."""
    columns = ((getattr(given, f"{name}s"), getattr(given, name)) for name in ("actor", "concept", "level", "document"))
    named = ([labels[code] for code in codes.tolist()] for labels, codes in columns)
    moments = (given.first, given.last, *(() if given.until is None else (given.until,)))
    return list(zip(given.ids.tolist(), *named, *map(_texts, moments), strict=True))


def _texts(moments: Dates) -> list[str]:
    return ["" if np.isnat(moment) else str(moment) for moment in moments]


def _lines(name: str, rows: Sequence[object]) -> str:
    return f' "{name}": [\n' + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n ]"


def recompute(text: str) -> Projection:
    """Make a network anew from its record.

    Raises:
        QueryError: The text is no such record.
    """
    try:
        found = json.loads(text)
        settings, qualifier, scale = Projecting(**found["settings"]), found["qualifier"], found["scale"]
        columns = list(zip(*found["coded"], strict=True)) or [()] * 7
        ids, actors, concepts, levels, documents, first, last, *until = columns
        made = coded(
            ids, actors, concepts, None if qualifier == "none" else levels, documents, first, last,
            qualifier=qualifier, scale=tuple(scale) if scale else None, until=until[0] if until else None,
        )  # fmt: skip
        return project(made, settings, found["kind"])
    except (ValueError, KeyError, TypeError) as error:
        raise QueryError("This is not the record of a network.", "Type: graphkit network KIND -f json") from error
