"""A made-up corpus of any size: python -m benchmarks.corpus --statements N --seed S [-o FILE] [--workspace DIR].

JSON lines as `graphkit import` reads them, and a workspace with the entities that they name. `--concepts C` adds a
codebook of C concepts to it; with `--zipf Z`, the shares of speakers fall with their rank to the power of -Z. The same
arguments give the same bytes on every machine; each source is made of its number alone, so that memory does not grow.
All names are invented. About one statement in seven is a denial, plan, concession or retraction; one source in twelve
is a copy.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import shutil
import sys
from bisect import bisect_right
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from benchmarks._words import BOUNDS, HEDGES, KINDS, MONEY, RELATIONS, SCOPES, SOURCE_KINDS, STANCES, SYLLABLES
from graphkit.model.workspace import packaged_ontology

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_One = TypeVar("_One")
Row = dict[str, str]

# A shared proposition comes from the beginning of an endless list, the first ones most often.
SHIFT = 25


def pick(chance: random.Random, some: Sequence[_One]) -> _One:
    """Choose one; only `random()` is promised to stay the same in every Python."""
    return some[int(chance.random() * len(some))]


def weighed(chance: random.Random, some: Sequence[tuple[str, int]]) -> str:
    """Choose one by weight."""
    at = chance.random() * sum(weight for _, weight in some)
    for name, weight in some:
        at -= weight
        if at < 0:
            return name
    return some[-1][0]


def early(chance: random.Random, count: int, shift: int) -> int:
    """Return a number below `count`, small ones more often (Zipf and Mandelbrot)."""
    return int(shift * ((count + shift) / shift) ** chance.random()) - shift


@lru_cache(maxsize=100)
def _shares(count: int, zipf: float) -> list[float]:
    """Return the shares of the ranks up to each one."""
    return list(accumulate(rank**-zipf for rank in range(1, count + 1)))


def ranked(chance: random.Random, count: int, zipf: float) -> int:
    """Return a number below `count`, where the number of rank r has a share of r to the power of -zipf."""
    shares = _shares(count, zipf)
    return min(bisect_right(shares, chance.random() * shares[-1]), count - 1)


@dataclass(frozen=True, slots=True)
class Named:
    """An invented entity."""

    slug: str
    kind: str
    label: str
    facts: tuple[str, ...] = ()


def invented(seed: int, number: int) -> str:
    """Return a name that no other number has."""
    chance = random.Random(f"{seed}/name/{number}")
    tail = "".join(SYLLABLES[number // len(SYLLABLES) ** place % len(SYLLABLES)] for place in range(3))
    return (pick(chance, SYLLABLES) + tail).capitalize()


def entities(statements: int, seed: int) -> dict[str, list[Named]]:
    """Make the entities of a corpus, by kind; ten times as many statements have about three times as many."""
    found: dict[str, list[Named]] = {}
    number = 0
    for kind, share, ends in KINDS:
        for _ in range(math.ceil(share * (2 + 0.03 * math.sqrt(statements)))):
            name, end = invented(seed, number), ends[number % len(ends)]
            label = f"{end} {name}" if kind == "programme" else f"{name} {end}"
            real = "organisation" if kind == "press" else kind
            found.setdefault(kind, []).append(Named(label.lower().replace(" ", "-"), real, label, _facts(kind, found)))
            number += 1
    return found


def _facts(kind: str, found: dict[str, list[Named]]) -> tuple[str, ...]:
    """Tie offices to bodies and members to groups, each to one that was made before."""
    number = len(found.get(kind, ()))
    if kind == "office":
        body = found["public-body"][number % len(found["public-body"])]
        return (f"speaksFor: [{body.slug}]", f"description: Speaks for {body.label}.")
    if kind == "group":
        members = [found["organisation"][(3 * number + at) % len(found["organisation"])].slug for at in range(3)]
        return (f"members: [{', '.join(members)}]",)
    return ()


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the sources of a corpus, each of its number alone."""

    statements: int
    seed: int
    entities: dict[str, list[Named]]
    zipf: float = 0.0

    def rows(self) -> Iterator[Row]:
        """Yield all rows."""
        left, number = self.statements, 0
        while left > 0:
            for row in self.source(number)[:left]:
                yield row
                left -= 1
            number += 1

    def source(self, number: int) -> list[Row]:
        """Return the rows of a source: of its own, or those of an earlier one of which it is a copy."""
        chance = random.Random(f"{self.seed}/source/{number}")
        original = self.original(number)
        head = self.head(chance, number)
        if original is None:
            count = 1 + int(-14 * math.log(1 - chance.random()))
            said = [self.statement(chance, number, at, head) for at in range(min(count, 200))]
        else:
            head["derivedFrom"] = self.head(random.Random(f"{self.seed}/source/{original}"), original)["source"]
            first = self.source(original)
            # What the original says itself, the copy relays.
            said = [{"speaker": first[0]["publisher"], **_said(row)} for row in first[: 1 + len(first) // 2]]
        return [
            {"source": head["source"], **(head if at == 0 else {}), "key": f"s{at + 1}", **row}
            for at, row in enumerate(said)
        ]

    def original(self, number: int) -> int | None:
        """Return of which source this one is a copy, if of any."""
        chance = random.Random(f"{self.seed}/copy/{number}")
        if chance.random() >= 1 / 10 or not number:
            return None
        other = int(chance.random() * number)
        return other if self.original(other) is None else None

    def head(self, chance: random.Random, number: int) -> Row:
        """Return the facts about a source."""
        press = self.entities["press"] if chance.random() < 0.7 else self.entities["organisation"]
        publisher = press[early(chance, len(press), 5)]
        year = 2010 + int(chance.random() * 15)
        name = f"{publisher.slug}-{year}-{number}"
        published = f"{year}~" if chance.random() < 0.05 else date(chance, year, vague=0.1)
        return {
            "source": name, "kind": weighed(chance, SOURCE_KINDS), "publisher": publisher.slug,
            "title": f"{publisher.label}: number {number} of {year}", "url": f"https://example.org/{name}",
            "published": published,
        }  # fmt: skip

    def statement(self, chance: random.Random, source: int, at: int, head: Row) -> Row:
        """Return what one row says."""
        if chance.random() < 0.45:
            about = self.proposition(f"shared/{early(chance, self.statements, SHIFT)}")
        else:
            about = self.proposition(f"own/{source}/{at}")
        speakers = self.entities["public-body" if chance.random() < 0.5 else "organisation"]
        place = ranked(chance, len(speakers), self.zipf) if self.zipf else early(chance, len(speakers), 8)
        speaker = speakers[place]
        stance = weighed(chance, STANCES)
        row: Row = {"stance": stance} if stance != "asserts" else {}
        if stance != "asserts" or chance.random() < 0.6:
            row["speaker"] = speaker.slug
        row |= about
        if chance.random() < 0.3:
            row["said"] = date(chance, int(head["published"].removeprefix("../")[:4]) - 1, vague=0.3)
        if chance.random() < 0.12:
            row["via"] = "; ".join(
                pick(chance, self.entities["press"]).slug for _ in range(1 + (chance.random() < 0.2))
            )
        if chance.random() < 0.08:
            row["hedge"] = pick(chance, HEDGES)
        return row | _evidence(f"{self.seed}/{source}/{at}", speaker.label, stance, about)

    def proposition(self, name: str) -> Row:
        """Return the proposition of a name."""
        chance = random.Random(f"{self.seed}/proposition/{name}")
        by_name = {relation: (subjects, ends) for relation, subjects, ends, _ in RELATIONS}
        relation = weighed(chance, [(name, weight) for name, _, _, weight in RELATIONS])
        subjects, ends = by_name[relation]
        row = {"subject": self.one(chance, subjects).slug, "relation": relation}
        if ends == "date":
            return row | {"value": date(chance, 2010 + int(chance.random() * 12), vague=0.3)}
        if ends in {"GBP", "people"}:
            return row | amount(chance, ends) | {"when": str(2015 + int(chance.random() * 6))}
        row["object"] = self.one(chance, ends).slug
        if relation in MONEY and chance.random() < 0.6:
            row |= amount(chance, "GBP")
        if chance.random() < 0.2:
            row["scope"] = pick(chance, SCOPES)
        if chance.random() < 0.15:
            row["when"] = date(chance, 2010 + int(chance.random() * 14), vague=0.5)
        return row

    def one(self, chance: random.Random, kinds: str) -> Named:
        """Choose an entity of some kinds, the first ones more often."""
        some = self.entities[pick(chance, kinds.split())]
        return some[early(chance, len(some), 5)]


def _said(row: Row) -> Row:
    """Return a row without its place and the facts about its source."""
    return {name: row[name] for name in row if name not in {"source", "key", *_HEAD}}


_HEAD = ("kind", "publisher", "title", "url", "published", "derivedFrom")


def date(chance: random.Random, year: int, vague: float) -> str:
    """Return a date as EDTF: a day, or something less certain."""
    month, day = 1 + int(chance.random() * 12), 1 + int(chance.random() * 28)
    if chance.random() >= vague:
        return f"{year}-{month:02}-{day:02}"
    forms = (f"{year}", f"{year}-{month:02}", f"{year}~", f"{year}-{month:02}/{year + 1}", f"../{year}-{month:02}")
    return pick(chance, forms)


def amount(chance: random.Random, unit: str) -> Row:
    """Return how much or how many."""
    bound = weighed(chance, BOUNDS)
    number = round((10 + chance.random() * 90) * 10 ** int(chance.random() * (4 if unit == "GBP" else 2)))
    return {"number": str(number), "unit": unit} | ({"bound": bound} if bound != "exactly" else {})


def _evidence(name: str, speaker: str, stance: str, about: Row) -> Row:
    """Return the gist and the passage of a statement; the passage is made up as well."""
    ends = about.get("object") or about.get("value") or f"{about['number']} {about['unit']}"
    what = f"{about['subject']} {about['relation']} {ends}".replace("-", " ")
    passage = f"{speaker} {stance} that {what} ({name})."
    return {
        "gist": f"{speaker} {stance}: {what}.", "starts": " ".join(passage.split()[:5]),
        "ends": f"({name}).", "sha256": hashlib.sha256(passage.encode()).hexdigest(),
    }  # fmt: skip


def write_workspace(folder: Path, found: dict[str, list[Named]]) -> None:
    """Make a workspace with the ontology of this repository and the entities of a corpus."""
    shutil.copytree(packaged_ontology(), folder / "ontology")
    (folder / "data" / "entities").mkdir(parents=True)
    (folder / "data" / "dataset.yaml").write_text(
        "title: A made-up corpus\ndescription: Everything in it is invented.\nversion: 0.1.0\n"
        "licence: https://creativecommons.org/publicdomain/zero/1.0/\ncreators: [The graphkit authors]\n",
        encoding="utf-8",
    )
    for kind, some in found.items():
        lines = [f"  {one.slug}: {{kind: {one.kind}, label: {', '.join((one.label, *one.facts))}}}\n" for one in some]
        text = "".join(["entities:\n", *lines])
        (folder / "data" / "entities" / f"{kind}.yaml").write_text(text, encoding="utf-8")


def codebook(maker: Maker, concepts: int) -> str:
    """Return a codebook: a concept for each subject and relation, those of the most frequent claims first."""
    pairs: dict[tuple[str, str], None] = {}
    for number in range(200 * concepts):
        row = maker.proposition(f"shared/{number}")
        pairs[row["subject"], row["relation"]] = None
        if len(pairs) == concepts:
            break
    lines = (
        f"  c{at}:\n    label: {subject} {relation}\n    definition: What {subject} does by the relation {relation}.\n"
        f"    rules:\n      - {{subject: [{subject}], relation: [{relation}]}}\n"
        for at, (subject, relation) in enumerate(pairs, 1)
    )
    return "".join(["concepts:\n", *lines])


def corpus(statements: int, seed: int, zipf: float = 0.0) -> Iterator[str]:
    """Yield the lines of a corpus."""
    maker = Maker(statements, seed, entities(statements, seed), zipf)
    return (f"{json.dumps(row, ensure_ascii=False)}\n" for row in maker.rows())


def main(arguments: Sequence[str] = ()) -> None:
    """Write a corpus and perhaps its workspace; without arguments, as when all benchmarks are run, say how."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__.partition(":")[0])
    parser.add_argument("--statements", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--concepts", type=int, default=0)
    parser.add_argument("--zipf", type=float, default=0.0)
    options = parser.parse_args(arguments)
    if options.statements is None:
        parser.print_usage()
        return
    if options.workspace:
        found = entities(options.statements, options.seed)
        write_workspace(options.workspace, found)
        if options.concepts:
            text = codebook(Maker(options.statements, options.seed, found), options.concepts)
            (options.workspace / "data" / "codebook.yaml").write_text(text, encoding="utf-8", newline="\n")
    # Line ends are the same on every machine.
    with options.output.open("w", encoding="utf-8", newline="\n") if options.output else nullcontext(sys.stdout) as out:
        out.writelines(corpus(options.statements, options.seed, options.zipf))


if __name__ == "__main__":
    main(sys.argv[1:])
