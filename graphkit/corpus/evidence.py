"""Checks that each passage is in the capture of its source.

Captures are kept outside the workspace and are found by their hash. A passage is in a capture if a part of the capture
has its hash, after the same normalisation on both sides; its first and last words only help to find that part.
"""

from __future__ import annotations

import enum
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path

from graphkit.corpus.matching import cut_word, nearest, occurrences_of_letters
from graphkit.model.did_you_mean import instead_of_file
from graphkit.model.errors import Level, Location, NotFoundError, Problem, WorkspaceError, reason
from graphkit.model.files import hash_file
from graphkit.model.iris import source_iri, statement_iri
from graphkit.model.records import Capture, Corpus, Evidence, Source
from graphkit.model.text import shortened
from graphkit.model.workspace import Workspace

MAX_CAPTURE_BYTES = 50_000_000
# A quotation this short does not republish the text.
QUOTED_WORDS = 4
MAX_QUOTED_WORDS = 8
MAX_QUOTED_CHARACTERS = 120


class Status(enum.StrEnum):
    """The result of looking up a passage in a capture."""

    VERIFIED = "verified"
    AMBIGUOUS = "ambiguous"
    CUT = "cut"
    MISSING = "missing"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was looked up; `at` is its position in the normalised text if it occurs once."""

    status: Status
    at: int | None = None


# Soft hyphens, joiners and marks of direction: they print nothing, and a page and its copy often differ in them.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x34F, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)


def printed(text: str) -> str:
    """Return a text in NFC without the characters that print nothing."""
    return unicodedata.normalize("NFC", text if text.isascii() else text.translate(_INVISIBLE))


def normalise(text: str) -> str:
    r"""Normalise text before it is hashed: NFC, nothing invisible, one space for each run of white space.

    >>> normalise("  pro\u00adject\u00a0\n b ")
    'project b'
    """
    return " ".join(printed(text).split())


def passage_hash(passage: str) -> str:
    """Return the SHA-256 of a normalised passage as hexadecimal digits."""
    return hashlib.sha256(normalise(passage).encode()).hexdigest()


def find(evidence: Evidence, text: str) -> Found:
    """Look up a passage in a normalised capture.

    >>> find(quote("the only one", "this is the only one here"), "so this is the only one here")
    Found(status=<Status.VERIFIED: 'verified'>, at=11)
    """
    starts, ends = normalise(evidence.starts), normalise(evidence.ends or evidence.starts)
    if evidence.at is not None:
        there = _matches(evidence, text, evidence.at, evidence.at + len(starts))
        if any(span[0] == evidence.at and not cut_word(text, *span) for span in there):
            return Found(Status.VERIFIED, evidence.at)
    spans = set(_matches(evidence, text)) or set(_similar(evidence, text))
    places = sorted({first for first, last in spans if not cut_word(text, first, last)})
    if len(places) > 1:
        return Found(Status.AMBIGUOUS)
    if places:
        return Found(Status.VERIFIED, places[0])
    if spans:
        return Found(Status.CUT)
    return Found(Status.CHANGED if starts in text and ends in text else Status.MISSING)


def _occurrences(words: str, text: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    at = text.find(words, start, end)
    while at >= 0:
        yield at
        at = text.find(words, at + 1, end)


def _spans(evidence: Evidence, text: str, start: int, end: int | None) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each passage with the right first and last words."""
    starts, ends = normalise(evidence.starts), normalise(evidence.ends or "")
    for at in _occurrences(starts, text, start, end):
        if not ends:
            yield at, at + len(starts)
            continue
        for last in _occurrences(ends, text, at, at + _MAX_PASSAGE):
            if last + len(ends) >= at + len(starts):
                yield at, last + len(ends)


