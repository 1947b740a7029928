"""Stories: a title and steps to click through in a view."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


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

    def is_about(self, ends: Collection[str]) -> bool:
        """Return whether a line between two things, given as slugs, is in the focus."""
        return not self.focus or not set(self.focus).isdisjoint(ends)

    def leaves(self, kinds: Collection[str], values: Mapping[str, Collection[str]]) -> bool:
        """Return whether the filter leaves a line, as far as its kinds of ends and some of its values tell.

        >>> Step("Money", only={"relation": ("funded",)}).leaves(["office"], {"relation": ["funded"], "stance": []})
        True
        """
        wanted = self.only.get("kind")
        return (not wanted or set(kinds) <= set(wanted)) and all(
            not set(found).isdisjoint(self.only[name]) for name, found in values.items() if name in self.only
        )


@dataclass(frozen=True, slots=True)
class Story:
    """A title and steps to click through."""

    title: str
    steps: tuple[Step, ...]
