"""How many of the passages that people coded `graphkit draft` finds, and how much it proposes beside them.

The capture is somebody else's text and is not in the repository: python -m benchmarks.draft [CAPTURE [SOURCE]]
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from graphkit.corpus.evidence import find, normalise, passage_hash
from graphkit.corpus.load import load
from graphkit.curate.draft.passages import find_passages
from graphkit.curate.draft.terms import read_cues
from graphkit.model.vocabulary import read_ontology
from graphkit.model.workspace import find_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.curate.draft.passages import Passages
    from graphkit.model.records import Evidence, Source

ROOT = Path(__file__).resolve().parent.parent
CAPTURE = ROOT.parent / "shared" / "sources" / "justice-gap-project-alpha.txt"


@dataclass(frozen=True, slots=True)
class Score:
    """Proposed passages beside coded ones.

    Attributes:
        covered: Coded statements whose whole passage is in one proposed passage.
        touched: Coded statements whose passage shares characters with a proposed one.
        coded: Coded statements.
        useful: Proposed passages that hold a whole coded one.
        lengths: Characters of each proposed passage.
    """

    covered: int
    touched: int
    coded: int
    useful: int
    lengths: Sequence[int]


def score(proposed: Sequence[range], coded: Sequence[range], total: int) -> Score:
    """Compare proposed passages with those of coded statements, of which there are `total`."""
    return Score(
        covered=sum(any(_holds(outer, inner) for outer in proposed) for inner in coded),
        touched=sum(
            any(outer.start < inner.stop and inner.start < outer.stop for outer in proposed) for inner in coded
        ),
        coded=total,
        useful=sum(any(_holds(outer, inner) for inner in coded) for outer in proposed),
        lengths=[len(outer) for outer in proposed],
    )


def _holds(outer: range, inner: range) -> bool:
    return outer.start <= inner.start and inner.stop <= outer.stop


def located(evidence: Evidence, body: str) -> range | None:
    """Return the characters of a passage in a normalised capture; None if it is not there or there more than once."""
    start = find(evidence, body).at
    last = normalise(evidence.ends or evidence.starts)
    end = -1 if start is None else body.find(last, start)
    while start is not None and end >= 0:
        if passage_hash(body[start : end + len(last)]) == evidence.sha256:
            return range(start, end + len(last))
        end = body.find(last, end + 1)
    return None


def speakers(passages: Passages, source: Source) -> tuple[int, int, int]:
    """Return for how many coded statements in a proposed passage the speaker is right, wrong and left open."""
    right = wrong = left_open = 0
    for statement in source.statements.values():
        span = located(statement.evidence, passages.body)
        passage = next((found for found in passages.found if span and _holds(found.span, span)), None)
        if passage is None:
            continue
        speaker = passage.speech.speaker if passage.speech else source.publisher
        right += speaker == (statement.speaker or source.publisher)
        left_open += speaker is None
        wrong += speaker not in {None, statement.speaker or source.publisher}
    return right, wrong, left_open


def row(name: str, found: Score, median_coded: float) -> None:
    """Print one line of the table."""
    recall, precision = found.covered / found.coded, found.useful / max(1, len(found.lengths))
    length = median(found.lengths or [0])
    print(
        f"{name:<18} recall {recall:.2f} ({found.covered} of {found.coded}, {found.touched} in part)  "
        f"precision {precision:.2f} ({found.useful} of {len(found.lengths)})  "
        f"length {length:.0f} ({length / median_coded:.1f} times the coded)"
    )


def main(capture: Path = CAPTURE, source: str = "") -> None:
    """Measure and print; say so if there is nothing to measure."""
    if not capture.is_file():
        print(f"No capture at {capture}. Name one: python -m benchmarks.draft CAPTURE [SOURCE]")
        return
    workspace = find_workspace(ROOT)
    corpus = load(workspace).corpus
    known = corpus.sources.get(source or capture.stem)
    if known is None:
        print(f"No source {source or capture.stem!r} in {workspace.data}. Name it after the capture.")
        return
    cues = read_cues(read_ontology(workspace.vocabularies()), corpus.vocabulary)
    text = capture.read_text(encoding="utf-8-sig")
    began = time.perf_counter()
    passages = find_passages(text, corpus.entities, cues, corpus.vocabulary)
    took = time.perf_counter() - began
    spans = [located(statement.evidence, passages.body) for statement in known.statements.values()]
    coded = [span for span in spans if span]
    median_coded = median(map(len, coded))
    print(
        f"{known.id}: {len(passages.body):,} characters, {len(known.statements)} coded statements, {took * 1000:.0f} ms"
    )
    print(f"coded passages: {len(set(coded))} different ones, median length {median_coded:.0f} characters")
    row("proposed passages", score([found.span for found in passages.found], coded, len(spans)), median_coded)
    row("every sentence", score(passages.sentences, coded, len(spans)), median_coded)
    right, wrong, left_open = speakers(passages, known)
    print(f"speakers of the covered statements: {right} right, {wrong} wrong, {left_open} left open")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else CAPTURE, "".join(sys.argv[2:3]))
