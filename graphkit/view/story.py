"""Stories: an ordered list of steps, each a text and a state of the view.

A state is what the page keeps in its address, so a step is a link that works without the story, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from graphkit.model.text import escaped

if TYPE_CHECKING:
    from graphkit.model.stories import Step, Story


def address_of(step: Step) -> str:
    """Return the state of a step as the page keeps it after the #.

    >>> from graphkit.model.stories import Step
    >>> address_of(Step("Who paid", focus=("met",), only={"relation": ("funded",)}))
    'at=n-met&hops=1&only-relation=funded'
    """
    state = [("at", " ".join(f"n-{slug}" for slug in step.focus)), ("hops", "1")] if step.focus else []
    state += [(f"only-{group}", value) for group, values in sorted(step.only.items()) for value in values]
    state += [(name, str(year)) for name, year in (("since", step.since), ("until", step.until)) if year]
    return urlencode(state)


def story_of(story: Story | None) -> str:
    """Return the steps as a list of links; nothing if there is no story."""
    if story is None:
        return ""
    steps = "\n".join(f'<li><a href="#{escaped(address_of(step))}">{escaped(step.text)}</a>' for step in story.steps)
    return f'<section id="story"><h2>{escaped(story.title)}</h2><ol>{steps}</ol></section>'
