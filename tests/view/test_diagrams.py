"""Kinds of views: what each one draws, that it loses no statement, and what it says when it cannot."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import unescape
from itertools import combinations, pairwise
from math import dist
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from evidence import ends_of
from markup import Markup
from places import REPOSITORY
from typer.testing import CliRunner

from graphkit.cli import app
from graphkit.corpus.stories import find_story
from graphkit.model.dates import bounds_if_any
from graphkit.model.errors import NotFoundError, QueryError
from graphkit.model.stories import Step, Story
from graphkit.model.text import escaped
from graphkit.model.workspace import Workspace
from graphkit.query.answers import Table
from graphkit.query.questions import find_question, read_questions
from graphkit.view import ENGINES, FORMATS, write_figure
from graphkit.view import view as write_view
from graphkit.view.diagrams import KINDS, Asked, make
from graphkit.view.diagrams.told import told
from graphkit.view.drawing import draw
from graphkit.view.encoding import NODE_STYLES, STATUSES
from graphkit.view.layout.boxes import text_size
from graphkit.view.page.page import render

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import networkx as nx

    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph
    from graphkit.view.drawing import Drawing, DrawnNode

# The width of the bar of a day.
DAY = 4
FORCE = "https://w3id.org/surveillance-policy/id/force"
ABOUT = {"ego": "force", "dispute": "force", "timeline": "force", "compare": "force,ministry"}
RELATIONS = "CONSTRUCT { ?a ?r ?b } WHERE { ?p sp:subject ?a ; sp:relation ?r ; sp:object ?b . ?b a sp:Entity }"


def kind(graph: Graph, name: str, **asked: object) -> nx.MultiDiGraph[str]:
    given = {"about": ABOUT.get(name, ""), **asked}
    if name == "result" and "answer" not in given:
        given["answer"] = graph.query(RELATIONS)
    return make(name, graph.store, Asked(**given))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_a_page_with_every_edge(small_graph: Graph, name: str) -> None:
    drawing = kind(small_graph, name)
    assert drawing.number_of_edges() > 0
    page = render(drawing)
    assert len(ends_of(page)) == drawing.number_of_edges()
    told = {one for *_, data in drawing.edges(data=True) for one in data["statements"]}
    assert drawing.graph["drawn"] == len(told)
    assert told <= drawing.graph["evidence"].keys()
    rows = [row for row in Markup(page).all("tr") if "data-i" in row or "data-n" in row]
    assert len(rows) >= len(told)


@pytest.mark.parametrize("name", KINDS)
def test_the_svg_of_each_kind_is_xml_with_a_key(small_graph: Graph, tmp_path: Path, name: str) -> None:
    network = kind(small_graph, name)
    write_view(network, tmp_path / "a.svg", form="svg")
    root = ET.parse(tmp_path / "a.svg").getroot()  # noqa: S314 - our own file
    shown = {element.text for element in root.iter() if element.get("class") == "foot"}
    meanings = network.graph.get("meanings", {})
    statuses = {data["status"] for *_, data in network.edges(data=True)} & STATUSES.keys()
    assert {meanings.get(status, status) for status in statuses} <= shown
    bare = {data["kind"] for _, data in network.nodes(data=True) if "card" not in data} & NODE_STYLES.keys()
    assert {NODE_STYLES[one].word for one in bare} <= shown


def test_pages_do_not_depend_on_the_hash_seed(ours_graph: Graph) -> None:
    code = (
        "import sys, graphkit; from graphkit.view.diagrams import KINDS, Asked, make; "
        "from graphkit.view.page.page import render; store = graphkit.open(sys.argv[1]).store; "
        "about = {'ego': 'met', 'timeline': 'project-alpha', 'compare': 'met,home-office'}; "
        "print(*[hash_of(render(make(kind, store, Asked(about=about.get(kind, '')))).encode()) "
        "for kind in KINDS if kind != 'result'])"
    )
    command = [sys.executable, "-c", f"from zlib import crc32 as hash_of; {code}", str(ours_graph.workspace.root)]
    found = {subprocess.check_output(command, env={**os.environ, "PYTHONHASHSEED": seed}) for seed in ("1", "2")}
    assert len(found) == 1


def test_the_command_line_offers_all_kinds_engines_and_formats() -> None:
    text = "".join(CliRunner().invoke(app, ["view", "--help"]).output.split())
    for words in (KINDS, ENGINES, FORMATS):
        assert f"[{'|'.join(words)}]" in text


def test_an_ego_network_ends_after_its_steps(small_graph: Graph) -> None:
    whole = small_graph.network()
    one = kind(small_graph, "ego", about="force", hops=1)
    assert set(one) == {FORCE, *whole.successors(FORCE), *whole.predecessors(FORCE)}
    assert all(FORCE in (a, b) for a, b in one.edges())
    assert set(one) <= set(kind(small_graph, "ego", about="force", hops=2)) <= set(whole)


def test_a_dispute_has_both_sides_and_its_propositions(small_graph: Graph) -> None:
    dispute = small_graph.disputes()[0]
    drawing = kind(small_graph, "dispute", about=dispute.iri)
    views = drawing.graph["evidence"]
    for side, sign in ((dispute.affirmed, -1), (dispute.denied, 1)):
        for statement in side:
            assert drawing.nodes[statement]["position"][0] * sign > 0
            assert list(drawing.successors(statement)) == [views[statement].proposition]


def test_a_timeline_runs_to_the_right(small_graph: Graph) -> None:
    drawing = kind(small_graph, "timeline", about="force")
    views = drawing.graph["evidence"]
    dated = sorted((views[name].said, data["position"][0]) for name, data in drawing.nodes(data=True)
                   if name in views and views[name].said[:1].isdigit() and "/" not in views[name].said)  # fmt: skip
    assert [x for _, x in dated] == sorted(x for _, x in dated)


@pytest.mark.parametrize("about", ["", "project-alpha", "met"])
def test_a_timeline_is_compact_and_its_cards_do_not_overlap(ours_graph: Graph, about: str) -> None:
    drawing = draw(kind(ours_graph, "timeline", about=about))
    assert {stroke.faint for stroke in drawing.edges if stroke.verb in ("asserts", "plans")} == {True}
    boxes = _apart(drawing)
    wide = max(box[2] for box in boxes) - min(box[0] for box in boxes)
    high = max(box[3] for box in boxes) - min(box[1] for box in boxes)
    assert wide < 1340, "a screen shows all columns"
    assert high < 60 * len(boxes)


def test_the_axis_of_a_timeline_is_linear_names_years_and_marks_cuts(ours_graph: Graph) -> None:
    network = kind(ours_graph, "timeline", about="")
    marks = sorted((corners[0], text) for corners, text in network.graph["annotations"] if text)
    texts = [text for _, text in marks]
    assert not re.search("[0-9]{4}-[0-9]{2}", " ".join(texts)), "dates are words"
    assert "No date given" in texts
    dated = [(x, int(text)) for (x, _), text in marks if text.isdigit()]
    assert [year for _, year in dated] == [*range(dated[0][1], dated[-1][1] + 1)]
    apart = [after - before for (before, _), (after, _) in pairwise(dated)]
    assert max(apart) - min(apart) <= 2
    lanes = {network.nodes[name]["kind"] for name, data in network.nodes(data=True) if data["card"].bare}
    assert {"PublicBody", "Person", "Organisation"} <= lanes, "a speaker keeps its kind"


def test_the_bars_of_a_timeline_are_as_long_as_the_time_in_which_the_statement_may_have_been_made(
    ours_graph: Graph,
) -> None:
    network = kind(ours_graph, "timeline", about="")
    views = network.graph["evidence"]
    bars = [
        (*bounds_if_any(views[name].said), data["card"]) for name, data in network.nodes(data=True) if name in views
    ]
    closed = {((last - first).days, card.span) for first, last, card in bars if first and last}
    lengths = [days / span for days, span in closed if span > 5 * DAY]
    assert max(lengths) / min(lengths) < 1.1, "one scale"
    assert {span for days, span in closed if not days} == {DAY}, "a day is no year"
    assert {card.span for first, last, card in bars if not (first and last)} == {DAY}
    assert all(card.width > card.span for *_, card in bars), "the text is beside the bar"


def test_the_list_of_a_timeline_for_a_phone_has_short_dates(small_graph: Graph) -> None:
    network = kind(small_graph, "timeline")
    texts = {" ".join(data["card"].narrow_lines) for *_, data in network.nodes(data=True) if not data["card"].bare}
    assert "≤ 30 Jun 2020: denies: Scheme carries out profiling" in texts


@pytest.mark.parametrize("about", ["", "project-alpha", "gangs-matrix", "met", "home-office"])
def test_the_text_of_a_statement_in_a_timeline_has_its_point(ours_graph: Graph, about: str) -> None:
    network = kind(ours_graph, "timeline", about=about)
    views = network.graph["evidence"]
    cards = [(views[name], data["card"]) for name, data in network.nodes(data=True) if name in views]
    for narrow in (False, True):
        texts = [(view, " ".join(card.narrow_lines if narrow else card.body)) for view, card in cards]
        cut = [text for _, text in texts if text.endswith("…")]
        assert len(cut) <= 0.2 * len(texts), "few texts are cut"
        assert all(len(text) >= 60 for text in cut), "no text is cut before its verb"
        for view, text in texts:
            denied = re.search(r"\b(denies|deny)\b", text)
            assert bool(denied) == (view.stance == "denies"), "a claim is not the text of its denial"
            if view.stance == "asserts":
                assert not re.search(rf"(^|: |[≤≥] )(The )?{re.escape(view.speaker)} ", text), "the lane has its name"


def test_a_statement_without_a_date_has_its_speaker_and_short_texts_say_what_is_inferred(ours_graph: Graph) -> None:
    network = kind(ours_graph, "timeline", about="project-alpha")
    views, seen = network.graph["evidence"], set()
    for name, data in network.nodes(data=True):
        if name in views:
            view, texts = views[name], [" ".join(lines) for lines in (data["card"].body, data["card"].narrow_lines)]
            for word in view.remarks:
                assert all(re.search(rf"\b{word}\b.*: ", text) for text in texts), texts
                seen.add(word)
            if not view.said:
                assert all(text.startswith(view.speaker) for text in texts), texts
                seen.add("undated")
    assert seen == {"copy", "inferred", "undated"}


@pytest.mark.parametrize(
    ("name", "said", "unsaid"),
    [
        ("relays", "one reports what the other says, whatever its stance", "the policy accepts it"),
        ("dispute", "denied: the speaker denies it", "no statement in this view asserts it"),
        ("timeline", "denied: the speaker denies it", "no statement in this view asserts it"),
        ("flows", "A sum per year is as wide as that of one year.", "reporter"),
    ],
)
def test_a_key_says_no_more_than_the_lines_mean(ours_graph: Graph, name: str, said: str, unsaid: str) -> None:
    page = render(kind(ours_graph, name, about="" if name in {"relays", "flows"} else "met"))
    assert said in page
    assert unsaid not in page


def test_the_number_of_a_relay_is_on_its_line_and_away_from_others(ours_graph: Graph) -> None:
    drawing = draw(kind(ours_graph, "relays", about=""))
    ways = {edge.id: _points(edge.path) for edge in drawing.edges}
    numbered = [edge for edge in drawing.edges if edge.label]
    assert len(numbered) > 60
    for edge in numbered:
        at = edge.path[len(edge.path) // 2]
        assert min(dist(at, point) for point in ways[edge.id]) < 2
        beside = [way for other, way in ways.items() if other != edge.id]
        assert min(dist(at, point) for way in beside for point in way) > 3, edge


def _points(path: Sequence[tuple[int, int]]) -> list[tuple[float, ...]]:
    """Return points of cubic curves, one after the other."""
    curves = [path[start : start + 4] for start in range(0, len(path) - 3, 3)]
    shares = [number / 80 for number in range(81)]
    weights = [((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3) for t in shares]
    return [
        tuple(sumprod(weight, values) for values in zip(*curve, strict=True)) for curve in curves for weight in weights
    ]


def sumprod(ones: Sequence[float], others: Sequence[float]) -> float:
    return sum(one * other for one, other in zip(ones, others, strict=True))


def test_a_key_shows_a_bar_as_it_is_drawn_and_a_line_as_a_line(ours_graph: Graph) -> None:
    """Denied and disputed share a colour, as do claimed and conceded."""
    keys: dict[str, dict[str, str]] = {}
    for name in ("timeline", "flows", "discourse"):
        entries = re.findall(r'value="?([\w ]+)"?><svg.*?(<path[^>]*>)', render(kind(ours_graph, name, about="")))
        keys[name] = {value: re.sub(' (d|stroke)="?[^ "]*"?(?= |/)', "", path) for value, path in entries}
    assert keys["timeline"]["denied"] != keys["timeline"]["disputed"]
    assert keys["timeline"]["claimed"] != keys["timeline"]["conceded"]
    assert keys["flows"]["denied"] != keys["flows"]["disputed"]
    assert "dasharray" not in keys["discourse"]["denied"], "the cells of a matrix have signs"


@pytest.mark.parametrize("name", ["timeline", "flows", "discourse", "coalitions"])
def test_bars_and_bands_have_a_key_on_pages_and_in_figures(ours_graph: Graph, tmp_path: Path, name: str) -> None:
    network = kind(ours_graph, name, about="mayor-of-london" if name == "timeline" else "met")
    heading, samples = network.graph["samples"]
    page = render(network)
    write_figure(network, path := tmp_path / "figure.svg", "svg", 360)
    figure = path.read_text(encoding="utf-8")
    assert f"<h3>{heading}</h3>" in page
    for sample in samples:
        assert escaped(sample.text) in page
        assert escaped(sample.text) in figure
    assert "<h3>Colour</h3>" in page
    legend = page.partition('id="legend"')[2].partition("</section>")[0]
    assert "stroke-dasharray" not in legend, "no bar of the picture has dashes"
    hatched = {edge.status for edge in draw(network).edges} - {e.status for e in draw(network).edges if not e.hatched}
    assert legend.count("url(#h") == len(hatched) + sum(sample.hatched for sample in samples)


def test_a_band_without_a_sum_is_thinner_than_any_large_sum_and_all_dates_are_on_phones(ours_graph: Graph) -> None:
    drawing = draw(kind(ours_graph, "flows"))
    unknown = [edge for edge in drawing.edges if "no sum given" in edge.label]
    assert unknown
    assert all(edge.hatched for edge in unknown)
    assert len({edge.width for edge in unknown}) == 1
    millions = [edge.width for edge in drawing.edges if re.search(r"£\d+,\d{3},\d{3}", edge.label)]
    assert min(millions) > unknown[0].width
    for edge in drawing.edges:
        is_exact = "no sum" not in edge.label and not re.search("almost|around|at most|less than", edge.label)
        assert edge.hatched == (not is_exact or "planned" in edge.label), "texture is what is known of the sum"
        assert set(re.findall(r"\d{4}", edge.label)) == set(re.findall(r"\d{4}", " ".join(edge.narrow_lines)))
        assert all(len(line) <= 60 for line in edge.narrow_lines)


def test_a_disagreement_begins_with_its_question_and_the_kinds_of_its_disputes(small_graph: Graph) -> None:
    heads = [" ".join(data["card"].head) for _, data in kind(small_graph, "dispute").nodes(data=True)]
    assert "Is it true that Scheme carries out profiling? (inconsistent statements)" in heads


def test_the_line_between_two_claims_says_which_of_them_is_denied(small_graph: Graph) -> None:
    network = kind(small_graph, "dispute")
    lines = [
        (source, target, {views.stance for views in map(network.graph["evidence"].get, data["statements"])
                          if views.proposition == target})
        for source, target, data in network.edges(data=True) if data["label"] == "conflicts with the denial of"
    ]  # fmt: skip
    assert lines
    assert all(stances == {"denies"} for *_, stances in lines)


def test_a_comparison_on_a_phone_puts_the_status_before_the_name_that_did_not_give_it(ours_graph: Graph) -> None:
    drawing = draw(kind(ours_graph, "compare", about="met,home-office"))
    texts = [" ".join(edge.narrow_lines) for edge in drawing.edges]
    assert any(text.startswith("disputed: Home Office funded") for text in texts)
    assert any(text.startswith("Metropolitan Police denied that Project Alpha carries") for text in texts)
    assert not any("Home Office disputed" in text or "Home Office planned" in text for text in texts)


def test_a_comparison_has_each_sum_with_its_years(ours_graph: Graph) -> None:
    drawing = draw(kind(ours_graph, "compare", about="met,home-office"))
    left, right = (pick(node.position[0] + node.card.width * side for node in drawing.nodes if node.card)
                   for pick, side in ((min, 0), (max, 1)))  # fmt: skip
    assert right - left >= 1250, "the width of a window is used"
    sums = [edge for edge in drawing.edges if "£" in edge.label]
    assert len(sums) > 10
    assert sum("…" in edge.label for edge in sums) <= 2, "those with a long purpose"
    assert not [edge for edge in sums if "…" in " ".join(edge.narrow_lines)]


def test_numbers_of_lines_between_reporters_and_speakers_are_not_on_each_other(ours_graph: Graph) -> None:
    drawing = draw(kind(ours_graph, "relays"))
    numbers = [edge.path[len(edge.path) // 2] for edge in drawing.edges if edge.label]
    assert len(numbers) > 10
    assert all(abs(x - left) > 20 or abs(y - top) >= 11 for (x, y), (left, top) in combinations(numbers, 2))


def test_a_timeline_of_sixty_statements_fits_a_screen(ours_graph: Graph) -> None:
    for about in ("ben-kinsella-trust", "liberty"):
        drawing = draw(kind(ours_graph, "timeline", about=about))
        number = sum(node.kind.word == "statement" for node in drawing.nodes)
        low = max(node.position[1] + node.card.height for node in drawing.nodes if node.card)
        assert 0 < number <= 60
        assert low <= 700


def test_bands_of_money_are_as_wide_as_their_sums(ours_graph: Graph) -> None:
    network = kind(ours_graph, "flows")
    _apart(draw(network))
    answer = ours_graph.query(
        "SELECT ?p ?amount WHERE { ?p sp:relation sp:funded ; sp:amount ?amount ; sp:amountMin ?least . "
        "?p sp:amountMax ?most FILTER(?amount = ?least && ?least = ?most) }"
    )
    assert isinstance(answer, Table)
    amounts = {str(row["p"]): float(str(row["amount"])) for row in answer}
    bands = {key: data for _, _, key, data in network.edges(keys=True, data=True)}
    exact = {key: data for key, data in bands.items() if not data["hatched"]}
    assert exact.keys() <= amounts.keys(), "a bound or no sum is hatched"
    largest = max(amounts.values())
    widest = max(data["width"] for data in exact.values())
    for key, data in exact.items():
        assert data["width"] == pytest.approx(max(amounts[key] / largest * widest, 2), abs=1)
    rows = sorted((data["path"][len(data["path"]) // 2][1], data["width"]) for data in bands.values())
    assert all(below - above >= (one + other) / 2 for (above, one), (below, other) in pairwise(rows))
    assert any(data["caption"].startswith("↳ ") for data in bands.values()), "a sum within another is not added to it"


def test_two_entities_are_beside_their_common_neighbours(small_graph: Graph, ours_graph: Graph) -> None:
    network = kind(small_graph, "compare")
    places = {name.rpartition("/")[2]: data["position"][0] for name, data in network.nodes(data=True)}
    assert places["force"] < places["scheme"] < places["ministry"]
    assert len(places) == 3
    assert "funded, no sum given" in " ".join(data["label"] for *_, data in network.edges(data=True))
    wide = kind(ours_graph, "compare", about="met,home-office")
    _apart(draw(wide))
    assert any(data["caption"].startswith("disputed: funded £4,9") for *_, data in wide.edges(data=True))
    assert all({one, other} & {name for name in wide if name.endswith(("/met", "/home-office"))}
               for one, other in wide.edges())  # fmt: skip
    for about in ("force", "force,force", "force,"):
        with pytest.raises((QueryError, NotFoundError)):
            kind(small_graph, "compare", about=about)


def test_all_disagreements_are_two_columns_and_no_card_covers_another(ours_graph: Graph) -> None:
    network = kind(ours_graph, "dispute", about="")
    _apart(draw(network))
    views = network.graph["evidence"]
    sides = {name for dispute in ours_graph.disputes() for _, name in dispute.sides()}
    assert sides <= set(network)
    columns = {network.nodes[name]["position"][0] for name in sides}
    assert len(columns) == 2
    for name in sides & {name for dispute in ours_graph.disputes(kind="contradiction") for name in dispute.denied}:
        if views[name].stance == "denies":
            assert network.nodes[name]["position"][0] > 0
    narrow = [node.card.narrow for node in draw(network).nodes if node.card]
    assert len(set(narrow)) == len(narrow), "on a phone the cards are below one another"


def _apart(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    """Return the boxes of all shapes, none of which lies on another."""
    boxes = [_box(shape) for shape in drawing.nodes]
    for one, other in combinations(boxes, 2):
        assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
    return boxes


def _box(shape: DrawnNode) -> tuple[float, float, float, float]:
    if shape.card:
        x, y = shape.position
        return x, y, x + shape.card.width, y + shape.card.height
    (x, y), (wide, high) = shape.position, text_size(shape.label, 13)
    return x - wide / 2, y - shape.radius, x + wide / 2, y + shape.radius + high


def test_relays_have_a_column_for_those_that_pass_words_on(ours_graph: Graph) -> None:
    drawing = kind(ours_graph, "relays")
    columns = sorted({data["position"][0] for _, data in drawing.nodes(data=True)})
    assert len(columns) == 3
    for name, data in drawing.nodes(data=True):
        expected = 2 if not drawing.out_degree(name) else 1 if drawing.in_degree(name) else 0
        assert columns.index(data["position"][0]) == expected
    assert any(data["width"] > 5 for *_, data in drawing.edges(data=True)), "wider for more statements"


def test_relays_lead_from_the_publisher_to_the_speaker(small_graph: Graph) -> None:
    drawing = kind(small_graph, "relays")
    for _, _, data in drawing.edges(data=True):
        assert data["label"] == "relays"
        assert data["statements"]


def test_a_select_with_source_and_target_is_a_network(small_graph: Graph) -> None:
    answer = small_graph.query(
        "SELECT ?source ?target ?relation ?statement WHERE { ?statement sp:speaker ?source ; sp:proposition ?p . "
        "?p sp:relation ?relation ; sp:object ?target . ?target a sp:Entity }"
    )
    drawing = kind(small_graph, "result", answer=answer)
    assert drawing.number_of_edges() > 0
    assert all(data["statements"] for *_, data in drawing.edges(data=True))


def test_lines_of_a_construct_have_the_status_and_the_statements_of_the_graph(ours_graph: Graph) -> None:
    answer = ours_graph.query("CONSTRUCT { ?a sp:criticised ?b } WHERE { ?a sp:criticised ?b }")
    drawing = kind(ours_graph, "result", answer=answer)
    assert drawing.number_of_edges() > 10
    assert all(data["statements"] and data["status"] != "answered" for *_, data in drawing.edges(data=True))


@pytest.mark.parametrize("name", [*ABOUT, "flows", "relays", "discourse", "coalitions"])
def test_the_title_and_the_headline_name_the_subject(small_graph: Graph, name: str) -> None:
    about = {**ABOUT, "flows": "ministry"}.get(name, "force")
    page = render(kind(small_graph, name, about=about))
    subjects = [small_graph.network().nodes[FORCE.replace("force", one)]["label"] for one in about.split(",")]
    for title in re.findall("<(?:title|h1)>([^<]+)", page):
        assert all(subject in title for subject in subjects)


def test_most_saved_questions_name_a_picture() -> None:
    views = [question.header.view for question in read_questions(Workspace(REPOSITORY).questions()).values()]
    assert sum(map(bool, views)) >= 25
    assert all(re.fullmatch(r"|network|timeline|flows|disputes|pairs \w+ \w+", view) for view in views)


@pytest.mark.parametrize("name", ["who-oversees", "self-contradiction", "unanswered", "who-funds", "posts"])
def test_the_answer_to_a_saved_question_is_drawn_as_its_header_says(ours_graph: Graph, name: str) -> None:
    question = find_question(Workspace(REPOSITORY).questions(), name)
    view = question.header.view
    drawing = kind(ours_graph, "result", answer=ours_graph.query(name), question=question)
    assert drawing.number_of_edges() > 0
    assert bool(drawing.graph.get("natural")) == (view in {"timeline", "flows", "disputes"})
    assert name == "posts" or drawing.graph["drawn"] > 0


def test_a_picture_of_an_answer_names_the_query_its_parameters_and_how_to_run_it(
    small: Workspace, small_graph: Graph, tmp_path: Path
) -> None:
    def headline(*words: str) -> tuple[str, str]:
        command = ["view", "-w", str(small_graph.workspace.root), "-o", str(tmp_path / "a.html"), *words]
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.output
        page = unescape((tmp_path / "a.html").read_text("utf-8"))
        return page.partition("<h1>")[2].partition("</h1>")[0], page.partition("</h1>")[2].partition("</header>")[0]

    title, lead = headline("--query", "dossier", "--param", "about=Force")
    assert title == "What has been said about an entity? (about: Force)"
    assert "To run the query again, type “graphkit query dossier --param about=Force”." in lead
    query = "CONSTRUCT { ?a sp:funded ?b } WHERE { ?a sp:funded ?b }"
    title, lead = headline("--query", query)
    assert title == f"Answer to {query}"
    assert f"graphkit query -e '{query}'" in lead
    result = CliRunner().invoke(app, ["view", "-w", str(small.root), "--param", "about=Force"])
    assert result.exit_code == 2
    assert "for the answer to a query" in result.output


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", "SELECT ?a WHERE { ?a ?b ?c }"])
def test_an_answer_that_cannot_be_a_network_is_refused(small_graph: Graph, query: str) -> None:
    with pytest.raises(QueryError, match="cannot be drawn as a network"):
        kind(small_graph, "result", answer=small_graph.query(query))


def test_a_kind_without_its_subject_is_refused(small_graph: Graph) -> None:
    with pytest.raises(QueryError, match="needs a subject"):
        kind(small_graph, "ego", about="")
    with pytest.raises(NotFoundError, match="nobody-at-all"):
        kind(small_graph, "dispute", about="nobody-at-all")
    with pytest.raises(QueryError, match="no kind of view"):
        make("pie", small_graph.store, Asked())


@pytest.mark.parametrize("name", ["consultation", "money"])
def test_our_stories_refer_to_existing_entities(ours: tuple[Graph, Checked], name: str) -> None:
    network = ours[0].network()
    slugs = {data["slug"] for _, data in network.nodes(data=True)}
    story = find_story(Workspace(REPOSITORY), name)
    labels = {data["label"] for *_, data in network.edges(data=True)}
    assert len(story.steps) >= 3
    for step in story.steps:
        assert set(step.focus) <= slugs
        assert set(step.only.get("relation", ())) <= labels


def test_a_story_draws_the_lines_that_its_steps_can_show(small_graph: Graph) -> None:
    whole = small_graph.network()
    steps = (
        Step("Denials that somebody was consulted", only={"relation": ("consulted",), "stance": ("denies",)}),
        Step("The ministry and schemes", ("ministry",), only={"kind": ("programme", "public body")}),
    )
    part = told(whole, Story("A", steps))
    assert part.graph["title"] == "A"
    slug = whole.nodes(data="slug")
    assert {(slug[start], edge["label"], slug[end]) for start, end, edge in part.edges(data=True)} == {
        ("force", "consulted", "charity"),
        ("ministry", "funded", "scheme"),
        ("ministry", "denied that … takes action against knife crime", "scheme"),
    }
    assert part.graph["drawn"] < part.graph["total"] == whole.graph["total"]
    assert set(part) == {end for start, end in part.edges()} | {start for start, end in part.edges()}


@pytest.mark.parametrize("step", [Step("All"), Step("Nothing", ("nobody",))])
def test_a_story_that_chooses_nothing_draws_the_whole_network(small_graph: Graph, step: Step) -> None:
    whole = small_graph.network()
    assert set(told(whole, Story("A", (step,))).edges) == set(whole.edges)


@pytest.mark.parametrize(("text", "message"), [
    ("title: A\n", "x.yaml:1: A story needs steps."),
    ("title: A\nsteps:\n- text: b\n  colour: red\n", "x.yaml:4:11: There is no 'colour' here."),
    ("steps:\n- text: b\n", "title is missing or empty."),
    ("title: A\nsteps:\n- text: b\n  filter: {since: soon}\n", "'soon' is not a year."),
    ("title: [\n", "x.yaml:"),
])  # fmt: skip
def test_a_broken_story_says_where(small: Workspace, text: str, message: str) -> None:
    (small.data / "stories").mkdir()
    (small.data / "stories/x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(QueryError) as error:
        find_story(small, "x")
    assert message in str(error.value)


def test_a_command_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "old.html"
    path.write_text("old", encoding="utf-8")
    result = CliRunner().invoke(app, ["view", "--about", "nobody-at-all", "-o", str(path)])
    assert result.exit_code != 0
    assert path.read_text(encoding="utf-8") == "old"


def test_python_writes_the_same_file(small_graph: Graph, tmp_path: Path) -> None:
    small_graph.write_view(tmp_path / "a.html", "ego", Asked(about="force"))
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert text == render(kind(small_graph, "ego", about="force"))
