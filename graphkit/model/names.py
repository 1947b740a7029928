"""The thing that a person means by a name: a label, an alias or an id, in any case and however it is typed."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice

from graphkit.model.did_you_mean import did_you_mean
from graphkit.model.errors import AmbiguousNameError, NotFoundError
from graphkit.model.text import shortened

Look = Callable[["NameIndex", str], tuple[str, ...]]
# Returns the label, the kind and the id of each thing.
Describe = Callable[[Sequence[str]], Iterable[tuple[str, str, str]]]

# Apostrophes, quotation marks and hyphens that keyboards and word processors exchange; characters that nobody sees.
_FOLDED = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʹ`´′", "'"), **dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", None),
    }
)  # fmt: skip
_ARTICLE = "the "
_LISTED, _SUGGESTED = 10, 5
_MOST_BYTES = 1_800
# Names that share a beginning, or a part with a mistyped name, are looked at up to these numbers.
_MOST_NAMES, _LONGEST_POSTING, _COMPARED = 50, 2_000, 12
# No label is mistyped at this length: it is another text.
_LONGEST = 200
# How like a suggested name must be, and by how much less than the likest one.
_NEAR, _FURTHER = 0.5, 0.25


def fold(text: str) -> str:
    r"""Return a name as it is compared: without case, surrounding space, and differences that a keyboard makes.

    >>> fold("  Mayor\u2019s\u00a0Office "), fold("GANGS  matrix")
    ("mayor's office", 'gangs matrix')
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_FOLDED)).translate(_FOLDED)
    return " ".join(text.casefold().split())


