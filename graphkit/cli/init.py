"""`graphkit init`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from graphkit.model.workspace import LICENCES, NewDataset, init_workspace

EXAMPLES = (
    "Examples:  graphkit init my-graph  |  "
    'graphkit init cameras --title "Street cameras" --base https://example.org/cameras/ --licence CC0-1.0'
)
_DEFAULTS = NewDataset()


def run(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.", metavar="DIR")],
    title: Annotated[str | None, typer.Option(help="The title of the dataset.")] = None,
    base: Annotated[str | None, typer.Option(help="The address under which ids become IRIs.", metavar="IRI")] = None,
    language: Annotated[str | None, typer.Option(help="The language of labels and gists, such as en.")] = None,
    licence: Annotated[str | None, typer.Option(help=f"An address, or {', '.join(LICENCES)}.")] = None,
) -> None:
    """Create a workspace with a small example. It contains the ontology; replace the example with your data."""
    dataset = NewDataset(
        _given(title, "Title", _DEFAULTS.title),
        _given(base, "Base of the IRIs, an address of your own", _DEFAULTS.base),
        _given(language, "Language", _DEFAULTS.language),
        _given(licence, "Licence", "CC-BY-4.0"),
    )
    workspace = init_workspace(folder, dataset)
    typer.echo(f"{workspace.root} is a workspace. Next: cd {folder} && graphkit build && graphkit questions")
    if dataset.base == _DEFAULTS.base:
        typer.echo(f"Ids become IRIs under {dataset.base}; before you publish, change base in data/dataset.yaml.")


def _given(value: str | None, question: str, default: str) -> str:
    """Return the value of a flag; without one, ask a person, or without a terminal take the default."""
    if value is None and sys.stdin.isatty():
        return str(typer.prompt(question, default=default, err=True))
    return default if value is None else value
