"""The workspace: the folders of the ontology, the data and the build.

No other module knows the names of the files of a workspace or reads the environment.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from graphkit.model.errors import WorkspaceError
from graphkit.model.files import recover, replacing_all
from graphkit.model.generation import Generation, open_current


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with `ontology/`, `data/` and, after a build, `build/`."""

    root: Path

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
    def build(self) -> Path:
        """The build folder; `graphkit build` can make all of it again."""
        return self.root / "build"

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

    def story_files(self) -> list[Path]:
        """List the files of stories."""
        return sorted((self.data / "stories").glob("*.y*ml"))

    def recover(self) -> None:
        """Undo changes of the data that were killed half-way."""
        recover(self.data, self.data / "entities", self.data / "sources")

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
    begin = Path(start or os.environ.get("GRAPHKIT_WORKSPACE") or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if (folder / "ontology").is_dir() and (folder / "data" / "dataset.yaml").is_file():
            return Workspace(folder)
    raise WorkspaceError(
        f"No workspace at {begin} or above it: a folder with ontology/ and data/dataset.yaml.",
        "Type: graphkit init DIR   or name one with --workspace DIR",
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


def init_workspace(folder: Path) -> Workspace:
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
    except OSError as error:
        raise WorkspaceError(f"{folder} cannot be written: {error.strerror}.", "Name another folder.") from error
    return Workspace(folder.resolve())
