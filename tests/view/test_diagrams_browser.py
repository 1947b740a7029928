"""Each kind of view of a small corpus, and our own network, in a real browser."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from browsers import NEEDS_CHROMIUM, Visit
from svg_pages import LINES, NEEDS_AXE, box, complaints_of_axe, open_at, saved, shown, state
from test_diagrams import kind

from graphkit.model.dates import bounds_if_any
from graphkit.model.text import counted
from graphkit.query.questions import find_question
from graphkit.view.diagrams import KINDS
from graphkit.view.drawing import Drawing, DrawnEdge, DrawnNode, draw
from graphkit.view.page.page import write_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import networkx as nx
    from playwright.sync_api import Browser, Page

    from graphkit.graph import Graph

# Each mark of a node: its name, the id of its symbol, whether it is lit, and where it is.
MARKS = """(all) => all.map((one) => {
  const { left, right } = one.querySelector("rect, use").getBoundingClientRect();
  const [isLit, name] = [one.matches(".on") && getComputedStyle(one).opacity === "1", one.textContent];
  return [name, one.querySelector("use")?.getAttribute("href"), isLit, left, right];
})"""
pytestmark = NEEDS_CHROMIUM
# Of each body of the table that is to be seen: the edge, and its statements, in their own row or by reference.
TABLE = """(bodies) => bodies.filter((body) => body.checkVisibility()).map((body) => [body.dataset.e,
  [...body.rows].slice(1).filter((row) => row.checkVisibility() && (row.id || row.querySelector("a"))).map((row) =>
    [Boolean(row.id), decodeURIComponent((row.id || row.querySelector("a").hash.slice(1)).slice(2))])])"""
STATEMENTS = "(all) => all.map((one) => one.lastChild.textContent.match(/Statement (.*)$/)[1])"
TABS = 60


@dataclass(frozen=True, slots=True)
class Kept:
    """What is to be seen: edges, and those of their statements that pass the filters."""

    edges: list[DrawnEdge]
    passing: set[str]
    nodes: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A kind of view as a file, and what it was made from."""

    path: Path
    network: nx.MultiDiGraph[str]
    drawing: Drawing
    ends: dict[str, DrawnNode]

    def ids(self, edge: DrawnEdge) -> list[str]:
        """Return the statements of an edge as people see them."""
        return [self.network.graph["evidence"][one].id for one in edge.statements]

    def kept(self, passes: Callable[[DrawnEdge], bool], statement: Callable[[str], bool] = lambda _: True) -> Kept:
        """Return what is left of edges and statements; an edge that has statements needs one that passes."""
        passing = {one for edge in self.drawing.edges for one in edge.statements if statement(one)}
        edges = [
            one for one in self.drawing.edges
            if passes(one) and (not one.statements or not passing.isdisjoint(one.statements))
        ]  # fmt: skip
        return Kept(edges, passing, len({end for one in edges for end in (one.source, one.target)}))

    def values(self, edge: DrawnEdge, group: str) -> set[str]:
        """Return by which boxes of a group of the legend an edge can be hidden."""
        if group == "kind":
            return {self.ends[end].kind.word for end in (edge.source, edge.target)}
        return {edge.status.mark or "reported"} if group == "status" else {edge.polarity.word}

    def filters(self) -> tuple[str, str, Kept]:
        """Return a box of the legend that hides some edges and leaves others, and what it leaves."""
        for group in ("status", "polarity", "kind"):
            for value in sorted({value for one in self.drawing.edges for value in self.values(one, group)}):
                kept = self.kept(lambda one, group=group, value=value: value not in self.values(one, group))  # type: ignore[misc]
                if kept.edges and len(kept.edges) < len(self.drawing.edges):
                    return group, value, kept
        raise AssertionError("a picture that nothing can be filtered from")


def drawn_as(network: nx.MultiDiGraph[str], path: Path) -> Drawn:
    write_page(network, path)
    drawing = draw(network)
    return Drawn(path, network, drawing, {node.id: node for node in drawing.nodes})


# Coalitions are one line in the small corpus; `discourse` has the same lines and statements. `compare` is
# drawn with the cards of flows.
@pytest.fixture(scope="module", params=[name for name in KINDS if name not in {"coalitions", "compare"}])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    # The small corpus has only one sum of money, from which nothing can be filtered.
    graph = request.getfixturevalue("ours_graph" if request.param == "flows" else "small_graph")
    return drawn_as(kind(graph, request.param), tmp_path_factory.mktemp("kinds") / f"{request.param}.html")


