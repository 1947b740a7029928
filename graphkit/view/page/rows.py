"""The rows of statements in the tables of a page.

Pages of hundreds of statements are short because rows leave out texts that they share: a row has the number of its
source in the table of sources, which has title and address, and leaves out the usual publicity and the usual status of
its passage. The script of the page restores all of it: `complete` in frontend/shared/tables.js.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote

from graphkit.analysis.statements import StatementView
from graphkit.model.dates import bounds_if_any, date_words
from graphkit.model.text import escaped, host_of, visible, web_link

# Statement ids that can be the text of a link, and dates that the script reads from their words.
_PLAIN_ID = re.compile(r"[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*", re.ASCII)
_DAY_IN_WORDS = re.compile(r"\d{1,2} [A-Z][a-z]+ [12]\d{3}( or earlier| or later)?", re.ASCII)


class Source(NamedTuple):
    """The title and the address of a source, and the title of its original if it is a copy, once for all its rows."""

    id: str
    title: str
    url: str
    copied: str


class Shared(NamedTuple):
    """Texts that rows do not repeat.

    Attributes:
        sources: The numbers of the sources in their table, from 1.
        evidence: The usual status of a passage.
        publicity: The usual publicity.
    """

    sources: Mapping[Source, int]
    evidence: str
    publicity: str

    def place_of(self, statement: StatementView) -> int | None:
        """Return the number of the source of a row whose link and notes can be restored, or None."""
        return self.sources.get(_source_of(statement)) if _is_restorable(statement) else None


def shared_texts(statements: Iterable[StatementView]) -> Shared:
    """Return the texts that several rows would repeat."""
    views = list(statements)
    found = Counter(_source_of(view) for view in views if _is_restorable(view))
    best = {source.id: source for source, _ in sorted(found.items(), key=lambda one: (one[1], one[0]))}
    return Shared(
        {source: i for i, source in enumerate(sorted(best.values()), 1)},
        _usual(view.evidence for view in views),
        _usual(visible(view.publicity) for view in views),
    )


def _usual(values: Iterable[str]) -> str:
    found = Counter(filter(None, values))
    return min(found, key=lambda value: (-found[value], value), default="")


def _source_of(statement: StatementView) -> Source:
    name, copied = statement.id.rpartition("/")[0], visible(statement.copied)
    return Source(name, title_of(statement), _page_of(statement.url), copied)


def _page_of(url: str) -> str:
    """Return an address without its text fragment.

    >>> _page_of("https://example.org/a#:~:text=with")
    'https://example.org/a'
    """
    return url.partition(":~:text=")[0].removesuffix("#")


def _is_restorable(statement: StatementView) -> bool:
    """Return whether the script can restore the link of a row from the address of its source and its passage."""
    passage, page = statement.passage, _page_of(statement.url)
    is_plain = _PLAIN_ID.fullmatch(statement.id) and visible(passage) == passage.strip() == passage
    if not is_plain or not web_link(statement.url):
        return False
    words = ",".join(quote(part, safe="").replace("-", "%2D") for part in passage.split(" … "))
    fragment = f"{'' if '#' in page else '#'}:~:text={words}" if passage else ""
    return page + fragment == statement.url


def anchor_of(statement: StatementView) -> str:
    """Return the id of the row of a statement as the script restores it, percent-encoded."""
    return "s." + quote(visible(statement.id), safe="/-_.~")


def speaker_of(statement: StatementView) -> str:
    """Return the name of the speaker."""
    return visible(statement.speaker) or "unnamed speaker"


def title_of(statement: StatementView) -> str:
    """Return the title of the source, or else its id."""
    return visible(statement.source_title) or visible(statement.source) or "untitled source"


def statement_row(number: int | None, statement: StatementView, shared: Shared) -> str:
    """Return the row of a statement: speaker, stance unless it asserts, gist, date, source and notes.

    Its attributes have the stance and the days where the words differ.

    Args:
        number: Its number, if a link leads to it.
    """
    words, days = date_words(statement.said), _days_of(statement.said)
    dated = f' data-d="{days}"' if days and not _DAY_IN_WORDS.fullmatch(words) else ""
    stance = f' data-s="{escaped(visible(statement.stance))}"' if statement.verb else ""
    place = shared.place_of(statement)
    short = place is not None
    ident = f"n={statement.id.rpartition('/')[2]}" if short else f'i="{escaped(anchor_of(statement))}"'
    ident += stance + dated
    source = _full_source(statement) if place is None else _short_source(statement, place, shared)
    return (
        f"<tr{'' if number is None else f' id=s{number}'} data-{ident}><td>{escaped(speaker_of(statement))}"
        f"<td>{'' if statement.act == 'asserts' else escaped(statement.act)}"
        f"<td>{escaped(statement.gist)}<td>{escaped(words)}<td>{source}"
    )


def _full_source(statement: StatementView) -> str:
    link, title, notes = web_link(statement.url), title_of(statement), " · ".join(_notes(statement))
    source = f'<a href="{escaped(link)}">{escaped(title)}</a>' if link else escaped(f"{title} {statement.url}".strip())
    small = f" <small>{escaped(notes)}</small>" if notes else ""
    return f"{source}{small} <em>{escaped(visible(statement.publicity) or 'publicity not given')}</em>"


def _short_source(statement: StatementView, place: int, shared: Shared) -> str:
    notes, publicity = " · ".join(map(visible, _own_notes(statement))), visible(statement.publicity)
    checked = "" if statement.evidence == shared.evidence else f" <i>{escaped(_checked(statement.evidence))}</i>"
    passage = f" {escaped(statement.locator)}" if statement.locator else ""
    small = f" <small>{escaped(notes)}</small>" if notes else ""
    how = "" if publicity == shared.publicity else f" <em>{escaped(publicity or 'publicity not given')}</em>"
    return f"<a href=#o{place}>[{place}]</a>{passage}{checked}{small}{how}"


def packed_statement(statement: StatementView) -> list[str]:
    """Return a row as data, for a script that makes it later: see frontend/shared/rows.js."""
    said = visible(date_words(statement.said))
    notes = [*_notes(statement), visible(statement.publicity)]
    return [
        anchor_of(statement), speaker_of(statement), visible(statement.act) or "asserts", visible(statement.gist),
        said, title_of(statement), web_link(statement.url), _days_of(statement.said),
        " · ".join(note for note in notes if note), visible(statement.stance) if statement.verb else "",
    ]  # fmt: skip


def _days_of(said: str) -> str:
    """Return the first and last day of a date (EDTF), empty where it is open, or a day that is both.

    >>> _days_of("2019-06"), _days_of("../2022"), _days_of("2019-06-01"), _days_of("")
    ('2019-06-01/2019-06-30', '/2022-12-31', '2019-06-01', '')
    """
    first, last = bounds_if_any(said)
    if first == last:
        return str(first or "")
    return f"{first or ''}/{last or ''}"


def _checked(status: str) -> str:
    return f"passage {'not verified' if status == 'unverified' else status}".strip()


def _own_notes(statement: StatementView) -> list[str]:
    """Return the notes between the host and the passage."""
    notes = (
        statement.via and f"through {statement.via}",
        statement.certainty,
        statement.hedge and f"hedged: {statement.hedge}",
        statement.basis,
    )
    return [note for note in notes if note]


def _notes(statement: StatementView) -> list[str]:
    passage = ": ".join(filter(None, (_checked(statement.evidence), statement.locator)))
    checked = passage if statement.evidence or statement.locator else ""
    copied = f"copy of “{statement.copied}”" if statement.copied else ""
    notes = [host_of(statement.url), copied, *_own_notes(statement), checked]
    return [note for note in map(visible, notes) if note]


def usual_values(shared: Shared) -> str:
    """Return HTML that names the values that rows leave out; "" if no row does."""
    if not shared.sources:
        return ""
    usual = f"<i>{escaped(_checked(shared.evidence))}</i>, <i>{escaped(shared.publicity)}</i>"
    return f' <small id="usual">Unless a row says otherwise: {usual}</small>'


def source_rows(shared: Shared) -> str:
    """Return the rows of the table of sources: id, title and address, and the number of the original of a copy."""
    numbers = {source.title: f"[{i}]" for source, i in shared.sources.items()}
    return "\n".join(
        f'<tr id=o{i}><th>{escaped(source.id)}<td><a href="{escaped(source.url)}">{escaped(source.title)}</a>'
        + (f" <small>copy of {numbers.get(source.copied) or _quoted(source.copied)}</small>" if source.copied else "")
        for source, i in shared.sources.items()
    )


def _quoted(title: str) -> str:
    return escaped(f"“{title}”")
