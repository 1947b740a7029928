"""The commands to interrupt, each with the workspace that it needs and the folder that it writes to."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.build.pipeline import build
from graphkit.model.workspace import Workspace, init_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SOURCES = 5
_ROW = {
    "source": "", "kind": "news-article", "publisher": "example-gazette", "title": "", "published": "2021-05-01",
    "retrieved": "2021-05-02", "key": "paid", "subject": "exampletown-council", "relation": "funded",
    "object": "street-cameras", "gist": "", "starts": "Exampletown Council", "ends": "the street", "sha256": "",
}  # fmt: skip
# Files of the index differ from build to build: what they hold is compared through queries. Kept positions are a cache.
_NOT_COMPARED = re.compile(r"(^|/)(index|SHA256SUMS|places/[^.][^/]*$)/?")
LEFTOVER = re.compile(r"(^|/)\.[^/]*\.(part|old|journal|runs|lock|tmp)(/|$)")


@dataclass(frozen=True, slots=True)
class Command:
    """A command to interrupt.

    Attributes:
        arguments: The command as a user types it; {root} stands for the folder of the trial.
        prepare: Changes the workspace before the command runs.
        code: The exit code of an undisturbed run.
    """

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Path], None] = lambda _root: None
    code: int = 0

    def words(self, root: Path) -> list[str]:
        """Return the arguments for a trial."""
        return [word.replace("{root}", str(root)) for word in self.arguments]


def _edit(root: Path) -> None:
    source = root / "w/data/sources/example-gazette-2021.yaml"
    text = source.read_text(encoding="utf-8").replace("paid for the street", "bought the street")
    source.write_text(text, encoding="utf-8")


def _break(root: Path) -> None:
    """Leave a mistake in the data: a build is refused, and the last good one must stay."""
    source = root / "w/data/sources/example-gazette-2021.yaml"
    source.write_text(source.read_text(encoding="utf-8") + "unknown: key\n", encoding="utf-8")


def _old_site(root: Path) -> None:
    from graphkit.web.site import write_site

    workspace = Workspace(root / "w")
    from graphkit.query.worker import store_of

    write_site(workspace, store_of(workspace, ""), root / "site")
    _edit(root)
    build(workspace)


def _old_tables(root: Path) -> None:
    from graphkit.query.worker import store_of
    from graphkit.release.exports import export

    workspace = Workspace(root / "w")
    export(store_of(workspace, ""), "csv", "attributed", root / "tables")
    _edit(root)
    build(workspace)


def _old_capture(root: Path) -> None:
    _page(root)
    (root / "captures").mkdir()
    (root / "captures/cameras.txt").write_text("An older text.\n", encoding="utf-8")
    (root / "captures/cameras.html").write_text("<p>An older text.", encoding="utf-8")


def _page(root: Path) -> None:
    says = "The council said in a statement that camera {} had cost more than it planned."
    paragraphs = "".join(f"<p>{says.format(number)}</p>" for number in range(9))
    page = f"<!doctype html><title>Cameras</title><article>{paragraphs}</article>"
    (root / "page.html").write_text(page, encoding="utf-8")


def _table(root: Path) -> None:
    """Write a table with five sources of one statement each."""
    with (root / "table.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _ROW)
        writer.writeheader()
        for number in range(_SOURCES):
            passage = f"Exampletown Council paid for camera {number} in the street"
            own = {"source": f"gazette-{number}", "title": f"Camera {number}"}
            gist = f"The Example Gazette names camera {number}."
            writer.writerow({**_ROW, **own, "gist": gist, "sha256": hashlib.sha256(passage.encode()).hexdigest()})


W = ("--workspace", "{root}/w")
COMMANDS = (
    Command("build, first", ("build", *W), lambda root: shutil.rmtree(root / "w/build")),
    Command("build, again", ("build", *W), _edit),
    Command("build, refused", ("build", *W), _break, 1),
    Command("init", ("init", "{root}/new")),
    Command("import", ("import", "{root}/table.csv", *W), _table),
    Command(
        "entities --merge", ("entities", "--merge", "example-gazette", "neighbours-united", "--reason", "One.", *W)
    ),
    Command("capture", ("capture", "{root}/page.html", "--to", "{root}/captures", *W), _page),
    Command(
        "capture --replace", ("capture", "{root}/page.html", "--to", "{root}/captures", "--replace", *W), _old_capture
    ),
    Command("export csv", ("export", "csv", "-o", "{root}/tables", *W), _old_tables),
    Command("export graphml", ("export", "graphml", "-o", "{root}/graph.graphml", *W)),
    Command("view", ("view", "-o", "{root}/view.html", *W)),
    Command("site", ("site", "{root}/site", *W)),
    Command("site, again", ("site", "{root}/site", *W), _old_site),
)


def first_state(root: Path) -> None:
    """Make the workspace from which every trial begins."""
    if not build(init_workspace(root / "w")).ok:
        raise RuntimeError(f"The starter at {root} does not build.")


def fingerprint(root: Path) -> dict[str, str]:
    """Return the hash of every file, without those of indexes; links by what they name."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not _NOT_COMPARED.search(name):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def problems(root: Path, had_build: bool) -> list[str]:  # noqa: FBT001
    """Return what is wrong with a build: missing, unreadable, or a graph and an index that disagree."""
    from graphkit.graph import open_graph
    from graphkit.query.answers import Table

    workspace = Workspace(root / "w")
    if not workspace.graph_file.exists():
        return ["there is no build"] if had_build else []
    try:
        found = open_graph(workspace.root).query("SELECT ?gist { ?s sp:gist ?gist }")
    except Exception as error:  # noqa: BLE001
        return [f"the build cannot be read: {error}"]
    if not isinstance(found, Table):
        return ["the build gives no table"]
    text = workspace.graph_file.read_text(encoding="utf-8")
    return [f"graph.nq lacks {gist!r}" for gist in found.column("gist") if str(gist) not in text]
