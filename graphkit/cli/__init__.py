"""The command line. Only this package prints: results on stdout, everything else on stderr.

Exit codes: 0 success, 1 problems in the data, 2 usage or environment, 130 interrupted.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

    app: typer.Typer


def main() -> None:
    """Run the command line; report a user's mistake in a line or two, without a traceback."""
    try:
        from graphkit.cli.commands import run  # Ctrl-C may come here, too

        run(sys.argv[1:])
    except KeyboardInterrupt:
        print("Interrupted; no file was left half-written.", file=sys.stderr)
        sys.exit(130)


def __getattr__(name: str) -> typer.Typer:
    """Return `app`, which has every command."""
    if name != "app":
        raise AttributeError(f"module 'graphkit.cli' has no attribute {name!r}")
    from graphkit.cli.commands import make_app

    return make_app()
