"""VoID statistics of a graph: its classes, their properties, and the classes that the properties lead to.

The build counts them in two passes over the sorted lines, a hundred times as fast as queries, and writes them beside
the graph. They carry the SHA-256 of the graph that they describe.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graphkit.build.lists import LARGE, write_lists
from graphkit.model.generation import Generation
from graphkit.model.iris import DATASET, PREFIXES, expand

Names = tuple[str, ...]

_TYPE = f"<{PREFIXES['rdf']}type>"
_STRING, _LANG_STRING = f"<{PREFIXES['xsd']}string>", f"<{PREFIXES['rdf']}langString>"
_ABOUT = tuple(f"<{DATASET}> <{expand(name)}> " for name in ("dcterms:title", "dcterms:description",
                                                                  "dcterms:license", "owl:versionInfo"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statistics:
    """Statistics of a graph; classes, properties and datatypes are IRIs in angle brackets.

    Attributes:
        triples: The number of triples; a triple in several graphs counts once.
        entities: The number of subjects with a class.
        classes: Class to the number of its instances.
        parts: (class, property) and (class, property, class or datatype of the object) to the number of triples.
        about: The title, description, licence and version of the dataset, as lines of N-Triples.
    """

    triples: int
    entities: int
    classes: Counter[str]
    parts: Counter[Names]
    about: list[str] = field(default_factory=list)


def count(graph: Path) -> Statistics:
    """Count the triples of a file of sorted N-Quads."""
    with graph.open(encoding="utf-8", newline="\n") as file:
        classes = _classes(file)
        file.seek(0)
        shapes = Counter(_shapes(file, classes))
        file.seek(0)
        about = sorted({line[: line.rindex(" <")] + " ." for line in file if line.startswith(_ABOUT)})
    instances = Counter(name for names in classes.values() for name in names)
    return Statistics(shapes.total(), len(classes), instances, _parts(shapes), about)


def write_statistics(new: Generation, sha256: str) -> None:
    """Count the triples of the graph of a new generation and write the statistics as JSON; of a large one, the lists.

    Args:
        sha256: The hash of the graph.
    """
    found = count(new.graph_file)
    data = {
        "graph": sha256,
        "triples": found.triples,
        "entities": found.entities,
        "classes": found.classes,
        "parts": [[*names, number] for names, number in found.parts.items()],
        "about": found.about,
    }
    text = json.dumps(data, ensure_ascii=False, indent=0) + "\n"
    new.statistics_file.write_text(text, encoding="utf-8", newline="\n")
    if new.graph_file.stat().st_size > LARGE:
        write_lists(new.lists_file, new.graph_file, sha256)


def read_statistics(generation: Generation) -> Statistics:
    """Return the statistics of the graph of a build; count them if they are missing or of another graph.

    Raises:
        OSError: The graph cannot be read.
    """
    try:
        data = json.loads(generation.statistics_file.read_bytes())
        if data.pop("graph") == generation.sha256:
            parts = Counter({tuple(names): number for *names, number in data["parts"]})
            return Statistics(**{**data, "classes": Counter(data["classes"]), "parts": parts})
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        pass
    return count(generation.graph_file)


def _classes(lines: Iterable[str]) -> dict[str, Names]:
    """Return the classes of each subject; subjects with the same classes share a tuple."""
    found: dict[str, Names] = {}
    shared: dict[Names, Names] = {}
    for line in lines:
        if _TYPE not in line:
            continue
        subject, predicate, target, _ = line.split(" ", 3)
        names = found.get(subject, ())
        if predicate == _TYPE and target not in names[-1:]:  # the same triple in the next graph
            names = (*names, target)
            found[subject] = shared.setdefault(names, names)
    return found


def _shapes(lines: Iterable[str], classes: dict[str, Names]) -> Iterator[tuple[Names, str, Names]]:
    """Yield for each triple the classes of its subject, its predicate, and the classes or datatype of its object."""
    last = ""
    for line in lines:
        triple = line[: line.rindex(" <")]
        if triple == last:  # the same triple in the next graph
            continue
        last = triple
        subject, predicate, target = triple.split(" ", 2)
        if target[0] == '"':
            suffix = target[target.rindex('"') + 1 :]
            ends: Names = (suffix[2:] if suffix.startswith("^^") else _LANG_STRING if suffix else _STRING,)
        else:
            ends = classes.get(target, ())
        yield classes.get(subject, ()), predicate, ends


def _parts(shapes: Counter[tuple[Names, str, Names]]) -> Counter[Names]:
    found: Counter[Names] = Counter()
    for (owners, predicate, ends), number in shapes.items():
        for owner in owners:
            found[owner, predicate] += number
            for end in ends:
                found[owner, predicate, end] += number
    return found
