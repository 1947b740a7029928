"""How fast likely duplicates are found, beside the comparison of every name with every other; and how many are right.

Names are made of words of real bodies and of made-up ones; one entity in ten stands twice, under a changed name. The
comparison of all pairs is our own scoring without the index, in plain Python, so that it must find the same. One run
of each on this machine. What is right is counted on tests/data/duplicates: `police` was at hand when the threshold was
chosen, `health` was written before anything of it was compared.
"""

from __future__ import annotations

import csv
import os
import platform
import random
import shutil
import tempfile
import time
from itertools import combinations
from pathlib import Path

from graphkit.corpus.load import load
from graphkit.curate.duplicates import THRESHOLD, alike_names, entity_names, likely_duplicates
from graphkit.curate.duplicates.likeness import NOT_ALIKE, Words, likeness
from graphkit.model.records import Corpus, Entity
from graphkit.model.workspace import Workspace, find_workspace

PLACES = [
    "Newham", "Camden", "Hackney", "Leeds", "Surrey", "Kent", "Essex", "Norfolk", "Durham", "Cumbria", "Devon",
    "Cornwall", "Mercia", "Yorkshire",
]  # fmt: skip
SUBJECTS = [
    "Police", "Justice", "Rights", "Youth", "Data", "Privacy", "Health", "Housing", "Transport", "Surveillance",
    "Camera", "Border", "Crime",
]  # fmt: skip
ENDS = [
    "Council", "Trust", "Authority", "Commission", "Office", "Committee", "Alliance", "Watch", "Institute", "Society",
    "Board", "Federation",
]  # fmt: skip
SYLLABLES = [
    "ba", "ce", "do", "fi", "gu", "ha", "je", "ko", "li", "mu", "na", "pe", "ro", "si", "tu", "va", "we", "xo", "yi",
    "zu",
]  # fmt: skip


def made_up(chance: random.Random) -> str:
    """Return a word that no other name has, as proper names have them."""
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4))).capitalize()


def changed(name: str, chance: random.Random) -> str:
    """Return another name of the same thing."""
    words = name.split()
    at = chance.randrange(len(words))
    mistyped = words[at][:2] + words[at][3] + words[at][2] + words[at][4:] if len(words[at]) > 5 else words[at]
    return chance.choice([
        f"The {name}", f"{name} Ltd", f"{name} Group", name.upper(), name.replace(" ", ""),
        " ".join([*words[:at], mistyped, *words[at + 1 :]]), "".join(word[0] for word in words),
    ])  # fmt: skip


def made_entities(size: int) -> dict[str, Entity]:
    """Return entities, one in ten of them a second time."""
    chance = random.Random(11)
    lists = ((made_up,), (PLACES, SUBJECTS, ENDS), (PLACES, ENDS), (SUBJECTS, ENDS))
    entities: dict[str, Entity] = {}
    while len(entities) < size:
        words = [made_up(chance), *(chance.choice(some) for some in chance.choice(lists[1:]))]
        name = " ".join(words)
        entities[f"e{len(entities)}"] = Entity(kind="organisation", label=name)
        if chance.random() < 0.1:
            entities[f"e{len(entities)}"] = Entity(kind="organisation", label=changed(name, chance))
    return dict(list(entities.items())[:size])


def all_pairs(entities: dict[str, Entity]) -> set[tuple[str, str]]:
    """Compare every name with every other."""
    named = list(entity_names(entities))
    words = Words.of(word for _, name in named for word in name.content)
    return {
        (min(one, other), max(one, other))
        for (one, name), (other, another) in combinations(named, 2)
        if one != other and likeness(name, another, words) is not NOT_ALIKE
    }


def seconds(began: float) -> float:
    """Return the time since then."""
    return time.perf_counter() - began


def speed(sizes: tuple[int, ...], pairwise: int) -> None:
    """Print how long it takes."""
    corpus = load(find_workspace(Path(__file__).parent)).corpus
    for size in sizes:
        entities = made_entities(size)
        began = time.perf_counter()
        found = likely_duplicates(Corpus(corpus.dataset, entities, {}, corpus.vocabulary))
        print(f"  {size:>6,} entities, likely duplicates       {seconds(began):8.2f} s  {len(found):6,} found")
    entities = made_entities(pairwise)
    began = time.perf_counter()
    ours = set(alike_names(entities))
    indexed = seconds(began)
    began = time.perf_counter()
    theirs = all_pairs(entities)
    every = seconds(began)
    missed = [pair for pair in theirs - ours if likely(entities, pair)]
    print(f"  {pairwise:>6,} entities, names by index          {indexed:8.2f} s  {len(ours):6,} alike")
    print(f"  {pairwise:>6,} entities, every name with another {every:8.2f} s  {len(theirs):6,} alike")
    print(f"  ratio {every / indexed:.0f}; likely pairs that only the second one finds: {len(missed)}")


def likely(entities: dict[str, Entity], pair: tuple[str, str]) -> bool:
    """Say whether a pair would be shown for its names alone."""
    names = [name for slug, name in entity_names(entities) if slug in pair]
    words = Words.of(word for name in names for word in name.content)
    return any(likeness(one, other, words).score >= THRESHOLD for one, other in combinations(names, 2))


def precision(case: Path, thresholds: tuple[float, ...]) -> None:
    """Print how many of those found are right, and how many of the right ones are found."""
    with (case / "same.csv").open(encoding="utf-8", newline="") as file:
        truth = {frozenset(row.values()) for row in csv.DictReader(file)}
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(find_workspace(Path(__file__).parent).ontology, Path(scratch) / "ontology")
        shutil.copytree(case / "data", Path(scratch) / "data")
        corpus = load(Workspace(Path(scratch))).corpus
    found = likely_duplicates(corpus, 0)
    print(f"  {case.name}: {len(corpus.entities)} entities, {len(truth)} pairs are the same")
    for threshold in thresholds:
        shown = {frozenset((one.slug, one.into)) for one in found if one.score >= threshold}
        right = len(shown & truth)
        mark = "  the default" if threshold == THRESHOLD else ""
        print(
            f"    from {threshold:.2f}: {len(shown):3} shown, precision {right / max(len(shown), 1):.2f}, "
            f"recall {right / len(truth):.2f}{mark}"
        )


def main(sizes: tuple[int, ...] = (1_000, 10_000), pairwise: int = 2_000) -> None:
    """Measure and print."""
    print(f"  Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores")
    speed(sizes, pairwise)
    for case in sorted((Path(__file__).parent.parent / "tests/data/duplicates").iterdir()):
        precision(case, (0.5, 0.6, 0.7, 0.75, 0.8, 0.9))


if __name__ == "__main__":
    main()
