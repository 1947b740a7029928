"""The network as GraphML and as tables, for Gephi, igraph, yEd, Cytoscape, visone, R, pandas and spreadsheets.

Attributes are text and numbers only, which every exchange format can hold. The values are those of the graph, byte for
byte: a spreadsheet may run a value that begins with "=" as a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from graphkit.model.csv_rows import csv_writer
from graphkit.model.errors import ExportError
from graphkit.model.files import is_stream, replacing, replacing_all
from graphkit.release.flat_network import EDGE, NODE, FlatNetwork
from graphkit.store import Store

# XML 1.0 cannot hold these characters, not even escaped.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKED = re.compile(f'[&<>"\\t\\n\\r{_NOT_XML.pattern[1:]}')
GRAPHML = "http://graphml.graphdrawing.org/xmlns"
# The types of GraphML of all attributes that are not text.
_KINDS = {"plain": "boolean"} | dict.fromkeys(("weight", "counted", "total", "drawn"), "long")


def write_graphml(store: Store, policy: str, path: Path) -> list[Path]:
    """Write GraphML; edges keep their ids, and the graph its policy, version and licence.

    Raises:
        ExportError: A text has a character that XML cannot hold.
    """
    return write_as(_graphml, store, policy, path)


def write_as(form: Callable[[FlatNetwork], Iterator[str]], store: Store, policy: str, path: Path) -> list[Path]:
    """Write the network of a policy in one file, as the text that a function makes of it."""
    with (
        FlatNetwork.open(store, policy) as flat,
        replacing(path) as beside,
        beside.open("w", encoding="utf-8", newline="") as file,
    ):
        file.writelines(form(flat))
    return [path]


def _graphml(flat: FlatNetwork) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{GRAPHML}">\n'
    for group, names in (("graph", tuple(flat.about)), ("node", NODE), ("edge", EDGE)):
        for name in names:
            kind = _KINDS.get(name, "string")
            yield f'<key id="{group}-{name}" for="{group}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield f'<graph edgedefault="directed">\n{_data("graph", flat.about)}\n'
    for name, node in flat.nodes.items():
        yield f"<node id={xml_attribute(name)}>{_data('node', node)}</node>\n"
    for start, end, values in flat:
        ends = f"source={xml_attribute(start)} target={xml_attribute(end)}"
        yield f"<edge id={xml_attribute(values['edge_id'])} {ends}>{_data('edge', values)}</edge>\n"
    yield "</graph>\n</graphml>\n"


def _data(group: str, values: Mapping[str, str | int | bool]) -> str:
    cells = (f'<data key="{group}-{name}">{_xml_text(value)}</data>' for name, value in values.items())
    return "".join(cells)


def _xml_text(value: str | float) -> str:
    text = _word(value)
    # A reader of XML turns a bare \r into a line feed.
    return escape(require_xml(text), {"\r": "&#13;"}) if _MARKED.search(text) else text


def xml_attribute(value: str | float) -> str:
    """Return a value as an attribute of XML, in quotation marks.

    Raises:
        ExportError: It has a character that XML cannot hold.
    """
    text = _word(value)
    if not _MARKED.search(text):
        return f'"{text}"'
    return quoteattr(require_xml(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _word(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def require_xml(text: str) -> str:
    """Return a text that XML can hold.

    Raises:
        ExportError: It has a control character or half a pair of surrogates.
    """
    if found := _NOT_XML.search(text):
        before = text[max(0, found.start() - 30) : found.start() + 30]
        message = f"XML cannot hold the character U+{ord(found[0]):04X} in {before!a}."
        raise ExportError(message, "Remove it from the data, or export tables.")
    return text


def write_tables(store: Store, policy: str, path: Path) -> list[Path]:
    """Write `nodes.csv` and `edges.csv` into a folder; the columns that R and Gephi expect come first."""
    if is_stream(path):
        raise ExportError(f"{path} is not a folder, and csv is two files.", "Name a folder with -o.")
    files = [path / "nodes.csv", path / "edges.csv"]
    # Both are replaced together, so that the two tables always belong to the same export.
    with network_rows(store, policy) as rows, replacing_all(*files) as (new_nodes, new_edges):
        _write_csv(new_nodes, ("name", *NODE), rows["nodes"])
        edges = ([_word(cell) if isinstance(cell, bool) else cell for cell in row] for row in rows["edges"])
        _write_csv(new_edges, ("from", "to", *EDGE), edges)
    return files


def _write_csv(path: Path, head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv_writer(file)
        writer.writerow(head)
        writer.writerows(rows)


@contextmanager
def network_rows(store: Store, policy: str) -> Iterator[dict[str, Iterator[tuple[str | int | bool, ...]]]]:
    """Yield the rows of the tables of a network: its nodes, its edges, and the statements of each edge."""
    lists = ("statements", "stances")
    with FlatNetwork.open(store, policy) as flat:
        yield {
            "nodes": ((name, *(node[key] for key in NODE)) for name, node in flat.nodes.items()),
            "edges": ((start, end, *(values[key] for key in EDGE)) for start, end, values in flat),
            "edge_statements": (
                (values["edge_id"], *pair)
                for *_, values in flat
                for pair in zip(*(str(values[name]).split(" | ") for name in lists), strict=True)
            ),
        }
