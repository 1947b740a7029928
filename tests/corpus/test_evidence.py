"""A passage is found by its hash; quotation marks, dashes and the like of its words may differ from the capture."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from graphkit.build.pipeline import check
from graphkit.corpus.evidence import MAX_QUOTED_WORDS, Captures, Found, Status, find, normalise, passage_hash, quote
from graphkit.model.errors import NotFoundError, WorkspaceError
from graphkit.model.records import Evidence

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.model.workspace import Workspace

TEXT = normalise("""
    The council paid for new lamps on the quay in the spring. The ferry ran late.
    Nobody on the quay knew why. The ferry ran late. The lamps were on all night.
""")
SPACES = [" ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u2009", "\u2028", "\u3000", " \n\n "]


def evidence(passage: str, starts: str, ends: str | None = None, at: int | None = None) -> Evidence:
    return Evidence(starts=starts, ends=ends, sha256=passage_hash(passage), at=at)


# --- normalise ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("space", SPACES)
def test_each_run_of_white_space_is_one_space(space: str) -> None:
    assert normalise(f"{space}the{space}quay{space}{space}") == "the quay"


def test_letters_and_accents_are_composed() -> None:
    assert normalise("Cafe\u0301") == "Caf\u00e9"
    assert normalise("\u212bngstr\u00f6m") == "\u00c5ngstr\u00f6m"


@pytest.mark.parametrize("kept", ["ﬁ", "“a”", "A", "a\u2011b"])
def test_nothing_else_is_touched(kept: str) -> None:
    assert normalise(kept) == kept, "NFC, not NFKC; case and quotation marks stay"


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    assert "  " not in once


def test_the_hash_is_of_the_normalised_utf8() -> None:
    assert passage_hash(" Cafe\u0301\n by ") == hashlib.sha256(b"Caf\xc3\xa9 by").hexdigest()


# --- words that are printed differently ---------------------------------------------------------------

# Words as people type them, and as captures print them.
VARIANTS = {
    "soft hyphen": ("before the project was launched", "before the pro\u00adject was launched"),
    "zero-width space": ("before the project was launched", "before the pro\u200bject was\u200b launched"),
    "zero-width joiner": ("the official list", "the of\u200dficial\u2060 list"),
    "byte-order mark": ("the official list", "\ufeffthe official list"),
    "ligatures": ("the official flag", "the o\ufb03cial \ufb02ag"),
    "smart quotes": ('"We didn\'t ask," it said', "“We didn’t ask,” it said"),
    "guillemets": ('"We never ask," it said', "« We never ask, » it said"),
    "straight quotes": ("“We didn’t ask,” it said", '"We didn\'t ask," it said'),
    "dashes": ("in 2020-21 - a long year", "in 2020–21 — a long year"),
    "minus and hyphens": ("a co-operative non-profit body", "a co\u2010operative non\u2011profit body"),
    "no-break space": ("paid 125 000 pounds", "paid\u00a0125\u202f000\u00a0pounds"),
    "thin space": ("paid 125 000 pounds", "paid 125\u2009000 pounds"),
    "hyphenation at a line end": ("the surveillance project", "the surveil-\nlance pro-\nject"),
    "hyphen at a line end": ("a well-known list", "a well-\nknown list"),
    "separate accents": ("the café élan", "the cafe\u0301 e\u0301lan"),
    "cells of a table": ("2020 5,000 pounds", "| 2020 | 5,000 pounds |"),
    "items of a list": ("cameras lamps and signs", "- cameras\n- lamps and\n- signs"),
    "ellipsis": ("it asked... nobody", "it asked… nobody"),
    "case": ("the council paid", "The COUNCIL paid"),
}


@pytest.mark.parametrize(("typed", "printed"), VARIANTS.values(), ids=VARIANTS)
def test_a_passage_is_found_however_it_is_printed(typed: str, printed: str) -> None:
    capture = normalise(f"A first sentence. {printed}. A last one.")
    proof = quote(typed, capture)
    assert find(proof, capture).status is Status.VERIFIED
    retyped = proof.model_copy(update={"starts": typed, "ends": None, "at": None})
    assert find(retyped, capture) == Found(Status.VERIFIED, proof.at), "the hash decides, not the words around it"


@pytest.mark.parametrize(
    ("typed", "capture", "nearest"),
    [
        ("We did not consult the charity", "“We didn’t consult the charity.”", "has 'didn’t' for 'did not'"),
        ("paid £55m for cameras", "It paid £5.5m for cameras.", "has '£5.5m' for '£55m'"),
        ("rose by 5% in 2020", "It rose by 5 in 2020.", "has '5' for '5%'"),
        ("The left column goes on", "The left A right column goes on", "adds 'A right'"),
        ("nobody was ever asked", "So nobody was asked.", "position 3"),
        ("rose by 5 in 2020", "It rose by −5 in 2020.", "has '−5' for '5'"),
        ("had asked the сharity", "It had asked the charity.", "passage has a Cyrillic 'с' (U+0441) in 'сharity'"),
        ("Τhe charity", "The charity was asked.", "passage has a Greek 'Τ' (U+03A4) in 'Τhe'"),
        ("charity", "The сharity was asked.", "capture has a Cyrillic 'с' (U+0441) in 'сharity'"),
        ("cказала она", "Так сказала она.", "passage has a Latin 'c' (U+0063) in 'cказала'"),
    ],
)
def test_other_words_are_not_found_and_the_nearest_are_shown(typed: str, capture: str, nearest: str) -> None:
    with pytest.raises(NotFoundError, match="does not occur") as error:
        quote(typed, capture)
    assert nearest in error.value.message
    assert "Copy more" not in str(error.value)


@pytest.mark.parametrize(
    ("typed", "capture", "cut"),
    [
        ("500 people", "It listed 1,500 people.", "1,500"),
        ("5% of all", "It was 2.5% of all.", "2.5%"),
        ("rose to 2", "It rose to 2.5 in all.", "2.5"),
        ("5 per cent", "It was 15 per cent.", "15"),
        ("able to act", "She was unable to act.", "unable"),
        ("We do", "We don’t know.", "don’t"),
    ],
)
def test_a_passage_that_cuts_a_word_or_a_number_is_refused(typed: str, capture: str, cut: str) -> None:
    with pytest.raises(NotFoundError, match="inside") as error:
        quote(typed, capture)
    assert repr(cut) in error.value.message
    assert "whole words and numbers" in error.value.hint


def test_whole_words_are_preferred_to_parts_of_words() -> None:
    assert quote("consulted", "Unconsulted people were consulted later.").at == 24


def test_words_that_are_nowhere_have_no_nearest_text() -> None:
    with pytest.raises(NotFoundError, match="Nothing in the capture is like it"):
        quote("the mayor of another town", "So nobody was asked.")


@pytest.mark.parametrize(
    ("passage", "text", "says"),
    [
        ("the charity before the launch", "the charity [12] before the launch", "it adds '[12]'."),
        ("the charity before the launch", "the charity Minutes of 2021, page 3 before the launch", "page 3'."),
        ("first item second item", "1. first item\n2. second item", "it adds '2.'."),
        ("cost 1,380,000 in", "it cost 1 380 000 in all", "it has '1 380 000' for '1,380,000'."),
        ("5 per cent of it", "5% of it", "it has '5%' for '5 per cent'."),
        ("½ of it was", "1/2 of it was", "it has '1/2' for '½'."),
        ("the cafe was open", "the café was open", "it has 'café' for 'cafe'."),
        ("it was … open", "it was never open", "leaves words out"),
        ("[...]", "it was never open", "no letters and no digits"),
    ],
)
def test_a_passage_that_is_not_in_the_capture_is_compared_with_the_text_there(
    passage: str, text: str, says: str
) -> None:
    with pytest.raises(NotFoundError) as caught:
        quote(passage, text)
    assert says in caught.value.message


def test_check_shows_the_nearest_text_of_a_passage_that_is_missing(starter: Workspace) -> None:
    path = starter.data / "sources/example-gazette-2021.yaml"
    text = path.read_text(encoding="utf-8").replace('"Exampletown Council paid"', '"Exampletown Council bought"')
    path.write_text(text, encoding="utf-8")
    [problem] = check(starter, starter.root / "captures").problems
    assert problem.code == "passage-missing"
    assert (
        "The nearest text is 'Exampletown Council paid', at position 45: it has 'paid' for 'bought'." in problem.message
    )


# --- find --------------------------------------------------------------------------------------------

LAMPS = "The council paid for new lamps"
LATE = "The ferry ran late."
FIRST, SECOND = TEXT.index(LATE), TEXT.rindex(LATE)


@pytest.mark.parametrize(
    ("passage", "starts", "ends", "at", "found"),
    [
        (LAMPS, "The council", "new lamps", None, Found(Status.VERIFIED, 0)),
        (LAMPS, "The council", "new lamps", 0, Found(Status.VERIFIED, 0)),
        (LAMPS, "The council", "new lamps", 7, Found(Status.VERIFIED, 0)),
        (LATE, "The ferry", "ran late.", FIRST, Found(Status.VERIFIED, FIRST)),
        (LATE, "The ferry", "ran late.", SECOND, Found(Status.VERIFIED, SECOND)),
        (LATE, "The ferry", "ran late.", None, Found(Status.AMBIGUOUS)),
        (LATE, "The ferry", "ran late.", FIRST + 1, Found(Status.AMBIGUOUS)),
        (LAMPS, "The mayor", "new lamps", None, Found(Status.MISSING)),
        (LAMPS, "The council", "old lamps", None, Found(Status.MISSING)),
        (LAMPS, "the council", "new lamps", None, Found(Status.VERIFIED, 0)),
        (LAMPS.replace("new", "old"), "The council", "lamps", None, Found(Status.CHANGED)),
        (LAMPS.replace("new", "old"), "The council", "lamps", 0, Found(Status.CHANGED)),
    ],
)
def test_a_passage_gets_a_status(passage: str, starts: str, ends: str, at: int | None, found: Found) -> None:
    assert find(evidence(passage, starts, ends, at), TEXT) == found


def test_starts_may_hold_the_whole_passage() -> None:
    assert find(evidence("new lamps", "new lamps"), TEXT) == Found(Status.VERIFIED, 21)
    assert find(evidence(LATE, LATE), TEXT) == Found(Status.AMBIGUOUS)
    assert find(evidence("old lamps", "old lamps"), TEXT) == Found(Status.MISSING)
    assert find(evidence("new lamps on", "new lamps"), TEXT) == Found(Status.CHANGED)


def test_the_last_words_may_overlap_the_first() -> None:
    passage = "paid for new lamps"
    at = TEXT.index(passage)
    for starts, ends in [("paid for new", "for new lamps"), (passage, passage), (passage, "lamps")]:
        assert find(evidence(passage, starts, ends), TEXT) == Found(Status.VERIFIED, at)


def test_the_last_words_cannot_be_inside_the_first() -> None:
    assert find(evidence("paid for", "paid for new", "for"), TEXT).status is Status.CHANGED


def test_the_last_words_may_occur_more_than_once_after_the_first() -> None:
    whole = TEXT[: TEXT.rindex("The lamps") - 1]
    assert find(evidence(whole, "The council", "late."), TEXT) == Found(Status.VERIFIED, 0)


def test_the_last_words_cannot_precede_the_first() -> None:
    assert find(evidence("all night", "all", "ferry"), TEXT).status is Status.CHANGED


@pytest.mark.parametrize("at", [None, 7])
@pytest.mark.parametrize("passage", ["500 people", "500 peo", "people marc"])
def test_a_passage_that_cuts_a_word_or_a_number_is_not_verified(passage: str, at: int | None) -> None:
    text = "The 1,500 people marched."
    assert find(evidence(passage, passage, None, text.index(passage) if at else None), text) == Found(Status.CUT)
    assert find(evidence("500 people", "500 people"), f"{text} Then 500 people left.").status is Status.VERIFIED


@pytest.mark.parametrize("space", SPACES)
def test_white_space_of_the_evidence_does_not_matter(space: str) -> None:
    said = evidence(LAMPS, f"The{space}council", f"new{space}lamps")
    assert find(said, TEXT) == Found(Status.VERIFIED, 0)


def test_composition_of_the_evidence_does_not_matter() -> None:
    text = normalise("We met at the Cafe\u0301 by the quay.")
    for word in ("Caf\u00e9", "Cafe\u0301"):
        assert find(evidence(f"{word} by", word, "by"), text) == Found(Status.VERIFIED, 14)


# --- quote -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "starts", "ends"),
    [
        (1, "The", None),
        (4, "The council paid for", None),
        (5, "The council", "for new"),
        (6, "The council paid", "for new lamps"),
        (8, "The council paid for", "new lamps on the"),
        (9, "The council paid for", "lamps on the quay"),
        (12, "The council paid for", "quay in the spring."),
    ],
)
def test_a_quote_takes_a_few_words_of_each_end(words: int, starts: str, ends: str | None) -> None:
    passage = " ".join(TEXT.split()[:words])
    text = TEXT if words > 1 else "The council."
    made = quote(passage, text)
    assert (made.starts, made.ends, made.sha256, made.at) == (
        starts,
        ends,
        passage_hash(passage),
        0,
    )
    assert find(made, normalise(text)) == Found(Status.VERIFIED, 0)


@pytest.mark.parametrize(("passage", "where"), [(LATE, "occurs more than once"), ("the mayor", "does not occur")])
def test_a_quoted_passage_must_occur_once(passage: str, where: str) -> None:
    with pytest.raises(NotFoundError, match=where):
        quote(passage, TEXT)


@pytest.mark.parametrize("nothing", ["", " ", "\u00a0\n"])
def test_nothing_cannot_be_quoted(nothing: str) -> None:
    with pytest.raises(NotFoundError):
        quote(nothing, TEXT)


def test_overlapping_occurrences_are_ambiguous() -> None:
    with pytest.raises(NotFoundError, match="occurs more than once"):
        quote("late late", "it was late late late")


def test_a_very_long_passage_is_refused() -> None:
    words = " ".join(str(number) for number in range(2000))
    with pytest.raises(NotFoundError, match="characters"):
        quote(words, words)


def test_a_word_that_is_too_long_for_evidence_is_a_complaint() -> None:
    word = "https://example.org/" + "x" * 200
    with pytest.raises(NotFoundError):
        quote(f"see {word} for it", f"Please see {word} for it all.")


# --- any text ----------------------------------------------------------------------------------------

WORDS = st.text(st.sampled_from("aabbc.é\u0301\u0327ſ字\u200b"), min_size=1, max_size=4)
TEXTS = st.lists(WORDS, min_size=1, max_size=30)


@st.composite
def passages(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a text in any white space, and a passage that occurs in it once."""
    words = normalise(" ".join(draw(TEXTS))).split(" ")
    first = draw(st.integers(0, len(words) - 1))
    last = draw(st.integers(first + 1, len(words)))
    passage = " ".join(words[first:last])
    # A passage that begins with an accent would melt into the word before it elsewhere.
    assume(passage and normalise(passage) == passage)
    text = "".join(word + draw(st.sampled_from(SPACES)) for word in words)
    assume(len(re.findall(f"(?={re.escape(passage)})", normalise(text))) == 1)
    return passage, text


