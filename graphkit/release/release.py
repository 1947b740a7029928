"""A release: one folder with the graph, its tables, its networks and their descriptions, all of the same build."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata as installed
from pathlib import Path
from typing import NamedTuple, TypeAlias, cast

import pyoxigraph as ox

from graphkit.analysis.discourse.kinds import projection
from graphkit.analysis.discourse.projection import Projection
from graphkit.analysis.properties import read_properties
from graphkit.corpus.load import load_dataset
from graphkit.model.dataset import DatasetFile
from graphkit.model.errors import ExportError, reason
from graphkit.model.files import compressed, recover, replacing_all
from graphkit.model.iris import DATASET, DEFAULT_POLICY
from graphkit.model.workspace import Workspace
from graphkit.release import nanopubs, projections, publication
from graphkit.release.bag import write_bag
from graphkit.release.content import DISCOURSE, content_of, files_of, licences_of, listed, package_of
from graphkit.release.exports import export
from graphkit.release.history import FOLDER as HISTORY
from graphkit.release.history import write_history
from graphkit.release.losses import losses_document
from graphkit.release.metadata import (
    addresses,
    catalogue,
    citation,
    crate,
    croissant,
    documents,
    landing,
    licences,
    mappings,
    provenance,
    queries,
)
from graphkit.release.metadata.facts import Facts
from graphkit.release.ontology import write_ontology
from graphkit.release.rdf import sorted_lines
from graphkit.release.splits import FOLDER, write_splits
from graphkit.release.tables.files import has_network, write_both
from graphkit.release.tables.streams import LEADING
from graphkit.store import Store

Enter: TypeAlias = Callable[[str], None]
# The most cells of a discourse network in a release: the statements behind each are listed.
LARGEST_DISCOURSE = 50_000
SUMS, CANONICAL, BAG = "SHA256SUMS", "CANONICAL.sha256", "bag"
# Format of an export to its place in a release.
_PLACES = {
    "trig": "graph.trig", "turtle": "graph-flat.ttl", "jsonld": "graph.jsonld",
}  # fmt: skip
_NETWORKS = {
    "graphml": "graph.graphml", "gexf": "graph.gexf", "cx2": "graph.cx2", "pajek": "pajek", "dl": "dl",
    "neo4j": "neo4j",
}  # fmt: skip
# The level of gzip's own program; level 9 takes twice the time for a file of 95 % of the size.
_PACKED, _PART = "graph.nq.gz", 1 << 20
_SEMANTIC = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_DOCUMENTS: dict[str, Callable[[Facts], str]] = {
    "CITATION.cff": citation.citation, "CODEBOOK.md": documents.codebook, "DATASHEET.md": documents.datasheet,
    "DPIA.md": documents.dpia, "README.md": documents.readme, "croissant.json": croissant.croissant,
    "DATASHEET.json": documents.datasheet_data, "datacite.xml": citation.datacite, "dcat.ttl": catalogue.dcat,
    "void.ttl": catalogue.void, "landing/index.html": landing.landing_page,
    "ro-crate-preview.html": landing.preview,
    "landing/landing.jsonld": landing.landing_data, addresses.NAME: addresses.redirects,
}  # fmt: skip
_VERSION = re.compile(r"^version: ['\"]?(\d+\.\d+\.\d+)['\"]?$", re.MULTILINE)
_SHOWN = 5


def _table(name: str) -> str:
    return f"tables/{name}.csv"


def _discourse(kind: str) -> str:
    return f"network/discourse/{kind}"


# Large graphs have no networks, so that their steps are left out.
STEPS = (
    *_PLACES.values(), *map(_table, LEADING), *(f"network/{place}" for place in _NETWORKS.values()),
    *map(_discourse, DISCOURSE), FOLDER, _PACKED, nanopubs.NAME, "ontology.ttl", HISTORY, SUMS, BAG,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReleaseOptions:
    """The way in which a release is made.

    Attributes:
        pylode: The program that makes ontology.html; without it, the release has no such page.
        bag: An archive that is written together with the release: both or none.
        nanopubs: Whether each statement is written as a nanopublication too.
        enter: Called with some of `STEPS`, in their order, when the work at each begins.
    """

    pylode: Path | None = None
    bag: Path | None = None
    nanopubs: bool = False
    enter: Enter = lambda _step: None


_DEFAULT = ReleaseOptions()


def release(
    workspace: Workspace,
    store: Store,
    version: str,
    folder: Path,
    options: ReleaseOptions = _DEFAULT,
) -> list[Path]:
    """Write a release into a new or empty folder, as a whole or not at all, and return its files.

    Args:
        version: That of `data/dataset.yaml`, so that all files of the release agree.

    Raises:
        ExportError: The version or the folder is refused, or the folder cannot be written.
        WorkspaceError: The data may not be published, or `dataset.yaml` has errors.
        MissingExtraError: pyarrow is not installed.
    """
    recover(folder.absolute().parent)
    require_folder(folder, workspace)
    if options.bag and options.bag.resolve().is_relative_to(folder.resolve()):
        raise ExportError(f"{options.bag} is inside {folder}, which it packs.", "Name a file elsewhere with --bag.")
    dataset = load_dataset(workspace)
    _require_version(version, dataset, store)
    publication.require(workspace)
    return write_release(workspace, store, dataset, folder, options)


def write_release(
    workspace: Workspace,
    store: Store,
    dataset: DatasetFile,
    folder: Path,
    options: ReleaseOptions = _DEFAULT,
) -> list[Path]:
    """Write a release of data that are known to be fit for publication.

    Raises:
        ExportError: A folder beside this one has other content of the same version, or a later version.
    """
    bags = [options.bag] if options.bag else []
    try:
        for place in (folder, *bags):
            place.parent.mkdir(parents=True, exist_ok=True)
        with replacing_all(folder, *bags) as (part, *archives):
            part.mkdir()
            _write(workspace, store, part, options.enter)
            if options.nanopubs:
                options.enter(nanopubs.NAME)
                nanopubs.write_nanopubs(part, dataset)
            options.enter("ontology.ttl")
            write_ontology(workspace, part, options.pylode)
            if earlier := release_before(folder, dataset.version):
                options.enter(HISTORY)
                write_history(earlier, part, dataset)
            options.enter(SUMS)
            _describe(workspace, store, dataset, part)
            require_new(part, folder, dataset.version)
            names = [path.relative_to(part) for path in files_of(part)]
            for archive, bag in zip(archives, bags, strict=True):
                options.enter(BAG)
                write_bag(part, archive, bag.stem, dataset)
    except (OSError, ExportError) as error:
        cause = error if isinstance(error, OSError) else error.__cause__
        if not isinstance(cause, OSError):
            raise
        raise ExportError(
            f"{' or '.join(map(str, (folder, *bags)))} cannot be written: {reason(cause)}.",
            "Name another folder with -o." if not bags else "Name other places with -o and --bag.",
        ) from error
    return [folder / name for name in names]


def require_folder(folder: Path, workspace: Workspace) -> None:
    """Refuse to write into a folder with files, into a link, or into the data.

    Raises:
        ExportError: It is one of these.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ExportError(f"{folder} is not a folder.", "Name a new folder with -o.")
    if folder.resolve().is_relative_to(workspace.data.resolve()):
        raise ExportError(f"{folder} is inside the data of the workspace.", "Name a folder outside data/ with -o.")
    if folder.is_dir() and any(folder.iterdir()):
        raise ExportError(f"{folder} is not empty.", "Name a new folder with -o.")
    above = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not os.access(above, os.W_OK):
        raise ExportError(f"{above} is read-only.", "Name another folder with -o.")


