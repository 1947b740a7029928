"""Is the passage really in the capture?

Captures live outside the workspace and are found by their hash. A passage is matched exactly, after the
same normalisation on both sides, or not at all: nothing is ever matched by likeness.
"""

from __future__ import annotations

import enum
import hashlib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from graphkit.model.errors import Level, Location, NotFoundError, Problem, WorkspaceError
from graphkit.model.iris import source_iri, statement_iri
from graphkit.model.records import Corpus, Evidence, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MAX_CAPTURE_BYTES = 50_000_000
# Few enough words that nobody's text is republished.
QUOTED_WORDS = 4
MAX_QUOTED_WORDS = 8
MAX_QUOTED_CHARACTERS = 120


class Status(enum.StrEnum):
    """What became of a passage in a capture."""

    VERIFIED = "verified"
    MOVED = "moved"
    AMBIGUOUS = "ambiguous"
    MISSING = "missing"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Found:
    """A passage looked up in a capture.

    Attributes:
        status: What became of it.
        at: Where it starts in the normalised text, if it was found in one place.
    """

    status: Status
    at: int | None = None


def normalise(text: str) -> str:
    r"""Normalise text as passages are hashed: NFC, each run of white space one space, trimmed.

    >>> normalise("  a\u00a0\n b ")
    'a b'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def passage_hash(passage: str) -> str:
    """Return the SHA-256 of a passage, after normalisation, as hexadecimal digits."""
    return hashlib.sha256(normalise(passage).encode()).hexdigest()


def find(evidence: Evidence, text: str) -> Found:
    """Look a passage up.

    Args:
        evidence: First words, last words, hash, and position where one was noted.
        text: The normalised capture.

    >>> find(quote("the only one", "this is the only one here"), "so this is the only one here")
    Found(status=<Status.MOVED: 'moved'>, at=11)
    """
    starts, ends = normalise(evidence.starts), normalise(evidence.ends or evidence.starts)
    if evidence.at is not None and evidence.at in _matches(evidence, text, evidence.at, evidence.at + len(starts)):
        return Found(Status.VERIFIED, evidence.at)
    places = sorted(set(_matches(evidence, text)))
    if len(places) > 1:
        return Found(Status.AMBIGUOUS)
    if places:
        return Found(Status.VERIFIED if evidence.at is None else Status.MOVED, places[0])
    return Found(Status.CHANGED if starts in text and ends in text else Status.MISSING)


def _occurrences(words: str, text: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    at = text.find(words, start, end)
    while at >= 0:
        yield at
        at = text.find(words, at + 1, end)


def _spans(evidence: Evidence, text: str, start: int, end: int | None) -> Iterator[tuple[int, int]]:
    """Yield where passages begin and end that begin and end as they should."""
    starts, ends = normalise(evidence.starts), normalise(evidence.ends or "")
    for at in _occurrences(starts, text, start, end):
        if not ends:
            yield at, at + len(starts)
            continue
        for last in _occurrences(ends, text, at, at + _MAX_PASSAGE):
            if last + len(ends) >= at + len(starts):
                yield at, last + len(ends)


def _matches(evidence: Evidence, text: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Yield where passages begin that have the right hash."""
    for first, last in islice(_spans(evidence, text, start, end), _MAX_TRIES):
        if hashlib.sha256(text[first:last].encode()).hexdigest() == evidence.sha256:
            yield first


# A passage is a few sentences, and its ends are not words that stand everywhere: odd input cannot take for ever.
_MAX_PASSAGE = 5_000
_MAX_TRIES = 20_000


def quote(passage: str, text: str) -> Evidence:
    """Make the evidence block of a passage of a capture.

    Args:
        passage: The words, in any white space.
        text: The capture.

    Raises:
        NotFoundError: The passage is not there, or is there more than once.
    """
    words, body = normalise(passage), normalise(text)
    places = list(_occurrences(words, body)) if words else []
    if len(places) != 1:
        where = "more than once" if places else "nowhere"
        raise NotFoundError(f"The passage stands {where} in the capture.", "Copy more of it, exactly as it is printed.")
    return evidence_of(words, places[0])


def evidence_of(words: str, at: int) -> Evidence:
    """Make the evidence block of a passage that stands at a known place.

    Args:
        words: The passage, normalised.
        at: Where it begins in the normalised capture.

    Raises:
        NotFoundError: It is too long, or begins or ends with very long words.

    >>> evidence_of("nobody asked", 7).starts
    'nobody asked'
    """
    if len(words) > _MAX_PASSAGE:
        raise NotFoundError(f"The passage has {len(words):,} characters.", f"Quote at most {_MAX_PASSAGE:,}.")
    pieces = words.split(" ")
    if max(len(" ".join(end)) for end in (pieces[:QUOTED_WORDS], pieces[-QUOTED_WORDS:])) > MAX_QUOTED_CHARACTERS:
        raise NotFoundError("The passage begins or ends with very long words.", "Begin and end it with shorter ones.")
    if len(pieces) <= QUOTED_WORDS:
        return Evidence(starts=words, sha256=passage_hash(words), at=at)
    half = QUOTED_WORDS if len(pieces) > 2 * QUOTED_WORDS else len(pieces) // 2
    starts, ends = " ".join(pieces[:half]), " ".join(pieces[-half:])
    return Evidence(starts=starts, ends=ends, sha256=passage_hash(words), at=at)


