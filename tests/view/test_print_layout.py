"""Figures for print: as wide as asked, with a key, and with text that can be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from test_diagrams import kind
from test_view import disputed_network

from graphkit.model.errors import QueryError
from graphkit.view import view, write_figure
from graphkit.view.encoding import STATUSES
from graphkit.view.print_layout import whole_picture

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph

pytest.importorskip("matplotlib")
MM = 72 / 25.4


def test_a_figure_has_the_width_a_key_and_no_small_text(ours_graph: Graph, tmp_path: Path) -> None:
    width = 120
    path = tmp_path / "figure.svg"
    write_figure(ours_graph.network(), path, "svg", width)
    text = path.read_text(encoding="utf-8")
    wide = re.search(r'<svg [^>]*width="([0-9.]+)pt"', text)
    assert wide
    assert float(wide[1]) == pytest.approx(width * MM, abs=0.5)
    assert min(float(size) for size in re.findall(r"font(?:-size)?: ([0-9.]+)px", text)) >= 7
    for word in ("public body", "disputed", "licence"):
        assert word in text
    assert re.search("[0-9]+ of [0-9]+ nodes", text), "a figure says that it leaves nodes out"
    assert len(text) < 2_000_000


def test_the_whole_picture_has_a_key(tmp_path: Path) -> None:
    text = whole_picture(disputed_network(), "svg").decode()
    for word in ("public body", "denied", "claimed", "licence"):
        assert word in text
    for form in ("pdf", "png"):
        view(disputed_network(), tmp_path / f"a.{form}", form=form)
        assert (tmp_path / f"a.{form}").read_bytes() == whole_picture(disputed_network(), form)


def test_a_whole_picture_is_no_larger_than_can_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disputes of 20,000 statements were 629,433 pixels high, and those of 100,000 took all memory."""
    monkeypatch.setattr("graphkit.view.print_layout._LARGEST", 2.0)
    network = disputed_network()
    network.graph["positions"] = {name: (0, 3_000 * number) for number, name in enumerate(network)}
    text = whole_picture(network, "svg").decode()
    high = re.search(r'<svg [^>]*height="([0-9.]+)pt"', text)
    assert high
    assert 2 * 72 <= float(high[1]) < 2.2 * 72, "as high as allowed, with its key"


def test_the_same_figure_has_the_same_bytes(tmp_path: Path) -> None:
    for form in ("pdf", "png"):
        paths = [tmp_path / f"{number}.{form}" for number in (1, 2)]
        for path in paths:
            write_figure(disputed_network(), path, form, 180)
        assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize(("name", "about"), [
    ("dispute", "charity"), ("timeline", "charity"), ("flows", ""), ("compare", "force,charity"),
])  # fmt: skip
def test_pictures_that_are_read_like_a_list_fit_a_column_of_print(
    small_graph: Graph, tmp_path: Path, name: str, about: str
) -> None:
    network = kind(small_graph, name, about=about)
    for width in (90, 180):
        path = tmp_path / "figure.svg"
        write_figure(network, path, "svg", width)
        text = path.read_text(encoding="utf-8")
        head = text.partition("<svg ")[2].partition(">")[0]
        sizes = dict(re.findall(r'(width|height)="([0-9.]+)pt"', head))
        wide, high = float(sizes["width"]), float(sizes["height"])
        assert wide == pytest.approx(width * MM, abs=0.5)
        assert high <= 297 * MM + 1
        assert min(float(size) for size in re.findall(r"font(?:-size)?: (?:[0-9]+ )?([0-9.]+)px", text)) >= 7
        assert "licence" in text
        assert set(STATUSES) & set(re.findall(r">([a-z]+)<", text)), "the key"
        starts = [float(x) for x in re.findall(r'<text [^>]*x="(-?[0-9.]+)"', text)]
        assert starts
        assert 0 <= min(starts) <= max(starts) < wide


def test_a_figure_is_not_higher_than_a_page(ours_graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"would be \d+ mm high; a page has 297 mm"):
        write_figure(kind(ours_graph, "timeline", about="project-alpha"), tmp_path / "a.pdf", "pdf", 90)


@pytest.mark.parametrize(("name", "width"), [("discourse", 90), ("relays", 180), ("relays", 90)])
def test_a_list_is_cut_to_what_fits_a_page_and_says_so(
    ours_graph: Graph, tmp_path: Path, name: str, width: int
) -> None:
    network = kind(ours_graph, name)
    for file in ("one.svg", "other.svg"):
        write_figure(network, tmp_path / file, "svg", width)
    text = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert re.search(rf"\d+ of {len(network)} nodes", text)
    assert text == (tmp_path / "other.svg").read_text(encoding="utf-8")
    assert len(kind(ours_graph, name)) == len(network), "the network itself is whole"


def test_a_picture_that_cannot_be_cut_names_its_width(small_graph: Graph, tmp_path: Path) -> None:
    network = kind(small_graph, "compare", about="force,charity")
    with pytest.raises(QueryError, match=r"needs \d+ mm") as error:
        write_figure(network, tmp_path / "a.pdf", "pdf", 60)
    least = int(re.findall("--width ([0-9]+)", str(error.value))[0])
    write_figure(network, tmp_path / "a.pdf", "pdf", least)
    with pytest.raises(QueryError, match="no width"):
        write_figure(network, tmp_path / "a.html", "html", 90)