@given(passages(), st.sampled_from(SPACES))
def test_quoted_passages_are_found(made: tuple[str, str], space: str) -> None:
    passage, text = made
    said = quote(passage.replace(" ", space), text)
    assert find(said, normalise(text)) == Found(Status.VERIFIED, normalise(text).index(passage))
    words = [len(part.split()) for part in (said.starts, said.ends or "")]
    assert max(words) <= MAX_QUOTED_WORDS


@given(passages(), st.data())
@example(("a", "a"), None)
def test_a_changed_character_is_noticed(made: tuple[str, str], data: st.DataObject | None) -> None:
    passage, text = made
    whole = normalise(text)
    said = quote(passage, text)
    offset = data.draw(st.integers(0, len(passage) - 1)) if data else 0
    other = data.draw(st.sampled_from("axé \u0301")) if data else "x"
    at = whole.index(passage) + offset
    changed = normalise(whole[:at] + other + whole[at + 1 :])
    found = find(said, changed)
    # A change may make the same passage elsewhere: ". a" in "a a . . a" once its second full stop is an "a".
    assert found.status is not Status.VERIFIED or changed.startswith(passage, found.at)


@given(passages(), st.text("ab .", max_size=10))
def test_a_passage_is_found_at_another_position(made: tuple[str, str], before: str) -> None:
    passage, text = made
    said = quote(passage, text)
    longer = normalise(f"{before} {text}")
    assume(len(re.findall(f"(?={re.escape(passage)})", longer)) == 1)
    at = longer.index(passage)
    assert find(said, longer) == Found(Status.VERIFIED, at)


# --- captures ----------------------------------------------------------------------------------------


def test_there_must_be_a_folder_of_captures(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="There is no folder"):
        Captures.in_folder(tmp_path / "does not occur")


def test_captures_are_known_by_hash_and_by_name(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_bytes(b"The ferry ran late.")
    (tmp_path / ".hidden").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    found = Captures.in_folder(tmp_path)
    assert found.by_stem == {"diary": tmp_path / "diary.txt"}
    digest = hashlib.sha256(b"The ferry ran late.").hexdigest()
    assert found.by_hash == {digest: tmp_path / "diary.txt"}
