"""`graphkit coding`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli import options
from graphkit.cli.output import as_csv, say, show
from graphkit.model.errors import reason
from graphkit.model.text import counted

if TYPE_CHECKING:
    from graphkit.analysis.discourse.coverage import Coverage
    from graphkit.analysis.discourse.reliability import Reliability, Sheets
    from graphkit.store import Store

EXAMPLES = "Examples:  graphkit coding --sample 60 -o sheet.csv  |  graphkit coding --compare sheet.csv"

_COMPARED = ("statement", "concept", "rules", "sheet", "gist")


def run(
    sample: Annotated[int | None, typer.Option("--sample", min=1, help="Draw statements for a second coder.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed draws the same statements.")] = 1,
    compare: Annotated[Path | None, typer.Option("--compare", help="A sheet that a second coder filled in.")] = None,
    actor: options.ActorOption = "organisation",
    narrators: options.NarratorsOption = "drop",
    form: options.FormatOption = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The sheet; the concepts go beside it.")] = None,
    as_of: options.AsOfOption = "",
    store: options.StoreOption = "",
    folder: options.WorkspaceOption = None,
) -> None:
    """Show what the codebook codes. Draw a sample for a second coder, and measure agreement with it."""
    if sample and compare:
        raise typer.BadParameter("Type either --sample or --compare.")
    opened = options.store_as_of(folder, as_of, store)
    if sample or compare:
        from graphkit.analysis.discourse.reliability import Sheets

        sheets = Sheets(opened)
        if compare:
            _show_reliability(sheets.compare(_read(compare), str(compare)), form)
        else:
            _write(sheets, sample or 0, seed, options.output_path(output))
    else:
        _show_coverage(_coverage(opened, actor, narrators), form)


def _coverage(opened: Store, actor: str, narrators: str) -> Coverage:
    from graphkit.analysis.discourse.coverage import coverage
    from graphkit.analysis.discourse.reading import Reading

    return coverage(opened, Reading(concept="codebook", facts="keep", actor=actor, narrators=narrators))


def _show_coverage(found: Coverage, form: str) -> None:
    if form == "json":
        concepts = [{**row._asdict(), "contested": row.contested} for row in found.concepts]
        relations = [row._asdict() for row in found.relations]
        say(json.dumps({**asdict(found), "concepts": concepts, "relations": relations}, ensure_ascii=False, indent=1))
    else:
        show(("count", "of", "number", "in", "details"), found.table(), form)


def _show_reliability(found: Reliability, form: str) -> None:
    if form == "json":
        disagreements = [row._asdict() for row in found.disagreements]
        say(json.dumps({**asdict(found), "disagreements": disagreements}, ensure_ascii=False, indent=1))
        return
    say(
        f"{counted(found.statements, 'statement')} coded twice; {counted(found.skipped, 'row')} not filled in", err=True
    )
    alphas = [("all concepts", _number(found.alpha)), *((name, _number(each)) for name, each in found.concepts.items())]
    rows = [
        (row.statement, row.concept, row.rules or "none", row.sheet or "none", row.gist) for row in found.disagreements
    ]
    if form == "table":
        show(("concept", "alpha"), alphas, form)
        show(_COMPARED, rows, form)
    else:
        show(_COMPARED, [*(("alpha", *each, "", "") for each in alphas), *rows], form)


def _number(alpha: float | None) -> str:
    return "undefined: one value only" if alpha is None else f"{alpha:.4f}"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{path} cannot be read: {reason(error)}.", param_hint="--compare") from error


def _write(sheets: Sheets, number: int, seed: int, path: Path | None) -> None:
    """Write the sheet and, beside it, the concepts with their definitions; or the sheet to standard output."""
    from graphkit.analysis.discourse.reliability import CONCEPTS, SHEET
    from graphkit.model.files import is_stream, replacing_all

    sheet = as_csv(SHEET, sheets.sample(number, seed))
    if path is None or is_stream(path):
        say(sheet, end="")
        return
    guide = path.with_name(f"{path.stem}-concepts.csv")
    with replacing_all(path, guide) as parts:
        for part, text in zip(parts, (sheet, as_csv(CONCEPTS, sheets.guide())), strict=True):
            part.write_text(text, encoding="utf-8", newline="")
    say(f"{path}\n{guide}\nIn the column codes, type concepts with + or -, such as: ID +; ID -   or none", err=True)
