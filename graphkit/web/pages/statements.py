"""All statements, in pages: by source, each in one line with who says it and how."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.store import texts
from graphkit.web.pages.context import write_book
from graphkit.web.pages.page_queries import disputes_of
from graphkit.web.pages.records import read_around
from graphkit.web.pages.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.store import Store
    from graphkit.web.pages.context import Book, Said
    from graphkit.web.pages.dataset import Masthead
    from graphkit.web.pages.links import Link

ON_A_PAGE = 250
_PATH = re.compile(r"statements(?:/([1-9][0-9]{0,6}))?")
# Sorted by us: the engine's ORDER BY takes ten times as long as all the rest of a page.
_NAMES = "SELECT DISTINCT ?s { ?s a sp:Statement }"


def render_statements(store: Store, path: str, site: Masthead) -> bytes:
    """Render one page of the statements; nothing if there is no such page.

    Args:
        store: Where they are.
        path: `statements`, `statements/2` and so on.
        site: What every page tells.
    """
    number = number_of(path)
    names = sorted(row[0] for row in texts(store, _NAMES, "s"))
    if not 0 < number <= pages_of(len(names)):
        return b""
    return _list(names, number, _read(store, _some(names, number)), site)


def _read(store: Store, names: Sequence[str]) -> Book:
    return write_book(read_around(store, {*names, *disputes_of(store, names)}))


def all_statements(book: Book, site: Masthead) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the body of each page of the statements.

    Args:
        book: All that pages tell.
        site: What every page tells.
    """
    names = sorted(book.said)
    for number in range(1, pages_of(len(names)) + 1):
        yield path_to(number), _list(names, number, book, site)


def _some(names: Sequence[str], number: int) -> Sequence[str]:
    return names[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]


def _list(names: Sequence[str], number: int, book: Book, site: Masthead) -> bytes:
    last = pages_of(len(names))
    said = [book.said[name] for name in _some(names, number)]
    return render(
        "statements",
        path_to(number),
        site=site,
        book=book,
        iri="",
        title="Statements" if number == 1 else f"Statements, page {number}",
        total=len(names),
        number=number,
        last=last,
        before=path_to(number - 1) if number > 1 else "",
        after=path_to(number + 1) if number < last else "",
        sources=list(_by_source(sorted(said, key=lambda one: one.order))),
    )


def path_to(number: int) -> str:
    """Return where a page of the statements is.

    >>> path_to(1), path_to(2)
    ('statements', 'statements/2')
    """
    return "statements" if number == 1 else f"statements/{number}"


def number_of(path: str) -> int:
    """Return which page of the statements a path means; 0 for none. Each page has one path only.

    >>> number_of("statements"), number_of("statements/2"), number_of("statements/1"), number_of("statements/x")
    (1, 2, 0, 0)
    """
    found = _PATH.fullmatch(path)
    number = int(found[1] or 1) if found else 0
    return number if path_to(number) == path else 0


def pages_of(total: int) -> int:
    """Return how many pages so many statements need: one at least.

    >>> pages_of(0), pages_of(250), pages_of(251)
    (1, 1, 2)
    """
    return max(1, -(-total // ON_A_PAGE))


def _by_source(said: Sequence[Said]) -> Iterator[tuple[Link, list[Said]]]:
    found: dict[Link, list[Said]] = {}
    for one in said:
        found.setdefault(one.source, []).append(one)
    yield from found.items()
