"""`graphkit backbone`."""

from __future__ import annotations

from typing import Annotated

import typer

from graphkit.cli import options
from graphkit.cli.output import progress, say, show

EXAMPLES = "Examples:  graphkit backbone  |  graphkit backbone --min-column 3 -f csv"
_COLUMNS = ("removed", "concept", "loss", "loss of the removed", "statements left")


def run(
    concept: options.ConceptOption = "",
    roll_up: options.RollUpOption = "no",
    only: options.OnlyOption = None,
    without: options.WithoutOption = None,
    aggregation: options.AggregationOption = "congruence",
    normalisation: options.NormalisationOption = "average",
    duplicates: options.DuplicatesOption = "document",
    min_column: Annotated[int, typer.Option("--min-column", min=1, help="Fewest statements of a concept.")] = 2,
    form: options.FormatOption = "table",
    as_of: options.AsOfOption = "",
    store: options.StoreOption = "",
    folder: options.WorkspaceOption = None,
) -> None:
    """Order concepts by how much the network rests on them. The last ones removed are its backbone."""
    from graphkit.analysis.discourse.backbone import nested_backbone
    from graphkit.analysis.discourse.kinds import projection
    from graphkit.analysis.discourse.measures import too_small
    from graphkit.analysis.discourse.reading import Reading

    opened = options.store_as_of(folder, as_of, store)
    made = projection(
        opened,
        "actor-actor",
        options.filtered(Reading(concept=concept, roll_up=roll_up), only, without),
        aggregation=aggregation,
        normalisation=normalisation,
        duplicates=duplicates,
        min_column=min_column,
    )
    if reason := too_small(made):
        say(f"No backbone: {reason}", err=True)
        show(_COLUMNS, [], form)
        return
    with progress(("backbone",)) as enter:
        enter("backbone")
        steps = nested_backbone(made.given if made.given is not None else made.coded, made.settings)
    rows = [
        (str(number), step.concept, f"{step.loss:.4f}", f"{step.redundant_loss:.4f}", str(step.statements))
        for number, step in enumerate(steps, 1)
    ]
    show(_COLUMNS, rows, form)
