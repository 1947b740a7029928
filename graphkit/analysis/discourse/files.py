"""Files of a discourse network: matrix, list of ties, GraphML, and JSON from which the network can be recomputed."""

from __future__ import annotations

import csv
import io
import json
import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from graphkit.analysis.discourse.coded import coded
from graphkit.analysis.discourse.projection import project
from graphkit.analysis.discourse.settings import Projecting
from graphkit.model.errors import ExportError, QueryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphkit.analysis.discourse.coded import Coded, Dates
    from graphkit.analysis.discourse.projection import Projection

FORMATS = {"matrix": ".csv", "edges": ".csv", "graphml": ".graphml", "json": ".json"}
MOST_IDS = 50
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COLUMNS = ("source", "target", "weight", "statements", "positive", "negative", "ids")
_TRACE = ("source", "target", "statement", "actor", "concept", "level", "contribution")


def texts(projection: Projection, form: str, most: int = MOST_IDS) -> dict[str, str]:
    """Return the files of a network: what to append to their name, and their text.

    Args:
        form: One of `FORMATS`.
        most: Most ids of statements on a tie; if one has more, its ids are in a second file, as are all of a matrix.

    Raises:
        QueryError: There is no such format.
        ExportError: A label has a character that XML cannot hold.
    """
    if form not in FORMATS:
        raise QueryError(f"There is no format {form!r}.", f"Type one of: {', '.join(FORMATS)}.")
    if form == "json":
        return {".json": _json(projection)}
    ties = _ties(projection, most)
    made = {"matrix": _matrix, "edges": _edges, "graphml": _graphml}[form](projection, ties)
    whole = form != "matrix" and all(ids or not counts["statements"] for *_, counts, ids in ties)
    return {FORMATS[form]: made} | ({} if whole else {"-statements.csv": _trace(projection)})


# Row, column, weight, counts of statements, and their ids if there are not too many.
Tie = tuple[int, int, float, dict[str, int], tuple[str, ...]]


def _ties(projection: Projection, most: int) -> list[Tie]:
    found = []
    for row, column, weight in projection.ties():
        ids = tuple(dict.fromkeys(part.statement for part in projection.contributions(row, column)))
        found.append((row, column, weight, projection.counts(row, column), ids if len(ids) <= most else ()))
    return found


def number(weight: float) -> float | int:
    """Return whole numbers as such.

    >>> number(2.0), number(0.5)
    (2, 0.5)
    """
    return int(weight) if weight.is_integer() else weight


def _csv(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _matrix(projection: Projection, ties: list[Tie]) -> str:
    del ties
    weights = projection.to_matrix().tolist()
    rows = ([label, *map(number, row)] for label, row in zip(projection.rows, weights, strict=True))
    return _csv([["", *projection.columns], *rows])


def _ends(projection: Projection, row: int, column: int) -> tuple[str, str]:
    return projection.rows[row], projection.columns[column]


def _edges(projection: Projection, ties: list[Tie]) -> str:
    rows = ((*_ends(projection, *tie[:2]), number(tie[2]), *tie[3].values(), " ".join(tie[4])) for tie in ties)
    return _csv([_COLUMNS, *rows])


def _trace(projection: Projection) -> str:
    ends = [(row, column) for row, column, _ in projection.ties()]
    rows = ((*_ends(projection, *pair), *part) for pair in ends for part in projection.contributions(*pair))
    return _csv([_TRACE, *rows])


def _graphml(projection: Projection, ties: list[Tie]) -> str:
    wrong = next((label for label in (*projection.rows, *projection.columns) if _NOT_IN_XML.search(label)), None)
    if wrong is not None:
        raise ExportError(f"The label {wrong!r} has a character that XML cannot hold.", "Type: --format edges")
    graph: nx.Graph[Any] = projection.to_networkx()
    graph.graph = {"settings": json.dumps(_about(projection), ensure_ascii=False)}
    rows, columns = projection.nodes()
    for row, column, _, counts, ids in ties:
        graph.edges[rows[row], columns[column]].update(**counts, ids=" ".join(ids))
    for node, data in graph.nodes(data=True):
        data["iri"] = projection.iris.get(data["label"], "")
        data["part"] = node[0] if isinstance(node, tuple) else "node"
    named = nx.convert_node_labels_to_integers(graph)
    return "\n".join(nx.generate_graphml(named)) + "\n"


def _about(projection: Projection) -> dict[str, Any]:
    """Return by what and how a network was made."""
    return {
        "graphkit": version("graphkit"),
        "kind": projection.kind,
        "settings": projection.settings.as_dict(),
        "notes": projection.notes,
        "left_out": projection.left_out,
        "counted": len(projection.coded),
        "reason": projection.reason,
    }


def _json(projection: Projection) -> str:
    given = projection.given if projection.given is not None else projection.coded
    ties = [
        [*_ends(projection, row, column), None if np.isnan(weight) else number(weight), list(ids)]
        for row, column, weight, _, ids in _ties(projection, len(given))
    ]
    about = {
        **_about(projection),
        "rows": list(projection.rows),
        "columns": list(projection.columns),
        "iris": projection.iris,
        "qualifier": given.qualifier,
        "scale": given.scale,
    }
    head = json.dumps(about, ensure_ascii=False, indent=1).removesuffix("\n}")
    return f"{head},\n{_lines('ties', ties)},\n{_lines('coded', _rows(given))}\n}}\n"


def _rows(given: Coded) -> list[tuple[Any, ...]]:
    """Return the statements as rows for JSON."""
    named = (
        [labels[code] for code in codes.tolist()]
        for labels, codes in (
            (given.actors, given.actor),
            (given.concepts, given.concept),
            (given.levels, given.level),
            (given.documents, given.document),
        )
    )
    return list(zip(given.ids.tolist(), *named, _texts(given.first), _texts(given.last), strict=True))


def _texts(moments: Dates) -> list[str]:
    return ["" if np.isnat(moment) else str(moment) for moment in moments]


def _lines(name: str, rows: Sequence[object]) -> str:
    return f' "{name}": [\n' + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n ]"


def recompute(text: str) -> Projection:
    """Make a network anew from its JSON file.

    Raises:
        QueryError: The text is not such a file.
    """
    try:
        about = json.loads(text)
        settings, qualifier, scale = Projecting(**about["settings"]), about["qualifier"], about["scale"]
        ids, actors, concepts, levels, documents, first, last = list(zip(*about["coded"], strict=True)) or [()] * 7
        made = coded(
            ids, actors, concepts, None if qualifier == "none" else levels, documents, first, last,
            qualifier=qualifier, scale=tuple(scale) if scale else None,
        )  # fmt: skip
        return project(made, settings, about["kind"])
    except (ValueError, KeyError, TypeError) as error:
        raise QueryError("This is not the JSON file of a network.", "Type: graphkit network KIND -f json") from error