def test_the_picture_is_on_the_first_of_at_most_two_printed_pages(visit: Visit, drawn: Drawn) -> None:
    page = open_at(visit, drawn.path)
    # The size of A4 in pixels without margins.
    page.set_viewport_size({"width": 717, "height": 1046})
    page.emulate_media(media="print")
    # The pictures of the small corpus are low; those of ours are up to 12,000 pixels high.
    page.locator("#picture").evaluate("(one) => one.setAttribute('viewBox', '0 0 900 12000')")
    found = page.locator("#picture").bounding_box()
    assert found
    assert found["y"] + found["height"] < 1046
    assert not page.locator("#tables").is_visible()
    assert 1 <= len(re.findall(rb"/Type ?/Page\b", page.pdf(format="A4"))) <= 2


def rows(page: Page) -> Any:  # noqa: ANN401 - what comes out of a browser
    return page.locator("#relations tbody[data-e]").evaluate_all(TABLE)


def assert_shows(page: Page, drawn: Drawn, kept: Kept) -> None:
    """Picture, counts and table show the same: these edges and statements, each statement in one row of its own."""
    assert (shown(page, "edges"), shown(page, "nodes")) == (len(kept.edges), kept.nodes)
    told = {one for edge in kept.edges for one in edge.statements} & kept.passing
    total = drawn.network.graph["total"]
    assert page.locator("#counts").inner_text() == (
        f"{len(told)} of {total} statements shown; {total - len(told)} hidden. "
        f"{counted(kept.nodes, 'node')}, {counted(len(kept.edges), 'edge')}."
    )
    views, table = drawn.network.graph["evidence"], rows(page)
    assert [key for key, _ in table] == [edge.key for edge in kept.edges]
    for edge, (_, listed) in zip(kept.edges, table, strict=True):
        assert [name for _, name in listed] == [views[one].id for one in edge.statements if one in kept.passing]
    own = Counter(name for _, listed in table for is_own, name in listed if is_own)
    assert own == Counter(views[one].id for one in told)


def panel_of(page: Page) -> list[str]:
    found: list[str] = page.locator("#panel article.own").evaluate_all(STATEMENTS)
    return found


def tab_to(page: Page, selector: str) -> None:
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    pytest.fail(f"{TABS} steps do not lead to {selector}")


def assert_panel(page: Page, drawn: Drawn, key: str) -> None:
    """The panel shows an edge: both ends, and exactly its statements."""
    edge = next(one for one in drawn.drawing.edges if one.key == key)
    head = page.locator("#panel h2").first.text_content() or ""
    assert head.removeprefix(f"{edge.mark}: ").startswith(drawn.ends[edge.source].name)
    assert head.endswith(f"{drawn.ends[edge.target].name} {edge.rest}".strip())
    assert sorted(panel_of(page)) == sorted(drawn.ids(edge))


def test_the_page_opens_without_requests_or_messages(visit: Visit, drawn: Drawn) -> None:
    for scheme in ("light", "dark"):
        visit.page.emulate_media(color_scheme=scheme)
        visit.requests.clear()
        open_at(visit, drawn.path)
        visit.assert_quiet()


def test_every_edge_and_node_is_drawn_and_listed(visit: Visit, drawn: Drawn) -> None:
    page, network = open_at(visit, drawn.path), drawn.network
    assert (shown(page, "edges"), shown(page, "nodes")) == (network.number_of_edges(), network.number_of_nodes())
    drawn_in = "(all) => all.filter((path) => path.getTotalLength() && getComputedStyle(path).stroke !== 'none').length"
    assert page.locator("#edges path").evaluate_all(drawn_in) == network.number_of_edges()
    everything = drawn.kept(lambda _: True)
    assert_shows(page, drawn, everything)
    copied = {one for one in everything.passing if network.graph["evidence"][one].copied}
    assert page.locator("#relations tr[id] small", has_text="copy of “").count() == len(copied)
    if network.graph.get("natural"):  # the signs of disputes would lie where no line can be seen
        assert page.locator(".badges").count() == 0


def test_a_filter_applies_to_picture_table_and_counts_and_can_be_undone(visit: Visit, drawn: Drawn) -> None:
    page = open_at(visit, drawn.path)
    everything = drawn.kept(lambda _: True)
    group, value, kept = drawn.filters()
    for back in ("Undo", "Show all"):
        box(page, value).uncheck()
        assert f"off-{group}={value}" in state(page)
        assert_shows(page, drawn, kept)
        page.get_by_role("button", name=back).click()
        assert state(page) == ""
        assert_shows(page, drawn, everything)


