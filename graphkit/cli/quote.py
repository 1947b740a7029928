"""`graphkit quote`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from graphkit.cli.output import say

EXAMPLES = (
    "Examples:  graphkit quote page.txt 'paid for by the ministry'  |  "
    "graphkit quote gazette-2021 'never asked' --captures ../captures"
)


def run(
    capture: Annotated[str, typer.Argument(help="The text file of the capture, or the id of its source.")],
    words: Annotated[str, typer.Argument(help="The whole passage.")],
    captures: Annotated[
        Path | None,
        typer.Option(
            "--captures",
            envvar="GRAPHKIT_CAPTURES",
            help="The folder of captures; by default graphkit/captures in your data folder.",
        ),
    ] = None,
) -> None:
    """Print the evidence block of a passage. It holds the first and last words, the hash and the position."""
    from graphkit.corpus.evidence import passage_hash, quote, read_capture
    from graphkit.corpus.write import evidence_lines
    from graphkit.curate.capture.files import default_folder
    from graphkit.model.did_you_mean import did_you_mean, files_like
    from graphkit.model.errors import NotFoundError

    path = Path(capture)
    if not path.exists() and "." not in path.name:
        folder = (captures or default_folder(os.environ)).expanduser()
        path = folder / f"{path.name}.txt"
        if not path.is_file():
            hint = f"Type: graphkit capture PAGE --id {capture}, or name the folder: --captures DIR"
            near = did_you_mean([name.removesuffix(".txt") for name in files_like(path)])
            raise NotFoundError(f"There is no file {capture}, and no {path.name} in {folder}.", near or hint)
    proof = quote(words, read_capture(path))
    if proof.sha256 != passage_hash(words):
        say("The capture prints other signs or spaces; this is the evidence of its text.", err=True)
    say("\n".join(evidence_lines(proof)))
