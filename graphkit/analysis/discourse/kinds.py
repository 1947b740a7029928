"""The kinds of discourse networks that a graph gives."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from graphkit.analysis.discourse.coded import Coded
from graphkit.analysis.discourse.projection import Projection, project
from graphkit.analysis.discourse.reading import Read, Reader, Reading, Row
from graphkit.analysis.discourse.settings import Projecting
from graphkit.analysis.properties import OF_NETWORKS
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import QueryError
from graphkit.model.files import replacing
from graphkit.model.generation import Generation
from graphkit.store import Store
from graphkit.store.embedded import EmbeddedStore

# A smaller graph is read in less than about 0.1 s.
SMALLEST = 16 * 1024**2
_LISTS = ("actors", "concepts", "documents", "levels", "scale")


def keep_columns(generation: Generation, rows: str, reading: Reading, read: Callable[[], Read]) -> Read:
    """Return the kept columns of a build; else read them, and keep them if the build is large.

    Args:
        rows: A name for what is read, such as `opinions`.
        read: Reads the columns. Where the folder cannot be written to, they are not kept.
    """
    if generation.graph_file.stat().st_size < SMALLEST:
        return read()
    asked = json.dumps([rows, asdict(reading), version("graphkit"), _code()], sort_keys=True)
    path = generation.folder / f"columns-{hashlib.sha256(asked.encode()).hexdigest()[:16]}.npz"
    with suppress(OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile):
        return _load(path)
    found = read()
    with suppress(OSError):
        _save(path, found)
    return found


@cache
def _code() -> str:
    """Return a hash of the modules that read: what another version has kept may be wrong."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _save(path: Path, read: Read) -> None:
    columns = {field.name: getattr(read.coded, field.name) for field in fields(Coded)}
    arrays: dict[str, Any] = {
        name: value for name, value in columns.items() if isinstance(value, np.ndarray) and name != "ids"
    }
    texts = {name: columns[name] for name in (*_LISTS, "qualifier")}
    rest = {name: getattr(read, name) for name in ("iris", "notes", "settings", "evidence")}
    written = json.dumps({"coded": {**texts, "ids": read.coded.ids.tolist()}, **rest}).encode()
    with replacing(path) as part, part.open("wb") as file:
        np.savez(file, texts=np.frombuffer(written, dtype=np.uint8), **arrays)


def _load(path: Path) -> Read:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        columns: dict[str, Any] = {name: arrays[name] for name in arrays.files}
    rest = json.loads(columns.pop("texts").tobytes())
    texts = rest.pop("coded")
    lists = {name: texts[name] and tuple(texts[name]) for name in _LISTS}
    ids = np.array(texts.pop("ids"), dtype=object)
    return Read(Coded(**columns, **{**texts, **lists, "ids": ids}), **rest)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of network: what is read, by which further properties, and how it is projected by default."""

    about: str
    read: Callable[[Reader], Iterator[Row]]
    mode: str
    aggregation: str
    names: tuple[str, ...] = ()


_SUBJECT, _CITED = ("sp:subject",), ("sp:subject", "prov:wasDerivedFrom")
KINDS = {
    "actor-concept": _Kind("actors by the claims they support or oppose", Reader.opinions, "two-mode", "subtract"),
    "actor-actor": _Kind("actors that agree or disagree", Reader.opinions, "actors", "subtract"),
    "concept-concept": _Kind("claims supported by the same actors", Reader.opinions, "concepts", "subtract"),
    "relay": _Kind("who quotes whom", Reader.relays, "directed", "ignore", ("sp:relay", "sp:relayedBy", "sp:position")),
    "addressee": _Kind(
        "claimants, whom they claim something about, and what", Reader.addressees, "directed", "subtract", _SUBJECT
    ),
    "dispute": _Kind("actors on opposite sides of a dispute", Reader.disputes, "actors", "conflict", OF_NETWORKS),
    "funding": _Kind("who funded whom, by number of statements", Reader.funding, "directed", "subtract", _SUBJECT),
    "citation": _Kind("which source names which document", Reader.citations, "directed", "ignore", _CITED),
}


def projection(store: Store, kind: str, reading: Reading | None = None, **settings: Any) -> Projection:  # noqa: ANN401
    """Make a network of a graph.

    Args:
        kind: One of `KINDS`.
        **settings: As in `Projecting`; mode and aggregation have defaults by kind.

    Raises:
        QueryError: There is no such kind or setting, or two settings exclude each other.
    """
    reading = reading or Reading()
    settings_ = settings_of(kind, reading, **settings)
    graph, read = _generation_of(store), _read(store, kind, reading)
    made = project(read.coded, settings_, kind)
    statuses = Counter(read.evidence[name] for name in set(made.coded.ids) & read.evidence.keys())
    notes = {"reading": read.settings, "statements": read.notes, "evidence": dict(sorted(statuses.items()))}
    return replace(made, iris=read.iris, notes={**notes, "graph": graph.sha256 if graph else ""})


def _read(store: Store, kind: str, reading: Reading) -> Read:
    """Return the columns of a kind of network; networks of the same statements have the same."""
    rows, names = KINDS[kind].read, KINDS[kind].names

    def read() -> Read:
        reader = Reader(store, reading, names)
        return reader.columns(rows(reader))

    generation = _generation_of(store)
    return keep_columns(generation, rows.__name__, reading, read) if generation else read()


def _generation_of(store: Store) -> Generation | None:
    """Return the build that a store indexes; None for an endpoint."""
    return store.generation if isinstance(store, EmbeddedStore) else None


def settings_of(kind: str, reading: Reading, **settings: Any) -> Projecting:  # noqa: ANN401
    """Return the settings of a kind of network, with its defaults.

    Raises:
        QueryError: There is no such kind or setting, or two settings exclude each other.
    """
    if kind not in KINDS:
        raise QueryError(f"There is no kind of network {kind!r}.", instead(kind, KINDS))
    unknown = sorted(set(settings) - set(Projecting.__dataclass_fields__) | {"mode"} & set(settings))
    if unknown:
        known = [name for name in Projecting.__dataclass_fields__ if name != "mode"]
        raise QueryError(f"There is no setting {unknown[0]!r} of the kind {kind!r}.", instead(unknown[0], known))
    chosen = KINDS[kind]
    dates = "certain" if reading.dates == "published" else reading.dates
    return Projecting(**{"mode": chosen.mode, "aggregation": chosen.aggregation, "dates": dates, **settings})
