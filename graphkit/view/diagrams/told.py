"""The part of a network that a story shows."""

from __future__ import annotations

from typing import Any

import networkx as nx

from graphkit.analysis.network import with_counts
from graphkit.model.stories import Step, Story
from graphkit.model.text import counted
from graphkit.view.drawing import verb_of
from graphkit.view.encoding import kind_of


def told(whole: nx.MultiDiGraph[str], story: Story) -> nx.MultiDiGraph[str]:
    """Return the edges that a step of a story can show, with the nodes that they connect; all if that is none.

    The filters by status, by polarity and by time are left to the page, which may show fewer.
    """
    shown = [
        (start, end, key)
        for start, end, key, edge in whole.edges(keys=True, data=True)
        if any(_shows(step, (whole.nodes[start], whole.nodes[end]), edge) for step in story.steps)
    ]
    part: nx.MultiDiGraph[str] = (whole.edge_subgraph(shown) if shown else whole).copy()  # type: ignore[arg-type]
    lead = f"A story in {counted(len(story.steps), 'step')}: {whole.graph['title']}."
    part.graph.update(story=story, title=story.title, lead=lead)
    # A part has a better place for each node than the whole.
    part.graph.pop("positions", None)
    return with_counts(part)


def _shows(step: Step, ends: tuple[dict[str, Any], dict[str, Any]], edge: dict[str, Any]) -> bool:
    values = {"relation": (verb_of(edge),), "stance": edge["stances"], "speaker": edge["speakers"]}
    kinds = [kind_of(end["kind"]).word for end in ends]
    return step.is_about([end.get("slug", "") for end in ends]) and step.leaves(kinds, values)