def test_the_page_of_our_own_network_shows_and_filters_everything(
    visit: Visit, ours_graph: Graph, tmp_path: Path
) -> None:
    drawn = drawn_as(kind(ours_graph, "entities"), tmp_path / "entities.html")
    assert drawn.path.stat().st_size <= 445_000
    page = open_at(visit, drawn.path)
    page.get_by_role("button", name="+ Topics").click()
    assert_shows(page, drawn, drawn.kept(lambda _: True))
    _, value, kept = drawn.filters()
    box(page, value).uncheck()
    assert_shows(page, drawn, kept)
    page.locator("#search").fill("Scotland Yard")
    page.locator("#search").press("Enter")
    assert page.locator("#panel h2").first.inner_text() == "Metropolitan Police"
    visit.assert_quiet()


def test_search_finds_a_node(visit: Visit, drawn: Drawn) -> None:
    page = open_at(visit, drawn.path)
    names = Counter(name.lower() for node in drawn.drawing.nodes for name in {node.name, *node.aliases})
    found = [node for node in drawn.drawing.nodes if names[node.name.lower()] == 1][-1]
    page.locator("#search").fill(found.name)
    page.locator("#search").press("Enter")
    assert page.locator("#panel h2").first.text_content() == found.name
    assert page.evaluate("document.activeElement.id") == found.key
    assert state(page) == f"at={found.key}"


