"""What each field of the model says in the graph: a small corpus with one statement for each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from places import MODEL, copy_workspace

from graphkit.analysis.explain import explain
from graphkit.build.pipeline import build
from graphkit.graph import Graph, open_graph
from graphkit.model.iris import PREFIXES, shorten
from graphkit.web.pages import page

if TYPE_CHECKING:
    from graphkit.analysis.statements import StatementView


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    place = copy_workspace(MODEL, tmp_path_factory.mktemp("model") / "workspace")
    built = build(place)
    assert [problem for problem in built.problems if problem.level == "error"] == []
    return open_graph(place.root)


def rows(graph: Graph, pattern: str, *names: str) -> set[tuple[str, ...]]:
    return {
        tuple(shorten(str(getattr(row[name], "value", row[name]))) for name in names)
        for row in graph.store.query(f"SELECT * WHERE {{ {pattern} }}")  # type: ignore[union-attr]
    }


def view(graph: Graph, key: str) -> StatementView:
    name = key if "/" in key else f"fields-2021/{key}"
    return explain(graph.store, name).statements[PREFIXES["statement"] + name]


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("plain", "Force consulted Charity"),
        ("qualified-otherwise", "Force consulted Charity through stakeholder consultation"),
        ("either", "Force consulted Charity or Trust"),
        ("nearly", "nearly 7,000 people"),
        ("range", "50 to 60 children per year"),
        ("share", "15 per cent of people on the list"),
    ],
)
def test_the_label_of_a_proposition_has_its_qualifiers_and_amount(graph: Graph, key: str, label: str) -> None:
    assert label in view(graph, key).claim


def test_each_qualifier_is_a_property_of_the_proposition(graph: Graph) -> None:
    claim = f"<{view(graph, 'qualified').proposition}>"
    assert rows(graph, f"{claim} ?qualifier ?value . ?qualifier a sp:Qualifier", "qualifier", "value") == {
        ("sp:matter", "id:scheme"),
        ("sp:means", "id:consultation"),
        ("sp:place", "id:town"),
        ("sp:under", "id:act"),
        ("sp:manner", "formally"),
    }


def test_qualifiers_make_another_proposition_and_the_order_of_alternatives_does_not(graph: Graph) -> None:
    claims = [view(graph, key).proposition for key in ("plain", "qualified", "qualified-otherwise")]
    assert len(set(claims)) == 3
    assert view(graph, "either").proposition == view(graph, "either-in-another-order").proposition


def test_nobody_asserts_an_alternative_singly(graph: Graph) -> None:
    claim = f"<{view(graph, 'either').proposition}>"
    assert rows(graph, f"{claim} sp:alternative ?one", "one") == {("id:trust",), ("id:charity",)}
    assert rows(graph, f"{claim} sp:object ?one", "one") == set()
    assert "id:trust" not in " ".join(explain(graph.store, "fields-2021/either").flat)


@pytest.mark.parametrize(
    ("key", "certainty", "basis"),
    [
        ("plain", "", ""),
        ("either", "possible", ""),
        ("hedged", "probable", ""),
        ("certain-in-spite-of-a-hedge", "", ""),
        ("hearsay", "", "second-hand"),
    ],
)
def test_certainty_and_basis_are_those_of_the_statement(graph: Graph, key: str, certainty: str, basis: str) -> None:
    assert (view(graph, key).certainty, view(graph, key).basis) == (certainty, basis)
    stated = rows(graph, f"<{view(graph, key).iri}> sp:certainty ?certainty ; sp:basis ?basis", "certainty")
    assert stated == {(f"sp:{certainty or 'certain'}",)}


def test_only_what_is_certain_and_first_hand_becomes_a_plain_triple(graph: Graph) -> None:
    assert graph.query("ASK { GRAPH <https://w3id.org/surveillance-policy/graph/flat/attributed> "
                       "{ id:force sp:consulted id:charity } }") is True  # fmt: skip
    assert explain(graph.store, "fields-2021/hearsay").flat == ()


@pytest.mark.parametrize(
    ("key", "least", "most"), [("range", "50", "60"), ("nearly", "6300", "7000"), ("share", "15", "15")]
)
def test_an_amount_has_its_limits(graph: Graph, key: str, least: str, most: str) -> None:
    claim = f"<{view(graph, key).proposition}>"
    assert rows(graph, f"{claim} sp:amountMin ?least ; sp:amountMax ?most", "least", "most") == {(least, most)}


def test_a_share_names_what_is_counted_and_its_whole(graph: Graph) -> None:
    pattern = "?claim sp:amountOf ?of ; sp:amountBase ?base ; sp:amountKind ?kind"
    assert rows(graph, pattern, "of", "base", "kind") == {("id:children", "id:listed", "sp:stock")}
    assert rows(graph, "?claim sp:amountPer ?period", "period") == {("sp:year",)}


def test_a_correction_and_a_decision_name_their_statements(graph: Graph) -> None:
    assert view(graph, "correction-2022/figure").corrects_id == "fields-2021/range"
    assert view(graph, "decision").reason_id == "fields-2021/finding"


def test_statements_of_one_passage_are_a_group(graph: Graph) -> None:
    groups = rows(graph, "?statement sp:group ?group", "statement", "group")
    assert {name for name, _ in groups} == {
        f"statement:fields-2021/{key}" for key in ("finding", "decision", "overlapping")
    }
    assert len({group for name, group in groups if not name.endswith("overlapping")}) == 1


@pytest.mark.parametrize(
    ("key", "voices"),
    [
        ("as-mayor", {"id:ada", "id:mayor", "id:authority"}),
        ("in-the-month-in-which-the-post-ends", {"id:ada", "id:mayor", "id:authority"}),
        ("between-the-posts", {"id:ada"}),
        ("as-director", {"id:ada", "id:charity"}),
        ("undated", {"id:ada", "id:mayor", "id:authority", "id:charity"}),
        ("as-a-member", {"id:ben"}),
    ],
)
def test_a_holder_speaks_for_the_body_only_while_in_post(graph: Graph, key: str, voices: set[str]) -> None:
    said = f"<{PREFIXES['statement']}posts-2021/{key}>"
    assert {voice for (voice,) in rows(graph, f"{said} sp:voice ?voice", "voice")} == voices


def test_a_statement_is_found_by_an_entity_in_a_qualifier_an_alternative_or_an_amount(graph: Graph) -> None:
    found = {name: set(explain(graph.store, name).statements) for name in ("town", "trust", "listed")}
    space = PREFIXES["statement"] + "fields-2021/"
    assert found["town"] == {space + "qualified"}
    assert {space + "either", space + "hedged"} <= found["trust"]
    assert space + "share" in found["listed"]


def shown(graph: Graph, path: str) -> str:
    """Return the text of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page(graph.store, path, "html").body.decode()).split())


def test_pages_show_posts_with_their_dates_at_both_ends(graph: Graph) -> None:
    assert "Posts Mayor : Mayor from 2016, until June 2020 Charity : director from 2021" in shown(graph, "id/ada")
    assert "Posts held here Ada : Mayor from 2016, until June 2020" in shown(graph, "id/mayor")


def test_pages_show_qualifiers_corrections_and_reasons(graph: Graph) -> None:
    claim = view(graph, "qualified").proposition.rpartition("/")[2]
    text = shown(graph, f"proposition/{claim}")
    for part in ("Matter Scheme", "Means stakeholder consultation", "Place Town", "Under Act", "Manner formally"):
        assert part in text
    assert "Corrected by Gist of figure." in shown(graph, "statement/fields-2021/range")
    assert "Corrects Gist of range." in shown(graph, "statement/correction-2022/figure")
    assert "Reason Gist of finding." in shown(graph, "statement/fields-2021/decision")
