"""`graphkit init`: flags and questions, the examples, a base of one's own, and values that are not possible."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from places import REPOSITORY

from graphkit.build.pipeline import check
from graphkit.model.base_iri import DEFAULT_BASE, is_base
from graphkit.model.errors import WorkspaceError
from graphkit.model.workspace import NewDataset, Workspace, init_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

COMMAND = str(Path(sys.executable).parent / "graphkit")
MINE = "https://example.org/mine/"


def graphkit(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *words], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a built workspace with a base of its own."""
    folder = tmp_path_factory.mktemp("init") / "mine"
    said = graphkit("init", str(folder), "--title", 'Cameras: "#1"', "--base", MINE, "--licence", "CC0-1.0")
    assert said.returncode == 0, said.stderr
    assert graphkit("build", "-w", str(folder)).returncode == 0
    return folder


def test_flags_are_written_into_the_dataset(mine: Path) -> None:
    found = yaml.safe_load((mine / "data/dataset.yaml").read_text(encoding="utf-8"))
    assert (found["title"], found["base"], found["language"]) == ('Cameras: "#1"', MINE, "en")
    assert found["licence"] == "https://creativecommons.org/publicdomain/zero/1.0/"


def test_a_new_workspace_has_no_problems_with_the_captures_of_others_beside_it(mine: Path, tmp_path: Path) -> None:
    said = graphkit("check", "--captures", str(tmp_path), "-w", str(mine))
    assert said.stderr == ""
    assert said.stdout.endswith("Checked with no problems.\n")
    shutil.copytree(mine, tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy/captures")
    said = graphkit("check", "--captures", str(tmp_path), "-w", str(tmp_path / "copy"))
    assert f"1 source has no capture in {tmp_path}:\n" in said.stderr


def subjects(graph: Path) -> Iterable[str]:
    return (line.split(" ", 1)[0].strip("<>") for line in graph.read_text(encoding="utf-8").splitlines())


def test_all_ids_are_minted_under_the_base_and_terms_are_not(mine: Path) -> None:
    text = (mine / "build/graph.nq").read_text(encoding="utf-8")
    ours = set(re.findall(rf"<{DEFAULT_BASE}([a-z]+)[/#>]", text))
    assert ours == {"ontology"}
    kinds = {name.removeprefix(MINE).partition("/")[0] for name in subjects(mine / "build/graph.nq") if MINE in name}
    assert kinds == {"dataset", "dispute", "id", "proposition", "rule", "source", "statement"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("query", "-e", "ASK { id:exampletown-police a sp:Entity }"), "yes"),
        (
            ("query", "-f", "csv", "-e", "SELECT ?s { ?s sp:stance sp:denies }"),
            f"{MINE}statement/example-gazette-2021/",
        ),
        (("explain", "exampletown-police"), f"{MINE}id/exampletown-police"),
        (("explain", f"{MINE}id/exampletown-police"), "Neighbours United denies"),
        (("disputes",), "Contradiction: Exampletown Police consulted"),
        (("query", "single-source"), "exampletown street cameras"),
    ],
)
def test_commands_work_with_a_base_of_ones_own_in_the_folder_and_from_elsewhere(
    mine: Path, words: tuple[str, ...], expected: str
) -> None:
    for said in (graphkit(*words, folder=mine), graphkit(*words, "--workspace", str(mine), folder=Path("/"))):
        assert said.returncode == 0, said.stderr
        assert expected.lower() in said.stdout.lower()


def test_a_process_does_not_mix_two_bases(mine: Path) -> None:
    program = f"import graphkit\ngraphkit.open({str(mine)!r})"
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=False
    ).stderr
    assert f"minted under {MINE}, but this process uses {DEFAULT_BASE}" in said
    done = subprocess.run(
        [sys.executable, "-c", program], cwd="/", env={**os.environ, "GRAPHKIT_BASE": MINE}, check=False
    )
    assert done.returncode == 0


def test_without_a_terminal_nothing_is_asked(tmp_path: Path) -> None:
    said = graphkit("init", "new", folder=tmp_path)
    assert said.returncode == 0
    assert "Title" not in said.stdout + said.stderr
    assert "before you publish, change base in data/dataset.yaml" in said.stdout


