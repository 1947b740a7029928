"""`graphkit quote`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = (
    "Examples:  graphkit quote page.txt 'paid for by the ministry'  |  graphkit quote ../captures/x.txt 'never asked'"
)


def run(
    capture: Annotated[Path, typer.Argument(help="The text file of the capture.", show_default=False)],
    words: Annotated[str, typer.Argument(help="The whole passage, word for word.", show_default=False)],
) -> None:
    """Print the evidence block of a passage. It holds the first and last words, the hash and the position."""
    from graphkit.corpus.evidence import quote, read_capture
    from graphkit.corpus.write import evidence_lines

    typer.echo("\n".join(evidence_lines(quote(words, read_capture(capture)))))
