"""`graphkit explain`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli import options
from graphkit.cli.evidence import COLUMNS, as_lines, as_row, as_side
from graphkit.cli.output import highlighted, page, plain, show
from graphkit.cli.table import named_lines, paragraph
from graphkit.model.dates import date_words, first_and_last_day
from graphkit.model.iris import shorten
from graphkit.model.text import counted

if TYPE_CHECKING:
    from graphkit.analysis.disputes import DisputeView
    from graphkit.analysis.explain import Explanation
    from graphkit.analysis.statements import StatementView
    from graphkit.model.errors import Location

EXAMPLES = "Examples:  graphkit explain 'Project Alpha'  |  graphkit explain met --all"

_COLUMNS = (*COLUMNS, "place", "corrects", "corrected_by", "reason", "disputes")
# Without --all, no more statements, disputes and plain triples than these are printed, and so many busiest speakers.
_FIRST = 10
_BUSIEST = 3


def run(
    name: Annotated[
        str,
        typer.Argument(
            help="An entity, source, statement, proposition or dispute.", autocompletion=options.complete_name
        ),
    ],
    form: options.FormatOption = "table",
    every: Annotated[
        bool, typer.Option("--all", help="Print all statements and disputes, not only the first ten of each.")
    ] = False,
    as_of: options.AsOfOption = "",
    store: options.StoreOption = "",
    folder: options.WorkspaceOption = None,
) -> None:
    """Trace an item back to its evidence. Opens with a summary; then speakers, sources, passages and disputes."""
    from graphkit.analysis.explain import explain
    from graphkit.corpus.load import locate_statements
    from graphkit.query.worker import store_of

    workspace = options.workspace_as_of(options.chosen_workspace(folder, store), as_of, store)
    found = explain(store_of(workspace, store), name)
    views = [*found.statements.values(), *found.others.values()]
    places = locate_statements(workspace, (view.id for view in views))
    if form == "table":
        parts = _explanation(found, places, len(views) + len(found.flat) if every else _FIRST)
        page("\n\n".join(part for part in parts if part) + "\n")
    else:
        show(_COLUMNS, [_row(view, found, places) for view in views], form)


def _row(view: StatementView, found: Explanation, places: Mapping[str, Location]) -> tuple[str, ...]:
    disputes = " | ".join(
        dispute.label for dispute in found.disputes if view.iri in (*dispute.affirmed, *dispute.denied)
    )
    corrected = " | ".join(found.corrections.get(view.iri, ()))
    return *as_row(view), str(places.get(view.id, "")), view.corrects_id, corrected, view.reason_id, disputes


def _explanation(found: Explanation, places: Mapping[str, Location], most: int) -> Iterator[str]:
    """Yield the summary, and up to so many plain triples, statements and disputes."""
    views = found.statements
    yield highlighted(paragraph(f"{plain(found.label)} ({found.kind})"), "1") + f"\n{found.iri}"
    yield named_lines([(name, plain(text)) for name, text in _summary(found)])
    yield named_lines([("plain triple", plain(line)) for line in found.flat[:most]])
    yield from (_statement(view, found, places) for view in list(views.values())[:most])
    yield from (_dispute(dispute, {**views, **found.others}) for dispute in found.disputes[:most])
    if hidden := _hidden(found, most):
        yield f"Not shown: {hidden}. To see everything, add --all."


def _summary(found: Explanation) -> list[tuple[str, str]]:
    """Count the statements by speaker, time and evidence, if there are several."""
    views = list(found.statements.values())
    if len(views) <= 1:
        return []
    speakers = Counter(view.speaker for view in views)
    busiest = ", ".join(f"{speaker} ({number})" for speaker, number in speakers.most_common(_BUSIEST))
    rest = f" and {counted(len(speakers) - _BUSIEST, 'other')}" if len(speakers) > _BUSIEST else ""
    evidence = Counter(view.evidence for view in views)
    sources = {view.source for view in views}
    return [
        ("statements", f"{len(views)}, from {counted(len(sources), 'source')}"),
        ("speakers", busiest + rest),
        ("stances", _counted(view.stance for view in views)),
        ("said", _period(views)),
        ("evidence", _counted(evidence.elements())),
        ("disputes", str(len(found.disputes))),
    ]


def _counted(words: Iterable[str]) -> str:
    return ", ".join(f"{number} {word}" for word, number in Counter(words).most_common())


def _period(views: Iterable[StatementView]) -> str:
    """Return the first and the last possible day of the dated statements, and the number of the others."""
    days = [first_and_last_day(view.said) for view in views]
    firsts, lasts = [day for day, _ in days if day], [day for _, day in days if day]
    open_ = sum(not (first and last) for first, last in days)
    between = f"{date_words(str(min(firsts)))} to {date_words(str(max(lasts)))}" if firsts and lasts else ""
    left = f"{open_} without a first or last day" if open_ else ""
    return "; ".join(part for part in (between, left) if part)


def _hidden(found: Explanation, most: int) -> str:
    counts = {
        "plain triples": len(found.flat), "statements": len(found.statements), "disputes": len(found.disputes)
    }  # fmt: skip
    return ", ".join(f"{number - most} {name}" for name, number in counts.items() if number > most)


def _statement(view: StatementView, found: Explanation, places: Mapping[str, Location]) -> str:
    heading = highlighted(paragraph(f"{plain(view.speaker)} {view.act}: {plain(view.claim)}"), "1")
    more = {
        "written": str(places.get(view.id, "")), "corrects": view.corrects_id,
        "corrected by": ", ".join(found.corrections.get(view.iri, ())), "reason": view.reason_id,
    }  # fmt: skip
    return f"{heading}\n{named_lines(as_lines(view, **more))}"


def _dispute(dispute: DisputeView, views: Mapping[str, StatementView]) -> str:
    from graphkit.analysis.disputes import account

    heading = highlighted(paragraph(plain(dispute.label)), "33", "1")
    lines = [
        ("account", account(dispute, views)), ("dispute", shorten(dispute.iri)),
        ("rule", f"{dispute.rule}. {dispute.why}"),
        *([("on both sides", ", ".join(dispute.parties))] if dispute.parties else []),
        *((side, as_side(views[name])) for side, name in dispute.sides()),
    ]  # fmt: skip
    return f"{heading}\n{named_lines([(name, plain(text)) for name, text in lines])}"
