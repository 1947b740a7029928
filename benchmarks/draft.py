"""What `graphkit draft` finds of an article that people coded: recall, precision, and what it misses.

The capture is somebody else's text and is not in the repository: python -m benchmarks.draft CAPTURE [SOURCE]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.corpus.load import load
from graphkit.curate.draft import draft, read_cues, read_names
from graphkit.curate.draft.measure import measure
from graphkit.model.vocabulary_file import read_ontology
from graphkit.model.workspace import find_workspace

if TYPE_CHECKING:
    from graphkit.curate.draft.measure import Measured, Score

ROOT = Path(__file__).resolve().parent.parent
CAPTURE = ROOT.parent / "shared" / "sources" / "justice-gap-project-alpha.txt"


def report(measured: Measured) -> None:
    """Print the scores and what is missed by reason."""
    mentions = measured.mentions
    print(f"ends named in their sentences    recall {mentions.recall:.2f} ({mentions.right} of {mentions.coded})")
    row("(a) passage and proposition", measured.propositions)
    row("(b) speaker and stance as well", measured.statements)
    for reason, keys in sorted(measured.missed.items(), key=lambda item: -len(item[1])):
        print(f"  missed {len(keys):>3}  {reason}")
    for what, number in measured.differs.items():
        print(f"  of the {measured.propositions.right} of (a), {number} differ in {what} alone")


def row(name: str, score: Score) -> None:
    """Print one score."""
    shares = f"recall {score.recall:.2f}  precision {score.precision:.2f}  F1 {score.f1:.2f}"
    print(f"{name:<32} {shares}  ({score.right} right, {score.proposed} proposed, {score.coded} coded)")


def main(capture: Path = CAPTURE, source: str = "") -> None:
    """Measure and print; say so if there is nothing to measure."""
    if not capture.is_file():
        print(f"No capture at {capture}. Name one: python -m benchmarks.draft CAPTURE [SOURCE]")
        return
    place = find_workspace(ROOT)
    corpus = load(place).corpus
    coded = corpus.sources.get(source or capture.stem)
    if coded is None:
        print(f"No source {source or capture.stem!r} in {place.data}. Name it after the capture.")
        return
    cues = read_cues(read_ontology(place.vocabularies()), corpus.vocabulary)
    text = capture.read_text(encoding="utf-8-sig")
    began = time.perf_counter()
    found = draft(text, read_names(corpus.entities, corpus.vocabulary), cues, corpus.vocabulary)
    took = time.perf_counter() - began
    print(f"{coded.id}: {len(found.proposals)} proposals from {len(found.mentions)} mentions in {took * 1000:.0f} ms")
    report(measure(found, cues, coded))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else CAPTURE, "".join(sys.argv[2:3]))
