"""The one form of "Did you mean …?": the names that are spelled like a mistyped one, or all names if none is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

_SHOWN, _LISTED, _MOST_FILES = 3, 24, 5_000
# No name is mistyped at this length; a part of a name has at least so many letters.
_LONGEST, _PART = 200, 3


def instead(word: str, known: Iterable[str], everything: str = "") -> str:
    """Return what to type in place of an unknown word: the known words that are spelled alike; else all, if few.

    Args:
        everything: A command that lists the known words.

    >>> instead("fundet", ["funded", "launched"]), instead("x", ["csv", "json"])
    ('Did you mean funded?', 'Type one of: csv, json.')
    >>> instead("who-fund", ["who-funds", "plans"], "graphkit questions")
    'Did you mean who-funds? All: graphkit questions'
    """
    words = [name for name in dict.fromkeys(known) if name]
    near = [*map(_typed, nearest(word, words))]
    if near or len(words) > _LISTED:
        return did_you_mean(near, everything) or "No name is similar."
    return f"Type one of: {', '.join(map(_typed, words))}." if words else "There is none yet."


def _typed(name: str) -> str:
    """Return a name as it is typed: one with a space in quotation marks."""
    return repr(name) if " " in name else name


def as_solution(hint: str) -> str:
    """Return a hint as the solution of a problem, which begins with a small letter.

    >>> as_solution("Did you mean UK?")
    'did you mean UK?'
    """
    return hint[:1].lower() + hint[1:]


def did_you_mean(near: Sequence[str], everything: str = "") -> str:
    """Return a question that names alternatives, and the command that lists everything; "" if there is neither.

    >>> did_you_mean(["sp:funded", "sp:under"], "graphkit relations")
    'Did you mean sp:funded or sp:under? All: graphkit relations'
    """
    first, last = ", ".join(near[:-1]), near[-1] if near else ""
    asked = f"Did you mean {f'{first} or {last}' if first else last}?" if near else ""
    return " ".join(filter(None, (asked, f"All: {everything}" if everything else "")))


def with_near(message: str, near: Sequence[str]) -> str:
    """Return a message with the question for alternatives.

    >>> with_near("The graph has no property sp:fundedd.", ["sp:funded"])
    'The graph has no property sp:fundedd. Did you mean sp:funded?'
    """
    return " ".join(filter(None, (message, did_you_mean(near))))


def instead_of_file(path: Path, hint: str) -> str:
    """Return what to type in place of a missing file: files of its folder that are spelled alike, or a hint."""
    return did_you_mean([str(path.with_name(name)) for name in files_like(path)]) or hint


def files_like(path: Path) -> list[str]:
    """Return the names of the files beside a missing one that are spelled alike."""
    names: list[str] = []
    with suppress(OSError):
        names = [each.name for each in islice(path.parent.iterdir(), _MOST_FILES)]
    return nearest(path.name, names)


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Return up to three words that are spelled like a word in any case, or contain it, the nearest first.

    >>> nearest("FUNDET", ["launched", "funded"]), nearest("denied", ["consulted-and-denied"])
    (['funded'], ['consulted-and-denied'])
    """
    import difflib  # only after a typing mistake

    typed = word.strip().casefold()
    if not typed or len(typed) > _LONGEST:
        return []
    words = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(typed, words, n=_SHOWN)
    parts = (name for name in words if len(typed) >= _PART and typed in name)
    return [words[name] for name in islice(dict.fromkeys([*close, *parts]), _SHOWN)]