def _require_version(version: str, dataset: DatasetFile, store: Store) -> None:
    if not _SEMANTIC.fullmatch(version):
        raise ExportError(f"{version!r} is not a semantic version.", "Type three numbers, such as 0.2.0.")
    if version != dataset.version:
        hint = f'Type version: "{version}" in data/dataset.yaml, then: graphkit build'
        raise ExportError(f"data/dataset.yaml has version {dataset.version}, not {version}.", hint)
    if not dataset.released:
        raise ExportError("data/dataset.yaml has no day of release.", "Add a line: released: 2026-11-29")
    properties = read_properties(store, _typed(dataset))
    for name, typed in _typed(dataset).items():
        if sorted(properties.all(DATASET, name)) != sorted(typed):
            message = f"The build has another {name.partition(':')[2]} than data/dataset.yaml."
            raise ExportError(message, "Build again, then release: graphkit build")


def _typed(dataset: DatasetFile) -> dict[str, list[str]]:
    """Return the values in `dataset.yaml` that the graph has too."""
    return {
        "owl:versionInfo": [dataset.version],
        "dcterms:title": [dataset.title],
        "dcterms:license": [dataset.licence],
        "dcterms:issued": [dataset.released or ""],
        "dcterms:creator": [creator.name for creator in dataset.creators],
    }


def _write(workspace: Workspace, store: Store, folder: Path, enter: Enter) -> None:
    for form, place in _PLACES.items():
        enter(place)
        export(store, form, DEFAULT_POLICY, folder / place)
    write_both(store, DEFAULT_POLICY, folder / "tables", folder / "parquet", lambda table: enter(_table(table)))
    if has_network(store):
        _write_networks(store, folder, enter)
    enter(_PACKED)
    _pack(store, folder)
    shutil.copyfile(workspace.ontology / "shapes.ttl", folder / "shapes.ttl")