def test_a_person_is_asked_for_what_no_flag_gives(tmp_path: Path) -> None:
    keyboard, terminal = pty.openpty()
    command = [COMMAND, "init", "new", "--language", "cy"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=terminal, stdout=-1, stderr=-1, text=True) as process:
        os.write(keyboard, f"Camerâu\n{MINE}\n\n".encode())
        out, err = process.communicate(timeout=60)
    os.close(keyboard)
    os.close(terminal)
    assert process.returncode == 0, err
    assert [name for name in ("Title", "Base", "Language", "Licence") if name in err] == ["Title", "Base", "Licence"]
    found = yaml.safe_load((tmp_path / "new/data/dataset.yaml").read_text(encoding="utf-8"))
    assert (found["title"], found["base"], found["language"]) == ("Camerâu", MINE, "cy")
    assert "is a workspace" in out


@pytest.mark.parametrize(
    ("flag", "value", "message"),
    [
        ("--base", "example.org", "'example.org' is not a base for IRIs."),
        ("--base", "https://example.org/a b/", "is not a base for IRIs."),
        ("--base", "https://example.org/graph", "ends with / or #"),
        ("--base", "ftp://example.org/", "is not a base for IRIs."),
        ("--base", "https://example.org/<x>/", "is not a base for IRIs."),
        ("--language", "English", "'English' is not the code of a language."),
        ("--licence", "mine", "'mine' is not a licence."),
        ("--title", " ", "A title has 1 to 1,000 characters on one line."),
        ("--title", "a\nb", "A title has 1 to 1,000 characters on one line."),
    ],
)
def test_an_impossible_value_gets_one_message_and_nothing_is_written(
    tmp_path: Path, flag: str, value: str, message: str
) -> None:
    said = graphkit("init", "new", flag, value, folder=tmp_path)
    assert said.returncode == 2
    assert message in said.stderr
    assert "Traceback" not in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="is not empty"):
        init_workspace(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("base", ["not an address", "https://example.org/graph"])
def test_a_base_in_the_file_that_is_none_is_located(starter: Workspace, base: str) -> None:
    path = starter.data / "dataset.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(DEFAULT_BASE, base), encoding="utf-8")
    [problem] = [found for found in check(starter).problems if "base" in found.message]
    assert (problem.code, problem.location.file, problem.location.line) == ("invalid-address", "data/dataset.yaml", 5)
    assert "/ or #" in problem.solution


@pytest.mark.parametrize(
    ("base", "right"),
    [("https://example.org/", True), ("http://localhost:8000/a/b#", True), ("https://example.org", False),
     ("https://example.org/a?b/", False), ("urn:x:", False), ("", False)],
)  # fmt: skip
def test_a_base_ends_where_an_id_can_follow(base: str, right: bool) -> None:
    assert is_base(base) == right


def test_the_examples_can_be_copied_into_place(starter: Workspace) -> None:
    examples = starter.root / "examples"
    shutil.copy(examples / "entities.yaml", starter.data / "entities/museum.yaml")
    shutil.copy(examples / "source.yaml", starter.data / "sources/museum-2021-press-release.yaml")
    shutil.copy(examples / "question.rq", starter.ontology / "questions/who-praises.rq")
    relation = (examples / "relation.ttl").read_text(encoding="utf-8").partition("sp:apologisedTo")
    with (starter.ontology / "relations.ttl").open("a", encoding="utf-8") as file:
        file.write("".join(relation[1:]))
    assert check(starter).problems == []
    source = starter.data / "sources/museum-2021-press-release.yaml"
    source.write_text(source.read_text(encoding="utf-8").replace("praised", "apologised-to").replace(
        "street-cameras\n", "exampletown-council\n"), encoding="utf-8")  # fmt: skip
    found = check(starter)
    assert [problem for problem in found.problems if problem.level == "error"] == []
    assert any("apologisedTo" in line and "/proposition/" in line for line in found.lines)


def test_a_new_workspace_names_no_entity_of_ours(starter: Workspace) -> None:
    slugs = {
        slug
        for path in (REPOSITORY / "data/entities").glob("*.yaml")
        for slug in yaml.safe_load(path.read_text(encoding="utf-8"))["entities"]
    }
    named = set()
    for path in [*starter.questions(), *starter.entity_files(), *starter.source_files()]:
        named |= set(re.findall(r"(?:id:|: )([a-z][a-z0-9-]+)", path.read_text(encoding="utf-8"))) & slugs
    assert named == set()


def test_the_default_is_what_the_function_takes(starter: Workspace) -> None:
    assert NewDataset().base == DEFAULT_BASE
    assert (starter.root / "README.md").is_file()
