"""Stories: an ordered list of steps, each a text and a state of a view."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a story.

    Attributes:
        text: What is read.
        focus: Slugs of the entities that are shown with their neighbours; all if there are none.
        only: What is shown of a group: `{"relation": ("funded",)}`. Groups are those of the legend.
        since: The first year, if any.
        until: The last year, if any.
    """

    text: str
    focus: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """Steps to click through."""

    title: str
    steps: tuple[Step, ...]