def _write_networks(store: Store, folder: Path, enter: Enter) -> None:
    (folder / "network").mkdir()
    for form, place in _NETWORKS.items():
        enter(f"network/{place}")
        export(store, form, DEFAULT_POLICY, folder / "network" / place)
    for kind in DISCOURSE:
        enter(_discourse(kind))
        network = projection(store, kind)
        if network.matrix.nnz <= LARGEST_DISCOURSE:
            _write_discourse(network, kind, folder / "network/discourse")
    enter(FOLDER)
    write_splits(folder)


def _write_discourse(network: Projection, kind: str, folder: Path) -> None:
    for form in ("dl", "pajek"):
        projections.write(network, folder / form / f"{kind}{projections.FORMATS[form]}", form)


def _pack(store: Store, folder: Path) -> None:
    """Write the sorted quads compressed, and their hash."""
    made = hashlib.sha256()
    with sorted_lines(store) as lines, compressed(folder / _PACKED) as pressed:
        for part in iter(lambda: lines.read(_PART), b""):
            made.update(part)
            pressed.write(part)
    _write_text(folder / CANONICAL, f"{made.hexdigest()}  graph.nq\n")


def _describe(workspace: Workspace, store: Store, dataset: DatasetFile, folder: Path) -> None:
    facts = _facts(dataset, folder)
    flat = sum(1 for _ in ox.parse(path=folder / "graph-flat.ttl"))
    _write_text(folder / "LOSSES.md", losses_document(facts.content, flat))
    for name, write in _DOCUMENTS.items():
        _write_text(folder / name, write(facts))
    if facts.content.has_network:
        _write_text(folder / "network/README.md", documents.network_readme(facts))
        _write_text(folder / queries.NAME, queries.queries_document(facts, workspace, store))
    for name, text in licences.licence_files(facts).items():
        _write_text(folder / name, text)
    _write_text(folder / "LICENCES.md", licences.source_licences(facts, licences_of(folder)))
    _write_text(folder / mappings.NAME, mappings.mappings_document(facts, mappings.mappings_in(folder)))
    _write_text(folder / provenance.NAME, provenance.provenance(facts, provenance.inputs_of(workspace)))
    _write_text(folder / crate.NAME, crate.crate(facts, listed(folder)))
    _write_text(folder / SUMS, "".join(_sums(folder)))


def _facts(dataset: DatasetFile, folder: Path) -> Facts:
    return Facts(
        dataset,
        cast("str", dataset.released),
        content_of(folder),
        package_of(folder),
        tuple(listed(folder)),
        (folder / CANONICAL).read_text(encoding="utf-8").split()[0],
        DEFAULT_POLICY,
        installed.version("graphkit"),
    )


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _sums(folder: Path) -> Iterator[str]:
    """Yield the lines of `SHA256SUMS`, which `sha256sum -c` reads."""
    return (f"{file.sha256}  {file.name}\n" for file in listed(folder))


class Earlier(NamedTuple):
    """A release in a folder, by its version and the hashes of its files."""

    folder: Path
    version: tuple[int, ...]
    hashes: Mapping[str, str]


def require_new(part: Path, folder: Path, version: str) -> None:
    """Refuse a version that a folder beside the new release already has with other content, or that is older.

    Args:
        part: Where the new release was written.
        folder: Where it will be.

    Raises:
        ExportError: There is such a folder.
    """
    new = Earlier(folder, _numbers(version), _hashes(part))
    for other in _beside(folder):
        if other.version > new.version:
            name = ".".join(map(str, other.version))
            hint = f"Type a version after {name} in data/dataset.yaml, or name a folder elsewhere with -o."
            raise ExportError(f"{version} is older than {name} in {other.folder}.", hint)
        if other.version == new.version and other.hashes != new.hashes:
            message = f"{version} is released with other content in {other.folder}: {_differing(other, new)}."
            raise ExportError(message, "Type a new version in data/dataset.yaml, build, and release it.")


def release_before(folder: Path, version: str) -> Path | None:
    """Return the release of the latest earlier version in the folders beside one."""
    earlier = [other for other in _beside(folder) if other.version < _numbers(version)]
    return max(earlier, key=lambda other: other.version).folder if earlier else None


def _differing(one: Earlier, other: Earlier) -> str:
    names = sorted({name for name, _ in one.hashes.items() ^ other.hashes.items()})
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _beside(folder: Path) -> Iterator[Earlier]:
    """Yield the releases in the folders beside one."""
    for other in sorted(folder.absolute().parent.iterdir()):
        found = _version_of(other) if other != folder.absolute() and (other / "SHA256SUMS").is_file() else ""
        if found:
            yield Earlier(other, _numbers(found), _hashes(other))


def _version_of(folder: Path) -> str:
    file = folder / "CITATION.cff"
    found = _VERSION.search(file.read_text(encoding="utf-8")) if file.is_file() else None
    return found[1] if found else ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _hashes(folder: Path) -> dict[str, str]:
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
