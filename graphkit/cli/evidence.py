"""A statement with its evidence, as the commands print it: a row of a table, lines of text, or a side of a dispute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cli.output import plain
from graphkit.model.dates import date_words, first_and_last_day

if TYPE_CHECKING:
    from graphkit.analysis.statements import StatementView

COLUMNS = (
    "statement", "speaker", "stance", "claim", "gist", "certainty", "hedge", "basis", "via", "said", "earliest",
    "latest", "publicity", "source", "title", "locator", "evidence", "link",
)  # fmt: skip
# The columns that are named unlike the attribute of a statement.
_ATTRIBUTES = {"statement": "id", "title": "source_title", "link": "url"}


def as_row(view: StatementView) -> tuple[str, ...]:
    """Return the values of a statement in the order of `COLUMNS`."""
    days = dict(zip(("earliest", "latest"), first_and_last_day(view.said), strict=True))
    found = (days[name] if name in days else getattr(view, _ATTRIBUTES.get(name, name)) for name in COLUMNS)
    return tuple(str(item or "") for item in found)


def as_lines(view: StatementView, **more: str) -> list[tuple[str, str]]:
    """Return names and texts of what a reader needs to check a statement; `more` comes last."""
    rows = {
        "gist": view.gist, "certainty": view.certainty, "hedge": view.hedge, "basis": view.basis,
        "via": view.via, "said": date_words(view.said), "publicity": view.publicity,
        "source": f"{view.source_title} ({view.source})", "copy of": view.copied,
        "passage": f"{view.locator}, {view.evidence}", "link": view.url, "statement": view.id, **more,
    }  # fmt: skip
    return [(name, plain(text)) for name, text in rows.items() if text]


def as_side(view: StatementView) -> str:
    """Return a statement on a side of a dispute as a few lines of text."""
    stance = ", ".join(filter(None, (view.stance, view.certainty, f"“{view.hedge}”" if view.hedge else "")))
    known = f"{date_words(view.said) or 'undated'}; {view.evidence}"
    lines = (f"{view.speaker}: {stance} ({known})", view.gist, f"{view.source_title} ({view.id})", view.url)
    return plain("\n".join(filter(None, lines)))
