"""Reliability of coding: sheets for a second coder, Krippendorff's alpha, and the disagreements."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graphkit.analysis.discourse.codebook import PROPERTIES, has_codebook
from graphkit.analysis.discourse.coverage import slug
from graphkit.analysis.properties import OF_NETWORKS, Properties, read_properties
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import QueryError
from graphkit.model.iris import PREFIXES
from graphkit.store import Store

SHEET = ("statement", "source", "speaker", "stance", "gist", "starts", "ends", "address", "codes")
CONCEPTS = ("concept", "label", "definition", "example", "counterexample")
NONE = "none"
SIGNS = ("+", "-", "0")
_HOW = "Type concepts with + or -, such as: matrix-unlawful +; police-open -   or none"

# Concept to the position of the speaker on it: one of SIGNS.
Codes = dict[str, str]


def nominal_alpha(units: Iterable[Sequence[str]]) -> float | None:
    """Return Krippendorff's alpha for nominal values; None if it is undefined because there is one value only.

    Args:
        units: The values that coders gave to each unit; a unit with fewer than two values is left out.

    >>> nominal_alpha([("+", "+"), ("-", "-"), ("+", "-")])
    0.4444444444444444
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for values in units:
        if len(values) > 1:
            counts = Counter(values)
            for one in counts:
                for other in counts:
                    pairs[one, other] += counts[one] * (counts[other] - (one == other)) / (len(values) - 1)  # type: ignore[assignment]
    totals: defaultdict[str, float] = defaultdict(float)
    for (one, _), number in pairs.items():
        totals[one] += number
    every = sum(totals.values())
    expected = every**2 - sum(number**2 for number in totals.values())
    if not expected:
        return None
    observed = sum(number for (one, other), number in pairs.items() if one != other)
    return 1 - observed * (every - 1) / expected


class Disagreement(NamedTuple):
    """A statement and a concept on which coders differ, and what the rules and the sheet say; "" is no coding."""

    statement: str
    concept: str
    rules: str
    sheet: str
    gist: str


@dataclass(frozen=True, slots=True)
class Reliability:
    """The agreement of the rules of a codebook with a second coder.

    Attributes:
        statements: The number of statements that were coded twice.
        skipped: The number of rows of the sheet that are not filled in.
        alpha: Over all pairs of a statement and a concept that either of them used; None if it is undefined.
        concepts: Concept to its own alpha.
    """

    statements: int
    skipped: int
    alpha: float | None
    concepts: Mapping[str, float | None]
    disagreements: tuple[Disagreement, ...]


