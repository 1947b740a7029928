"""The commands to interrupt, each with the workspace that it needs and the folder that it writes to."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faults.server import serving
from graphkit.build.pipeline import build
from graphkit.model.workspace import Workspace, init_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SOURCES = 5
_QUESTIONS = {"consulted-and-denied", "disputes", "timeline"}
_FACTS = """released: 2026-11-23
subjects: [cameras]
collection: Made up.
limits: [It is small.]
uses: [Tests.]
misuses: [Anything else.]
sensitive: None.
maintenance: By nobody.
"""
_SAID = "Neighbours United said in a statement that the street cameras had cost more than it planned.\n"
_PROPOSAL = """id: example-gazette-2021
statements:
  paid-again:
    proposed: true
    subject: exampletown-council
    relation: funded
    object: street-cameras
    gist: The council paid for them.
    evidence: {starts: "Exampletown Council paid for the street cameras", sha256: SHA256}
"""
_ROW = {
    "source": "", "kind": "news-article", "publisher": "example-gazette", "title": "", "published": "2021-05-01",
    "retrieved": "2021-05-02", "key": "paid", "subject": "exampletown-council", "relation": "funded",
    "object": "street-cameras", "gist": "", "starts": "Exampletown Council", "ends": "the street", "sha256": "",
}  # fmt: skip
# Files of the index differ from build to build: what they hold is compared through queries. Kept positions are a cache.
_NOT_COMPARED = re.compile(r"generations/\w+/(index/|SHA256SUMS$)|(^|/)places/[^.][^/]*$")
LEFTOVER = re.compile(r"(^|/)\.[^/]*\.(part|old|journal|runs|lock|tmp)(/|$)")


@dataclass(frozen=True, slots=True)
class Command:
    """A command to interrupt.

    Attributes:
        arguments: The command as a user types it; {root} stands for the folder of the trial, {port} for the port of a
            SPARQL server.
        prepare: Changes the workspace before the command runs.
        code: The exit code of an undisturbed run.
    """

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Path], None] = lambda _root: None
    code: int = 0

    def words(self, root: Path, port: int) -> list[str]:
        """Return the arguments for a trial."""
        return [word.replace("{root}", str(root)).replace("{port}", str(port)) for word in self.arguments]


def _edit(root: Path) -> None:
    source = root / "w/data/sources/example-gazette-2021.yaml"
    text = source.read_text(encoding="utf-8")
    edited = text.replace("paid for the cameras", "bought the cameras")
    if edited == text:
        raise RuntimeError(f"{source} has no such words: nothing was edited.")
    source.write_text(edited, encoding="utf-8")


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


def _second_source(root: Path) -> None:
    """Add a source, and notes on it in the look-ups, to be erased."""
    sources = root / "w/data/sources"
    text = (sources / "example-gazette-2021.yaml").read_text(encoding="utf-8").partition("  running-since:")[0]
    (sources / "gazette-2022.yaml").write_text(text.replace("example-gazette-2021", "gazette-2022"), encoding="utf-8")
    build(Workspace(root / "w"))


def _released(root: Path) -> None:
    """Fill in everything that a release needs to know about a dataset."""
    dataset = root / "w/data/dataset.yaml"
    dataset.write_text(dataset.read_text(encoding="utf-8") + _FACTS, encoding="utf-8")
    build(Workspace(root / "w"))


def _published(root: Path) -> None:
    """Publish a build, then make another."""
    from graphkit.store.remote.publish import make_plan, open_server, publish, read_graphs

    workspace = Workspace(root / "w")
    with serving(root) as port:
        server = open_server(f"http://127.0.0.1:{port}/query")
        publish(server, make_plan(server, read_graphs(workspace.graph_file)), lambda _graph: None)
    _edit(root)
    build(workspace)


def _two_builds(root: Path) -> None:
    _edit(root)
    build(Workspace(root / "w"))


def _unrecorded(root: Path) -> None:
    (root / "w/data/verification.csv").unlink()


def _written(root: Path) -> None:
    """Write a text of which one passage can be coded."""
    (root / "w/captures/gazette-2022.txt").write_text(_SAID, encoding="utf-8")


def _proposed(root: Path) -> None:
    """Leave a proposal, ready to be accepted into the data."""
    said = hashlib.sha256(b"Exampletown Council paid for the street cameras").hexdigest()
    (root / "w/drafts").mkdir()
    (root / "w/drafts/example-gazette-2021.yaml").write_text(_PROPOSAL.replace("SHA256", said), encoding="utf-8")


def _earlier(root: Path) -> None:
    """Write a source of an earlier version: the name of a place is in the scope."""
    (root / "w/data/entities/places.yaml").write_text(
        "entities:\n  the-quay: {kind: place, label: the Quay}\n", encoding="utf-8"
    )
    source = root / "w/data/sources/example-gazette-2021.yaml"
    text = source.read_text(encoding="utf-8")
    source.write_text(
        text.replace("    gist: The council paid", "    scope: in the Quay\n    gist: The council paid"),
        encoding="utf-8",
    )


def _lines(root: Path) -> None:
    """Write the table as lines of JSON."""
    _table(root)
    with (root / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = ({name: cell for name, cell in row.items() if cell} for row in csv.DictReader(file))
        (root / "table.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


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
    Command("build --rollback", ("build", "--rollback", *W), _two_builds),
    Command("check --record", ("check", "--record", "--captures", "{root}/w/captures", *W), _unrecorded),
    Command("migrate", ("migrate", *W), _earlier),
    Command("init", ("init", "{root}/new")),
    Command("import", ("import", "{root}/table.csv", *W), _table),
    Command("import --build", ("import", "--build", "{root}/table.jsonl", *W), _lines),
    Command(
        "entities --merge", ("entities", "--merge", "example-gazette", "neighbours-united", "--reason", "One.", *W)
    ),
    Command("capture", ("capture", "{root}/page.html", "--to", "{root}/captures", *W), _page),
    Command(
        "capture --replace", ("capture", "{root}/page.html", "--to", "{root}/captures", "--replace", *W), _old_capture
    ),
    Command("quote", ("quote", "{root}/w/captures/example-gazette-2021.txt", "nobody had ever asked it")),
    Command("draft", ("draft", "{root}/w/captures/gazette-2022.txt", *W), _written),
    Command("draft --accept", ("draft", "--accept", "example-gazette-2021/paid-again", *W), _proposed),
    Command("export csv", ("export", "csv", "-o", "{root}/tables", *W), _old_tables),
    Command("export graphml", ("export", "graphml", "-o", "{root}/graph.graphml", *W)),
    Command("view", ("view", "-o", "{root}/view.html", *W)),
    Command("release", ("release", "0.1.0", "-o", "{root}/0.1.0", *W), _released),
    Command("release --bag", ("release", "0.1.0", "-o", "{root}/0.1.0", "--bag", "{root}/lamps.zip", *W), _released),
    Command("publish", ("publish", "http://127.0.0.1:{port}/query", *W)),
    Command("publish, again", ("publish", "http://127.0.0.1:{port}/query", *W), _published),
    Command("erase, source", ("erase", "gazette-2022", "--reason", "Asked for.", *W), _second_source),
    Command("erase, statement", ("erase", "example-gazette-2021/paid", "--reason", "Asked for.", *W)),
    Command("site", ("site", "{root}/site", *W)),
    Command("site, again", ("site", "{root}/site", *W), _old_site),
)


def first_state(root: Path) -> None:
    """Make the workspace from which every trial begins, with few questions, because the site has a page for each."""
    workspace = init_workspace(root / "w")
    for path in workspace.questions():
        if path.stem not in _QUESTIONS:
            path.unlink()
    if not build(workspace).ok:
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
