"""The command line. Only this package prints: results on stdout, everything else on stderr.

Exit codes: 0 success, 1 problems in the data, 2 usage or environment, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.cli.output import plain, say
from graphkit.model.errors import GraphkitError

if TYPE_CHECKING:
    import typer

    app: typer.Typer

COMMANDS = (
    "init", "import", "check", "build", "query", "questions", "explain", "disputes", "view", "serve", "site", "export",
    "publish", "quote", "capture", "draft", "entities",
)  # fmt: skip


def make_app(*names: str) -> typer.Typer:
    """Declare some commands, or all of them: a command that is not wanted need not be loaded."""
    import typer

    app = typer.Typer(
        name="graphkit",
        help="Record who said what, where, and who denies it: checked knowledge graphs of contested policy.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=_no_options,  # typer would run a single command without its name
    )
    for name in names or COMMANDS:
        command = import_module(f"graphkit.cli.{'import_' if name == 'import' else name}")
        app.command(name, epilog=command.EXAMPLES)(command.run)
    return app


def _no_options() -> None:
    pass


def __getattr__(name: str) -> typer.Typer:
    """Return `app`, which has every command."""
    if name != "app":
        raise AttributeError(f"module 'graphkit.cli' has no attribute {name!r}")
    return make_app()


def main() -> None:
    """Run the command line; report a user's mistake in a line or two, without a traceback."""
    if sys.stdout is None:  # closed by the shell: graphkit … >&-
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as we run
    try:
        try:
            _run(sys.argv[1:])
        finally:
            sys.stdout.flush()
    except GraphkitError as error:
        _complain(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        _complain("Interrupted; no file was left half-written.")
        sys.exit(130)
    except BrokenPipeError:
        # The reader has closed the pipe, as `graphkit query … | head` does.
        _discard_stdout()
        sys.exit(0)
    except OSError as error:
        _discard_stdout()
        _complain(f"Cannot write the output: {error.strerror}.")
        sys.exit(2)


def _run(words: list[str]) -> None:
    if words[:1] == ["query"]:
        from graphkit.cli.answers import read_arguments

        arguments = read_arguments(words[1:])
        if arguments:
            from graphkit.cli.answers import print_answer
            from graphkit.model.workspace import find_workspace
            from graphkit.query.limits import Limits

            print_answer(find_workspace(), arguments, Limits())
            return
    make_app(*(word for word in words[:1] if word in COMMANDS))()


def _discard_stdout() -> None:
    """Discard the output that is left, so that the interpreter does not report the closed pipe at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str) -> None:
    first, _, rest = plain(message).partition("\n")
    say(first, err=True, colour="red")
    if rest:
        say(rest, err=True)