class NameIndex:
    """Things by their names.

    Args:
        names: Pairs of a thing and one of its names.

    >>> index = NameIndex([("met", "Metropolitan Police"), ("met", "the Met"), ("matrix", "Gangs Violence Matrix")])
    >>> index.exact("METROPOLITAN POLICE"), index.beginning("gangs"), index.near("Gangs Vialence")
    (('met',), ('matrix',), ('matrix',))
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        things: dict[str, tuple[str, ...]] = {}
        for thing, name in names:
            folded = fold(name)
            others = things.get(folded, ())
            if thing not in others:
                things[folded] = (*others, thing)
        self._things = things

    def exact(self, text: str) -> tuple[str, ...]:
        """Return the things with this name; an article before the name may be missing or too many."""
        name = fold(text)
        other = name.removeprefix(_ARTICLE) if name.startswith(_ARTICLE) else _ARTICLE + name
        return self._of(name) or self._of(other)

    def _of(self, name: str) -> tuple[str, ...]:
        found = self._things.get(name, ())
        return tuple(sorted(found))

    def beginning(self, text: str) -> tuple[str, ...]:
        """Return the things with a name that begins like this, at most those of 50 names."""
        name = fold(text)
        found = self._from(name) if name else ()
        return tuple(dict.fromkeys(thing for other in found for thing in self._of(other)))

    def names(self, text: str) -> Iterator[str]:
        """Yield the names that begin like this, as they are compared."""
        return self._from(fold(text))

    def _from(self, name: str) -> Iterator[str]:
        start = bisect_left(self._sorted, name)
        found = islice(self._sorted, start, start + _MOST_NAMES)
        return (other for other in found if other.startswith(name))

    def near(self, text: str) -> tuple[str, ...]:
        """Return up to five things with a name that is spelled alike, the nearest first."""
        import difflib  # only after a typing mistake

        name = fold(text)
        if not name or len(name) > _LONGEST:
            return ()
        matcher = difflib.SequenceMatcher(b=name, autojunk=False)
        scored = []
        for other, shared in self._alike(name):
            matcher.set_seq1(other)
            scored.append((max(matcher.ratio(), shared), other))
        least = max((score for score, _ in scored), default=0.0) - _FURTHER
        ranked = sorted((-score, other) for score, other in scored if score >= max(_NEAR, least))
        things = dict.fromkeys(thing for _, other in ranked for thing in self._of(other))
        return tuple(islice(things, _SUGGESTED))

    def _alike(self, name: str) -> list[tuple[str, float]]:
        """Return the names that share most parts with a name, and how many of its parts each has, from 0 to 1."""
        wanted = _parts(name)
        counts: Counter[int] = Counter()
        # The parts that fewest names have tell most.
        for posting in sorted((self._parts[part] for part in sorted(wanted) if part in self._parts), key=len):
            if counts and len(posting) > _LONGEST_POSTING:
                break
            counts.update(posting)
        best = ((self._sorted[at], count) for at, count in counts.most_common(_COMPARED))
        return [(other, count / len(wanted)) for other, count in best]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._things)

    @cached_property
    def _parts(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, name in enumerate(self._sorted):
            for part in _parts(name):
                found.setdefault(part, []).append(at)
        return found


def _parts(name: str) -> set[str]:
    """Return the triples of characters of each word, with its edges.

    >>> sorted(_parts("met"))
    ['  m', ' me', 'et ', 'met']
    """
    padded = (f"  {word} " for word in name.split())
    return {word[at : at + 3] for word in padded for at in range(len(word) - 2)}


# How a name is looked up: as a whole name, and if there is none as the beginning of one.
WHOLE = (NameIndex.exact,)
ANY = (NameIndex.exact, NameIndex.beginning)


def resolve(
    text: str, indexes: Sequence[NameIndex], describe: Describe, place: str = "graph", looks: Sequence[Look] = ANY
) -> str:
    """Return the thing that a name means: one with exactly this name, else the only one with such a beginning.

    Args:
        indexes: Where to look; a thing in an earlier one is preferred.
        describe: Describes things for a message.
        place: The graph, or the workspace whose names these are.
        looks: `ANY`, or `WHOLE` where a completed name would do harm.

    Raises:
        AmbiguousNameError: Several things have the name.
        NotFoundError: None has it.
    """
    for look in looks:
        for index in indexes:
            found = look(index, text)
            if len(found) == 1:
                return found[0]
            if found:
                raise AmbiguousNameError(*_choices(text, found, describe))
    near = tuple(islice((thing for index in indexes for thing in index.near(text)), _SUGGESTED))
    raise NotFoundError(f"The {place} contains nothing called {quoted(text)}.", suggestion(describe(near)))


def quoted(text: str) -> str:
    """Quote text that a user typed; of a long text, only the beginning and the length.

    >>> quoted("Gangs Matrix"), quoted("a" * 10_000)[-23:]
    ("'Gangs Matrix'", "a…' (10,000 characters)")
    """
    return repr(text) if len(text) <= _LONGEST else f"{shortened(text)!r} ({len(text):,} characters)"


def suggestion(near: Iterable[tuple[str, str, str]]) -> str:
    """Return a hint that lists things: labels, kinds and ids.

    >>> suggestion([("Gangs Violence Matrix", "information system", "gangs-matrix")])
    'Did you mean gangs-matrix (Gangs Violence Matrix)?'
    """
    listed = [f"{name} ({shortened(label)})" for label, _, name in near]
    return did_you_mean(listed, "" if listed else "graphkit query entities")


def _choices(text: str, found: Sequence[str], describe: Describe) -> tuple[str, str]:
    """Return the message and the hint of an ambiguous name."""
    lines = [
        f"  {shortened(name, 90)}: {shortened(label)}{f' ({shortened(kind, 30)})' if kind else ''}"
        for label, kind, name in describe(found[:_LISTED])
    ]
    while len("\n".join(lines).encode()) > _MOST_BYTES:
        lines.pop()
    if len(lines) < len(found):
        lines.append("  …")
    count = f"more than {_LISTED}" if len(found) > _LISTED else str(len(found))
    return f"{quoted(text)} fits {count} names. Type the id of one:", "\n".join(lines)