@dataclass(frozen=True, slots=True)
class Captures:
    """The captures in a folder, by the SHA-256 of their bytes.

    Args:
        by_hash: Hash to file.
        by_stem: File name without its ending to file.
    """

    by_hash: Mapping[str, Path]
    by_stem: Mapping[str, Path]

    @classmethod
    def in_folder(cls, folder: Path) -> Captures:
        """Index a folder of captures.

        Raises:
            WorkspaceError: There is no such folder.
        """
        if not folder.is_dir():
            raise WorkspaceError(f"There is no folder {folder}.", "Name the folder of the captures: --captures DIR")
        files = [path for path in sorted(folder.iterdir()) if _is_capture(path)]
        hashes = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in files}
        return cls(hashes, {path.stem: path for path in files})

    def text(self, source: Source) -> str | None:
        """Return the normalised text of a source's capture, None if it is not here."""
        path = self.by_hash.get(source.capture.sha256) if source.capture else None
        path = path or self.by_stem.get(source.id)
        return normalise(path.read_text(encoding="utf-8-sig", errors="replace")) if path else None

    def is_original(self, source: Source) -> bool:
        """Say whether the very bytes are here from which the evidence was taken."""
        return source.capture is not None and source.capture.sha256 in self.by_hash


def _is_capture(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.stat().st_size <= MAX_CAPTURE_BYTES


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of all passages of a corpus.

    Attributes:
        counts: How many have which status, "unverified" among them.
        problems: Those that are not as they should be.
    """

    counts: Mapping[str, int]
    problems: list[Problem]


def verify(corpus: Corpus, captures: Captures, places: Mapping[str, Location]) -> Verification:
    """Look up every passage of every source whose capture is at hand.

    Args:
        corpus: What was read.
        captures: Where the captures are.
        places: Where each statement is written, by IRI.
    """
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    for source in corpus.sources.values():
        text = captures.text(source)
        if text is None:
            counts["unverified"] += len(source.statements)
            problems += _no_capture(source, places)
            continue
        if source.capture and not captures.is_original(source):
            problems.append(_other_capture(source, places))
        for key, statement in source.statements.items():
            found = find(statement.evidence, text)
            counts[found.status] += 1
            problems += _problems(found, statement.evidence, places[statement_iri(source.id, key)])
    return Verification(dict(sorted(counts.items())), problems)


def _no_capture(source: Source, places: Mapping[str, Location]) -> Iterable[Problem]:
    if source.capture is None:
        return []
    message = f"No capture of {source.id!r} is in the folder; its passages were not looked up."
    solution = f"put a file with the SHA-256 {source.capture.sha256[:12]}… there, or one called {source.id}.txt."
    return [Problem("no-capture", places[source_iri(source.id)], message, solution, Level.WARNING)]


def _other_capture(source: Source, places: Mapping[str, Location]) -> Problem:
    message = f"The capture of {source.id!r} is not the one the evidence was taken from."
    return Problem(
        "capture-changed",
        places[source_iri(source.id)],
        message,
        "look at the passages again, then note its hash.",
        Level.WARNING,
    )


_SOLUTIONS = {
    Status.AMBIGUOUS: "note its position: graphkit quote SOURCE 'words' prints it.",
    Status.MISSING: "copy the passage again: graphkit quote SOURCE 'words'.",
    Status.CHANGED: "compare the passage with the capture; if it is right, quote it again.",
}
_MESSAGES = {
    Status.AMBIGUOUS: "The passage stands more than once in the capture.",
    Status.MISSING: "The passage is not in the capture.",
    Status.CHANGED: "The passage begins and ends as noted, but its hash is another.",
}


def _problems(found: Found, evidence: Evidence, place: Location) -> Iterator[Problem]:
    if found.status is Status.VERIFIED:
        return
    if found.status is Status.MOVED:
        message = f"The passage is at {found.at}, not at {evidence.at}."
        yield Problem("passage-moved", place, message, f"write at: {found.at}.", Level.WARNING)
        return
    shown = f"{_MESSAGES[found.status]} It starts with {evidence.starts!r}."
    yield Problem(f"passage-{found.status}", place, shown, _SOLUTIONS[found.status])


def check_lengths(corpus: Corpus, places: Mapping[str, Location]) -> Iterator[Problem]:
    """Check that evidence points and does not copy: a few words at each end."""
    for source in corpus.sources.values():
        for key, statement in source.statements.items():
            ends = (statement.evidence.starts, statement.evidence.ends or "")
            if any(len(words.split()) > MAX_QUOTED_WORDS for words in ends):
                message = f"The evidence copies more than {MAX_QUOTED_WORDS} words."
                solution = f"keep the first and the last {QUOTED_WORDS}; the hash stands for the rest."
                yield Problem("evidence-too-long", places[statement_iri(source.id, key)], message, solution)
