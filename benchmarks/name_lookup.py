"""How fast a name finds its entity among 100,000, with a warm index: python -m benchmarks.name_lookup [ENTITIES].

Names are made of words of real bodies and of made-up ones; each entity has a label and an alias. Each kind of name is
looked up 200 times through the function that every command uses; the index is made by the first look-up. Times are
of the processor, so that other programs do not matter.
"""

from __future__ import annotations

import os
import platform
import random
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.entities import ENDS, PLACES, SUBJECTS, made_up
from graphkit.model.errors import NotFoundError
from graphkit.model.generation import Generation
from graphkit.model.iris import entity_iri, expand, graph_iri, iri, literal
from graphkit.query.names import name_index, thing
from graphkit.store import EmbeddedStore, new_index

LOOK_UPS = 200
MOST_MS = 5


def mistyped(name: str, chance: random.Random) -> str:
    """Exchange two neighbouring letters."""
    at = chance.randrange(1, len(name) - 2)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def labels(count: int, chance: random.Random) -> list[str]:
    """Return names of organisations; no two are the same."""
    found: dict[str, None] = {}
    while len(found) < count:
        words = [made_up(chance), chance.choice(PLACES), chance.choice(SUBJECTS), chance.choice(ENDS)]
        found[" ".join(words[: chance.randint(2, 4)])] = None
    return list(found)


def store_of(names: list[str], folder: Path) -> EmbeddedStore:
    """Return a build with an entity for each name."""
    graph, kind = iri(graph_iri("entities")), f"{iri(expand('rdf:type'))} {iri(expand('sp:Entity'))}"
    label, alias = iri(expand("rdfs:label")), iri(expand("skos:altLabel"))
    lines = (
        line
        for number, name in enumerate(names)
        for subject in [iri(entity_iri(f"e{number}"))]
        for line in (
            f"{subject} {kind} {graph} .\n",
            f"{subject} {label} {literal(name, language='en')} {graph} .\n",
            f"{subject} {alias} {literal(f'{name} of {number}', language='en')} {graph} .\n",
        )
    )
    return EmbeddedStore(new_index(folder / "index", lines).engine, generation=Generation(folder))


def main(count: int = 100_000) -> None:
    """Measure and print."""
    chance = random.Random(1)
    names = labels(count, chance)
    with tempfile.TemporaryDirectory() as folder:
        _measure(store_of(names, Path(folder)), names, chance)


def _measure(store: EmbeddedStore, names: list[str], chance: random.Random) -> None:
    count = len(names)
    some = chance.sample(range(count), LOOK_UPS)
    cases = {
        "id": [f"e{number}" for number in some],
        "label, in capitals": [names[number].upper() for number in some],
        "alias": [f"{names[number]} of {number}" for number in some],
        "beginning": [names[number][: len(names[number]) - 1] for number in some],
        "beginning of many": [names[number][:2] for number in some],
        "mistyped": [mistyped(names[number], chance) for number in some],
        "nothing alike": [made_up(chance) * 5 for _ in some],
        "10,000 characters": [name * 1_000 for name in "abcdefghij" * (LOOK_UPS // 10)],
    }
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores; {count:,} entities")
    began = time.process_time()
    index = name_index(store, "id")
    index.near("warm")
    print(f"{'making the index':<24}{time.process_time() - began:8.2f} s")
    for what, typed in cases.items():
        took = []
        for text in typed:
            began = time.process_time()
            with suppress(NotFoundError):
                thing(text, store)
            took.append((time.process_time() - began) * 1_000)
        worst = sorted(took)[-LOOK_UPS // 20]
        print(f"{what:<24}{statistics.median(took):8.2f} ms median {worst:8.2f} ms 95th percentile")
        if statistics.median(took) > MOST_MS:
            print(f"  This is more than {MOST_MS} ms.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
