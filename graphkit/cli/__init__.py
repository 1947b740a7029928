"""The command line. Only this package prints: results on stdout, everything else on stderr.

Exit codes: 0 success, 1 problems in the data, 2 usage or environment, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from graphkit.cli import (
    build,
    capture,
    check,
    disputes,
    draft,
    entities,
    explain,
    export,
    import_,
    init,
    publish,
    query,
    questions,
    quote,
    serve,
    site,
    view,
)
from graphkit.cli.output import plain
from graphkit.model.errors import GraphkitError

app = typer.Typer(
    name="graphkit",
    help="Record who said what, where, and who denies it: checked knowledge graphs of contested policy.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    init,
    import_,
    check,
    build,
    query,
    questions,
    explain,
    disputes,
    view,
    serve,
    site,
    export,
    publish,
    quote,
    capture,
    draft,
    entities,
):
    name = command.__name__.rpartition(".")[2].removesuffix("_")
    app.command(name, epilog=command.EXAMPLES)(command.run)


def main() -> None:
    """Run the command line; report a user's mistake in a line or two, without a traceback."""
    if sys.stdout is None:  # closed by the shell: graphkit … >&-
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as we run
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except GraphkitError as error:
        _complain(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        _complain("Interrupted; nothing was left half-written.")
        sys.exit(130)
    except BrokenPipeError:
        # The reader has closed the pipe (`graphkit query … | head`), which is not an error.
        _give_up_stdout()
        sys.exit(0)
    except OSError as error:
        _give_up_stdout()
        _complain(f"Cannot write the output: {error.strerror}.")
        sys.exit(2)


def _give_up_stdout() -> None:
    """Discard the remaining output, so that the interpreter does not report the closed pipe again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str) -> None:
    first, _, rest = plain(message).partition("\n")
    typer.secho(first, fg="red", err=True)
    if rest:
        typer.echo(rest, err=True)
