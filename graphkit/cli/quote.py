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
    from graphkit.corpus.evidence import quote
    from graphkit.corpus.write import evidence_lines
    from graphkit.model.errors import NotFoundError

    try:
        text = capture.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFoundError(f"{capture} cannot be read as text: {error}.", "Name a UTF-8 text file.") from error
    typer.echo("\n".join(evidence_lines(quote(words, text))))
