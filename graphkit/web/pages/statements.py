"""The list of all statements, in pages: by source, each in one line with speaker and stance."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.analysis.disputes import disputes_of
from graphkit.store import texts
from graphkit.web.pages.context import order_in_source, page_context, read_mentioned
from graphkit.web.pages.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.analysis.statements import StatementView
    from graphkit.store import Store
    from graphkit.web.pages.context import PageContext
    from graphkit.web.pages.dataset import DatasetMetadata

ON_A_PAGE = 250
_PATH = re.compile(r"statements(?:/([1-9][0-9]{0,6}))?")
# Without ORDER BY: in the engine it takes ten times as long as all else on a page.
_NAMES = "SELECT DISTINCT ?s { ?s a sp:Statement }"


def render_statements(store: Store, path: str, site: DatasetMetadata) -> bytes:
    """Render one page of the statements, such as `statements` or `statements/2`; b"" if there is no such page."""
    number = number_of(path)
    names = sorted(row[0] for row in texts(store, _NAMES, "s"))
    if not 0 < number <= pages_of(len(names)):
        return b""
    some = _some(names, number)
    return _list(names, number, page_context(read_mentioned(store, {*some, *disputes_of(store, some)})), site)


def all_statements(context: PageContext, site: DatasetMetadata) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the body of each page of the statements."""
    names = sorted(context.statements)
    for number in range(1, pages_of(len(names)) + 1):
        yield path_to(number), _list(names, number, context, site)


def _some(names: Sequence[str], number: int) -> Sequence[str]:
    return names[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]


def _list(names: Sequence[str], number: int, context: PageContext, site: DatasetMetadata) -> bytes:
    last = pages_of(len(names))
    sources: dict[str, list[StatementView]] = {}
    for view in sorted((context.statements[name] for name in _some(names, number)), key=order_in_source):
        sources.setdefault(view.source, []).append(view)
    return render(
        "statements",
        path_to(number),
        site=site,
        context=context,
        iri="",
        title="Statements" if number == 1 else f"Statements, page {number}",
        total=len(names),
        number=number,
        last=last,
        before=path_to(number - 1) if number > 1 else "",
        after=path_to(number + 1) if number < last else "",
        sources=list(sources.values()),
    )


def path_to(number: int) -> str:
    """Return the path of a page of the statements.

    >>> path_to(1), path_to(2)
    ('statements', 'statements/2')
    """
    return "statements" if number == 1 else f"statements/{number}"


def number_of(path: str) -> int:
    """Return the number of the page of statements at a path; 0 if there is none. Each page has one path only.

    >>> number_of("statements"), number_of("statements/2"), number_of("statements/1"), number_of("statements/x")
    (1, 2, 0, 0)
    """
    found = _PATH.fullmatch(path)
    number = int(found[1] or 1) if found else 0
    return number if path_to(number) == path else 0


def pages_of(total: int) -> int:
    """Return the number of pages for a number of statements, at least one.

    >>> pages_of(0), pages_of(250), pages_of(251)
    (1, 1, 2)
    """
    return max(1, -(-total // ON_A_PAGE))
