"""The command line. Only this package prints: results on stdout, everything else on stderr.

Exit codes: 0 success, 1 problems in the data, 2 usage or environment, 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

    app: typer.Typer


def main() -> None:
    """Run the command line; report a user's mistake in a line or two, without a traceback."""
    sys.unraisablehook = _interrupt_again
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # it would look for them in each installed package
    gc.set_threshold(1_000_000)  # a command ends soon, and makes little garbage: looking for it takes 5 % of a build
    try:
        _use_base_of_workspace(sys.argv[1:])
        from graphkit.cli.memory import run_within_limit  # Ctrl-C may come here, too

        run_within_limit(_run)
    except KeyboardInterrupt:
        print("Interrupted; no file was left half-written.", file=sys.stderr)
        sys.exit(130)
    finally:
        gc.freeze()  # at the exit, too


def _run() -> None:
    from graphkit.cli.commands import run

    run(sys.argv[1:])


def _interrupt_again(dropped: sys.UnraisableHookArgs) -> None:
    """Repeat a Ctrl-C that came while Python freed an object, because Python drops all exceptions there."""
    if not issubclass(dropped.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(dropped)
        return
    from threading import Timer

    again = Timer(0.01, os.kill, (os.getpid(), signal.SIGINT))  # later, because this function is called there, too
    again.daemon = True
    again.start()


def _use_base_of_workspace(words: list[str]) -> None:
    """Let `graphkit.model.base_iri` find the workspace that an option names, before any module makes IRIs."""
    if "graphkit.model.base_iri" in sys.modules:
        return
    for word, following in zip(words, [*words, ""][1:], strict=True):
        option, _, value = word.partition("=")
        if option in {"-w", "--workspace"}:
            os.environ["GRAPHKIT_WORKSPACE"] = value or following


def __getattr__(name: str) -> typer.Typer:
    """Return `app`, which has every command."""
    if name != "app":
        raise AttributeError(f"module 'graphkit.cli' has no attribute {name!r}")
    from graphkit.cli.commands import make_app

    return make_app()