def _matches(evidence: Evidence, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each passage with the right hash."""
    for first, last in islice(_spans(evidence, text, start, end), _MAX_TRIES):
        if hashlib.sha256(text[first:last].encode()).hexdigest() == evidence.sha256:
            yield first, last


def _similar(evidence: Evidence, text: str) -> Iterator[tuple[int, int]]:
    """Yield the ends of each passage with the right hash whose first and last words have only the same letters."""
    starts = list(occurrences_of_letters(normalise(evidence.starts), text))
    ends = list(occurrences_of_letters(normalise(evidence.ends), text)) if evidence.ends else starts
    pairs = ((first, last) for first, stop in starts for _, last in ends if stop <= last <= first + _MAX_PASSAGE)
    for first, last in islice(pairs, _MAX_TRIES):
        if passage_hash(text[first:last]) == evidence.sha256:
            yield first, last


# A passage is a few sentences, and its first and last words are rare; the limits bound the time for odd input.
_MAX_PASSAGE = 5_000
_MAX_TRIES = 20_000


def quote(passage: str, text: str) -> Evidence:
    """Return the evidence of a passage of a capture.

    The capture may differ in quotation marks, dashes, ligatures, hyphenation and case; the evidence is of its text.

    Raises:
        NotFoundError: The passage does not occur in the capture, or occurs more than once.
    """
    words, body = normalise(passage), normalise(text)
    exact = [(at, at + len(words)) for at in _occurrences(words, body)] if words else []
    spans = [span for span in exact if not cut_word(body, *span)] or list(occurrences_of_letters(words, body))
    if len(spans) > 1:
        places = ", ".join(str(first) for first, _ in spans[:_LISTED]) + (" …" if len(spans) > _LISTED else "")
        message = f"The passage occurs more than once in the capture, at the positions {places}."
        raise NotFoundError(message, "Copy more of it, exactly as it is printed.")
    if exact and not spans:
        raise NotFoundError(f"The passage begins or ends inside {cut_word(body, *exact[0])!r} of the capture.", _UNCUT)
    if not spans and not any(map(str.isalnum, words)):
        raise NotFoundError("The passage has no letters and no digits.", _COPY)
    if not spans and _leaves_words_out(words, body):
        raise NotFoundError("The passage leaves words out: the capture has its parts, with words between them.", _WHOLE)
    if not spans:
        raise NotFoundError(f"The passage does not occur in the capture. {describe_nearest(words, body)}", _COPY)
    [(first, last)] = spans
    return evidence_of(body[first:last], first, [end - first for end in _line_ends(text)])


_LISTED = 5
# A text whose lines are all shorter is taken to be wrapped: only an empty line ends a paragraph.
WRAPPED = 120
_COPY = "Copy it from the capture, or check that this is the capture of the right page."


_UNCUT = "Begin and end it with whole words and numbers."
_WHOLE = "Copy the words between them too, or quote one part."
_ELLIPSIS = re.compile(r"\[?(?:…|\.\.\.)\]?")


def _leaves_words_out(words: str, body: str) -> bool:
    """Return whether the parts of a passage around dots occur in a capture."""
    parts = [part for part in _ELLIPSIS.split(words) if part.strip()]
    return len(parts) > 1 and all(any(occurrences_of_letters(part, body)) for part in parts)


def _line_ends(text: str) -> Iterator[int]:
    """Yield the end of each line in the normalised text, if lines are paragraphs, items and cells of a page."""
    lines = [line for line in map(normalise, text.splitlines()) if line]
    if max(map(len, lines), default=0) > WRAPPED:
        yield from accumulate((len(line) + 1 for line in lines), initial=-1)


def describe_nearest(words: str, body: str) -> str:
    """Return a sentence about the part of a normalised capture that is most like some normalised words."""
    found = nearest(words, body)
    if not found:
        return "Nothing in the capture is like it."
    text = shortened(found.text, MAX_QUOTED_CHARACTERS)
    return f"The nearest text is {text!r}, at position {found.at}: {found.differences}."


def evidence_of(words: str, at: int | None = None, line_ends: Iterable[int] = ()) -> Evidence:
    """Return the evidence of a normalised passage.

    Args:
        at: Its position in the normalised capture.
        line_ends: Positions in the passage; a link to a page cannot mark words that go beyond one.

    Raises:
        NotFoundError: The passage is too long, or begins or ends with very long words.

    >>> evidence_of("nobody asked", 7).starts
    'nobody asked'
    """
    if len(words) > _MAX_PASSAGE:
        raise NotFoundError(f"The passage has {len(words):,} characters.", f"Quote at most {_MAX_PASSAGE:,}.")
    inside = [end for end in line_ends if 0 < end < len(words)]
    first, last = words[: inside[0]] if inside else words, words[inside[-1] :] if inside else words
    head, tail = first.split(), last.split()
    half = QUOTED_WORDS if inside or len(head) > 2 * QUOTED_WORDS else len(head) // 2
    is_short = not inside and len(head) <= QUOTED_WORDS
    starts, ends = (words, None) if is_short else (" ".join(head[:half]), " ".join(tail[-half:]))
    if max(len(starts), len(ends or "")) > MAX_QUOTED_CHARACTERS:
        raise NotFoundError("The passage begins or ends with very long words.", "Begin and end it with shorter ones.")
    return Evidence(starts=starts, ends=ends, sha256=passage_hash(words), at=at)


def read_capture(path: Path) -> str:
    """Return the text of a capture.

    Raises:
        NotFoundError: It is not a text file in UTF-8, or it is too large.
    """
    try:
        if path.stat().st_size > MAX_CAPTURE_BYTES:
            raise NotFoundError(f"{path} has more than {MAX_CAPTURE_BYTES:,} bytes.", "Name a smaller text file.")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.", instead_of_file(path, "Name a text file.")) from error
    except OSError as error:
        raise NotFoundError(f"{path} cannot be read: {error.strerror}.", "Name a text file.") from error
    except UnicodeDecodeError as error:
        raise NotFoundError(f"{path} cannot be read: {reason(error)}.", "Name a text file in UTF-8.") from error


@dataclass(frozen=True, slots=True)
class Captures:
    """The captures in a folder, by the SHA-256 of their bytes and by their name without the suffix."""

    by_hash: Mapping[str, Path]
    by_stem: Mapping[str, Path]

    @classmethod
    def in_folder(cls, folder: Path, workspace: Workspace | None = None) -> Captures:
        """Index a folder of captures, and the captures of the example that `graphkit init` puts into a workspace."""
        if not folder.is_dir():
            raise WorkspaceError(f"There is no folder {folder}.", "Name the folder of the captures: --captures DIR")
        return cls.in_folders([*([workspace.captures] if workspace else ()), folder])

    @classmethod
    def in_folders(cls, folders: Iterable[Path]) -> Captures:
        """Index folders of captures, as far as they exist; of two files with one name, the last counts."""
        files = [
            path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if _is_capture(path)
        ]
        hashes = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in files}
        return cls(hashes, {path.stem: path for path in files})

    def text(self, source: Source) -> str | None:
        """Return the text of the capture of a source; None if the folder does not have it."""
        path = self.by_hash.get(source.capture.sha256) if source.capture else None
        path = path or self.by_stem.get(source.id)
        return path.read_text(encoding="utf-8-sig", errors="replace") if path else None

    def capture_of(self, source_id: str) -> Capture | None:
        """Return the record of the capture that is named after a source."""
        path = self.by_stem.get(source_id)
        hashes = (sha256 for sha256, other in self.by_hash.items() if other == path)
        if path is None or not (text := path.read_text(encoding="utf-8-sig", errors="replace")):
            return None
        return Capture(sha256=next(hashes), characters=len(text))

    def sha256(self, source: Source) -> str:
        """Return the hash of the capture of a source, which the folder has."""
        return source.capture.sha256 if source.capture else hash_file(self.by_stem[source.id])

    def is_original(self, source: Source) -> bool:
        """Return whether the folder contains the capture from which the evidence was taken, byte for byte."""
        return source.capture is not None and source.capture.sha256 in self.by_hash


def _is_capture(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.stat().st_size <= MAX_CAPTURE_BYTES


def verify(corpus: Corpus, captures: Captures, places: Mapping[str, Location]) -> list[Problem]:
    """Look up every passage of every source that has a capture.

    Args:
        places: IRI of each source and statement to its location.
    """
    problems: list[Problem] = []
    for source in corpus.sources.values():
        raw = captures.text(source)
        if raw is None:
            problems += _no_capture(source, places)
            continue
        if source.capture and not captures.is_original(source):
            problems.append(_other_capture(source, places))
        text = normalise(raw)
        for key, statement in source.statements.items():
            found = find(statement.evidence, text)
            problems += _problems(found, statement.evidence, text, places[statement_iri(source.id, key)])
    return problems


def without_capture(corpus: Corpus, captures: Captures) -> list[Source]:
    """Return the sources with statements whose capture is not in the folder."""
    return [source for source in corpus.sources.values() if source.statements and captures.text(source) is None]


def _no_capture(source: Source, places: Mapping[str, Location]) -> Iterable[Problem]:
    if source.capture is None:
        return []
    message = f"No capture of {source.id!r} is in the folder; its passages were not looked up."
    solution = f"add the file with the SHA-256 {source.capture.sha256[:12]}…, or a file called {source.id}.txt."
    return [Problem("no-capture", places[source_iri(source.id)], message, solution, Level.WARNING)]


def _other_capture(source: Source, places: Mapping[str, Location]) -> Problem:
    message = f"The capture of {source.id!r} has changed since the evidence was taken from it."
    return Problem(
        "capture-changed",
        places[source_iri(source.id)],
        message,
        "look up the passages again, then write the new hash.",
        Level.WARNING,
    )


_SOLUTIONS = {
    Status.AMBIGUOUS: "quote more words, so that it occurs once: graphkit quote FILE 'words'.",
    Status.CUT: "begin and end it with whole words and numbers: graphkit quote FILE 'words'.",
    Status.MISSING: "copy the passage from the capture, and type: graphkit quote FILE 'words'.",
    Status.CHANGED: "compare the passage with the capture; if it is right, type: graphkit quote FILE 'words'.",
}
_MESSAGES = {
    Status.AMBIGUOUS: "The passage occurs more than once in the capture.",
    Status.CUT: "The passage begins or ends inside a word or a number of the capture.",
    Status.MISSING: "The passage does not occur in the capture.",
    Status.CHANGED: "The first and last words are in the capture, but the passage has another hash.",
}


def _problems(found: Found, evidence: Evidence, text: str, location: Location) -> Iterator[Problem]:
    if found.status is Status.VERIFIED:
        return
    shown = f"{_MESSAGES[found.status]} It starts with {evidence.starts!r}."
    if found.status is Status.MISSING:
        absent = next(words for words in (evidence.starts, evidence.ends or "") if normalise(words) not in text)
        shown = f"{_MESSAGES[found.status]} {absent!r} is not in it. {describe_nearest(normalise(absent), text)}"
    yield Problem(f"passage-{found.status}", location, shown, _SOLUTIONS[found.status])


def check_lengths(corpus: Corpus, places: Mapping[str, Location]) -> Iterator[Problem]:
    """Check that evidence quotes only a few words at each end of the passage."""
    for source in corpus.sources.values():
        for key, statement in source.statements.items():
            if is_too_long(statement.evidence):
                yield too_long(places[statement_iri(source.id, key)])


def is_too_long(evidence: Evidence) -> bool:
    """Return whether evidence quotes so much that it republishes the text."""
    return any(len(words.split()) > MAX_QUOTED_WORDS for words in (evidence.starts, evidence.ends or ""))


def too_long(location: Location) -> Problem:
    """Return the problem of evidence that quotes too much."""
    solution = f"keep the first and the last {QUOTED_WORDS}; the hash stands for the rest."
    return Problem("evidence-too-long", location, f"The evidence copies more than {MAX_QUOTED_WORDS} words.", solution)
