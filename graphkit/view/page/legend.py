"""The legend of a picture, in HTML, with the kinds, polarities and statuses that occur in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from graphkit.model.text import escaped
from graphkit.view.drawing import Drawing
from graphkit.view.encoding import (
    COLOURS,
    GREY,
    INK,
    MERGED,
    NODE_STYLES,
    OUTLINES,
    POLARITIES,
    STATUSES,
    VERMILION,
    NodeStyle,
    PolarityStyle,
    Sample,
    StatusStyle,
)
from graphkit.view.page.groups import Overview
from graphkit.view.page.svg import notched

# Values of attributes that need no quotes in HTML.
_QUOTED = re.compile(r'="([-#.\w]+)"(?=[ >])')
_Entry = TypeVar("_Entry", NodeStyle, PolarityStyle, StatusStyle)


def legend(
    drawing: Drawing,
    inside: Overview | None = None,
    about: Mapping[str, Any] | None = None,
    *,
    checkboxes: bool = False,
) -> str:
    """Return the legend: the meaning of shapes, dashes, forms and colours.

    Args:
        inside: The groups that can be opened in it.
        about: The attributes of the network: `meanings` is the meaning of each status of a line that has another than
            usual in this picture; `samples` is the heading and the entries of a key to the form of bars or bands.
        checkboxes: Whether each entry has a checkbox, by which a script filters.
    """
    about = about or {}
    heading, samples = about.get("samples", ("", ()))
    kinds = [*(node.kind for node in drawing.nodes), *(inside.kinds if inside else ())]
    statuses = [*(edge.status for edge in drawing.edges), *(inside.statuses if inside else ())]
    polarities = [*(edge.polarity for edge in drawing.edges), *(inside.polarities if inside else ())]
    lists = (
        (heading, "", [("", _sample_item(sample)) for sample in samples]),
        ("Kinds", "kind", [(kind.word, _kind_item(kind)) for kind in _distinct(kinds, NODE_STYLES)]),
        (
            "Colour" if samples else "Line",
            "status",
            [
                _status_entry(status, about.get("meanings", {}), line_of(drawing, status, bars=bool(samples)))
                for status in _distinct(statuses, STATUSES)
            ],
        ),
        ("Signs", "", [("", sign) for sign in _signs(drawing, about) if checkboxes and not inside]),
        ("Sentiment", "polarity", [(p.word, _polarity_item(p)) for p in _distinct(polarities, POLARITIES)]),
    )
    shown = "\n".join(
        _list(title, (_boxed(item, group, value) if checkboxes and group else item for value, item in items))
        for title, group, items in lists
        if title and items
    )
    return _QUOTED.sub(r"=\1", shown)


def _boxed(item: str, group: str, value: str) -> str:
    box = f'<input type="checkbox" checked data-group="{group}" value="{escaped(value)}">'
    return f"<label>{box}{item}</label>"


def _distinct(styles: Iterable[_Entry], known: Mapping[str, _Entry]) -> list[_Entry]:
    """Return distinct styles: known ones first, in the order of their declaration."""
    rank = {style: i for i, style in enumerate(known.values())}
    return sorted(dict.fromkeys(styles), key=lambda style: (rank.get(style, len(rank)), repr(style)))


def _list(title: str, items: Iterable[str]) -> str:
    entries = "".join(f"<li>{item}</li>" for item in items)
    return f"<div><h3>{title}</h3><ul>{entries}</ul></div>"


def _kind_item(kind: NodeStyle) -> str:
    return f"{_icon(20, mark_of(kind))}{escaped(kind.word)}"


def mark_of(kind: NodeStyle) -> str:
    """Return the mark of a kind in a field of 20 by 20."""
    fill, line, width = ("none", kind.colour, 2.6) if kind.hollow else (kind.colour, INK, 1)
    return f'<path d="{OUTLINES[kind.shape]}" fill="{fill}" stroke="{line}" stroke-width="{width}"/>'


def _polarity_item(polarity: PolarityStyle) -> str:
    return f"<span>{polarity.sign} {escaped(polarity.word)}</span>"


def _signs(drawing: Drawing, about: Mapping[str, Any]) -> Iterator[str]:
    """Yield an item for each sign on the lines of a network: only for those that occur."""
    if about.get("natural"):
        return
    disputed = {iri for dispute in about.get("disputes", ()) for _, iri in dispute.sides()}
    against = [edge for edge in drawing.edges if edge.status.colour == VERMILION]
    if any(not disputed.isdisjoint(edge.statements) for edge in against):
        yield "<span>≠ inconsistent statements</span>"
    if drawing.pairs:
        yield f"<span>×2 {MERGED}</span>"
        if any(edge.status.colour == VERMILION for pair in drawing.pairs for edge in pair.edges):
            bar = '<g class="bar"><path class="yes" d="M1 10h13"/><path class="no" d="M14 10h13"/></g>'
            yield f"{_icon(28, bar)}<span>red: share denied or disputed</span>"
    elif any(len(edge.statements) > 1 and edge.numbered for edge in drawing.edges):
        yield "<span>×2 two statements</span>"


def _sample_item(sample: Sample) -> str:
    return f"{_icon(44, bar_of(sample))}<span>{escaped(sample.text)}</span>"


def bar_of(sample: Sample) -> str:
    """Return the bar of a sample in a field of 44 by 20."""
    left, stroke = 22 - sample.wide // 2, f"url(#h{COLOURS.index(GREY)})" if sample.hatched else GREY
    return f'<path d="M{left} 10h{sample.wide}" stroke="{stroke}" stroke-width="{sample.high}"/>'


def line_of(drawing: Drawing, status: StatusStyle, *, bars: bool) -> str:
    """Return the line of a status in a field of 44 by 20; in a picture of bars its bar, hatched if all its bars are."""
    notches = notches_of(drawing, status) if bars else None
    if notches is None:
        return _line(status.colour, status.dasharray)
    is_hatched = all(edge.hatched for edge in drawing.edges if edge.status == status)
    stroke = f"url(#h{COLOURS.index(status.colour)})" if is_hatched else status.colour
    return f'<path d="M8 10h28" stroke="{stroke}" stroke-width="14"{"" if is_hatched else notched(notches)}/>'


def notches_of(drawing: Drawing, status: StatusStyle) -> tuple[int, ...] | None:
    """Return the notches of the bars of a status; none for the cells of a matrix. None if it has lines only."""
    bands = [edge for edge in drawing.edges if edge.width and edge.status == status]
    if not bands and all(node.card is None or node.card.status != status for node in drawing.nodes):
        return None
    return status.notches if all(edge.numbered for edge in bands) else ()


def _status_entry(status: StatusStyle, meanings: Mapping[str, str], line: str) -> tuple[str, str]:
    """Return the value by which a status is filtered, and its item."""
    value = status.mark or "reported"
    word = f"<strong>{escaped(status.mark)}:</strong> " if status.mark and value not in meanings else ""
    text = escaped(meanings.get(value, status.meaning))
    return value, f"{_icon(44, line)}<span>{word}{text}</span>"


def _line(colour: str, dashes: str) -> str:
    pattern = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M1 10H43" stroke="{colour}" stroke-width="2.4"{pattern}/>'


def _icon(width: int, inside: str) -> str:
    size = f'width="{width}" height="20" viewBox="0 0 {width} 20"'
    return f'<svg {size} aria-hidden="true">{inside}</svg>'
