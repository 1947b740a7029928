"""The tables of a page: every edge with its statements, the disputes between them, and every node.

The page's script reads these tables and copies from them; there is no second copy of the text. Each statement has
one row; an edge that rests on a statement of another edge refers to that row. What most rows would repeat is said
once: long titles in the table of sources, publicity by the style. Edges stand in the order of the picture, and so do
entities: neither repeats its id.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from graphkit.analysis.disputes import account
from graphkit.model.dates import bounds_if_any
from graphkit.model.text import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphkit.analysis.disputes import DisputeView
    from graphkit.analysis.statements import StatementView
    from graphkit.view.drawing import Drawing, Shape, Stroke
    from graphkit.view.page.evidence import Saying

# A date that a script reads as the text that it is.
_PLAIN = re.compile(r"\d{4}(?:-\d\d){0,2}", re.ASCII)
_PLAIN_ID = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)
HEADS = ("Who says so", "How", "What is said", "When", "Source")
_COLUMNS = len(HEADS)
# The style of the page adds it to a row that names no other.
_USUAL = "on-record"


@dataclass(slots=True)
class Twin:
    """The tables while they are written: the statements, and which already have their row."""

    drawing: Drawing
    sayings: Mapping[str, Saying]
    undrawn: Mapping[str, Sequence[str]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
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
        # Policies by their first letters.
        under = f" data-p={''.join(name[:1] for name in stroke.policies)}" if stroke.policies else ""
        scope = f" <small>scope: <bdi>{escaped(stroke.scope)}</bdi></small>" if stroke.scope else ""
        mark = f"<b>{escaped(stroke.status.mark)}</b> " if stroke.status.mark else ""
        way = f"{mark}<i>{escaped(stroke.relation_label)}</i>"
        head = f"{_node_link(shapes[stroke.source])} {way} {_node_link(shapes[stroke.target])}{scope}"
        return self._body(under, head, stroke.statements)

    def _loose(self, shape: Shape) -> str:
        statements = [iri for iri in self.undrawn.get(shape.source_iri, ()) if iri in self.sayings]
        head = f"{_node_link(shape)} <i>of it alone, not drawn</i>"
        return self._body(f" data-of={shape.key}", head, statements) if statements else ""

    def _body(self, attributes: str, head: str, statements: Iterable[str]) -> str:
        rows = "".join(self._row(iri) for iri in statements) or f"<tr><td colspan={_COLUMNS}>no statement"
        return f"<tbody{attributes}><tr><th colspan={_COLUMNS}>{head}{rows}"

    def _row(self, iri: str) -> str:
        saying = self.sayings[iri]
        if iri in self.written:
            return f'<tr><td colspan={_COLUMNS}><a href="#{anchor(saying)}">{escaped(saying.speaker)}: see above</a>'
        self.written.add(iri)
        return statement_row(saying, self.titles)

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


def shared_titles(sayings: Iterable[Saying]) -> dict[str, str]:
    """Return the titles that several rows would repeat, by the source that is named in their place.

    A row names its source where that is the beginning of the statement's own id, shorter than the title, and has no
    other title.
    """
    found = Counter((one.id.rpartition("/")[0], one.title) for one in sayings if one.link)
    sources = Counter(source for source, _ in found)
    return {
        source: title
        for (source, title), number in sorted(found.items())
        if number > 1 and sources[source] == 1 and len(source) < len(title) and _PLAIN_ID.fullmatch(source)
    }


def source_table(titles: Mapping[str, str]) -> str:
    """Return the table of the titles that rows give by the name of their source; nothing if there are none."""
    if not titles:
        return ""
    rows = "\n".join(f"<tr><th>{escaped(source)}<td>{escaped(title)}" for source, title in titles.items())
    return (
        '<div class="table"><table id="sources"><caption>Titles of the sources</caption>'
        f"{_heads(('Source', 'Title'))}<tbody>{rows}</tbody></table></div>"
    )


def statement_row(saying: Saying, titles: Mapping[str, str]) -> str:
    """Return the row of a statement: speaker, stance, gist, date, source; notes in small print.

    Args:
        saying: The statement.
        titles: Those that stand in the table of sources.
    """
    notes, days = " · ".join(_notes(saying)), days_of(saying.said)
    small = f" <small>{escaped(notes)}</small>" if notes else ""
    dated = f' data-d="{days}"' if days and not _PLAIN.fullmatch(saying.said) else ""
    publicity = "" if saying.publicity == _USUAL else f" <em>{escaped(saying.publicity or 'publicity not given')}</em>"
    return (
        f'<tr id="{escaped(anchor(saying))}"{dated}><td>{escaped(saying.speaker)}<td>{escaped(saying.stance)}'
        f"<td>{escaped(saying.gist)}<td>{escaped(saying.said)}<td>{_source(saying, titles)}{small}{publicity}"
    )


def notes_of(saying: Saying) -> str:
    """Return what is in small print beside a source: the relay, the hedge, how the passage stands, the publicity."""
    return " · ".join(note for note in (*_notes(saying), saying.publicity) if note)


def _notes(saying: Saying) -> list[str]:
    notes = [
        saying.via and f"via {saying.via}",
        saying.hedge and f"holding back: {saying.hedge}",
        saying.locator if not saying.link else "",
        "passage not verified" if saying.evidence == "unverified" else "",
    ]
    return [note for note in notes if note]


def _source(saying: Saying, titles: Mapping[str, str]) -> str:
    if saying.link:
        source = saying.id.rpartition("/")[0]
        name = source if titles.get(source) == saying.title else saying.title
        return f'<a href="{escaped(saying.link)}">{escaped(name)}</a>'
    return f"{escaped(saying.title)} {escaped(saying.address)}".strip()


def _node_link(shape: Shape) -> str:
    # A key needs no quotes: it has letters, digits and hyphens only.
    return f"<a href=#{shape.key}>{escaped(shape.name)}</a>"


def _heads(names: Iterable[str]) -> str:
    cells = "".join(f'<th scope="col">{name}' for name in names)
    return f"<thead><tr>{cells}</thead>"


def entity_table(shapes: Sequence[Shape]) -> str:
    """Return a table with one row per node: name, kind, other names, identifier."""
    start = _shared_start([shape.iri for shape in shapes])
    rows = "\n".join(
        f"<tr><th>{_node_link(shape)}<td>{escaped(shape.kind.word)}<td>{escaped(' · '.join(shape.aliases))}"
        f"<td>{escaped(shape.iri[len(start) :])}"
        for shape in shapes
    )
    begin = f' <small>Identifiers begin with <span id="base">{escaped(start)}</span></small>' if start else ""
    return (
        f'<div class="table"><table id="entities"><caption>Everyone and everything in the picture{begin}</caption>\n'
        f"{_heads(('Name', 'Kind', 'Also called', 'Identifier'))}\n<tbody>\n{rows}\n</tbody>\n</table></div>"
    )


def _shared_start(iris: Sequence[str]) -> str:
    """Return how all of several identifiers begin, up to a slash.

    >>> _shared_start(["https://example.org/id/met", "https://example.org/id/mopac"])
    'https://example.org/id/'
    """
    start = f"{min(iris, key=len, default='').rpartition('/')[0]}/"
    return start if len(iris) > 1 and all(one.startswith(start) for one in iris) else ""


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
