"""The evidence tables of every page: edges with their statements, disputes, sources and nodes.

Scripts read these tables; the page has no second copy of the text. Each statement has one row, to which later edges
with that statement link. Repeated text appears once: long titles in the table of sources, the usual publicity in the
style sheet. Edges and nodes are in the order of the picture, so that the rows repeat no ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphkit.analysis.disputes import DisputeView, account_of_kind
from graphkit.analysis.statements import StatementView
from graphkit.model.text import counted, escaped
from graphkit.view.drawing import Drawing, DrawnEdge, DrawnNode
from graphkit.view.page.finding import anchor_of, finding_of
from graphkit.view.page.rows import (
    Shared,
    shared_texts,
    source_rows,
    speaker_of,
    statement_row,
    usual_values,
)

_HEADS = ("Speaker", "Stance", "Summary", "Date", "Source")


def evidence_tables(drawing: Drawing, about: Mapping[str, Any]) -> dict[str, str]:
    """Return the tables of a drawing as HTML by name, with the counts that a page prints."""
    undrawn = about.get("undrawn", {})
    shown = Counter(iri for edge in drawing.edges for iri in edge.statements)
    shown.update(iri for node in drawing.nodes for iri in undrawn.get(node.source_iri, ()))
    disputes = [one for one in about.get("disputes", ()) if any(iri in shown for _, iri in one.sides())]
    sides = {iri for dispute in disputes for _, iri in dispute.sides()}
    views: Mapping[str, StatementView] = about["evidence"]
    statements = {iri: views[iri] for iri in sorted(shown.keys() | sides) if iri in views}
    named = sides | {iri for iri, number in shown.items() if number > 1}
    rows = _Rows(statements, shared_texts(statements.values()), named)
    tables = {
        "relations": _relation_table(drawing, undrawn, rows),
        "others": _other_table(sorted(sides), rows),
        "sources": _source_table(rows.shared),
        "disputes": _dispute_list(disputes, rows),
        "entities": _entity_table(drawing.nodes),
    }
    plain = {name: text.replace("&#x27;", "'") for name, text in tables.items()}
    return {**plain, **_headline(disputes, statements, about), **counts_of(drawing, about)}


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
    """The rows of statements: each statement gets one row, after that links to it.

    Attributes:
        named: The statements to whose rows links lead.
        numbers: The numbers of the rows that are written, by statement.
    """

    statements: Mapping[str, StatementView]
    shared: Shared
    named: set[str]
    numbers: dict[str, int] = field(default_factory=dict)

    def row(self, iri: str) -> str:
        statement = self.statements[iri]
        if iri in self.numbers:
            return f"<tr><td>{self.link(iri, ': see above')}"
        number = self.numbers[iri] = len(self.numbers)
        return statement_row(number if iri in self.named else None, statement, self.shared)

    def link(self, iri: str, more: str = "") -> str:
        return f"<a href=#s{self.numbers[iri]}>{escaped(speaker_of(self.statements[iri]))}{more}</a>"

    def group(self, attributes: str, head: str, statements: Iterable[str]) -> str:
        rows = "".join(map(self.row, statements)) or "<tr><td>no statement"
        return f"<tbody{attributes}><tr><th>{head}{rows}"


def _relation_table(drawing: Drawing, undrawn: Mapping[str, Sequence[str]], rows: _Rows) -> str:
    """Return the table of edges and statements, then of statements that have no edge."""
    links = _links_by_name(drawing.nodes)
    before = ("", *(edge.source for edge in drawing.edges))
    groups = [
        _edge_rows(edge, links, rows, first=edge.source != one)
        for edge, one in zip(drawing.edges, before, strict=False)
    ]
    for node in drawing.nodes:
        statements = [iri for iri in undrawn.get(node.source_iri, ()) if iri in rows.statements]
        if statements:
            head = f"{links[node.id]} <i>statements about this entity only, not drawn</i>"
            groups.append(rows.group(f" data-of={node.key}", head, statements))
    caption = f"All relations in this view, with the statements behind them{usual_values(rows.shared)}"
    return _table("relations", caption, _HEADS, "".join(groups))


def _edge_rows(edge: DrawnEdge, links: Mapping[str, str], rows: _Rows, *, first: bool) -> str:
    """Return the rows of an edge; the script writes its subject if it is that of the edge before."""
    # Policies by their initials.
    policies = f" data-p={''.join(name[:1] for name in edge.policies)}" if edge.policies else ""
    scope = f" <small>{escaped(edge.scope)}</small>" if edge.scope else ""
    # The status by which the line is filtered is read only in other words, or in the verb.
    status = f"<b hidden>{escaped(edge.status.mark)}</b> " if edge.status.mark != edge.mark else ""
    mark = status + (f"<b>{escaped(edge.mark)}</b> " if edge.mark else "")
    rest = f" <i>{escaped(edge.rest)}</i>" if edge.rest else ""
    subject = f"{links[edge.source]} " if first else ""
    head = f"{mark}{subject}<i>{escaped(edge.verb)}</i> {links[edge.target]}{rest}{scope}"
    return rows.group(policies, head, edge.statements)


def _other_table(statements: Iterable[str], rows: _Rows) -> str:
    """Return a table of those statements that have no row yet: other sides of disputes."""
    others = "\n".join(rows.row(iri) for iri in statements if iri not in rows.numbers)
    caption = "Statements outside this view that conflict with statements in it"
    return _table("others", caption, _HEADS, f"<tbody>{others}</tbody>") if others else ""


def _table(ident: str, caption: str, heads: Iterable[str], body: str) -> str:
    cells = "".join(f'<th scope="col">{name}' for name in heads)
    return (
        f'<div class="table"><table id="{ident}"><caption>{caption}</caption>\n'
        f"<thead><tr>{cells}</thead>\n{body}\n</table></div>"
    )


def _source_table(shared: Shared) -> str:
    """Return the table of sources to which rows refer by number; nothing if there are none."""
    rows = source_rows(shared)
    return _table("sources", "Sources", ("Source", "Title"), f"<tbody>{rows}</tbody>") if rows else ""


def _node_link(node: DrawnNode) -> str:
    # A key needs no quotes: it has letters, digits and hyphens only.
    return f"<a href=#{node.key}>{escaped(node.name)}</a>"


def _links_by_name(nodes: Iterable[DrawnNode]) -> dict[str, str]:
    """Return the link to each node; the script finds the target of a name that only one node has."""
    number = Counter(node.name for node in nodes)
    return {node.id: f"<a>{escaped(node.name)}</a>" if number[node.name] == 1 else _node_link(node) for node in nodes}


def _entity_table(nodes: Sequence[DrawnNode]) -> str:
    """Return a table with one row per node: name, kind, other names, identifier."""
    start = _shared_start([node.iri for node in nodes])
    rows = "".join(
        f"<tr><th>{_node_link(node)}<td>{escaped(node.kind.word)}" + _more_cells(node, start) for node in nodes
    )
    begin = f' <small>Short identifiers begin with <span id="base">{escaped(start)}</span></small>' if start else ""
    heads = ("Name", "Kind", "Also called", "Identifier")
    return _table("entities", f"Everything in this view{begin}", heads, f"<tbody>{rows}</tbody>")


def _more_cells(node: DrawnNode, start: str) -> str:
    """Return the cells of other names and identifier; "" if both are empty, which the script then adds."""
    texts = (escaped(" · ".join(node.aliases)), escaped(_rest_of(node, start)))
    return "".join(f"<td>{text}" for text in texts) if any(texts) else ""


def _rest_of(node: DrawnNode, start: str) -> str:
    """Return the identifier without the shared beginning; "" if the rest is the key of the node, after its `n-`."""
    return "" if f"{start}{node.key[2:]}" == node.iri else node.iri.removeprefix(start)


def _shared_start(iris: Sequence[str]) -> str:
    """Return the most frequent beginning of several identifiers, up to a slash.

    >>> _shared_start(["https://example.org/id/met", "https://example.org/id/mopac", "urn:x"])
    'https://example.org/id/'
    """
    starts = Counter(f"{name.rpartition('/')[0]}/" for name in iris)
    start = min(starts, key=lambda one: (-starts[one], one), default="")
    return start if starts[start] > 1 and "://" in start and not _is_ambiguous(start, iris) else ""


def _is_ambiguous(start: str, iris: Iterable[str]) -> bool:
    """Return whether a script could take the rest of an identifier for a whole one, which has a colon."""
    return any(":" in name.removeprefix(start) if name.startswith(start) else ":" not in name for name in iris)


def _dispute_list(disputes: Iterable[DisputeView], rows: _Rows) -> str:
    """Return an account of each kind of dispute, and the disputes with links to the statements of both sides."""
    disputes = list(disputes)
    kinds = sorted({dispute.kind for dispute in disputes})
    accounts = "".join(f"<li>{escaped(account_of_kind(kind))}" for kind in kinds)
    items = "".join(
        f"<li id={anchor_of(dispute)} data-k={kinds.index(dispute.kind)}><b>{escaped(dispute.label)}</b>"
        f"<p>{', '.join(map(rows.link, dispute.affirmed))}<p>{', '.join(map(rows.link, dispute.denied))}"
        for dispute in disputes
    )
    return f'<ul id="accounts">{accounts}</ul><ul id="dispute-list">{items}</ul>' if items else ""
