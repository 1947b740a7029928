"""Networks with hardly anything in them, or too much of one thing: every engine and format draws all of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browsers import NEEDS_CHROMIUM, Visit
from test_view import BASE, add_entity, add_statement, data_of, empty_network, relate

from benchmarks.bench_views import metrics
from graphkit.analysis.disputes import DisputeView
from graphkit.analysis.network import status_of_stances
from graphkit.analysis.paths import evidence_path
from graphkit.analysis.subjects import Subject
from graphkit.view import view
from graphkit.view.diagrams import Asked, compare, flows
from graphkit.view.drawing import draw
from graphkit.view.encoding import STATUSES
from graphkit.view.vis.network import OfflineNetwork
from graphkit.web.pages.previews import spokes_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import networkx as nx

PARALLEL = 1_000


def nothing() -> nx.MultiDiGraph[str]:
    return empty_network()


def one_node() -> nx.MultiDiGraph[str]:
    network = empty_network()
    add_entity(network, "only")
    return network


def no_edges() -> nx.MultiDiGraph[str]:
    network = empty_network()
    for number in range(12):
        add_entity(network, f"alone-{number}")
    return network


def parallel_edges() -> nx.MultiDiGraph[str]:
    network = empty_network()
    add_entity(network, "one")
    add_entity(network, "other")
    for number in range(PARALLEL):
        relate(network, *(("one", "other") if number % 2 else ("other", "one")))
    return network


def loops() -> nx.MultiDiGraph[str]:
    network = one_node()
    for _ in range(20):
        relate(network, "only", "only")
    return network


def no_dates() -> nx.MultiDiGraph[str]:
    network = empty_network()
    add_entity(network, "one")
    add_entity(network, "other")
    for key, said in (("none", ""), ("odd", "some time ago"), ("empty", "../..")):
        statement = add_statement(network, key, said=said, url="", passage="", via="", source_title="")
        relate(network, "one", "other", statements=(statement,))
    return network


def no_labels() -> nx.MultiDiGraph[str]:
    network = empty_network()
    network.add_node(BASE + "bare", label="", kind="", slug="")
    network.add_node(BASE + "blank", label=" \n", kind="Person", slug="blank")
    relate(network, "bare", "blank", label="")
    return network


NETWORKS = [nothing, one_node, no_edges, parallel_edges, loops, no_dates, no_labels]
WAYS = [("svg", "html"), ("pyvis", "html"), ("canvas", "html"), ("svg", "svg"), ("svg", "png"), ("svg", "pdf")]
STARTS = {"html": b"<!doctype html>", "svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
# vis-network has the word in its own text.
CODE = re.compile(rb"<script>.*?</script>", re.DOTALL)
each = pytest.mark.parametrize("make", NETWORKS, ids=lambda make: make.__name__)


@each
@pytest.mark.parametrize(("engine", "form"), WAYS)
def test_every_engine_and_format_draws_degenerate_networks(
    make: Callable[[], nx.MultiDiGraph[str]], engine: str, form: str, tmp_path: Path
) -> None:
    path = tmp_path / f"a.{form}"
    view(make(), path, engine, form, kept=tmp_path / "kept" / "places.json")
    first = path.read_bytes()
    assert first.startswith(STARTS[form])
    assert b"NaN" not in CODE.sub(b"", first)
    view(make(), path, engine, form, kept=tmp_path / "kept" / "places.json")
    assert path.read_bytes() == first


@each
def test_every_node_and_edge_is_drawn_and_named(make: Callable[[], nx.MultiDiGraph[str]], tmp_path: Path) -> None:
    network = make()
    drawing = draw(network)
    assert len(drawing.nodes) == network.number_of_nodes()
    assert len(drawing.edges) == network.number_of_edges()
    assert all(shape.name.strip() and shape.label.strip() for shape in drawing.nodes)
    assert len({shape.position for shape in drawing.nodes}) == len(drawing.nodes)
    view(network, tmp_path / "a.html", "pyvis")
    for page in ((tmp_path / "a.html").read_text(encoding="utf-8"), OfflineNetwork(network).generate_html()):
        data = data_of(page)
        assert (len(data["nodes"]), len(data["edges"])) == (network.number_of_nodes(), network.number_of_edges())


@each
def test_edges_between_two_nodes_have_different_curvatures(make: Callable[[], nx.MultiDiGraph[str]]) -> None:
    drawing = draw(make())
    ways = {
        (*sorted((one.source, one.target)), one.curvature * (1 if one.source <= one.target else -1))
        for one in drawing.edges
    }
    assert len(ways) == len(drawing.edges)


def test_the_svg_page_of_a_thousand_parallel_lines_has_each_of_them(tmp_path: Path) -> None:
    view(parallel_edges(), tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert f"{PARALLEL} of {PARALLEL} statements drawn" in re.sub(r"(?<=\d),(?=\d)", "", page)


@NEEDS_CHROMIUM[0]
@NEEDS_CHROMIUM[1]
@each
@pytest.mark.parametrize("engine", ["svg", "pyvis", "canvas", "network"])
def test_a_browser_shows_degenerate_networks_without_messages(
    visit: Visit, make: Callable[[], nx.MultiDiGraph[str]], engine: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.html"
    if engine == "network":
        OfflineNetwork(make()).save_graph(str(path))
    else:
        view(make(), path, engine)
    page = visit.open(path)
    assert not page.locator("#trouble").is_visible()
    visit.assert_quiet()


def crowded() -> nx.MultiDiGraph[str]:
    """A disagreement of 200 statements, between entities with names of 10,000 characters and of other scripts."""
    network = empty_network()
    for slug, name in (
        ("long", "a long name " * 833),
        ("unbroken", "x" * 10_000),
        ("arabic", "شرطة لندن"),
        ("hebrew", "משטרה"),
    ):
        add_entity(network, slug, name, "PublicBody")
    for other in ("unbroken", "arabic", "hebrew"):
        relate(network, "long", other)
    claims, denials = (
        tuple(add_statement(network, f"{stance}{i}", stance=stance, gist="word " * 2000) for i in range(100))
        for stance in ("asserts", "denies")
    )
    iri, label = "https://example.org/dispute/123456789abcdef0", "x" * 10_000
    network.graph["disputes"] = (DisputeView(iri, "contradiction", label, "r", "", (), claims, denials),)
    relate(network, "arabic", "hebrew", "disputed", statements=(*claims, *denials), stances=("asserts", "denies"))
    return network


@NEEDS_CHROMIUM[0]
@NEEDS_CHROMIUM[1]
def test_long_and_right_to_left_names_and_a_disagreement_of_200_statements_are_shown(
    visit: Visit, tmp_path: Path
) -> None:
    view(crowded(), tmp_path / "a.html")
    page = visit.open(tmp_path / "a.html")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert metrics(page)["bad"] == []
    page.locator(".badges [data-k]").click()
    sides = page.locator("#panel .sides > div")
    assert [sides.nth(i).locator("article").count() for i in (0, 1)] == [100, 100]
    assert page.locator("#panel h2 button").all_inner_texts() == ["شرطة لندن", "משטרה"]
    assert page.evaluate("getComputedStyle(document.querySelector('#panel h2')).unicodeBidi") == "isolate"
    assert page.evaluate("panel.scrollWidth <= panel.clientWidth + 1")
    visit.assert_quiet()


SUM = ("1000", "GBP", "1000", "1000")
BOUND, NO_SUM = ("1000", "GBP", "1000", ""), ("", "", "", "")


@pytest.mark.parametrize("status", list(STATUSES))
@pytest.mark.parametrize("numbers", [SUM, BOUND, NO_SUM], ids=["sum", "bound", "no sum"])
def test_only_an_exact_sum_that_is_no_plan_is_solid(
    monkeypatch: pytest.MonkeyPatch, status: str, numbers: tuple[str, ...]
) -> None:
    network = empty_network()
    for name in ("payer", "payee"):
        add_entity(network, name, name, "PublicBody")
    key = relate(network, "payer", "payee", status, label="funded", relation="funded", stances=("plans",))
    monkeypatch.setattr(flows, "texts", lambda *_: [(key, "a sum", *numbers, "", "")])
    ((_, _, band),) = flows.bands_of(None, network, "Sums").edges(data=True)  # type: ignore[arg-type]
    assert band["hatched"] == (numbers is not SUM or status in {"planned", "ruled out", "disputed"}), (
        "a plan, in dispute or not"
    )


def test_the_label_of_a_plan_in_dispute_says_both(monkeypatch: pytest.MonkeyPatch) -> None:
    network = empty_network()
    for name in "abc":
        add_entity(network, name, name, "PublicBody")
    relate(
        network, "a", "b", "disputed", statements=(add_statement(network, "plan"),), label="funded", stances=("plans",)
    )
    assert spokes_of(network, BASE + "a")[0].relation == "planned, disputed: funded"
    assert evidence_path(network, BASE + "a", BASE + "b")[0].status == "planned, disputed"
    relate(network, "a", "b", "disputed", label="paid", stances=("asserts", "denies"))
    assert [edge.label for edge in draw(network).edges] == ["planned, disputed: funded", "disputed: paid"]
    monkeypatch.setattr(compare, "network_near", lambda *_: network)
    monkeypatch.setattr(compare, "subject_of", lambda _, asked, __: Subject(BASE + asked.about, "entity", asked.about))
    both = compare.make(None, Asked(about="a,b"))  # type: ignore[arg-type]
    assert {edge.label for edge in draw(both).edges} == {"planned, disputed: funded", "disputed: paid"}


def test_the_line_of_each_stance_has_the_status_of_that_stance() -> None:
    stances = ("asserts", "denies", "plans", "rules-out", "doubts", "concedes", "retracts", "declines")
    found = [status_of_stances([stance]) for stance in stances]
    assert found == [
        "claimed", "denied", "planned", "ruled out", "doubted", "conceded", "retracted", "declined"
    ]  # fmt: skip


def test_sums_in_three_currencies_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    network = empty_network()
    sums = {"a": ("1000", "GBP"), "b": ("500", "GBP"), "c": ("900000", "USD"), "d": ("700000", "EUR")}
    add_entity(network, "payer", "Payer", "PublicBody")
    for name in sums:
        add_entity(network, name, name, "Organisation")
        relate(network, "payer", name, label="funded", relation="funded")
    keys = {network.nodes[end]["label"]: key for _, end, key in network.edges(keys=True)}
    rows = [
        (keys[name], f"{unit} {amount}", amount, unit, amount, amount, "", "") for name, (amount, unit) in sums.items()
    ]
    monkeypatch.setattr(flows, "texts", lambda *_: rows)
    drawn = flows.bands_of(None, network, "Sums")  # type: ignore[arg-type] # the rows come from above
    bands = {drawn.nodes[end]["label"]: (data["width"], data["hatched"]) for _, end, data in drawn.edges(data=True)}
    assert bands["a"][0] == 2 * bands["b"][0]
    assert not bands["a"][1]
    assert bands["c"] == bands["d"] == (4, True), "hatched, and no wider than a band without a sum"
