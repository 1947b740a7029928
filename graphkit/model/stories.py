"""Stories: a title and steps to click through in a view."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a story.

    Attributes:
        focus: Slugs of the entities that are shown with their neighbours; all entities if empty.
        only: The members shown of each group of the legend: `{"relation": ("funded",)}`.
        since: The first year.
        until: The last year.
    """

    text: str
    focus: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A title and steps to click through."""

    title: str
    steps: tuple[Step, ...]
