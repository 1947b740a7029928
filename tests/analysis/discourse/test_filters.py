"""Filters choose the statements of a network by name, and the kind of claimants, addressees and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphkit.analysis.discourse.kinds import KINDS
from graphkit.analysis.discourse.reading import Reading
from graphkit.analysis.discourse.settings import FILTERS
from graphkit.model.errors import QueryError

if TYPE_CHECKING:
    from graphkit.analysis.discourse.projection import Projection
    from graphkit.graph import Graph


def ids(found: Projection) -> set[str]:
    return set(found.coded.ids.tolist())


def ties(found: Projection) -> dict[tuple[str, str], float]:
    return {(found.rows[row], found.columns[column]): weight for row, column, weight in found.ties()}


# A value of each filter, in some way of typing it.
VALUES = {
    "actor": "CHARITY", "kind": "public-body", "sector": "policing", "relation": "consulted", "subject": "force",
    "object": "id:charity", "stance": "denies", "source": "source:daily-1", "source-kind": "news-article",
    "publisher": "Daily", "publicity": "as reported", "policy": "attributed",
}  # fmt: skip


def read(graph: Graph, **given: dict[str, list[str]]) -> set[str]:
    """Return the statements that are read."""
    only, without = (given.get(name, {}) for name in ("only", "without"))
    settings = {"retracts": "0"}
    reading = Reading(concept="proposition", narrators="keep", stances=settings, only=only, without=without)
    return ids(graph.projection("actor-concept", reading))


@pytest.mark.parametrize("name", FILTERS)
def test_what_a_filter_keeps_and_leaves_out_is_everything(ours_graph: Graph, small_graph: Graph, name: str) -> None:
    # All sources of the small corpus are of one kind, and its speakers have no sector.
    graph = ours_graph if name in {"sector", "source-kind"} else small_graph
    only, without = read(graph, only={name: [VALUES[name]]}), read(graph, without={name: [VALUES[name]]})
    assert only | without == read(graph)
    assert not only & without
    assert only
    assert without


def test_values_of_a_filter_are_alternatives_and_filters_add_up(small_graph: Graph) -> None:
    both = Reading(only={"stance": ["asserts", "denies"], "actor": ["Charity"]})
    each = [Reading(only={"stance": [stance], "actor": ["charity"]}) for stance in ("asserts", "denies")]
    one, other = (ids(small_graph.projection("actor-concept", reading)) for reading in each)
    assert ids(small_graph.projection("actor-concept", both)) == one | other
    alone = Reading(only={"stance": "asserts", "actor": "charity"})
    assert ids(small_graph.projection("actor-concept", alone)) == one
    assert one
    assert other


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_network_can_be_filtered(small_graph: Graph, kind: str) -> None:
    kept = small_graph.projection(kind, Reading(without={"publisher": ["Daily"]}))
    assert ids(kept) < ids(small_graph.projection(kind)) or kind in {"dispute", "funding", "citation"}
    assert ids(kept) <= ids(small_graph.projection(kind))
    none = small_graph.projection(kind, Reading(only={"stance": ["denies"]}, without={"stance": ["denies"]}))
    assert none.reason
    assert not list(none.ties())


@pytest.mark.parametrize(
    ("only", "message"),
    [
        ({"colour": ["red"]}, "There is no filter 'colour'"),
        ({"relation": ["consultd"]}, "(?s)No statement has the relation 'consultd'.*Did you mean consulted"),
        ({"publicity": ["?"]}, "(?s)No statement has the publicity '\\?'.*Type one of: as-reported"),
        ({"actor": ["x" * 10_000]}, "10,000 characters"),
    ],
)
def test_a_filter_or_a_value_that_does_not_exist_is_an_error(
    small_graph: Graph, only: dict[str, list[str]], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        small_graph.projection("relay", Reading(only=only))


def test_claimants_lead_to_addressees_and_these_to_objects(small_graph: Graph) -> None:
    found = small_graph.projection("addressee")
    assert ties(found)["Charity", "Force"] == -2
    for row, column, weight in found.ties():
        assert sum(part.contribution for part in found.contributions(row, column)) == weight
