"""The tables of a page: every edge with its statements, the disputes between them, and every node.

The page's script reads these tables and copies from them; there is no second copy of the text. Each statement has
one row; an edge that rests on a statement of another edge refers to that row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from graphkit.dates import bounds_if_any
from graphkit.disputes import account
from graphkit.view.text import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphkit.disputes import DisputeView
    from graphkit.statements import StatementView
    from graphkit.view.drawing import Drawing, Shape, Stroke
    from graphkit.view.evidence import Saying

# A date that a script reads as the text that it is.
_PLAIN = re.compile(r"\d{4}(?:-\d\d){0,2}", re.ASCII)
HEADS = ("Who says so", "How", "What is said", "When", "Source")
_COLUMNS = len(HEADS)


@dataclass(slots=True)
class Twin:
    """The tables while they are written: the statements, and which already have their row."""

    drawing: Drawing
    sayings: Mapping[str, Saying]
    undrawn: Mapping[str, Sequence[str]] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    def relations(self) -> str:
        """Return the table of edges and statements, then of statements that have no edge."""
        shapes = {shape.id: shape for shape in self.drawing.shapes}
        edges = [self._edge(stroke, shapes) for stroke in self.drawing.strokes]
        loose = [self._loose(shape) for shape in self.drawing.shapes]
        return (
            '<div class="table"><table id="relations">'
            "<caption>Every relation of the picture, and who says so</caption>\n"
            f"{_heads(HEADS)}\n" + "\n".join(part for part in [*edges, *loose] if part) + "\n</table></div>"
        )

    def _edge(self, stroke: Stroke, shapes: Mapping[str, Shape]) -> str:
        under = f' data-p="{" ".join(stroke.policies)}"' if stroke.policies else ""
        scope = f" <small>scope: <bdi>{escaped(stroke.scope)}</bdi></small>" if stroke.scope else ""
        mark = f"<b>{escaped(stroke.status.mark)}</b> " if stroke.status.mark else ""
        way = f"{mark}<i>{escaped(stroke.relation_label)}</i>"
        head = f"{_node_link(shapes[stroke.source])} {way} {_node_link(shapes[stroke.target])}{scope}"
        return self._body(f'data-e="{stroke.key}"{under}', head, stroke.statements)

    def _loose(self, shape: Shape) -> str:
        statements = [iri for iri in self.undrawn.get(shape.source_iri, ()) if iri in self.sayings]
        head = f"{_node_link(shape)} <i>of it alone, not drawn</i>"
        return self._body(f'data-of="{shape.key}"', head, statements) if statements else ""

    def _body(self, attributes: str, head: str, statements: Iterable[str]) -> str:
        rows = "".join(self._row(iri) for iri in statements) or f"<tr><td colspan={_COLUMNS}>no statement"
        return f"<tbody {attributes}><tr><th colspan={_COLUMNS} scope=rowgroup>{head}{rows}</tbody>"

    def _row(self, iri: str) -> str:
        saying = self.sayings[iri]
        if iri in self.written:
            return f'<tr><td colspan={_COLUMNS}><a href="#{anchor(saying)}">{escaped(saying.speaker)}: see above</a>'
        self.written.add(iri)
        return statement_row(saying)

    def others(self, statements: Iterable[str]) -> str:
        """Return a table of those statements that have no row yet: other sides of disputes."""
        rows = "\n".join(self._row(iri) for iri in statements if iri not in self.written)
        if not rows:
            return ""
        caption = "Statements outside of the picture that it is in dispute with"
        return (
            f'<div class="table"><table id="others"><caption>{caption}</caption>'
            f"{_heads(HEADS)}<tbody>{rows}</tbody></table></div>"
        )


def anchor(saying: Saying) -> str:
    """Return the id of a statement's row, as an address spells it."""
    return "s." + quote(saying.id, safe="/-_.~")


def days_of(said: str) -> str:
    """Return the first and last day on which it may have been said, with nothing where it is open.

    >>> days_of("2019-06"), days_of("../2022"), days_of("")
    ('2019-06-01/2019-06-30', '/2022-12-31', '')
    """
    first, last = bounds_if_any(said)
    return f"{first or ''}/{last or ''}" if first or last else ""


def statement_row(saying: Saying) -> str:
    """Return the row of a statement: speaker, stance, gist, date, source; notes in small print."""
    notes, days = notes_of(saying), days_of(saying.said)
    small = f" <small>{escaped(notes)}</small>" if notes else ""
    dated = f' data-d="{days}"' if days and not _PLAIN.fullmatch(saying.said) else ""
    return (
        f'<tr id="{escaped(anchor(saying))}"{dated}><td>{escaped(saying.speaker)}<td>{escaped(saying.stance)}'
        f"<td>{escaped(saying.gist)}<td>{escaped(saying.said)}<td>{_source(saying)}{small}"
    )


def notes_of(saying: Saying) -> str:
    """Return what is in small print beside a source: the relay, the hedge, how the passage stands."""
    notes = [
        saying.via and f"via {saying.via}",
        saying.hedge and f"holding back: {saying.hedge}",
        saying.locator if not saying.link else "",
        "passage not verified" if saying.evidence == "unverified" else "",
        saying.publicity,
    ]
    return " · ".join(note for note in notes if note)


def _source(saying: Saying) -> str:
    if saying.link:
        return f'<a href="{escaped(saying.link)}">{escaped(saying.title)}</a>'
    return f"{escaped(saying.title)} {escaped(saying.address)}".strip()


def _node_link(shape: Shape) -> str:
    return f'<a href="#{shape.key}">{escaped(shape.name)}</a>'


def _heads(names: Iterable[str]) -> str:
    cells = "".join(f'<th scope="col">{name}' for name in names)
    return f"<thead><tr>{cells}</thead>"


def entity_table(shapes: Iterable[Shape]) -> str:
    """Return a table with one row per node: name, kind, other names, identifier."""
    rows = "\n".join(
        f'<tr data-n="{shape.key}"><th scope=row><a href="#{shape.key}">{escaped(shape.name)}</a>'
        f"<td>{escaped(shape.kind.word)}<td>{escaped(' · '.join(shape.aliases))}<td><code>{escaped(shape.iri)}</code>"
        for shape in shapes
    )
    return (
        '<div class="table"><table id="entities"><caption>Everyone and everything in the picture</caption>\n'
        f"{_heads(('Name', 'Kind', 'Also called', 'Identifier'))}\n<tbody>\n{rows}\n</tbody>\n</table></div>"
    )


def dispute_list(
    disputes: Iterable[DisputeView], sayings: Mapping[str, Saying], views: Mapping[str, StatementView]
) -> str:
    """Return the disputes, each with links to the statements of both sides."""
    items = "\n".join(_dispute(one, sayings, views) for one in disputes)
    return f'<ul id="dispute-list">{items}</ul>' if items else ""


def _dispute(one: DisputeView, sayings: Mapping[str, Saying], views: Mapping[str, StatementView]) -> str:
    return (
        f'<li id="d-{escaped(one.iri.rpartition("/")[2][:12])}"><b>{escaped(one.label)}</b> '
        f"<span>{escaped(account(one, views))}</span>"
        f'<p data-side="one">One side: {_side(one.affirmed, sayings)}'
        f'<p data-side="other">Other side: {_side(one.denied, sayings)}'
    )


def _side(names: Iterable[str], sayings: Mapping[str, Saying]) -> str:
    found = (sayings[name] for name in names)
    return ", ".join(
        f'<a href="#{anchor(one)}">{escaped(one.speaker)}{f" ({escaped(one.said)})" if one.said else ""}</a>'
        for one in found
    )
