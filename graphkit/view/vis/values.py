"""What vis-network is handed of what others wrote: plain values, none of which asks another host for anything."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from graphkit.model.text import visible

# Names that would reach what all objects of a page have in common, and those whose value is an address to load.
_LEFT_OUT = frozenset({"__proto__", "constructor", "prototype", "image", "brokenImage", "src", "icon", "ctxRenderer"})
# What needs an image or a script.
_INSTEAD = {
    ("shape", "image"): "dot",
    ("shape", "circularImage"): "dot",
    ("shape", "icon"): "dot",
    ("shape", "custom"): "dot",
    ("type", "image"): "arrow",
}


def without_calls(value: Any) -> Any:  # noqa: ANN401 - whatever vis-network takes
    """Return a value that JSON holds, without anything that a browser would load.

    >>> without_calls({"shape": "image", "image": "https://example.org/a.png", "size": 3})
    {'shape': 'dot', 'size': 3}
    """
    if isinstance(value, Mapping):
        kept = {visible(name): inner for name, inner in value.items() if visible(name) not in _LEFT_OUT}
        return {name: _instead(name, without_calls(inner)) for name, inner in kept.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [without_calls(inner) for inner in value]
    return _plain(value)


def _instead(name: str, value: Any) -> Any:  # noqa: ANN401 - whatever vis-network takes
    return _INSTEAD.get((name, value), value) if isinstance(value, str) else value


def _plain(value: Any) -> str | float | bool | None:  # noqa: ANN401 - numbers of numpy, dates, anything
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else None
    return "\n".join(map(visible, str(value).split("\n")))
