"""One broken file for each problem: exactly that problem, at that line, and the last build stays.

`data/broken/manifest.csv` lists the cases. The file `<case>.*` goes to `put` in a fresh workspace;
what lies in a folder `<case>/` is sound and goes there with it. Several numbers under `line` are one
problem on each of those lines, because a circle has no beginning; 0 is the file as a whole. `huge`
has no file, it is made when it is needed. In `captures/` passages are looked up.
"""

from __future__ import annotations

import builtins
import csv
import io
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graphkit.build import statements
from graphkit.build.pipeline import build, check
from graphkit.corpus.load import load_dataset
from graphkit.model.workspace import Workspace, init_workspace

BROKEN = Path(__file__).resolve().parents[1] / "data" / "broken"
HUGE = 50_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """A row of the manifest."""

    case: str
    put: str
    code: str
    line: str
    level: str

    @property
    def file(self) -> Path:
        return (BROKEN / self.case).with_suffix(Path(self.put).suffix)

    def lay(self, workspace: Workspace) -> Path:
        """Put the broken file into a workspace and return the folder of captures."""
        if (BROKEN / self.case).is_dir():
            shutil.copytree(BROKEN / self.case, workspace.root, dirs_exist_ok=True)
        (workspace.root / self.put).parent.mkdir(exist_ok=True)
        if self.file.exists():
            shutil.copyfile(self.file, workspace.root / self.put)
        else:
            with (workspace.root / self.put).open("wb") as file:
                file.truncate(HUGE)
        captures = workspace.root / "captures"
        shutil.copytree(BROKEN / "captures", captures, dirs_exist_ok=True)
        return captures