def test_the_time_filter_hides_earlier_statements(visit: Visit, drawn: Drawn) -> None:
    page = open_at(visit, drawn.path)
    views = drawn.network.graph["evidence"]
    days = {one: bounds_if_any(views[one].said) for edge in drawn.drawing.edges for one in edge.statements}
    if not any(day for some in days.values() for day in some):
        assert page.locator("#time").count() == 0
        return
    slider = page.locator("#since")
    slider.fill(str(-(-int(slider.get_attribute("max") or "") * 3 // 4)))
    first = f"{state(page).removeprefix('since=')}-01"
    kept = drawn.kept(lambda _: True, lambda one: not days[one][1] or str(days[one][1]) >= first)
    assert 0 < len(kept.passing) < len(days)
    assert_shows(page, drawn, kept)


def test_a_click_on_an_edge_opens_exactly_its_statements(visit: Visit, drawn: Drawn) -> None:
    page = open_at(visit, drawn.path)
    page.locator("#view").scroll_into_view_if_needed()
    number = {edge.key: len(edge.statements) for edge in drawn.drawing.edges}
    key, x, y = max(page.locator("#edges > g").evaluate_all(LINES), key=lambda line: number[line[0]])
    page.mouse.click(x, y)
    assert state(page) == f"at={key}"
    assert_panel(page, drawn, key)


def test_a_statement_can_be_reached_by_keyboard(visit: Visit, drawn: Drawn) -> None:
    page = open_at(visit, drawn.path)
    tab_to(page, ".n")
    page.keyboard.press("Enter")
    lists = "#panel details:not(.disputes)"
    tab_to(page, f"{lists} summary")
    if page.locator(f"{lists}:not([open])").count():
        page.keyboard.press("Enter")
    tab_to(page, f"{lists} li button")
    page.keyboard.press("Enter")
    assert_panel(page, drawn, state(page).removeprefix("at="))
    page.locator("#panel button").first.focus()
    page.keyboard.press("Escape")
    assert not page.locator("#panel").is_visible()


def test_a_link_in_the_table_opens_the_panel_of_a_node(visit: Visit, drawn: Drawn) -> None:
    page = open_at(visit, drawn.path)
    edge = drawn.drawing.edges[-1]
    page.locator("#relations tbody[data-e]").last.locator("th a").first.press("Enter")
    assert state(page) == f"at={drawn.ends[edge.source].key}"
    assert page.locator("#panel h2").first.text_content() == drawn.ends[edge.source].name


def test_a_reload_shows_the_same(visit: Visit, drawn: Drawn) -> None:
    page = open_at(visit, drawn.path)
    _, value, kept = drawn.filters()
    box(page, value).uncheck()
    page.locator("#relations thead button").nth(1).click()
    page.locator("#relations tbody[data-e]:visible").last.locator("th a").first.press("Enter")
    page.get_by_role("button", name="within 1 step").click()

    def seen() -> tuple[object, ...]:
        place = page.locator("#picture").get_attribute("viewBox")
        return place, page.locator("#counts").inner_text(), page.locator("#panel").inner_text(), state(page), rows(page)

    before = seen()
    assert 0 < len(before[-1]) <= len(kept.edges)  # type: ignore[arg-type]
    page.reload()
    page.locator("html[data-drawn]").wait_for()
    assert seen() == before


def test_saved_files_contain_the_visible_part(visit: Visit, drawn: Drawn) -> None:
    page = open_at(visit, drawn.path)
    _, value, kept = drawn.filters()
    box(page, value).uncheck()
    text = saved(page, "CSV").decode("utf-8-sig")
    found = [
        (row["subject"], row["relation"], row["object"], row["statement"])
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]
    assert found == [
        (drawn.ends[one.source].name, " … ".join(filter(None, (one.verb, one.rest))), drawn.ends[one.target].name, name)
        for one in kept.edges
        for name in drawn.ids(one)
    ]
    root = ET.fromstring(saved(page, "SVG"))  # noqa: S314 - our own file
    space = "{http://www.w3.org/2000/svg}"
    number = [len(root.findall(f".//{space}g[@id='{name}']/{space}g")) for name in ("edges", "nodes")]
    assert number == [len(kept.edges), kept.nodes]


def test_the_panel_of_a_cell_begins_with_its_own_statements(visit: Visit, ours_graph: Graph, tmp_path: Path) -> None:
    """Disputes with others come after them, and the sign of the cell is no status of the graph."""
    network = kind(ours_graph, "coalitions")
    disputed = {name for dispute in network.graph["disputes"] for _, name in dispute.sides()}
    edge = next(
        edge for edge in draw(network).edges if edge.status.mark == "" and not disputed.isdisjoint(edge.statements)
    )
    write_page(network, tmp_path / "a.html")
    page = open_at(visit, tmp_path / "a.html", f"#at={edge.key}")
    first = page.locator("#panel > *").evaluate_all("(all) => all.map((one) => one.localName + one.className)")
    assert first[:3] == ["button", "h2", "p"]
    assert first[3 : 3 + len(edge.statements)] == ["articleown"] * len(edge.statements)
    assert page.locator("#panel > p").first.inner_text() == f"supportive · {counted(len(edge.statements), 'statement')}"
    assert page.locator("#panel .sides").count() > 0


def test_all_nodes_of_our_network_leave_the_names_of_the_busiest(
    visit: Visit, ours_graph: Graph, tmp_path: Path
) -> None:
    network = kind(ours_graph, "entities")
    write_page(network, tmp_path / "a.html")
    page = open_at(visit, tmp_path / "a.html", "#scope=all")
    busiest = sorted(network, key=lambda name: -network.degree(name))[:10]
    for name in busiest:
        assert page.locator(f"#n-{network.nodes[name]['slug']} text").is_visible(), name


def test_the_bars_of_the_time_have_years(visit: Visit, ours_graph: Graph, tmp_path: Path) -> None:
    write_page(kind(ours_graph, "timeline", about="mayor-of-london"), tmp_path / "a.html")
    page = open_at(visit, tmp_path / "a.html", "#since=2021-05&until=2022")
    bars = page.locator("#bars > *")
    assert bars.all_inner_texts() == ["2020", "2021", "2022", "2023", "2024"], "also a year without statements"
    assert page.locator("#bars .in").all_inner_texts() == ["2021", "2022"]
    assert all(bar.bounding_box()["width"] < 100 for bar in bars.all())  # type: ignore[index]


@pytest.mark.parametrize("name", ["dispute", "timeline"])
def test_a_chosen_line_of_statements_shows_its_own_words_only(
    visit: Visit, small_graph: Graph, tmp_path: Path, name: str
) -> None:
    network = kind(small_graph, name)
    write_page(network, tmp_path / "a.html")
    edge = next(edge for edge in draw(network).edges if edge.verb == "denies")
    page = open_at(visit, tmp_path / "a.html", f"#at={edge.key}")
    shown_words = page.locator("#edges .q text").evaluate_all(
        "(all) => all.filter((one) => one.checkVisibility()).map((one) => one.textContent)"
    )
    assert shown_words == ["denies"]
    if name == "timeline":
        names = page.locator("#nodes .bare text").evaluate_all("(all) => all.map((one) => one.getBBox().width)")
        left = page.locator(".e.at text").evaluate("(one) => one.getBBox().x")
        assert left > max(names), "beside the names of speakers"


@pytest.mark.parametrize("width", [1280, 390])
def test_the_keyboard_reaches_and_names_each_cell_of_a_matrix(
    visit: Visit, small_graph: Graph, tmp_path: Path, width: int
) -> None:
    write_page(kind(small_graph, "discourse"), tmp_path / "a.html")
    visit.page.set_viewport_size({"width": width, "height": 844})
    page = open_at(visit, tmp_path / "a.html")
    cells = page.locator("#edges > g")
    names = [str(cell.get_attribute("aria-label")) for cell in cells.all()]
    texts = [str(cell.locator("text").text_content()) for cell in cells.all()]
    for name, text in zip(names, texts, strict=True):
        actor, sign, _ = re.split(" (supports and opposes|supports|opposes) ", name, maxsplit=1)
        expected = {"supports": "+", "opposes": "−"}.get(sign, "±")
        assert text == (expected if width > 600 else f"{expected} {actor.rpartition(': ')[2]}")
        assert width > 600 or name.startswith(f"{text}: ")
        assert re.search(r", \d+ statements?$", name)
    page.locator("#nodes > g[tabindex='0']").focus()
    reached = set()
    for key in ["ArrowDown", "ArrowRight", "ArrowUp"] * 6:
        page.keyboard.press(key)
        reached.add(page.evaluate("document.activeElement.ariaLabel"))
    assert not reached.isdisjoint(names)
    cells.first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#panel article").count()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.ariaLabel") == names[0], "the focus goes back to the cell"


def opened(visit: Visit, graph: Graph, name: str, folder: Path, **asked: object) -> Page:
    write_page(kind(graph, name, **asked), folder / "a.html")
    return open_at(visit, folder / "a.html")


def marks(page: Page) -> list[tuple[str, str, bool, float, float]]:
    return [tuple(one) for one in page.locator("#nodes > g").evaluate_all(MARKS)]


def test_a_speaker_has_the_shape_and_the_kind_in_a_timeline_that_it_has_in_the_network(
    visit: Visit, small_graph: Graph, tmp_path: Path
) -> None:
    shapes = {name: shape for name, shape, *_ in marks(opened(visit, small_graph, "entities", tmp_path))}
    page = opened(visit, small_graph, "timeline", tmp_path)
    lanes = {name: shape for name, shape, *_ in marks(page) if shape}
    assert {name: shape for name, shape in lanes.items() if name in shapes}.items() <= shapes.items()
    assert len({lanes[name] for name in ("Force", "Charity", "Spokeswoman", "assessment")}) == 4
    page.locator("#nodes > g", has_text=re.compile("^Spokeswoman$")).click()
    assert page.locator("#panel p").first.inner_text().startswith("Person")
    assert box(page, "person").locator("xpath=..").inner_text().split() == ["person", "1"]


@pytest.mark.parametrize("width", [1400, 1100])
def test_a_claim_in_dispute_lights_up_both_sides_in_view_with_their_account(
    visit: Visit, small_graph: Graph, tmp_path: Path, width: int
) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    page = opened(visit, small_graph, "dispute", tmp_path)
    page.locator("#nodes > g", has_text="wider or narrower denial").click()
    lit = {name: (left, right) for name, _, is_lit, left, right in marks(page) if is_lit}
    claim, both = (
        next(name for name in lit if "wider or narrower denial" in name),
        ["Force asserts", "Charity denies"],
    )
    sides = [next(place for name, place in lit.items() if name.startswith(side)) for side in both]
    assert sides[0][1] < lit[claim][0] < lit[claim][1] < sides[1][0]
    frame = page.locator("#view").bounding_box()
    assert frame
    assert width < 1400 or frame["x"] <= sides[0][0] < sides[1][1] <= frame["x"] + frame["width"]
    assert page.locator(".e.on text", has_text=re.compile("^conflicts with")).count() == 3
    assert page.locator("#panel > p").first.inner_text().startswith("Proposition: 4 statements by others on its lines.")
    titles = page.locator("#panel h2").all_inner_texts()
    assert {title.partition(":")[0] for title in titles[1:]} == {"Contradiction", "Wider or narrower denial"}
    sides_of = page.locator("#panel .sides").evaluate_all("(all) => all.map((one) => one.innerText)")
    assert all(re.search(r"(?s)^One side\s+Force asserts.*Other side\s+\w+ denies", text) for text in sides_of)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?source ?target WHERE { ?p sp:relation sp:consulted ; sp:subject ?source ; sp:object ?target }",
        "CONSTRUCT { ?a sp:consulted ?b } WHERE { ?p sp:relation sp:consulted ; sp:subject ?a ; sp:object ?b }",
    ],
)
def test_a_line_of_an_answer_has_the_status_and_the_statements_of_the_network(
    visit: Visit, small_graph: Graph, tmp_path: Path, query: str
) -> None:
    page = opened(visit, small_graph, "result", tmp_path, answer=small_graph.query(query))
    assert page.locator("#counts").inner_text().startswith("4 of ")
    heads = page.locator("#relations tbody[data-e] tr:first-child").all_text_contents()
    assert {text.split(" consulted ")[0] for text in heads} == {"disputed Force", "denied Force"}
    lines = page.locator("#edges > g").evaluate_all(LINES)
    page.mouse.click(*lines[0][1:])
    assert page.locator("#panel article.own").count()
    assert page.locator("#panel article.own a[href^=http]").first.inner_text()


@pytest.mark.parametrize(
    ("name", "looks"),
    [
        ("consulted-and-denied", "#picture:not(.natural)"), ("who-denies", "#picture.natural .long"),
        ("who-funds", "#picture.natural .w"), ("disputes", "#picture.natural.together"),
        ("copies", "#picture:not(.natural)"),
    ],
)  # fmt: skip
def test_each_picture_that_a_saved_question_may_name_is_drawn(
    visit: Visit, small_graph: Graph, tmp_path: Path, name: str, looks: str
) -> None:
    question = find_question(small_graph.workspace.questions(), name)
    page = opened(visit, small_graph, "result", tmp_path, answer=small_graph.query(name), question=question)
    assert page.locator("h1").inner_text().startswith(question.header.title)
    assert f"To run the query again, type “graphkit query {name}”." in page.locator("header").inner_text()
    assert page.locator(looks).count()
    assert page.locator("#nodes > g:visible").count() > 1
    assert not page.locator("#counts").inner_text().startswith("0 ")


def test_all_disputes_are_drawn_if_none_is_named(visit: Visit, small_graph: Graph, tmp_path: Path) -> None:
    page = opened(visit, small_graph, "dispute", tmp_path, about="")
    assert page.locator(".h").all_inner_texts()
    assert page.locator("#dispute-list > li").count() == len(small_graph.disputes())


# "Was it launched in 2019 or in 2020?" is a question, not a date of EDTF.
RAW = re.compile(r"\d{4}-\d\d|\.\./|/\.\.|(?<!in )\d{4}[~?%]|\bon \d{4}\b")


@pytest.mark.parametrize("name", ["timeline", "dispute", "entities"])
def test_dates_and_values_are_words_that_a_reader_knows(
    visit: Visit, small_graph: Graph, tmp_path: Path, name: str
) -> None:
    page = opened(visit, small_graph, name, tmp_path, about="")
    assert "or earlier" in (page.locator("#relations").text_content() or "")
    for part in ("#picture", "#relations", "#disputes"):
        text = page.locator(part).evaluate("(one) => [one.querySelector('style')?.remove(), one.textContent][1]")
        assert not RAW.findall(text)


@NEEDS_AXE
def test_axe_reports_no_problem(browser: Browser, drawn: Drawn) -> None:
    visit = Visit(browser, bypass_csp=True)
    for width, part in ((360, drawn.drawing.nodes[0].key), (1400, drawn.drawing.edges[0].key)):
        visit.page.set_viewport_size({"width": width, "height": 900})
        page = open_at(visit, drawn.path)
        off = page.locator("#view").evaluate("(one) => one.scrollWidth - one.clientWidth - 2 * one.scrollLeft")
        assert abs(off) <= 1, "of a picture that is wider than the screen, the middle is shown"
        assert complaints_of_axe(page) == [], "no panel is open"
        page.evaluate("document.getElementById('tables').hidden = true")
        page.evaluate(f"location.hash = 'at={part}'")
        page.locator("#panel h2").first.wait_for()
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert complaints_of_axe(page) == [], "its panel and all lists are open"
    page.emulate_media(color_scheme="dark")
    assert complaints_of_axe(page, "color-contrast") == [], "nothing else differs in the dark"
    visit.context.close()
