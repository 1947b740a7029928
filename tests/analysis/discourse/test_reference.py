"""Every combination of settings gives the network that the formulas of docs/discourse.md give, written out as loops."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from graphkit.analysis.discourse.coded import Coded, coded
from graphkit.analysis.discourse.projection import project
from graphkit.analysis.discourse.settings import AGGREGATIONS, DUPLICATES, MODES, NORMALISATIONS, Projecting
from graphkit.model.errors import QueryError

DAYS = ["2019-12-30", "2020-01-01", "2020-01-06", "2020-01-31", "2021-01-04", ""]
LEVELS = {
    "boolean": st.booleans(),
    "integer": st.integers(-2, 2),
    "text": st.sampled_from("xyz"),
    "none": st.just(1),
}
Level = bool | int | str
Weights = dict[tuple[str, str], float]


class Entry(NamedTuple):
    """A statement; a day is "" if it is not known, or if the statement is not withdrawn."""

    name: str
    actor: str
    concept: str
    level: Level
    document: str
    day: str
    until: str


entries = {
    qualifier: st.lists(
        st.tuples(
            st.sampled_from("ABC"), st.sampled_from("APQ"), level, st.sampled_from("de"), st.sampled_from(DAYS),
            st.sampled_from(["", "", "", *DAYS[1:]]),
        ),
        min_size=5,
        max_size=14,
    )
    for qualifier, level in LEVELS.items()
}  # fmt: skip


def as_coded(said: list[Entry], qualifier: str) -> Coded:
    columns = list(zip(*said, strict=True)) or [()] * 7
    ids, actors, concepts, levels, documents, days, until = columns
    return coded(
        ids, actors, concepts, None if qualifier == "none" else levels, documents, days, qualifier=qualifier,
        scale=(-3, 3) if qualifier == "integer" else None, until=until,
    )  # fmt: skip


def every_combination(**more: object) -> list[Projecting]:
    """Return all settings of which none excludes another."""
    found = []
    for mode, aggregation, normalisation, duplicates in product(MODES, AGGREGATIONS, NORMALISATIONS, DUPLICATES):
        try:
            chosen = Projecting(
                mode=mode, aggregation=aggregation, normalisation=normalisation, duplicates=duplicates,
                **more,  # type: ignore[arg-type]
            )  # fmt: skip
        except QueryError:
            continue
        found.append(chosen)
    return found


# --- the reference -------------------------------------------------------------------------------


class Reference:
    """A network as loops over statements."""

    def __init__(self, said: list[Entry], qualifier: str, chosen: Projecting) -> None:
        self.qualifier, self.chosen = qualifier, chosen
        if chosen.mode == "concepts":
            said = [each._replace(actor=each.concept, concept=each.actor) for each in said]
        self.universe = [each for each in sorted(said, key=lambda each: each.day or "~") if self.counts(each)]
        self.kept = self.without_duplicates()
        actors, concepts = (Counter(each[place] for each in self.kept) for place in (1, 2))
        self.frequent = [
            each
            for each in self.kept
            if actors[each.actor] >= chosen.min_row and concepts[each.concept] >= chosen.min_column
        ]
        self.rows = self.shown(1, actors, chosen.min_row)
        self.columns = self.shown(2, concepts, chosen.min_column)
        if chosen.mode == "directed":
            self.rows = self.columns = sorted({*self.rows, *self.columns})
        self.activity, self.prominence = (Counter(each[place] for each in self.frequent) for place in (1, 2))

    def counts(self, entry: Entry) -> bool:
        start, end = self.chosen.start, self.chosen.end
        dated = not (start or end) or (entry.day and start <= entry.day <= (end or "~"))
        return bool(dated) and not (entry.until and entry.until <= (end or "~"))

    def scope(self, entry: Entry) -> object:
        kind = self.chosen.duplicates
        if kind in {"document", "all"}:
            return entry.document if kind == "document" else ""
        if kind == "include" or not entry.day:
            return entry.name
        day = dt.date.fromisoformat(entry.day)
        return {"week": day.isocalendar()[:2], "month": (day.year, day.month), "year": day.year}[kind]

    def without_duplicates(self) -> list[Entry]:
        first: dict[object, Entry] = {}
        for each in self.universe:
            level = "" if self.chosen.aggregation == "ignore" else each.level
            first.setdefault((each.actor, each.concept, level, self.scope(each)), each)
        return list(first.values())

    def shown(self, place: int, counts: Counter[Level], least: int) -> list[str]:
        if not self.chosen.isolates:
            return sorted({str(each[place]) for each in self.frequent})
        if least > 1:
            return sorted(str(label) for label, number in counts.items() if number >= least)
        return sorted({str(each[place]) for each in self.universe})

    def value(self, level: Level) -> float:
        if self.qualifier == "boolean":
            return 1 if level else -1
        return float(level) if self.qualifier == "integer" else 1

    def weight(self, row: str, column: str) -> float:
        if self.chosen.one_mode:
            return 0 if row == column else self.between(row, column)
        return self.of_cell(row, column)

    # Two modes.

    def of_cell(self, row: str, column: str) -> float:
        cell = [each.level for each in self.frequent if (each.actor, each.concept) == (row, column)]
        if not cell:
            return 0
        found = {
            "ignore": float(len(cell)),
            "subtract": sum(map(self.value, cell)),
            "combine": sum(2.0 ** self.levels().index(level) for level in set(cell)),
        }[self.chosen.aggregation]
        used = {each.concept for each in self.frequent if each.actor == row}
        activity = len(used) if self.chosen.aggregation == "combine" else self.activity[row]
        return found / {"no": 1, "activity": activity, "prominence": self.prominence[column]}[self.chosen.normalisation]

    def levels(self) -> list[Level]:
        """Return the levels, the highest first."""
        if self.qualifier == "boolean":
            return [True, False]
        return sorted({each.level for each in self.universe}, reverse=True)

    # One mode.

    def between(self, row: str, column: str) -> float:
        one, other = ([each for each in self.frequent if each.actor == actor] for actor in (row, column))
        shared = [(a, b) for a in one for b in other if a.concept == b.concept]
        if self.qualifier == "text":
            congruence = float(sum(a.level == b.level for a, b in shared))
            conflict = float(len(self.alone(one, other)) + len(self.alone(other, one)))
        else:
            conflict = sum(self.distance(a.level, b.level) for a, b in shared)
            congruence = len(shared) - conflict
        found = {
            "ignore": float(len(shared)), "congruence": congruence, "conflict": conflict,
            "subtract": congruence - conflict,
        }[self.chosen.aggregation]  # fmt: skip
        divisor = self.divisor(one, other)
        return found / divisor if divisor else 0

    @staticmethod
    def alone(one: list[Entry], other: list[Entry]) -> list[Entry]:
        """Return the statements about a concept at a level that the other actor never uses on it."""
        theirs = {(each.concept, each.level) for each in other}
        return [each for each in one if (each.concept, each.level) not in theirs]

    def distance(self, one: Level, other: Level) -> float:
        scale = {"integer": 6, "boolean": 2}.get(self.qualifier)
        return abs(self.value(one) - self.value(other)) / scale if scale else 0

    def divisor(self, one: list[Entry], other: list[Entry]) -> float:
        if self.chosen.normalisation == "jaccard":
            cells = [Counter((each.concept, each.level) for each in some) for some in (one, other)]
            shared = sum(cells[0][cell] * cells[1][cell] for cell in cells[0])
            return len(self.alone(one, other)) + len(self.alone(other, one)) + shared
        return {
            "no": 1, "average": (len(one) + len(other)) / 2, "cosine": len(one) * len(other)
        }[self.chosen.normalisation]  # fmt: skip

    def matrix(self) -> list[list[float]]:
        columns = self.rows if self.chosen.one_mode else self.columns
        return [[self.weight(row, column) for column in columns] for row in self.rows]


# --- the comparison ------------------------------------------------------------------------------


@pytest.mark.parametrize("qualifier", LEVELS)
@settings(max_examples=2, phases=[Phase.generate])  # each example is 288 networks: smaller ones take minutes to find
@given(st.data(), st.booleans(), st.sampled_from([1, 1, 2]), st.sampled_from([1, 1, 2]), st.sampled_from(["", *DAYS]))
def test_every_combination_of_settings_is_that_of_the_formulas(
    qualifier: str, data: st.DataObject, isolates: bool, min_row: int, min_column: int, end: str
) -> None:
    drawn = data.draw(entries[qualifier])
    said = [Entry(f"s{number:02}", *entry) for number, entry in enumerate(drawn)]
    given_ = as_coded(said, qualifier)
    for chosen in every_combination(isolates=isolates, min_row=min_row, min_column=min_column, end=end):
        if qualifier == "none" and chosen.aggregation != "ignore":
            continue
        expected, found = Reference(said, qualifier, chosen), project(given_, chosen)
        assert list(found.rows) == expected.rows, chosen
        assert list(found.columns) == (expected.rows if chosen.one_mode else expected.columns), chosen
        weights = np.array(expected.matrix(), dtype=float).reshape(found.matrix.shape)
        np.testing.assert_allclose(found.to_matrix(), weights, atol=1e-12, err_msg=str(chosen))


def test_there_are_288_combinations() -> None:
    """Two-mode and directed 8 each, among actors and among concepts 16 each, times 6 rules for duplicates."""
    assert len(every_combination()) == (8 + 8 + 16 + 16) * 6
