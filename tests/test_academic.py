"""The Python examples of docs/academic run on files that the commands of the pages write."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import warnings
from typing import TYPE_CHECKING

import pytest
from places import REPOSITORY
from typer.testing import CliRunner

from graphkit.cli import app
from graphkit.release.exports import export
from graphkit.release.projections import write

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph

PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((REPOSITORY / "docs/academic").glob("*.md"))}
TOOLS = {"python", "r", "gephi", "ucinet", "machine-learning", "triple-stores", "datasette", "repositories"}
EXAMPLES = {name: re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL) for name, text in PAGES.items()}
EXPORTS = {
    match for text in PAGES.values() for match in re.findall(r"^graphkit export (\w+) -o (\S+)$", text, re.MULTILINE)
}


@pytest.fixture(scope="module")
def exported(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files that the pages name."""
    folder = tmp_path_factory.mktemp("academic")
    for form, path in EXPORTS:
        export(small_graph.store, form, "attributed", folder / path)
    return folder


def test_there_is_a_page_for_each_kind_of_tool() -> None:
    assert PAGES.keys() >= TOOLS
    assert [name for name in TOOLS - {"r"} if not EXAMPLES[name] and "Not tried here" not in PAGES[name]] == []


@pytest.mark.parametrize("name", [name for name, examples in EXAMPLES.items() if examples])
def test_the_examples_of_a_page_run(exported: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(exported)
    names: dict[str, object] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries
        for example in EXAMPLES[name]:
            exec(compile(example, f"docs/academic/{name}.md", "exec"), names)  # noqa: S102 - our own pages


# Those of repositories.md need a description that a release may have: tests/release runs them.
COMMANDS = sorted(
    {line for text in PAGES.values() for line in re.findall(r"^(graphkit (?:export|network) .*)$", text, re.MULTILINE)}
)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_of_the_pages_write_what_they_name(
    coded_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    workspace = shutil.copytree(coded_graph.workspace.root, tmp_path / "w", symlinks=True)
    monkeypatch.chdir(workspace)
    words = shlex.split(command, comments=True)[1:]
    said = CliRunner().invoke(app, words)
    assert said.exit_code == 0, said.output
    assert (workspace / words[words.index("-o") + 1]).exists()


R_PACKAGES = ("igraph", "network", "sna", "tidygraph")
COUNTS = """
p <- read_graph(Sys.glob("pajek/*.net"), format = "pajek")
counts <- c(
  nrow(statements), vcount(g), ecount(g), ecount(facts), vcount(h), ecount(h), sum(E(h)$plain), network.size(n),
  network.edgecount(n), sum(n %e% "plain"), nrow(as_tibble(activate(tidy, edges))), dim(m), ecount(agreement), ecount(p)
)
cat("counts:", counts)
"""


def has_r() -> bool:
    script = f"stopifnot(all(c{R_PACKAGES} %in% rownames(installed.packages())))"
    program = shutil.which("Rscript")
    return program is not None and subprocess.run([program, "-e", script], check=False).returncode == 0


@pytest.mark.skipif(not has_r(), reason=f"needs Rscript with {', '.join(R_PACKAGES)}")
def test_r_reads_every_statement_node_and_edge(exported: Path, small_graph: Graph, coded_graph: Graph) -> None:
    export(small_graph.store, "pajek", "attributed", exported / "pajek")
    actors = coded_graph.projection("actor-actor")
    write(actors, exported / "network.csv", "matrix")
    blocks = re.findall(r"^```r\n(.*?)^```$", PAGES["r"], re.MULTILINE | re.DOTALL)
    (exported / "page.R").write_text("\n".join(blocks) + COUNTS, encoding="utf-8")
    said = subprocess.run(["Rscript", "page.R"], cwd=exported, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    network = small_graph.network()
    plain = sum(data["plain"] for *_, data in network.edges(data=True))
    sizes = [len(network), network.number_of_edges(), plain]
    wanted = [len(small_graph.query("SELECT ?s { ?s a sp:Statement }")), *sizes, *sizes, *sizes, sizes[1]]  # type: ignore[arg-type]
    ties = actors.to_networkx().number_of_edges()
    assert said.stdout.rpartition("counts: ")[2].split() == [
        str(n) for n in (*wanted, len(actors.rows), len(actors.columns), ties, plain)
    ]
