"""The record of the passages that were looked up: `data/verification.csv`.

Only this record makes a passage verified or confirmed, and only while its hashes match. The last line is the hash of
the lines above it, so that a file that was edited or cut is noticed.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from graphkit.corpus.evidence import Captures, Status, find, normalise
from graphkit.model.csv_rows import csv_writer
from graphkit.model.errors import Level, Location, Problem, WorkspaceError, reason
from graphkit.model.files import replacing
from graphkit.model.records import HASH, Corpus, LookUp, Source
from graphkit.model.text import counted
from graphkit.model.workspace import Workspace

COLUMNS = ("statement", "passage_sha256", "capture_sha256", "position", "date")
_END = "end"
_AGAIN = "restore it from your backup or repository; or delete it, then type: graphkit check --captures DIR --record"


def read_look_ups(workspace: Workspace) -> tuple[dict[str, LookUp], list[Problem]]:
    """Read the record; if it is damaged, return nothing of it and one problem."""
    path, name = workspace.verification, workspace.name(workspace.verification)
    if not path.exists():
        return {}, []
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        return {found.statement: found for found in _parse(text)}, []
    except _DamagedError as error:
        return {}, [Problem("damaged-verification", Location(name, error.line), error.message, _AGAIN)]
    except (OSError, UnicodeDecodeError) as error:
        message = f"The record of verified passages cannot be read: {reason(error)}."
        return {}, [Problem("damaged-verification", Location(name), message, _AGAIN)]


class _DamagedError(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def _parse(text: str) -> Iterator[LookUp]:
    lines = text.splitlines()
    if not lines or tuple(lines[0].split(",")) != COLUMNS:
        raise _DamagedError(1, f"The first line is not {','.join(COLUMNS)}.")
    if not lines[-1].startswith(f"{_END},") or not text.endswith("\n"):
        raise _DamagedError(len(lines), "The file is cut: its last line, which begins with 'end', is missing.")
    if lines[-1] != _last_line(lines[:-1]):
        raise _DamagedError(_first_wrong(lines), "The file was changed after it was recorded.")
    for number, cells in enumerate(csv.reader(lines[1:-1]), start=2):
        yield _look_up(number, cells)


def _first_wrong(lines: list[str]) -> int:
    """Return the number of the first line that no record contains; the last line if each could be right."""
    for number, cells in enumerate(csv.reader(lines[1:-1]), start=2):
        try:
            _look_up(number, cells)
        except _DamagedError:
            return number
    return len(lines)


def _look_up(number: int, cells: list[str]) -> LookUp:
    with suppress(ValueError):
        statement, passage, capture, position, date = cells
        hashes = [passage, capture] if capture or position else [passage]
        dt.date.fromisoformat(date)
        if all(map(HASH.fullmatch, hashes)) and (not capture or position.isdecimal()):
            return LookUp(statement, passage, capture, int(position) if capture else None, date)
    raise _DamagedError(number, f"This line is no record of a passage: {','.join(cells)[:80]!r}.")


def _last_line(lines: Iterable[str]) -> str:
    text = "".join(f"{line}\n" for line in lines)
    return f"{_END},{hashlib.sha256(text.encode()).hexdigest()},,,"


def current_look_ups(found: Mapping[str, LookUp], corpus: Corpus, name: str) -> tuple[dict[str, LookUp], list[Problem]]:
    """Return the look-ups whose hashes match the data, and one problem about all others."""
    kept = {key: look_up for key, look_up in found.items() if _matches(look_up, corpus)}
    stale = [key for key in found if key not in kept]
    if not stale:
        return kept, []
    message = (
        f"The statement, passage or capture of {counted(len(stale), 'line')} of {len(found)} has changed since, "
        f"such as {stale[0]!r}; its evidence counts as unverified."
    )
    line = list(found).index(stale[0]) + 2
    solution = "look the passages up again: graphkit check --captures DIR --record"
    return kept, [Problem("stale-verification", Location(name, line), message, solution, Level.WARNING)]


def _matches(look_up: LookUp, corpus: Corpus) -> bool:
    source_id, _, key = look_up.statement.rpartition("/")
    source = corpus.sources.get(source_id)
    if source is None or key not in source.statements:
        return False
    same_capture = not look_up.capture or source.capture is None or source.capture.sha256 == look_up.capture
    return same_capture and source.statements[key].evidence.sha256 == look_up.passage


@dataclass(frozen=True, slots=True)
class Recorded:
    """The result of a recording.

    Attributes:
        verified: The number of passages that were found in captures now.
        kept: The number of earlier look-ups that still hold.
        dropped: The number of earlier look-ups that were removed.
    """

    verified: int
    kept: int
    dropped: int


def record(workspace: Workspace, corpus: Corpus, captures: Captures, today: str) -> Recorded:
    """Look up all passages, and write the record.

    A passage whose source has no capture in the folder keeps its earlier look-up; one that its capture does not contain
    loses it.

    Raises:
        WorkspaceError: The record is damaged, or it cannot be written.
    """
    before, damaged = read_look_ups(workspace)
    for wrong in damaged:
        raise WorkspaceError(f"Nothing was recorded. {wrong.location}: {wrong.message}", wrong.solution.capitalize())
    now: dict[str, LookUp] = {}
    looked_at: set[str] = set()
    for source in corpus.sources.values():
        names, found = _look_up_source(source, captures, today)
        looked_at |= names
        now |= found
    kept = {key: old for key, old in corpus.looked_up.items() if key not in looked_at}
    # The same look-up keeps its date, so that recording twice writes the same file.
    now = {key: before[key] if _same(new, before.get(key)) else new for key, new in now.items()}
    _write(workspace, {**kept, **now})
    return Recorded(len(now), len(kept), len(before.keys() - kept.keys() - now.keys()))


def _look_up_source(source: Source, captures: Captures, today: str) -> tuple[set[str], dict[str, LookUp]]:
    """Return the statements that were looked at, and the look-ups of those whose passages were found."""
    raw = captures.text(source)
    if raw is None or (source.capture and not captures.is_original(source)):
        return set(), {}
    text, sha256 = normalise(raw), captures.sha256(source)
    results = {key: find(said.evidence, text) for key, said in source.statements.items()}
    found = {
        f"{source.id}/{key}": LookUp(
            f"{source.id}/{key}", source.statements[key].evidence.sha256, sha256, result.at, today
        )
        for key, result in results.items()
        if result.status is Status.VERIFIED
    }
    return {f"{source.id}/{key}" for key in results}, found


def _same(new: LookUp, old: LookUp | None) -> bool:
    return old is not None and (new.passage, new.capture, new.position) == (old.passage, old.capture, old.position)


def look_ups_text(look_ups: Mapping[str, LookUp]) -> str:
    """Write a record of look-ups, with the hash of its lines."""
    out = io.StringIO()
    writer = csv_writer(out)
    writer.writerow(COLUMNS)
    for _, one in sorted(look_ups.items()):
        position = "" if one.position is None else one.position
        writer.writerow((one.statement, one.passage, one.capture, position, one.date))
    return out.getvalue() + _last_line(out.getvalue().splitlines()) + "\n"


def _write(workspace: Workspace, look_ups: Mapping[str, LookUp]) -> None:
    try:
        with replacing(workspace.verification) as part:
            part.write_text(look_ups_text(look_ups), encoding="utf-8", newline="")
    except OSError as error:
        raise WorkspaceError(
            f"{workspace.verification} cannot be written: {error.strerror}.", "Free the disk."
        ) from error
