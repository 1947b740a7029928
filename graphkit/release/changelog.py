"""history/CHANGELOG.md: the changes since the release before, for people; `history/changes.csv` has all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from graphkit.model.text import visible
from graphkit.release.changes import Change

# How many things of a kind and a change are listed.
_SHOWN = 100
_KINDS = {
    "dataset": "The dataset", "statement": "Statements", "source": "Sources", "entity": "Entities",
    "dispute": "Disputes",
}  # fmt: skip
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|!&])")


def changelog(before: str, changes: Iterable[Change]) -> str:
    """Return the changes as Markdown.

    Args:
        before: The version with which the data are compared.

    >>> print(changelog("0.1.0", [Change("added", "statement", "gazette-1/paid", "", "", "The council paid.", "")]))
    # Changes since 0.1.0
    <BLANKLINE>
    ## Statements
    <BLANKLINE>
    1 added:
    <BLANKLINE>
    - `gazette-1/paid`: The council paid.
    <BLANKLINE>
    """
    kinds = [*_KINDS]
    order = sorted(changes, key=lambda one: (kinds.index(one.kind), one.change))
    lines = [line for kind, some in groupby(order, lambda one: one.kind) for line in _of_kind(kind, some)]
    return "\n".join([f"# Changes since {_plain(before)}", "", *(lines or ["No thing has changed.", ""])])


def _of_kind(kind: str, changes: Iterable[Change]) -> Iterator[str]:
    yield from (f"## {_KINDS[kind]}", "")
    for change, some in groupby(changes, lambda one: one.change):
        things = {name: list(fields) for name, fields in groupby(some, lambda one: one.id)}
        yield from (f"{len(things):,} {'with another meaning' if change == 'reused' else change}:", "")
        yield from (f"- {_thing(name, fields)}" for name, fields in [*things.items()][:_SHOWN])
        if len(things) > _SHOWN:
            yield f"- … and {len(things) - _SHOWN:,} more, in `changes.csv`"
        yield ""


def _thing(name: str, fields: list[Change]) -> str:
    """Return a thing with its text, or with each field that has changed."""
    said = [_field(one) if one.field else _plain(one.old or one.new) for one in fields]
    successor = next((f"; now `{one.new}`" for one in fields if one.change == "merged" and one.new), "")
    reason = next((f" Reason: {_plain(one.reason)}" for one in fields if one.reason), "")
    return f"`{name.replace('`', '')}`: {'; '.join(filter(None, said))}{successor}{reason}"


def _field(change: Change) -> str:
    if not change.old:
        return f"{change.field} is new: “{_plain(change.new)}”"
    if not change.new:
        return f"{change.field} is gone: “{_plain(change.old)}”"
    return f"{change.field} was “{_plain(change.old)}” and is “{_plain(change.new)}”"


def _plain(text: str) -> str:
    """Return text of others in one line, in which nothing is Markdown."""
    return _MARKDOWN.sub(r"\\\1", visible(text))