class Sheets:
    """Writes and reads the sheets of a graph with a codebook.

    Raises:
        QueryError: The graph has no codebook.
    """

    def __init__(self, store: Store) -> None:
        names = (*OF_NETWORKS, *PROPERTIES, "schema:url", "sp:counterexample")
        self.properties: Properties = read_properties(store, names)
        if not has_codebook(self.properties):
            raise QueryError("The graph has no codebook.", "Write data/codebook.yaml, then type: graphkit build")
        rules = self.properties.subjects("sp:codes")
        self.concepts = {
            slug(concept): concept for concept in {self.properties.one(rule, "sp:codes") for rule in rules}
        }
        self.names = dict.fromkeys(sorted(map(slug, self.properties.subjects("sp:proposition"))))

    def sample(self, number: int, seed: int) -> list[tuple[str, ...]]:
        """Draw statements, and return the rows of a sheet without any codes.

        Raises:
            QueryError: There are not so many statements.
        """
        if number > len(self.names):
            raise QueryError(
                f"There are {len(self.names)} statements; {number} cannot be drawn.", "Type a smaller --sample"
            )
        chosen = random.Random(seed).sample(list(self.names), number)  # noqa: S311 - a sample, not a secret
        return [self._row(name) for name in chosen]

    def _row(self, name: str) -> tuple[str, ...]:
        one, label = self.properties.one, self.properties.label
        statement = PREFIXES["statement"] + name
        source, passage = one(statement, "sp:source"), one(statement, "sp:evidence")
        return (
            name, label(source), label(one(statement, "sp:speaker")), label(one(statement, "sp:stance")),
            one(statement, "sp:gist"), one(passage, "sp:starts"), one(passage, "sp:ends"),
            one(source, "schema:url"), "",
        )  # fmt: skip

    def guide(self) -> list[tuple[str, ...]]:
        """Return the concepts with their definitions and examples, for a coder who must not see the rules."""
        one = self.properties.one
        return [
            (
                name,
                self.properties.label(concept),
                one(concept, "skos:definition"),
                one(one(concept, "sp:codedExample"), "sp:gist"),
                one(one(concept, "sp:counterexample"), "sp:gist"),
            )
            for name, concept in sorted(self.concepts.items())
        ]

    def by_rules(self, name: str) -> Codes:
        """Return the codes that the rules give to a statement: the sign of the agreement of its speaker."""
        statement = PREFIXES["statement"] + name
        found = {}
        for coding in self.properties.all(statement, "sp:codedAs"):
            agreement = int(self.properties.one(coding, "sp:agreement") or 0)
            found[slug(self.properties.one(coding, "sp:concept"))] = SIGNS[(agreement < 0) + 2 * (agreement == 0)]
        return found

    def compare(self, text: str, file: str) -> Reliability:
        """Compare a sheet that was filled in with the codes of the rules.

        Raises:
            QueryError: The sheet is wrong; the message begins with file and line.
        """
        rows = list(self._read(text, file))
        filled = {name: codes for name, codes in rows if codes is not None}
        if not filled:
            raise QueryError(f"{file}: no row has codes.", _HOW)
        both = [(name, concept) for name in filled for concept in self._used(filled)]
        rules = {name: self.by_rules(name) for name in filled}
        units = {pair: (rules[pair[0]].get(pair[1], ""), filled[pair[0]].get(pair[1], "")) for pair in both}
        of: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for (_, concept), values in units.items():
            of[concept].append(values)
        return Reliability(
            len(filled),
            len(rows) - len(filled),
            nominal_alpha(units.values()),
            {concept: nominal_alpha(values) for concept, values in of.items()},
            tuple(self._disagreement(pair, values) for pair, values in units.items() if len(set(values)) > 1),
        )

    def _used(self, filled: Mapping[str, Codes]) -> list[str]:
        """Return the concepts that anybody used for one of the statements."""
        return sorted({concept for name, codes in filled.items() for concept in {**codes, **self.by_rules(name)}})

    def _disagreement(self, pair: tuple[str, str], values: tuple[str, str]) -> Disagreement:
        return Disagreement(*pair, *values, self.properties.one(PREFIXES["statement"] + pair[0], "sp:gist"))

    def _read(self, text: str, file: str) -> Iterator[tuple[str, Codes | None]]:
        """Yield each statement of a sheet with its codes; None if there are none yet."""
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        missing = {"statement", "codes"} - set(reader.fieldnames or ())
        if missing:
            raise QueryError(
                f"{file}:1: There is no column {min(missing)!r}.", "Use a sheet of graphkit coding --sample"
            )
        seen: set[str] = set()
        for row in reader:
            name, place = (row["statement"] or "").strip(), f"{file}:{reader.line_num}"
            if name in seen:
                raise QueryError(f"{place}: The statement {name!r} occurs twice.", "Delete one of the rows.")
            if name not in self.names:
                raise QueryError(f"{place}: There is no statement {name!r}.", "Delete the row, or draw a new sample.")
            seen.add(name)
            yield name, self._codes((row["codes"] or "").strip(), place)

    def _codes(self, text: str, place: str) -> Codes | None:
        if not text:
            return None
        found: Codes = {}
        for part in text.split(";") if text != NONE else ():
            concept, _, sign = part.strip().rpartition(" ")
            concept, sign = concept.strip(), sign.replace("\u2212", "-")
            if sign not in SIGNS:
                raise QueryError(f"{place}: {part.strip()!r} does not end with +, - or 0.", _HOW)
            if concept not in self.concepts:
                raise QueryError(f"{place}: There is no concept {concept!r}.", instead(concept, sorted(self.concepts)))
            if concept in found:
                raise QueryError(f"{place}: The concept {concept!r} occurs twice.", "Keep one of them.")
            found[concept] = sign
        return found
