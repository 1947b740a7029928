"""Suggestions for an unknown word list what fits, by type and by meaning, and stay short."""

from __future__ import annotations

import pytest
from places import REPOSITORY

from graphkit.corpus.suggestions import relations_that_fit, words_that_fit
from graphkit.model.vocabulary import Vocabulary, read_ontology, vocabulary

WORDS: Vocabulary = vocabulary(read_ontology(sorted((REPOSITORY / "ontology").glob("*.ttl"))))


def listed(solution: str) -> list[str]:
    words = solution.removeprefix("type one of: ").removeprefix("did you mean ")
    return [part.partition(" (")[0] for part in words.split("; ")]


@pytest.mark.parametrize(
    ("word", "start", "end", "first"),
    [
        ("fundet", "", "", "funded"),
        ("paid-for", "public-body", "programme", "funded"),
        ("set-up", "public-body", "programme", "launched"),
        ("costs", "programme", None, "has-cost"),
        ("chairs", "person", "organisation", "affiliated-with"),
    ],
)
def test_a_relation_is_suggested_by_its_meaning_and_its_ends(
    word: str, start: str, end: str | None, first: str
) -> None:
    solution = relations_that_fit(word, WORDS, start, end)
    assert listed(solution)[0] == first
    assert "graphkit relations" in solution


def test_relations_that_cannot_connect_the_ends_are_left_out() -> None:
    for name in listed(relations_that_fit("supplied", WORDS, "person", "place")):
        if name in WORDS.relations:
            assert WORDS.connects(WORDS.relations[name], "Person", "Place")
    assert "harms" not in listed(relations_that_fit("chairs", WORDS, "person", None))


@pytest.mark.parametrize(
    ("word", "known", "first"),
    [
        ("database", WORDS.kinds, "information-system"),
        ("minutes", WORDS.source_kinds, "transcript"),
        ("denys", WORDS.stances, "denies"),
    ],
)
def test_a_word_of_a_list_is_suggested_by_its_meaning(word: str, known: dict[str, str], first: str) -> None:
    assert listed(words_that_fit(word, known, WORDS))[0] == first


def test_a_closed_list_is_shown_whole() -> None:
    assert all(kind in words_that_fit("company", WORDS.kinds, WORDS) for kind in WORDS.kinds)


@pytest.mark.parametrize("word", ["", "x" * 100_000, "é́" * 500, "(", "a b c " * 1_000])
def test_a_suggestion_is_short(word: str) -> None:
    for text in (relations_that_fit(word, WORDS, "", ""), words_that_fit(word, WORDS.kinds, WORDS)):
        assert len(text.encode()) <= 2_000
