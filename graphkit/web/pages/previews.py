"""What other programs show beside a link to a page: an image, and the code to embed the picture (oEmbed)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from html import escape
from typing import Any

import networkx as nx

from graphkit.analysis.disagreements import leading
from graphkit.analysis.network import status_of_stances
from graphkit.analysis.statements import StatementView
from graphkit.model.iris import BASE
from graphkit.model.stories import Story
from graphkit.model.text import counted, escaped, visible
from graphkit.view.drawing import with_status
from graphkit.view.encoding import STATUSES, kind_of, status_of
from graphkit.view.preview import HIGH, MOST_SPOKES, WIDE, Preview, Spoke, Voice
from graphkit.web.pages.context import DatasetMetadata, PageContext
from graphkit.web.pages.links import kind_of as kind_of_page
from graphkit.web.pages.links import network_address, path_of

# The beginning of the paths of stories.
STORY = "story-"
# Size of the frame in which other sites show a picture, in pixels.
_FRAME = (800, 560)


def has_preview(name: str, context: PageContext) -> bool:
    """Return whether the page of a thing has a preview: an entity that was not merged, or a disagreement."""
    if kind_of_page(path_of(name)) == "id":
        return name in context.properties and not context.properties.one(name, "dcterms:isReplacedBy")
    return name in context.disagreements


def preview_of(name: str, context: PageContext, whole: nx.MultiDiGraph[str], site: DatasetMetadata) -> Preview:
    """Return the preview of an entity or of a disagreement."""
    if name in context.disagreements:
        return _of_disagreement(name, context, site)
    one, data = context.properties.one, whole.nodes.get(name)
    about, says = (len(index.get(name, ())) for index in (context.about, context.by))
    numbers = ", ".join([counted(says, "own statement")] * bool(says) + [f"{counted(about, 'statement')} about it"])
    kinds = context.properties.all(name, "rdf:type")
    kind = kind_of(data["kind"]) if data else None
    heading = kind.word.capitalize() if kind else context.link(kinds[0]).label if kinds else ""
    spokes = spokes_of(whole, name)
    lead = one(name, "dcterms:description")
    return Preview(heading, context.link(name).label, lead, _foot(numbers, site), (), kind, spokes)


def _of_disagreement(name: str, context: PageContext, site: DatasetMetadata) -> Preview:
    one = context.disagreements[name]
    sides = [[_voice(view) for view in leading(side)] for _, side in one.sides(context.statements)]
    speakers, statements = len(one.speakers(context.statements)), len(one.statements)
    numbers = f"{counted(speakers, 'speaker')}, {counted(statements, 'statement')}"
    return Preview("Disagreement", one.question(context.statements), "", _foot(numbers, site), sides)


def preview_of_story(story: Story, whole: nx.MultiDiGraph[str], site: DatasetMetadata) -> Preview:
    """Return the preview of a story: its title, its first step, and the lines of the first entity that it names."""
    named = (name for step in story.steps for slug in step.focus if (name := f"{BASE}id/{slug}") in whole)
    centre = next(named, "")
    kind = kind_of(whole.nodes[centre]["kind"]) if centre else None
    steps = counted(len(story.steps), "step")
    spokes = spokes_of(whole, centre) if centre else ()
    return Preview("Story", story.title, story.steps[0].text, _foot(steps, site), (), kind, spokes)


def spokes_of(whole: nx.MultiDiGraph[str], centre: str) -> tuple[Spoke, ...]:
    """Return one line from an entity to each of those with which most statements relate it."""
    ends: defaultdict[str, list[tuple[dict[str, Any], bool]]] = defaultdict(list)
    for found, outward in ((whole.out_edges, True), (whole.in_edges, False)) if centre in whole else ():
        for source, target, data in found(centre, data=True):
            if source != target:
                ends[target if outward else source].append((data, outward))
    ranked = sorted(ends, key=lambda end: (-len(_statements(ends[end])), whole.nodes[end]["label"], end))
    return tuple(_spoke(whole.nodes[end], ends[end]) for end in ranked[:MOST_SPOKES])


def _statements(lines: Iterable[tuple[dict[str, Any], bool]]) -> set[str]:
    return {name for data, _ in lines for name in data["statements"]}


def _spoke(node: dict[str, Any], lines: list[tuple[dict[str, Any], bool]]) -> Spoke:
    """Return the line for all lines between two entities: the most doubtful of the most frequent relation."""
    order = list(STATUSES)
    relation, _ = Counter(data["label"] for data, _ in lines).most_common(1)[0]
    same = [line for line in lines if line[0]["label"] == relation]
    data, outward = max(same, key=lambda line: (order.index(line[0]["status"]), line[1]))
    status = status_of(data["status"], plain=data["plain"])
    number = len(data["statements"])
    label = f"{with_status(relation, data)}{f' ×{number}' if number > 1 else ''}"
    return Spoke(visible(node["label"]), kind_of(node["kind"]), label, status, outward)


def _voice(view: StatementView) -> Voice:
    return Voice(view.speaker, view.act, view.gist, STATUSES[status_of_stances([view.stance])])


def _foot(numbers: str, site: DatasetMetadata) -> str:
    return f"{numbers} · {site.title}"


def oembed(path: str, title: str, site: DatasetMetadata) -> bytes:
    """Return how to embed the picture of a page in another, as oEmbed describes it."""
    wide, high = _FRAME
    address, size = escape(site.address + _picture(path)), f'width="{wide}" height="{high}"'
    frame = f'<iframe src="{address}" title="{escaped(title)}" {size}></iframe>'
    found = {
        "version": "1.0", "type": "rich", "title": visible(title),
        "provider_name": site.title, "provider_url": site.address,
        "html": frame, "width": wide, "height": high,
        "thumbnail_url": f"{site.address}{path}.png", "thumbnail_width": WIDE, "thumbnail_height": HIGH,
    }  # fmt: skip
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _picture(path: str) -> str:
    """Return the address of what a frame shows: a picture without the rest of its page, or the page of a disagreement.

    >>> _picture("id/met"), _picture("story-money")
    ('network.html?embed=1#at=n-met&hops=1', 'story-money.html?embed=1')
    >>> _picture("dispute/matter/0c4f92b4b85082fa64788e19c2036e67")
    'dispute/matter/0c4f92b4b85082fa64788e19c2036e67.html'
    """
    if path.startswith(STORY):
        return f"{path}.html?embed=1"
    return network_address(path).replace("#", "?embed=1#") if path.startswith("id/") else f"{path}.html"
