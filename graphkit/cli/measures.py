"""`graphkit measures`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli import options
from graphkit.cli.output import progress, say, show

if TYPE_CHECKING:
    from graphkit.analysis.discourse.measures import Measure
    from graphkit.analysis.discourse.projection import Projection

EXAMPLES = "Examples:  graphkit measures actor-actor  |  graphkit measures actor-actor --normalisation average -f json"


def run(
    kind: Annotated[str, typer.Argument(help="actor-actor or concept-concept.", metavar="KIND")] = ("actor-actor"),
    concept: options.ConceptOption = "",
    roll_up: options.RollUpOption = "no",
    only: options.OnlyOption = None,
    without: options.WithoutOption = None,
    aggregation: options.AggregationOption = "subtract",
    normalisation: options.NormalisationOption = "no",
    duplicates: options.DuplicatesOption = "include",
    method: Annotated[str, typer.Option("--method", help="louvain, or leiden with python-igraph.")] = "louvain",
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same result.")] = 1,
    draws: Annotated[
        int,
        typer.Option(
            "--bootstrap", min=0, help="Draw the documents this often, and show 95 % intervals.", show_default=False
        ),
    ] = 0,
    form: options.FormatOption = "table",
    as_of: options.AsOfOption = "",
    store: options.StoreOption = "",
    folder: options.WorkspaceOption = None,
) -> None:
    """Measure a network of actors. Centralities, communities, brokers, balance of signs and polarisation."""
    from graphkit.analysis.discourse.kinds import projection
    from graphkit.analysis.discourse.measures import measures
    from graphkit.analysis.discourse.reading import Reading

    opened = options.store_as_of(folder, as_of, store)
    reading = options.filtered(Reading(concept=concept, roll_up=roll_up), only, without)
    made = projection(
        opened, kind, reading, aggregation=aggregation, normalisation=normalisation, duplicates=duplicates
    )
    found = [*measures(made, seed, method), *([_intervals(made, draws, seed)] if draws else [])]
    if form == "json":
        say(json.dumps([asdict(measure) for measure in found], ensure_ascii=False, indent=1))
    else:
        show(("measure", "of", "value", "method"), [row for measure in found for row in _rows(measure)], form)


def _intervals(made: Projection, draws: int, seed: int) -> Measure:
    from graphkit.analysis.discourse.bootstrap import bootstrap
    from graphkit.analysis.discourse.measures import Measure

    with progress(("bootstrap",)) as enter:
        enter("bootstrap")
        found = bootstrap(made, draws, seed)
    named = [*found.measured, *((f"{row} – {column}", interval) for row, column, interval in found.ties)]
    values = {name: interval._asdict() for name, interval in named}
    return Measure("bootstrap", values, found.reason, f"{found.draws} draws of documents, seed {seed}")


def _rows(measure: Measure) -> Iterator[tuple[str, str, str, str]]:
    if measure.reason:
        yield measure.name, "", measure.reason, measure.method
    for name, value in measure.values.items():
        for part, text in _parts(name, value):
            yield measure.name, part, text, measure.method


def _parts(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield a value as text; the groups of a list and the entries of a table one by one."""
    if isinstance(value, list):
        yield from ((f"{name.removesuffix('s')} {number}", ", ".join(group)) for number, group in enumerate(value, 1))
    elif isinstance(value, dict):
        yield name, ", ".join(f"{key} {number:.4g}" for key, number in value.items())
    else:
        yield name, f"{value:.4g}"
