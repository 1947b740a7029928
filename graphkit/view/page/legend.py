"""The legend of a picture, in HTML, with the kinds, polarities and statuses that occur in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from graphkit.model.text import escaped
from graphkit.view.encoding import (
    GREY,
    INK,
    NODE_STYLES,
    OUTLINES,
    POLARITIES,
    STATUSES,
    NodeStyle,
    PolarityStyle,
    StatusStyle,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.view.drawing import Drawing
    from graphkit.view.page.groups import Overview

_Entry = TypeVar("_Entry", NodeStyle, PolarityStyle, StatusStyle)


def legend(drawing: Drawing) -> str:
    """Return the legend: the meaning of shapes, line colours and dashes."""
    kinds, polarities, statuses = _occurring(drawing)
    return "\n".join(
        [
            _list("Kinds", map(_kind_item, kinds)),
            _list("Line colour", map(_polarity_item, polarities)),
            _list("Line and word", map(_status_item, statuses)),
        ],
    )


def legend_with_boxes(drawing: Drawing, inside: Overview | None = None) -> str:
    """Return the legend with a checkbox before each entry, by which a script filters.

    Args:
        drawing: The drawing.
        inside: The groups that can be opened in it.
    """
    kinds, polarities, statuses = _occurring(drawing)
    if inside:
        kinds = _distinct([*kinds, *inside.kinds], NODE_STYLES.values())
        polarities = _distinct([*polarities, *inside.polarities], POLARITIES.values())
        statuses = _distinct([*statuses, *inside.statuses], STATUSES.values())
    return "\n".join(
        [
            _list("Kinds", (_boxed(_kind_item(style), "kind", style.word) for style in kinds)),
            _list(
                "Line and word", (_boxed(_status_item(style), "status", style.mark or "reported") for style in statuses)
            ),
            _list("Line colour", (_boxed(_polarity_item(style), "polarity", style.word) for style in polarities)),
        ],
    )


def _boxed(item: str, group: str, value: str) -> str:
    box = f'<input type="checkbox" checked data-group="{group}" value="{escaped(value)}">'
    return f"<label>{box}{item} <output></output></label>"


def _occurring(drawing: Drawing) -> tuple[list[NodeStyle], list[PolarityStyle], list[StatusStyle]]:
    return (
        _distinct((node.kind for node in drawing.nodes), NODE_STYLES.values()),
        _distinct((edge.polarity for edge in drawing.edges), POLARITIES.values()),
        _distinct((edge.status for edge in drawing.edges), STATUSES.values()),
    )


def _distinct(styles: Iterable[_Entry], order: Iterable[_Entry]) -> list[_Entry]:
    """Return distinct styles: known ones first, in the order of their declaration."""
    rank = {style: i for i, style in enumerate(order)}
    return sorted(dict.fromkeys(styles), key=lambda style: (rank.get(style, len(rank)), repr(style)))


def _list(title: str, items: Iterable[str]) -> str:
    entries = "".join(f"<li>{item}</li>" for item in items)
    return f"<div><h3>{title}</h3><ul>{entries}</ul></div>"


def _kind_item(kind: NodeStyle) -> str:
    fill, line, width = ("none", kind.colour, 2.6) if kind.hollow else (kind.colour, INK, 1)
    path = f'<path d="{OUTLINES[kind.shape]}" fill="{fill}" stroke="{line}" stroke-width="{width}"/>'
    return f"{_icon(20, path)}{escaped(kind.word)}"


def _polarity_item(polarity: PolarityStyle) -> str:
    return f"{_icon(44, _line(polarity.colour, ''))}{escaped(polarity.word)}"


def _status_item(status: StatusStyle) -> str:
    word = f"<strong>{escaped(status.mark)}:</strong> " if status.mark else ""
    return f"{_icon(44, _line(GREY, status.dasharray))}<span>{word}{escaped(status.meaning)}</span>"


def _line(colour: str, dashes: str) -> str:
    pattern = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M1 10H43" stroke="{colour}" stroke-width="2.4"{pattern}/>'


def _icon(width: int, inside: str) -> str:
    size = f'width="{width}" height="20" viewBox="0 0 {width} 20"'
    return f'<svg {size} aria-hidden="true" focusable="false">{inside}</svg>'
