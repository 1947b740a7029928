"""`graphkit windows`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphkit.cli import options
from graphkit.cli.output import say, show
from graphkit.model.text import counted

if TYPE_CHECKING:
    from graphkit.analysis.discourse.phases import Phases
    from graphkit.analysis.discourse.windows import Window

EXAMPLES = (
    "Examples:  graphkit windows actor-actor --unit years --size 2  |  graphkit windows --kernel gaussian --phases"
)
UNITS = ("days", "weeks", "months", "years", "statements")
_COLUMNS = ("start", "middle", "stop", "rows", "ties", "weight", "phase")


def run(
    kind: Annotated[str, typer.Argument(help="As in graphkit network.", metavar="KIND")] = "actor-actor",
    unit: Annotated[str, typer.Option("--unit", help="Unit of the windows.", **options.choice(UNITS))] = "months",
    size: Annotated[int, typer.Option("--size", min=1, help="Width of a window in units.")] = 12,
    kernel: Annotated[str, typer.Option("--kernel", help="uniform, epanechnikov, triangular or gaussian.")] = "",
    concept: options.ConceptOption = "",
    roll_up: options.RollUpOption = "no",
    only: options.OnlyOption = None,
    without: options.WithoutOption = None,
    aggregation: options.AggregationOption = "",
    normalisation: options.NormalisationOption = "no",
    duplicates: options.DuplicatesOption = "include",
    start: options.StartOption = "",
    end: options.EndOption = "",
    dates: Annotated[str, typer.Option("--dates", help="certain, possible or published.")] = "published",
    phases: Annotated[bool, typer.Option("--phases", help="Group windows with similar networks into phases.")] = False,
    distance: Annotated[
        str, typer.Option("--distance", help="With --phases.", **options.choice(("spectral", "absolute")))
    ] = "spectral",
    form: options.FormatOption = "table",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A folder for the network of each window as JSON.")
    ] = None,
    figure: Annotated[
        Path | None, typer.Option("--figure", help="A picture of the series: .svg, .png or .pdf.")
    ] = None,
    as_of: options.AsOfOption = "",
    store: options.StoreOption = "",
    folder: options.WorkspaceOption = None,
) -> None:
    """Make a network for each part of a period. Windows move by one unit; --phases shows where the debate changed."""
    from graphkit.analysis.discourse.kinds import projection
    from graphkit.analysis.discourse.phases import Phases
    from graphkit.analysis.discourse.phases import phases as group
    from graphkit.analysis.discourse.reading import Reading
    from graphkit.analysis.discourse.windows import why_none, windows_of
    from graphkit.view.plots import series

    opened = options.store_as_of(folder, as_of, store)
    settings: dict[str, Any] = {
        "normalisation": normalisation, "duplicates": duplicates, "start": start, "end": end, "isolates": phases,
        **({"aggregation": aggregation} if aggregation else {}),
    }  # fmt: skip
    reading = options.filtered(Reading(dates=dates, concept=concept, roll_up=roll_up), only, without)
    made = projection(opened, kind, reading, **settings)
    windows = windows_of(made, unit, size, kernel)
    found = group(windows, distance) if phases else Phases()
    _show(windows, found, form)
    if not windows:
        say(why_none(made), err=True)
    if output is not None:
        _write(windows, output)
    if figure is not None:
        series(windows, found).write(figure, figure.suffix[1:])
        say(str(figure), err=True)


def _show(windows: list[Window], found: Phases, form: str) -> None:
    numbers = [str(phase) for phase in found.phases] or [""] * len(windows)
    rows = (
        (*(f"{moment:%Y-%m-%d}" for moment in (window.start, window.middle, window.stop)), len(window.projection.rows),
         len(list(window.projection.ties())), f"{sum(weight for *_, weight in window.projection.ties()):g}", phase)
        for window, phase in zip(windows, numbers, strict=True)
    )  # fmt: skip
    show(_COLUMNS, list(rows), form)
    if found.reason:
        say(f"No phases: {found.reason}", err=True)
    elif found.phases:
        moments = ", ".join(f"{moment:%Y-%m-%d}" for moment in found.transitions)
        say(f"Phases change at {moments}. Modularity {found.modularity:.3f}.", err=True)


def _write(windows: list[Window], folder: Path) -> None:
    """Write the record of each network, all of them or none; a slice of a kernel cannot be made again from it."""
    from graphkit.analysis.discourse.record import record
    from graphkit.model.files import replacing_all

    places = [folder / f"{number:04}-{window.middle:%Y-%m-%d}.json" for number, window in enumerate(windows, 1)]
    with replacing_all(*places) as parts:
        for part, window in zip(parts, windows, strict=True):
            part.write_text(record(window.projection), encoding="utf-8")
    say(f"{counted(len(places), 'file')} in {folder}", err=True)
