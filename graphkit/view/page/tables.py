"""The evidence tables of every page: edges with their statements, disputes, sources and nodes.

Scripts read these tables; the page has no second copy of the text. Each statement has one row, to which later edges
with that statement link. Repeated text appears once: long titles in the table of sources, the usual publicity in the
style sheet. Edges and nodes are in the order of the picture, so that the rows repeat no ids.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from graphkit.analysis.disputes import account
from graphkit.model.dates import bounds_if_any, date_words
from graphkit.model.text import counted, escaped, host_of, visible, web_link
from graphkit.view.page.finding import anchor_of, finding_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphkit.analysis.disputes import DisputeView
    from graphkit.analysis.statements import StatementView
    from graphkit.view.drawing import Drawing, DrawnEdge, DrawnNode

# A date that a script can read from the text.
_PLAIN_ID = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)
_HEADS = ("Speaker", "Stance", "Summary", "Date", "Source")
# The style sheet of the page adds it to each row without another.
_USUAL_PUBLICITY = "on-record"


def evidence_tables(drawing: Drawing, about: Mapping[str, Any]) -> dict[str, str]:
    """Return the tables of a drawing as HTML by name, with the counts that a page prints.

    Args:
        about: The attributes of its network, as `graphkit.analysis.network` describes them.
    """
    undrawn = about.get("undrawn", {})
    drawn = {iri for edge in drawing.edges for iri in edge.statements}
    shown = drawn.union(*(undrawn.get(node.source_iri, ()) for node in drawing.nodes))
    disputes = [one for one in about.get("disputes", ()) if not shown.isdisjoint((*one.affirmed, *one.denied))]
    sides = {iri for dispute in disputes for _, iri in dispute.sides()}
    views: Mapping[str, StatementView] = about["evidence"]
    statements = {iri: views[iri] for iri in sorted(shown | sides) if iri in views}
    titles = _shared_titles(statements.values())
    rows = _Rows(statements, titles)
    return {
        "relations": _relation_table(drawing, undrawn, rows),
        "others": _other_table(sorted(sides), rows),
        "sources": _source_table(titles),
        "disputes": _dispute_list(disputes, statements),
        "entities": _entity_table(drawing.nodes),
        **_headline(disputes, statements, about),
        **counts_of(drawing, about),
    }


def _headline(
    disputes: Sequence[DisputeView], statements: Mapping[str, StatementView], about: Mapping[str, Any]
) -> dict[str, str]:
    """Return the finding of a whole network; the views of a part and the stories have a title of their own."""
    special = any(about.get(name) for name in ("lead", "story", "natural"))
    headline, sides = finding_of([] if special else disputes, statements)
    return {"headline": headline, "sides": sides}


def counts_of(drawing: Drawing, about: Mapping[str, Any]) -> dict[str, str]:
    """Return how many statements are drawn, how many there are, and both in a sentence."""
    drawn, total = len({iri for edge in drawing.edges for iri in edge.statements}), int(about["total"])
    counts = f"{drawn:,} of {counted(total, 'statement')} drawn; {max(total - drawn, 0):,} hidden."
    return {
        "counts": f"{counts} {counted(len(drawing.nodes), 'node')}, {counted(len(drawing.edges), 'edge')}.",
        "drawn": str(drawn),
        "total": str(total),
    }


@dataclass(slots=True)
class _Rows:
    """The rows of statements: each statement gets one row, after that links to it."""

    statements: Mapping[str, StatementView]
    titles: Mapping[str, str]
    written: set[str] = field(default_factory=set)

    def row(self, iri: str) -> str:
        statement = self.statements[iri]
        if iri in self.written:
            link = f'<a href="#{_anchor(statement)}">{escaped(_speaker_of(statement))}: see above</a>'
            return f"<tr><td colspan={len(_HEADS)}>{link}"
        self.written.add(iri)
        return _statement_row(statement, self.titles)

    def group(self, attributes: str, head: str, statements: Iterable[str]) -> str:
        rows = "".join(map(self.row, statements)) or f"<tr><td colspan={len(_HEADS)}>no statement"
        return f"<tbody{attributes}><tr><th colspan={len(_HEADS)}>{head}{rows}"


def _relation_table(drawing: Drawing, undrawn: Mapping[str, Sequence[str]], rows: _Rows) -> str:
    """Return the table of edges and statements, then of statements that have no edge."""
    nodes = {node.id: node for node in drawing.nodes}
    groups = [_edge_rows(edge, nodes, rows) for edge in drawing.edges]
    for node in drawing.nodes:
        statements = [iri for iri in undrawn.get(node.source_iri, ()) if iri in rows.statements]
        if statements:
            head = f"{_node_link(node)} <i>statements about this entity only, not drawn</i>"
            groups.append(rows.group(f" data-of={node.key}", head, statements))
    return _table("relations", "All relations in this view, with the statements behind them", _HEADS, "\n".join(groups))


def _edge_rows(edge: DrawnEdge, nodes: Mapping[str, DrawnNode], rows: _Rows) -> str:
    # Policies by their initials.
    policies = f" data-p={''.join(name[:1] for name in edge.policies)}" if edge.policies else ""
    scope = f" <small>scope: <bdi>{escaped(edge.scope)}</bdi></small>" if edge.scope else ""
    mark = f"<b>{escaped(edge.status.mark)}</b> " if edge.status.mark else ""
    relation = f"{mark}<i>{escaped(edge.relation_label)}</i>"
    head = f"{_node_link(nodes[edge.source])} {relation} {_node_link(nodes[edge.target])}{scope}"
    return rows.group(policies, head, edge.statements)


def _other_table(statements: Iterable[str], rows: _Rows) -> str:
    """Return a table of those statements that have no row yet: other sides of disputes."""
    others = "\n".join(rows.row(iri) for iri in statements if iri not in rows.written)
    caption = "Statements outside this view that conflict with statements in it"
    return _table("others", caption, _HEADS, f"<tbody>{others}</tbody>") if others else ""


def _table(ident: str, caption: str, heads: Iterable[str], body: str) -> str:
    cells = "".join(f'<th scope="col">{name}' for name in heads)
    return (
        f'<div class="table"><table id="{ident}"><caption>{caption}</caption>\n'
        f"<thead><tr>{cells}</thead>\n{body}\n</table></div>"
    )


def _anchor(statement: StatementView) -> str:
    """Return the id of the row of a statement, percent-encoded."""
    return "s." + quote(visible(statement.id), safe="/-_.~")


def _speaker_of(statement: StatementView) -> str:
    return visible(statement.speaker) or "unnamed speaker"


def _title_of(statement: StatementView) -> str:
    """Return the title of the source, or else its id."""
    return visible(statement.source_title) or visible(statement.source) or "untitled source"


def _days_of(said: str) -> str:
    """Return the first and last day of a date (EDTF), empty where it is open, or a day that is both.

    >>> _days_of("2019-06"), _days_of("../2022"), _days_of("2019-06-01"), _days_of("")
    ('2019-06-01/2019-06-30', '/2022-12-31', '2019-06-01', '')
    """
    first, last = bounds_if_any(said)
    if first == last:
        return str(first or "")
    return f"{first or ''}/{last or ''}"


def _source_id(statement: StatementView) -> str:
    return visible(statement.id).rpartition("/")[0]


def _shared_titles(statements: Iterable[StatementView]) -> dict[str, str]:
    """Return the titles that several rows would repeat, by the id of the source.

    A row gives the id in place of the title where the id is the beginning of the statement's own id, shorter than the
    title, and has one title only.
    """
    found = Counter((_source_id(view), _title_of(view)) for view in statements if web_link(view.url))
    sources = Counter(source for source, _ in found)
    return {
        source: title
        for (source, title), number in sorted(found.items())
        if number > 1 and sources[source] == 1 and len(source) < len(title) and _PLAIN_ID.fullmatch(source)
    }


def _source_table(titles: Mapping[str, str]) -> str:
    """Return the table of titles that rows replace by the id of the source; nothing if there are none."""
    rows = "\n".join(f"<tr><th>{escaped(source)}<td>{escaped(title)}" for source, title in titles.items())
    return _table("sources", "Titles of the sources", ("Source", "Title"), f"<tbody>{rows}</tbody>") if rows else ""


def _statement_row(statement: StatementView, titles: Mapping[str, str]) -> str:
    """Return the row of a statement: speaker, stance, gist, date, source and notes."""
    publicity, days = visible(statement.publicity), _days_of(statement.said)
    notes = " · ".join(_notes(statement))
    small = f" <small>{escaped(notes)}</small>" if notes else ""
    dated = f' data-d="{days}"' if days else ""
    how = "" if publicity == _USUAL_PUBLICITY else f" <em>{escaped(publicity or 'publicity not given')}</em>"
    return (
        f'<tr id="{escaped(_anchor(statement))}"{dated}><td>{escaped(_speaker_of(statement))}'
        f"<td>{escaped(statement.stance) or 'asserts'}<td>{escaped(statement.gist)}"
        f"<td>{escaped(date_words(statement.said))}<td>{_source(statement, titles)}{small}{how}"
    )


def packed_statement(statement: StatementView) -> list[str]:
    """Return a row as data, for a script that makes it later: see frontend/shared/rows.js."""
    said = visible(date_words(statement.said))
    notes = [*_notes(statement), visible(statement.publicity)]
    return [
        _anchor(statement), _speaker_of(statement), visible(statement.stance) or "asserts", visible(statement.gist),
        said, _title_of(statement), web_link(statement.url), _days_of(statement.said),
        " · ".join(note for note in notes if note),
    ]  # fmt: skip


def _notes(statement: StatementView) -> list[str]:
    checked = {"unverified": "not verified"}.get(statement.evidence, statement.evidence)
    passage = ": ".join(filter(None, (f"passage {checked}".strip(), statement.locator)))
    notes = [
        host_of(statement.url),
        statement.via and f"via {statement.via}",
        statement.certainty,
        statement.hedge and f"hedged: {statement.hedge}",
        statement.basis,
        passage if checked or statement.locator else "",
    ]
    return [note for note in map(visible, notes) if note]


def _source(statement: StatementView, titles: Mapping[str, str]) -> str:
    link, title, source = web_link(statement.url), _title_of(statement), _source_id(statement)
    if link:
        return f'<a href="{escaped(link)}">{escaped(source if titles.get(source) == title else title)}</a>'
    return f"{escaped(title)} {escaped(statement.url)}".strip()


def _node_link(node: DrawnNode) -> str:
    # A key needs no quotes: it has letters, digits and hyphens only.
    return f"<a href=#{node.key}>{escaped(node.name)}</a>"


def _entity_table(nodes: Sequence[DrawnNode]) -> str:
    """Return a table with one row per node: name, kind, other names, identifier."""
    start = _shared_start([node.iri for node in nodes])
    rows = "\n".join(
        f"<tr><th>{_node_link(node)}<td>{escaped(node.kind.word)}<td>{escaped(' · '.join(node.aliases))}"
        f"<td>{escaped(node.iri[len(start) :])}"
        for node in nodes
    )
    begin = f' <small>Identifiers begin with <span id="base">{escaped(start)}</span></small>' if start else ""
    heads = ("Name", "Kind", "Also called", "Identifier")
    return _table("entities", f"Everything in this view{begin}", heads, f"<tbody>\n{rows}\n</tbody>")


def _shared_start(iris: Sequence[str]) -> str:
    """Return the common beginning of several identifiers, up to a slash.

    >>> _shared_start(["https://example.org/id/met", "https://example.org/id/mopac"])
    'https://example.org/id/'
    """
    start = f"{min(iris, key=len, default='').rpartition('/')[0]}/"
    return start if len(iris) > 1 and all(name.startswith(start) for name in iris) else ""


def _dispute_list(disputes: Iterable[DisputeView], statements: Mapping[str, StatementView]) -> str:
    """Return the disputes, each with links to the statements of both sides."""
    items = "\n".join(
        f'<li id="{anchor_of(dispute)}"><b>{escaped(dispute.label)}</b> '
        f"<span>{escaped(account(dispute, statements))}</span>"
        f'<p data-side="one">One side: {_side(dispute.affirmed, statements)}'
        f'<p data-side="other">Other side: {_side(dispute.denied, statements)}'
        for dispute in disputes
    )
    return f'<ul id="dispute-list">{items}</ul>' if items else ""


def _side(names: Iterable[str], statements: Mapping[str, StatementView]) -> str:
    found = [(statements[name], escaped(date_words(statements[name].said))) for name in names]
    return ", ".join(
        f'<a href="#{_anchor(one)}">{escaped(_speaker_of(one))}{f" ({said})" if said else ""}</a>'
        for one, said in found
    )
