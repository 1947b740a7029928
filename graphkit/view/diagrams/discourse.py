"""Actors and the claims that they support or oppose."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from graphkit.analysis.discourse.kinds import projection
from graphkit.analysis.discourse.projection import Projection
from graphkit.analysis.discourse.reading import Reading
from graphkit.analysis.network import empty_network, kind_of, with_counts
from graphkit.analysis.parts import around
from graphkit.analysis.properties import Properties, read_properties
from graphkit.model.iris import PREFIXES, digest
from graphkit.store import Store
from graphkit.view.diagrams import Asked, subject_of, title_of
from graphkit.view.diagrams.cards import add_link
from graphkit.view.diagrams.matrix import place

# Label, status and polarity of a tie by the sign of its weight. A red cell is opposition or disagreement.
_TWO_MODE = {
    1: ("supports", "reported", "supportive"), -1: ("opposes", "denied", "critical"),
    0: ("supports and opposes", "disputed", "neutral"),
}  # fmt: skip
_ONE_MODE = {
    1: ("agrees with", "reported", "supportive"), -1: ("disagrees with", "disputed", "critical"),
    0: ("agrees and disagrees with", "disputed", "neutral"),
}  # fmt: skip
_MEANINGS = {
    "actor-concept": {
        "reported": "+ supports the claim",
        "denied": "− opposes the claim",
        "disputed": "± both, equally often",
    },
    "actor-actor": {"reported": "+ more often agrees", "disputed": "− more often disagrees; ± both, equally often"},
}
# Reasons for which statements are left out, where the words of the command line are not those of readers; "" for notes
# on statements that are counted.
_LEFT_OUT = {
    "narrators, dropped": "reports of news media in their own words, left out",
    "narrators, kept": "reports of news media in their own words, counted",
    "narrated facts, dropped": "facts that sources report, left out",
    "narrated facts, kept": "facts that sources report, counted",
    "speakers for no organisation": "",
    "without an earliest date": "",
    "not coded": "on none of these claims",
}
# Rounds after which names are in their order.
_ROUNDS = 300
_LEADS = {
    "actor-concept": "+: the actor supports the claim; −: it opposes it; ±: both, equally often",
    "actor-actor": "+: the two actors more often agree; −: they more often disagree; ±: both, equally often",
}


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return actors and claims; an edge rests on the statements of its tie."""
    return drawn(store, asked, "actor-concept", "Who supports and who opposes which claim")


def drawn(store: Store, asked: Asked, kind: str, title: str) -> nx.MultiDiGraph[str]:
    """Return a discourse network that can be drawn."""
    made = projection(store, kind, Reading(roll_up=asked.roll_up))
    properties = read_properties(store)
    drawing = empty_network(properties, asked.policy)
    for row, column, weight in made.ties():
        _add(drawing, properties, made, (row, column), weight)
    if asked.about:
        drawing = around(drawing, [subject_of(store, asked, ("entity",)).iri], max(asked.hops, 1))
    title = title_of(title, drawing.graph["title"], store, asked)
    drawing.graph.update(title=title, lead=_lead(kind, made), undrawn={}, meanings=_MEANINGS[kind])
    drawing.graph["arrange"] = partial(_arrange, kind=kind, in_print=True)
    _arrange(drawing, kind)
    return with_counts(drawing)


def _arrange(drawing: nx.MultiDiGraph[str], kind: str, *, in_print: bool = False) -> None:
    place(drawing, *_in_order(drawing, kind), in_print=in_print)


def _lead(kind: str, made: Projection) -> str:
    return f"{_LEADS[kind]}. {_counts(made)}"


def _in_order(drawing: nx.MultiDiGraph[str], kind: str) -> tuple[list[str], list[str]]:
    """Return the rows and the columns, those with like signs beside each other."""
    claims = {other for _, other in drawing.edges()} if kind == "actor-concept" else set()
    rows, columns = sorted(set(drawing) - claims), sorted(claims)
    signs = np.zeros((len(rows), len(columns or rows)))
    at, across = ({name: i for i, name in enumerate(names)} for names in (rows, columns or rows))
    for one, other, data in drawing.edges(data=True):
        signs[at[one], across[other]] = {"supportive": 1, "critical": -1}.get(data["polarity"], 0)
    if not claims:
        signs = signs + signs.T
    return _sorted(rows, signs), _sorted(columns, signs.T)


def _sorted(names: Sequence[str], signs: NDArray[np.float64]) -> list[str]:
    """Return names by their place on the axis on which their signs differ most, found by repeated multiplication."""
    alike, axis = signs @ signs.T, np.arange(1.0, len(names) + 1)
    for _ in range(_ROUNDS if names else 0):
        axis = alike @ axis
        axis /= np.abs(axis).max(initial=1.0)
    places = np.round(-axis, 6)
    return [name for _, name in sorted(zip(places.tolist(), names, strict=True))]


def _counts(made: Projection) -> str:
    """Return how many statements a network rests on, and how many were left out for which reason."""
    counts = {**made.notes["statements"], **made.left_out}
    words = ((_LEFT_OUT.get(reason, reason), number) for reason, number in counts.items())
    rest = "; ".join(f"{reason}: {number}" for reason, number in words if reason and number)
    return f"{len(set(made.coded.ids))} statements are counted" + (f" ({rest})." if rest else ".")


def _add(
    drawing: nx.MultiDiGraph[str], properties: Properties, made: Projection, ends: tuple[int, int], weight: float
) -> None:
    """Add a tie with its statements, and its ends."""
    one_mode = made.settings.one_mode
    labels = made.rows[ends[0]], made.columns[ends[1]]
    names = [_name(made, label, "actor") for label in labels[:1]]
    names.append(_name(made, labels[1], "actor" if one_mode else "claim"))
    for name, label, claim in zip(names, labels, (False, not one_mode), strict=True):
        _add_node(drawing, properties, name, label, claim=claim)
    sign = (weight > 0) - (weight < 0)
    label, status, polarity = (_ONE_MODE if one_mode else _TWO_MODE)[sign]
    statements = tuple(sorted({PREFIXES["statement"] + part.statement for part in made.contributions(*ends)}))
    add_link(drawing, (names[0], names[1]), label, statements, status, polarity=polarity)


def _name(made: Projection, label: str, part: str) -> str:
    """Return the IRI of an actor or claim, or a name for one that has none."""
    return made.iris.get(label) or f"urn:graphkit:{part}:{digest(label)}"


def _add_node(drawing: nx.MultiDiGraph[str], properties: Properties, name: str, label: str, *, claim: bool) -> None:
    """Add an actor or a claim; one that is not in the graph, such as a kind of actors, is a group."""
    if name in drawing:
        return
    classes = properties.all(name, "rdf:type")
    kind = "Proposition" if claim else kind_of(classes) if classes else "Group"
    aliases = tuple(sorted(properties.all(name, "skos:altLabel")))
    drawing.add_node(name, label=label, kind=kind, slug=name.rpartition("/")[2], aliases=aliases)
