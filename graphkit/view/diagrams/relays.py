"""Who reports whose statements: from the publisher of a source, through any intermediaries, to the speaker."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import networkx as nx

from graphkit.analysis.network import add_nodes, empty_network, with_counts
from graphkit.analysis.properties import read_properties
from graphkit.store import Store, texts
from graphkit.view.diagrams import Asked, subject_of, title_of
from graphkit.view.diagrams.cards import add_link
from graphkit.view.diagrams.ego import around

_ENDS = """
SELECT ?statement ?publisher ?speaker
WHERE { ?statement sp:source/dcterms:publisher ?publisher ; sp:speaker ?speaker }
ORDER BY ?statement ?publisher
"""
_BETWEEN = """
SELECT ?statement ?position ?who
WHERE { ?statement sp:relay ?relay . ?relay sp:position ?position ; sp:relayedBy ?who }
ORDER BY ?statement ?position
"""


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the network of publishers, intermediaries and speakers; edges rest on the statements they relay."""
    chains: defaultdict[str, list[str]] = defaultdict(list)
    for statement, _, who in texts(store, _BETWEEN, "statement", "position", "who"):
        chains[statement].append(who)
    links: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for statement, publisher, speaker in texts(store, _ENDS, "statement", "publisher", "speaker"):
        for reporter, reported in pairwise((publisher, *chains.get(statement, ()), speaker)):
            if reporter != reported:
                links[reporter, reported].add(statement)
    properties = read_properties(store)
    drawing = empty_network(properties, asked.policy)
    add_nodes(drawing, properties, sorted({end for link in links for end in link}))
    for ends, statements in sorted(links.items()):
        add_link(drawing, ends, "relays", tuple(sorted(statements)), "reported")
    if asked.about:
        drawing = around(drawing, subject_of(store, asked, ("entity",)).iri, max(asked.hops, 1))
    drawing.graph.update(
        title=title_of("Who reports whose statements", drawing.graph["title"], store, asked),
        lead="Each line runs from the reporter to the speaker. Publishers' own statements are not drawn.",
        undrawn={},
    )
    return with_counts(drawing)
