"""`graphkit network`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli import options
from graphkit.cli.output import say, show
from graphkit.model.did_you_mean import instead
from graphkit.model.text import counted

if TYPE_CHECKING:
    from graphkit.analysis.discourse.projection import Projection

EXAMPLES = "Examples:  graphkit network actor-actor  |  graphkit network actor-concept -f matrix -o network.csv"
_SHOWN = 40
# A heat map of the matrix.
PLOTS = ("svg", "png", "pdf")


def run(
    kind: Annotated[
        str,
        typer.Argument(
            help="One of: actor-concept, actor-actor, concept-concept, relay, addressee, dispute, funding, citation.",
            metavar="KIND",
        ),
    ],
    concept: options.ConceptOption = "",
    actor: options.ActorOption = "organisation",
    narrators: options.NarratorsOption = "drop",
    facts: Annotated[str, typer.Option("--facts", help="drop or keep concepts that are narrated facts.")] = "drop",
    roll_up: options.RollUpOption = "no",
    only: options.OnlyOption = None,
    without: options.WithoutOption = None,
    evidence: Annotated[
        str, typer.Option("--evidence", help="Lowest status: unverified, confirmed or verified.")
    ] = "unverified",
    stance: Annotated[
        list[str] | None,
        typer.Option("--stance", help="Side of a stance: +, -, 0 or withdraw; may be repeated.", metavar="STANCE=SIDE"),
    ] = None,
    aggregation: options.AggregationOption = "",
    normalisation: options.NormalisationOption = "no",
    duplicates: options.DuplicatesOption = "include",
    isolates: Annotated[bool, typer.Option("--isolates", help="Keep actors and concepts without a tie.")] = False,
    start: options.StartOption = "",
    end: options.EndOption = "",
    dates: Annotated[
        str, typer.Option("--dates", help="certain or possible days of a statement, or published.")
    ] = "certain",
    min_row: Annotated[int, typer.Option("--min-row", min=1, help="Fewest statements of a row.")] = 1,
    min_column: Annotated[int, typer.Option("--min-column", min=1, help="Fewest statements of a column.")] = 1,
    min_weight: Annotated[float, typer.Option("--min-weight", min=0, help="Smallest absolute weight.")] = 0.0,
    compat: Annotated[str, typer.Option("--compat", help="dna3: reproduce the defects of DNA 3.")] = "",
    trace: Annotated[
        tuple[str, str] | None,
        typer.Option("--trace", help="List the statements behind the tie of a row and a column."),
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format", "-f", help="table, edges, matrix, dl, pajek, graphml, gexf, parquet, json, svg, png, pdf"
        ),
    ] = "table",
    ids: Annotated[int, typer.Option("--ids", min=0, help="Most ids on a tie; more are in a second file.")] = 50,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file; by default standard output.")] = None,
    as_of: options.AsOfOption = "",
    store: options.StoreOption = "",
    folder: options.WorkspaceOption = None,
) -> None:
    """Make a network of actors, claims or sources. See docs/discourse.md for the formulas."""
    from graphkit.analysis.discourse.kinds import projection, settings_of
    from graphkit.analysis.discourse.reading import Reading
    from graphkit.query.worker import store_of

    reading = Reading(
        concept=concept,
        actor=actor,
        narrators=narrators,
        facts=facts,
        roll_up=roll_up,
        evidence=evidence,
        dates=dates,
        stances=_sides(stance),
    )
    reading = options.filtered(reading, only, without)
    settings = {
        "normalisation": normalisation, "duplicates": duplicates, "isolates": isolates, "start": start, "end": end,
        "min_row": min_row, "min_column": min_column, "min_weight": min_weight, "compat": compat,
        **({"aggregation": aggregation} if aggregation else {}),
    }  # fmt: skip
    settings_of(kind, reading, **settings)
    _require_format(form)
    if output is not None and form == "table" and not trace:
        raise typer.BadParameter("A file needs a format, such as -f edges; a table is only printed.", param_hint="-o")
    workspace = options.workspace_as_of(options.chosen_workspace(folder, store), as_of, store)
    made = projection(store_of(workspace, store), kind, reading, **settings)
    _say_counts(made)
    if trace:
        show(("statement", "actor", "concept", "level", "contribution"), made.statements(*trace), "table")
    elif form == "table":
        _show(made)
    elif form in PLOTS:
        _draw(made, form, options.output_path(output))
    else:
        _write(made, form, ids, options.output_path(output))


def _require_format(form: str) -> None:
    from graphkit.release.projections import FORMATS

    if form not in ("table", *FORMATS, *PLOTS):
        raise typer.BadParameter(
            f"{form!r} is not a choice. {instead(form, ('table', *FORMATS, *PLOTS))}", param_hint="--format"
        )


def _draw(made: Projection, form: str, path: Path | None) -> None:
    """Draw the matrix as a heat map."""
    from graphkit.view.plots import heat_map

    path = path or Path(f"{made.kind}.{form}")
    heat_map(made).write(path, form)
    say(str(path), err=True)


def _sides(given: list[str] | None) -> dict[str, str]:
    sides = options.named_values(given, "--stance", "STANCE=SIDE, such as plans=0")
    return {stance: each[-1] for stance, each in sides.items()}


def _say_counts(made: Projection) -> None:
    counts = {**made.notes["statements"], **made.left_out}
    text = "".join(f"; {reason}: {count}" for reason, count in counts.items() if count)
    number, codings = len(set(made.coded.ids)), len(made.coded)
    several = f", with {codings} codings" if codings > number else ""
    say(f"{number} statements counted{several}{text}" + (f"\n{made.reason}" if made.reason else ""), err=True)


def _show(made: Projection) -> None:
    rows = sorted(made.to_table(), key=lambda row: (-abs(row["weight"]), row["source"], row["target"]))
    columns = ("source", "target", "weight", "statements", "positive", "negative")
    show(
        columns,
        [[f"{row[name]:g}" if name == "weight" else row[name] for name in columns] for row in rows[:_SHOWN]],
        "table",
    )
    if len(rows) > _SHOWN:
        say(f"{counted(len(rows) - _SHOWN, 'more tie')}; -f edges writes all.", err=True)


def _write(made: Projection, form: str, most: int, path: Path | None) -> None:
    """Write the files of a network at once, or the network itself to standard output."""
    from graphkit.model.errors import ExportError
    from graphkit.model.files import is_stream
    from graphkit.release.projections import contents, write

    if path is not None and not is_stream(path):
        for place in write(made, path, form, most):
            say(str(place), err=True)
        return
    if form == "parquet":
        raise ExportError("Parquet is not text.", "Name a file with -o.")
    text, *others = contents(made, form, most).items()
    say(text[1].decode(), end="")
    if others:
        say(f"Without -o FILE these files are not written: {', '.join(f'FILE{end}' for end, _ in others)}", err=True)