def read_manifest() -> list[Case]:
    with (BROKEN / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return [Case(**row) for row in csv.DictReader(file)]


CASES = {case.case: case for case in read_manifest()}


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return the starter, built."""
    place = init_workspace(tmp_path_factory.mktemp("good") / "workspace")
    assert build(place).ok
    return place


def test_the_starter_has_no_problem(starter: Workspace) -> None:
    assert check(starter, starter.root / "captures").problems == []


def test_every_file_has_a_row() -> None:
    laid = {path.stem for path in BROKEN.iterdir()} - {"captures", "manifest"}
    assert laid == CASES.keys() - {"huge"}
    assert len(CASES) == len(read_manifest()), "a case stands twice"


@pytest.mark.parametrize("name", CASES)
def test_a_broken_file_gives_exactly_its_problem(starter: Workspace, name: str) -> None:
    case = CASES[name]
    found = check(starter, case.lay(starter))
    got = [(one.code, one.location.file, one.location.line, one.level.value) for one in found.problems]
    assert got == [(case.code, case.put, int(line), case.level) for line in case.line.split()]
    assert all(problem.solution for problem in found.problems)
    assert found.ok == (case.level == "warning")


@pytest.mark.parametrize("name", {(Path(one.put).parent, one.level): name for name, one in CASES.items()}.values())
def test_a_warning_does_not_stop_a_build_and_after_an_error_the_last_one_stays(
    good: Workspace, tmp_path: Path, name: str
) -> None:
    case = CASES[name]
    place = Workspace(shutil.copytree(good.root, tmp_path / "workspace", symlinks=True))
    before = bytes_of(place.build)
    built = build(place, case.lay(place))
    assert {one.code for one in built.problems} == {case.code}
    assert built.ok == (case.level == "warning")
    if built.ok:
        assert place.graph_file.read_text(encoding="utf-8") == "".join(built.lines)
    else:
        assert bytes_of(place.build) == before
        assert "graph.nq" in before


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("unknown-entity", "street-cameras"),
        ("unknown-entity-by-its-label", "street-cameras"),
        ("unknown-publisher", "example-gazette"),
        ("unknown-relation", "funded"),
        ("unknown-stance", "denies"),
        ("unknown-publicity", "on-record"),
        ("unknown-kind", "news-article"),
        ("unknown-kind-of-entity", "place"),
        ("unknown-source", "example-gazette-2021"),
        ("unknown-statement", "lamps"),
        ("unknown-key", "speaker"),
        ("unknown-key-in-entity", "label"),
        ("misnamed", "quay-lamps.yaml"),
    ],
)
def test_the_solution_names_what_was_meant(starter: Workspace, name: str, near: str) -> None:
    [problem] = check(starter, CASES[name].lay(starter)).problems
    assert near in problem.solution


def test_a_huge_file_is_not_even_opened(starter: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES["huge"]
    captures = case.lay(starter)
    opened: list[str] = []
    whole = io.open

    def watched(file: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - stands for open
        opened.append(str(file))
        return whole(file, *args, **kwargs)

    monkeypatch.setattr(io, "open", watched)
    monkeypatch.setattr(builtins, "open", watched)
    [problem] = check(starter, captures).problems
    assert problem.code == "file-too-large"
    assert str(starter.root / case.put) not in opened
    assert str(starter.data / "dataset.yaml") in opened, "the test would see a file that is opened"


@pytest.mark.parametrize("text", ["lamps", "- lamps", "[[lamps]]", "2020-03-04", "{}", '"":'])
def test_a_file_that_is_no_record_is_a_problem(starter: Workspace, text: str) -> None:
    for folder in ("sources", "entities"):
        (starter.data / folder / "broken.yaml").write_text(text, encoding="utf-8")
    (starter.data / "dataset.yaml").write_text(text, encoding="utf-8")
    found = check(starter)
    assert not found.ok
    assert {(problem.location.file, problem.location.line) for problem in found.problems} >= {
        ("data/dataset.yaml", 1),
        ("data/entities/broken.yaml", 1),
        ("data/sources/broken.yaml", 1),
    }


def chain(length: int) -> str:
    """Spell a source in which each statement is about the next."""
    parts = ["id: broken\nkind: report\npublisher: example-gazette\ntitle: A chain\nstatements:\n"]
    last = f"s{length}"
    for number in range(1, length + 1):
        said = f"{{statement: s{number + 1}}}" if f"s{number}" != last else "street-cameras"
        parts.append(f"  s{number}:\n    subject: example-gazette\n    object: {said}\n    gist: More.\n")
        parts.append(f"    relation: {'mentions' if said == 'street-cameras' else 'disclosed'}\n")
        parts.append(f"    evidence: {{starts: More., sha256: {'a' * 64}}}\n")
    return "".join(parts)


def test_statements_about_statements_do_not_unfold(starter: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    (starter.data / "sources/broken.yaml").write_text(chain(12), encoding="utf-8")
    calls: list[str] = []
    whole = statements.compile_proposition

    def counted(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - stands for compile_proposition
        calls.append("")
        return whole(*args, **kwargs)

    monkeypatch.setattr(statements, "compile_proposition", counted)
    assert check(starter).ok
    assert 12 <= len(calls) <= 12 * 12


def test_a_very_long_chain_of_statements_is_built_or_refused(starter: Workspace) -> None:
    (starter.data / "sources/broken.yaml").write_text(chain(1200), encoding="utf-8")
    found = check(starter)
    assert found.ok or {problem.location.file for problem in found.problems} == {"data/sources/broken.yaml"}


def test_one_run_reports_every_file(starter: Workspace) -> None:
    for name in ("unknown-kind", "tab", "latin-1"):
        text = CASES[name].file.read_bytes().replace(b"id: broken", b"id: " + name.encode())
        (starter.data / "sources" / f"{name}.yaml").write_bytes(text)
    found = [(problem.location.file, problem.code) for problem in check(starter).problems]
    assert found == [
        ("data/sources/latin-1.yaml", "not-utf8"),
        ("data/sources/tab.yaml", "yaml-tab"),
        ("data/sources/unknown-kind.yaml", "unknown-kind"),
    ]


@pytest.mark.parametrize(
    ("line", "solution"),
    [
        ("released: tomorrow", "give a day as YYYY-MM-DD."),
        ("released: 2026-02-30", "give a day as YYYY-MM-DD."),
        ("related: [Foo]", "write keys and values, as in {key: value}."),
        ("related: [{relation: issupplementto, doi: 10.1000/x}]", "did you mean IsSupplementTo?"),
        ("related: [{relation: References}]", "add doi: or url: of the work."),
        ("contact: nobody", "write a mail address, an address that begins with https://, or an ORCID iD."),
        ("contact: x.example/contact", "write a mail address, an address that begins with https://, or an ORCID iD."),
        ("contact: https://nowhere", "type the name of the site, as in https://example.org/page."),
        ("contact: 0000-0002-1825-0098", "copy it, such as 0000-0002-1825-0097."),
        ('funders: ["12"]', "write it in words."),
        ("related: [{relation: Foo, doi: 10.1000/x}]", "type one of: IsDerivedFrom, IsDescribedBy, IsNewVersionOf, "),
    ],
)
def test_the_solution_for_a_wrong_value_of_the_dataset_can_be_typed(
    starter: Workspace, line: str, solution: str
) -> None:
    with (starter.data / "dataset.yaml").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    (problem,) = check(starter, starter.root / "captures").problems
    assert problem.solution.startswith(solution)
    assert (problem.location.file, problem.location.line) == ("data/dataset.yaml", 10)


@pytest.mark.parametrize(
    ("line", "solution"),
    [
        ("title: 2024", "write it in words."),
        ("description: .", "write it in words."),
        ('version: "01.2.3"', "give a version such as 1.0.0."),
        ("creators: [12]", "write it in words."),
        ("creators: [A, A]", "name each creator once."),
        (
            "creators: [{name: A, ror: 05dxps055}]",
            "ror is that of the affiliation: add affiliation: and the name of the body.",
        ),
    ],
)
def test_the_solution_for_another_value_of_the_dataset_can_be_typed(
    starter: Workspace, line: str, solution: str
) -> None:
    path = starter.data / "dataset.yaml"
    key = line.partition(":")[0]
    lines = [line if one.startswith(f"{key}:") else one for one in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (problem,) = check(starter, starter.root / "captures").problems
    assert problem.solution == solution
    assert problem.location.file == "data/dataset.yaml"
    assert lines[problem.location.line - 1] == line


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ada@example.org", "ada@example.org"),
        ("https://example.org/contact", "https://example.org/contact"),
        ("0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
    ],
)
def test_a_contact_is_a_mail_address_an_address_or_an_orcid(starter: Workspace, typed: str, meant: str) -> None:
    with (starter.data / "dataset.yaml").open("a", encoding="utf-8") as file:
        file.write(f"contact: {typed}\n")
    assert load_dataset(starter).contact == meant
