"""The workspace: the folders of the ontology, the data and the build.

No other module knows the names of the files of a workspace or reads the environment.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from graphkit.model.base_iri import BASE, DEFAULT_BASE, base_of, is_base, start_folder, workspace_folder
from graphkit.model.errors import WorkspaceError
from graphkit.model.files import recover, replacing_all
from graphkit.model.generation import Generation, open_current
from graphkit.model.text import web_link


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with `ontology/`, `data/` and, after a build, `build/`.

    Attributes:
        built: The build folder, if it is another one.
    """

    root: Path
    built: Path | None = None

    @property
    def ontology(self) -> Path:
        """The ontology folder: vocabularies, shapes, rules, checks and saved questions."""
        return self.root / "ontology"

    @property
    def data(self) -> Path:
        """The data folder: `dataset.yaml`, `entities/`, `sources/` and optionally `merges.yaml`."""
        return self.root / "data"

    @property
    def merges(self) -> Path:
        """The file of merged entities, which may not exist."""
        return self.data / "merges.yaml"

    @property
    def codebook(self) -> Path:
        """The file of the concepts with which statements are coded, which may not exist."""
        return self.data / "codebook.yaml"

    @property
    def verification(self) -> Path:
        """The record of verified passages, which may not exist."""
        return self.data / "verification.csv"

    @property
    def tombstones(self) -> Path:
        """The record of erased things, which may not exist."""
        return self.data / "tombstones.csv"

    @property
    def build(self) -> Path:
        """The build folder; `graphkit build` can make all of it again."""
        return self.built or self.root / "build"

    @property
    def graph_file(self) -> Path:
        """A link to the graph of the current build, for people; programs read that of `generation`."""
        return self.build / "graph.nq"

    def generation(self) -> Generation:
        """Open the current build.

        Raises:
            StoreError: There is no build.
        """
        return open_current(self.build)

    def places_file(self, kind: str, about: str = "", hops: int = 0) -> Path:
        """Return the file for the positions of the nodes of a view; it may not exist.

        Args:
            kind: The kind of diagram.
            about: The subject as the user typed it; only its hash is in the name of the file.
        """
        asked = hashlib.sha256(f"{about} {hops}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return self.build / "places" / (f"{kind}-{asked}.json" if about else f"{kind}.json")

    def vocabularies(self) -> list[Path]:
        """List the Turtle files of the ontology that go into the graph: all except the shapes."""
        return [path for path in sorted(self.ontology.glob("*.ttl")) if path.name != "shapes.ttl"]

    def rules(self) -> list[Path]:
        """List the rules in the order in which they apply."""
        return sorted((self.ontology / "rules").glob("*.rq"))

    def checks(self) -> list[Path]:
        """List the checks."""
        return sorted((self.ontology / "checks").glob("*.rq"))

    def questions(self) -> list[Path]:
        """List the saved questions."""
        return sorted((self.ontology / "questions").glob("*.rq"))

    def entity_files(self) -> list[Path]:
        """List the files that describe entities."""
        return sorted((self.data / "entities").glob("*.y*ml"))

    def source_files(self) -> list[Path]:
        """List the files of source documents, each with a file of its own."""
        return sorted((self.data / "sources").glob("*.y*ml"))

    @property
    def captures(self) -> Path:
        """The folder of captures that belong to the workspace, as those of the example do."""
        return self.root / "captures"

    def story_files(self) -> list[Path]:
        """List the files of stories."""
        return sorted((self.data / "stories").glob("*.y*ml"))

    def recover(self) -> None:
        """Undo changes of the data that were killed half-way."""
        recover(self.root, self.data, self.data / "entities", self.data / "sources")

    def name(self, path: Path) -> str:
        """Return a path for messages: relative to the workspace, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


def find_workspace(start: Path | str | None = None) -> Workspace:
    """Find the workspace at a folder or in the nearest folder above it.

    Args:
        start: By default `$GRAPHKIT_WORKSPACE`, else the current folder.

    Raises:
        WorkspaceError: There is no workspace.
    """
    folder = workspace_folder(start)
    if folder is not None:
        require_base(base_of(folder), folder)
        return Workspace(folder)
    raise WorkspaceError(
        f"No workspace at {start_folder(start)} or above it: a folder with ontology/ and data/dataset.yaml.",
        "Type: graphkit init DIR   or name one with --workspace DIR",
    )


def require_base(base: str, folder: Path) -> None:
    """Refuse a workspace whose ids are minted under another base than those of this process.

    Raises:
        WorkspaceError: The bases differ.
    """
    if base != BASE:
        raise WorkspaceError(
            f"The ids of {folder} are minted under {base}, but this process uses {BASE}.",
            f"Work in that folder, or before Python starts, type: export GRAPHKIT_BASE={base}",
        )


def questions_workspace(start: Path | str | None = None) -> Workspace:
    """Find the workspace with the saved questions for an endpoint; by default, those of the package.

    Raises:
        WorkspaceError: There is no workspace at `start`.
    """
    try:
        return find_workspace(start)
    except WorkspaceError:
        if start:
            raise
        return Workspace(packaged_ontology().parent)


def credentials() -> tuple[str, str] | None:
    """Return the user and password for an endpoint from `$GRAPHKIT_STORE_USER` and `$GRAPHKIT_STORE_PASSWORD`."""
    user = os.environ.get("GRAPHKIT_STORE_USER", "")
    return (user, os.environ.get("GRAPHKIT_STORE_PASSWORD", "")) if user else None


def packaged_ontology() -> Path:
    """Return the ontology of the installed package or the checkout."""
    here = Path(__file__).resolve().parent.parent
    installed = here / "ontology"
    return installed if installed.is_dir() else here.parent / "ontology"


LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


@dataclass(frozen=True, slots=True)
class NewDataset:
    """The first lines of a new `dataset.yaml`.

    Attributes:
        base: The IRI under which ids are minted.
        language: Of the gists and labels: a code of ISO 639.
        licence: Its address, or one of `LICENCES`.

    Raises:
        WorkspaceError: One of them is not possible.
    """

    title: str = "An example to replace"
    base: str = DEFAULT_BASE
    language: str = "en"
    licence: str = LICENCES["CC-BY-4.0"]

    def __post_init__(self) -> None:
        for wrong, message, hint in (
            (not 0 < len(self.title.strip()) <= _LONGEST_TITLE or not self.title.isprintable(),
             f"A title has 1 to {_LONGEST_TITLE:,} characters on one line.", 'Type: --title "Street cameras"'),
            (not is_base(self.base), f"{self.base!r} is not a base for IRIs.",
             "Type an address of your own that ends with / or #: --base https://example.org/my-graph/"),
            (not re.fullmatch("[a-z]{2,3}", self.language), f"{self.language!r} is not the code of a language.",
             "Type a code of ISO 639, such as: --language en"),
            (self.licence not in LICENCES and not web_link(self.licence), f"{self.licence!r} is not a licence.",
             f"Type its address, or one of {', '.join(LICENCES)}: --licence CC-BY-4.0"),
        ):  # fmt: skip
            if wrong:
                raise WorkspaceError(message, hint)

    def write(self, path: Path) -> None:
        """Write the values into the starter's `dataset.yaml`."""
        lines = {
            "title": json.dumps(self.title.strip(), ensure_ascii=False),
            "base": self.base,
            "licence": LICENCES.get(self.licence, self.licence),
            "language": self.language,
        }
        text = [
            f"{name}: {lines[name]}" if (name := line.partition(":")[0]) in lines else line
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
        path.write_text("\n".join([*text, ""]), encoding="utf-8")


_LONGEST_TITLE = 1_000
# The defaults of the packaged questions name entities of our own data.
_DEFAULT = re.compile(r"^(# Parameter: \w+ = id:)[a-z0-9-]+", re.MULTILINE)


def init_workspace(folder: Path, dataset: NewDataset | None = None) -> Workspace:
    """Create a workspace with the packaged ontology and a small example to replace.

    Args:
        folder: A folder that does not exist or is empty.

    Raises:
        WorkspaceError: The folder is not empty, or cannot be written to.
    """
    contents = {
        "ontology": packaged_ontology(),
        **{path.name: path for path in sorted((Path(__file__).parent / "starter").iterdir())},
    }
    try:
        recover(folder)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise WorkspaceError(f"{folder} is not empty.", "Name a new folder: graphkit init DIR")
        with replacing_all(*(folder / name for name in contents)) as parts:
            for part, path in zip(parts, contents.values(), strict=True):
                (shutil.copytree if path.is_dir() else shutil.copy)(path, part)
            made = dict(zip(contents, parts, strict=True))
            (dataset or NewDataset()).write(made["data"] / "dataset.yaml")
            _forget_defaults(made["ontology"] / "questions")
    except OSError as error:
        raise WorkspaceError(f"{folder} cannot be written: {error.strerror}.", "Name another folder.") from error
    return Workspace(folder.resolve())


def _forget_defaults(questions: Path) -> None:
    for path in questions.glob("*.rq"):
        path.write_text(_DEFAULT.sub(r"\1", path.read_text(encoding="utf-8")), encoding="utf-8")
