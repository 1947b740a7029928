"""Heat maps and series: every tie is a cell with its number, whatever the labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from commands import runner

from graphkit.analysis.discourse.coded import coded
from graphkit.analysis.discourse.phases import Phases
from graphkit.analysis.discourse.projection import project
from graphkit.analysis.discourse.settings import Projecting
from graphkit.analysis.discourse.windows import windows_of
from graphkit.model.errors import ExportError, QueryError
from graphkit.view.encoding import BLUE, GREY, VERMILION
from graphkit.view.plots import FORMATS, heat_map, series

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph

SVG = "{http://www.w3.org/2000/svg}"


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own


def cells(text: str) -> list[tuple[str, str]]:
    """Return the colour and the title of each cell of a heat map."""
    found = parsed(text).iter(f"{SVG}rect")
    return [(one.get("fill", ""), title) for one in found if (title := one.findtext(f"{SVG}title", ""))]


def test_every_tie_is_a_cell_and_colour_is_its_sign(small_graph: Graph) -> None:
    made = small_graph.projection("actor-concept")
    found = {title: colour for colour, title in cells(small_graph.heat_map("actor-concept").svg())}
    expected = {
        f"{made.rows[row]} – {made.columns[column]}: {weight:g}": BLUE
        if weight > 0
        else VERMILION
        if weight < 0
        else GREY
        for row, column, weight in made.ties()
    }
    assert found == expected
    assert set(expected.values()) == {BLUE, VERMILION, GREY}


def test_a_network_among_actors_has_each_tie_on_both_sides(ours_graph: Graph) -> None:
    made = ours_graph.projection("actor-actor")
    assert len(cells(heat_map(made).svg())) == made.matrix.nnz


def test_a_large_matrix_shows_the_rows_with_most_ties_and_says_so() -> None:
    names = [f"A{number % 90}" for number in range(180)]
    said = coded([str(n) for n in range(180)], names, [f"C{n % 7}" for n in range(180)], [True] * 180)
    text = heat_map(project(said, Projecting(aggregation="subtract")), most=10).svg()
    assert "10 of 90 rows, 7 of 7 columns" in text


STRANGE = ["<script>alert(1)</script>", "a\u202eb", '"&', "]]>", "x" * 10_000, "$a_b$"]


@pytest.mark.parametrize("form", FORMATS)
def test_labels_are_data(form: str, tmp_path: Path) -> None:
    said = coded([str(n) for n in range(12)], STRANGE * 2, ["C"] * 6 + STRANGE, [True, False] * 6)
    plot = heat_map(project(said, Projecting(aggregation="subtract")))
    plot.write(tmp_path / f"a.{form}", form)
    assert "<script" not in plot.svg()
    assert "\u202e" not in plot.svg()
    assert parsed(plot.svg()) is not None


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_network_gives_the_same_bytes(small_graph: Graph, form: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        small_graph.heat_map("actor-concept").write(tmp_path / name, form)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_bytes()[:5] in {b"<?xml", b"\x89PNG\r", b"%PDF-"}


def test_an_empty_network_is_a_picture_with_the_reason(small_graph: Graph) -> None:
    assert "No statement is left" in small_graph.heat_map("actor-actor", start="2050").svg()


def test_a_series_has_a_line_for_agreement_and_one_for_disagreement(ours_graph: Graph) -> None:
    made = ours_graph.projection("actor-actor")
    windows = windows_of(made, "years", 2)
    lines = [one.get("points", "") for one in parsed(series(windows).svg()).iter(f"{SVG}polyline")]
    assert [len(line.split()) for line in lines] == [2, len(windows), len(windows)]
    assert "<title>disagreement</title>" in series(windows).svg()


def test_every_other_phase_is_shaded(ours_graph: Graph) -> None:
    windows = windows_of(ours_graph.projection("actor-actor"), "years", 2)
    phases = Phases(tuple(window.middle for window in windows), tuple(1 + (n > 1) for n in range(len(windows))))
    assert series(windows, phases).svg().count("<title>phase 2</title>") == len(windows) - 2


def test_actors_that_all_agree_are_drawn_without_a_warning() -> None:
    said = coded(list("123"), list("ABC"), ["P"] * 3, [True] * 3)
    assert heat_map(project(said, Projecting(mode="actors", aggregation="subtract"))).svg().count("<title>A") >= 1


def test_a_series_without_a_window_says_so(small_graph: Graph) -> None:
    assert "No window lies inside the period" in small_graph.series(unit="years", size=80).svg()


def test_wrong_formats_and_places_are_errors(small_graph: Graph, tmp_path: Path) -> None:
    plot = small_graph.heat_map("relay")
    with pytest.raises(QueryError, match="There is no format 'gif'"):
        plot.write(tmp_path / "a", "gif")
    with pytest.raises(ExportError):
        plot.write(tmp_path, "svg")


def test_the_commands_draw(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run, root = runner(monkeypatch, capsys), str(small_graph.workspace.root)
    said = run("network", "relay", "-f", "svg", "-o", str(tmp_path / "a.svg"), "--workspace", root)
    assert said.code == 0
    assert re.search("<svg.*</svg>", (tmp_path / "a.svg").read_text(encoding="utf-8"), re.DOTALL)
    said = run("windows", "--unit", "days", "--size", "1", "--figure", str(tmp_path / "s.png"), "--workspace", root)
    assert said.code == 0
    assert (tmp_path / "s.png").read_bytes().startswith(b"\x89PNG")


def test_notebooks_show_pictures(small_graph: Graph) -> None:
    plot = small_graph.heat_map("relay")
    assert plot._repr_svg_() == plot.svg()
    assert {measure.name for measure in small_graph.measures()} >= {"brokers", "polarisation"}
