"""The list of the commands, and what the command line does about errors of any of them."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, cast

from graphkit.cli.output import plain, say
from graphkit.model.errors import DefectError, GraphkitError, reason

if TYPE_CHECKING:
    import typer

COMMANDS = (
    "init", "import", "check", "build", "query", "questions", "relations", "rules", "vocabulary", "explain", "disputes",
    "network", "windows", "measures", "backbone", "path", "coding", "view", "serve", "mcp", "site", "export", "release",
    "verify", "diff", "publish", "derive", "quote", "capture", "draft", "entities", "erase", "migrate",
)  # fmt: skip


def make_app(*names: str, listed: bool = False) -> typer.Typer:
    """Declare some commands, or all of them: a command that is not wanted need not be loaded.

    Args:
        listed: Declare only the names and summaries of all commands, for a list of them.
    """
    import typer

    from graphkit.cli.usage import Command, options

    app = typer.Typer(
        name="graphkit",
        help="Record who said what, where, and who denies it: checked knowledge graphs of contested policy.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "obj": COMMANDS},
        callback=options,  # without one, typer would run a single command without its name
    )
    for name in names or COMMANDS:
        module = "import_" if name == "import" else name
        if listed:
            app.command(name, help=_summary(module))(lambda: None)
            continue
        command = import_module(f"graphkit.cli.{module}")
        app.command(name, cls=Command, epilog=command.EXAMPLES)(command.run)
    return app


def _summary(module: str) -> str:
    """Return the first line that documents a command, without the imports of its module."""
    code = SourceFileLoader(module, str(Path(__file__).with_name(f"{module}.py"))).get_code(module)
    (run,) = (each for each in cast("CodeType", code).co_consts if isinstance(each, CodeType) and each.co_name == "run")
    return (FunctionType(run, {}).__doc__ or "").partition("\n")[0]


def run(words: list[str]) -> None:
    """Run a command, and report errors."""
    if sys.stdout is None:  # closed by the shell: graphkit … >&-
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as we run
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for letters that the encoding of a terminal lacks
    try:
        try:
            # Python may have taken the letters for ASCII, but terminals and scripts are in UTF-8.
            _run([os.fsencode(word).decode(errors="surrogateescape") for word in words])
        finally:
            sys.stdout.flush()
    except DefectError as error:
        _report(error)
    except GraphkitError as error:
        _fail(str(error))
    except MemoryError:
        _fail("There is not enough memory.\nEnd other programs, or raise the limit: ulimit -v")
    except BrokenPipeError:
        # The reader has closed the pipe, as `graphkit query … | head` does.
        _discard_stdout()
        sys.exit(0)
    except OSError as error:
        _discard_stdout()
        _fail(f"Cannot write the output: {reason(error)}.")
    except Exception:  # noqa: BLE001 - whatever it is, it is a defect of graphkit
        _report(DefectError.handled())


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
    # The shell asks for completions through the environment.
    typed = words or (os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or "").split()[1:]
    listed = not any(word in COMMANDS for word in typed)
    make_app(*(word for word in typed[:1] if word in COMMANDS), listed=listed)(words)


def _discard_stdout() -> None:
    """Discard the output that is left, so that the interpreter does not report the closed pipe at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report(defect: DefectError) -> None:
    """Print the traceback of a defect and the error, and end."""
    say(defect.trace, err=True)
    _fail(str(defect))


def _fail(message: str) -> None:
    """Print an error and end."""
    first, _, rest = plain(message).partition("\n")
    say(first, err=True, colour="red")
    if rest:
        say(rest, err=True)
    sys.exit(2)
