"""The table beside the picture: every edge with its statements, and every node, in plain HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.model.text import escaped
from graphkit.view.page.evidence import FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.view.drawing import Drawing, DrawnEdge
    from graphkit.view.page.evidence import Saying

_HEADS = (
    '<th scope="col" class="way">Relation</th><th scope="col" class="word">Status</th>'
    '<th scope="col" class="name">Who says so</th><th scope="col">What is said</th>'
    '<th scope="col">Source</th>'
)


def statement_table(drawing: Drawing, sayings: Mapping[str, Saying]) -> str:
    """Return a table with one group of rows per edge and one row per statement of it."""
    names = {shape.id: shape.name for shape in drawing.nodes}
    groups = "\n".join(
        _edge_rows(stroke, names, [sayings[iri] for iri in stroke.statements]) for stroke in drawing.edges
    )
    return (
        '<table id="relations"><caption>Every relation of the picture, and who says so</caption>\n'
        f"<thead><tr>{_HEADS}</tr></thead>\n{groups}\n</table>"
    )


def filled_table() -> str:
    """Return the table of a large network, which the page's script fills with what is looked for."""
    return (
        '<p><label>Find relations <input type="search" id="words"></label> <output id="found"></output></p>\n'
        '<table id="relations"><caption>Every relation of the picture, and who says so</caption>\n'
        f"<thead><tr>{_HEADS}</tr></thead>\n</table>\n"
        '<p><button type="button" id="more" hidden>List more</button></p>'
    )


def entity_table(drawing: Drawing) -> str:
    """Return a table with one row per node."""
    rows = "\n".join(
        f'<tr data-node="{shape.id}"><th scope="row"><bdi>{escaped(shape.name)}</bdi></th>'
        f"<td>{escaped(shape.kind.word)}</td><td><code>{escaped(shape.iri)}</code></td></tr>"
        for shape in drawing.nodes
    )
    heads = '<th scope="col">Name</th><th scope="col" class="name">Kind</th><th scope="col">Identifier</th>'
    return (
        '<table id="entities"><caption>Everyone and everything in the picture</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    )


def _edge_rows(stroke: DrawnEdge, names: Mapping[str, str], sayings: list[Saying]) -> str:
    span = f' rowspan="{len(sayings)}"' if len(sayings) > 1 else ""
    head = (
        f'<th scope="rowgroup"{span} data-head="Relation">{_relation(stroke, names)}</th>'
        f'<td{span} data-head="Status">{_status(stroke)}</td>'
    )
    cells = [_saying_cells(saying) for saying in sayings] or ['<td colspan="3">no statement</td>']
    rows = "".join(f"<tr>{head if i == 0 else ''}{row}</tr>" for i, row in enumerate(cells))
    return f'<tbody data-edge="{stroke.id}">{rows}</tbody>'


def _relation(stroke: DrawnEdge, names: Mapping[str, str]) -> str:
    scope = f'<span class="scope">scope: <bdi>{escaped(stroke.scope)}</bdi></span>' if stroke.scope else ""
    return (
        f"<bdi>{escaped(names[stroke.source])}</bdi> "
        f'<span class="way">— {escaped(stroke.name)} →</span> '
        f"<bdi>{escaped(names[stroke.target])}</bdi>{scope}"
    )


def _status(stroke: DrawnEdge) -> str:
    mark = stroke.status.mark or "reported"
    return f'{escaped(mark)} <span class="note">{escaped(stroke.polarity.word)}</span>'


def _saying_cells(saying: Saying) -> str:
    facts = "".join(
        f'<span class="note">{label.lower()}: <bdi>{escaped(getattr(saying, field))}</bdi></span>'
        for field, label in FACTS
        if getattr(saying, field)
    )
    return (
        f'<td data-head="Who says so"><bdi>{escaped(saying.speaker)}</bdi> '
        f"<em>{escaped(saying.stance)}</em></td>"
        f'<td data-head="What is said"><bdi>{escaped(saying.gist)}</bdi></td>'
        f'<td data-head="Source">{_source(saying)}{facts}</td>'
    )


def _source(saying: Saying) -> str:
    title = f"<bdi>{escaped(saying.title)}</bdi>"
    if not saying.link:
        return f'{title} <span class="note">{escaped(saying.address)}</span>' if saying.address else title
    link = f'<a href="{escaped(saying.link)}" rel="noreferrer noopener">{title}</a>'
    return f'{link} <span class="note">{escaped(saying.host)}</span>'
