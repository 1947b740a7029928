"""Options that several commands share."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.model.workspace import Workspace, find_workspace, questions_place

if TYPE_CHECKING:
    from graphkit.query.limits import Limits


class Format(enum.StrEnum):
    """How a list is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class Policy(enum.StrEnum):
    """What becomes a plain triple; the same list as `graphkit.model.iris.POLICIES`."""

    ATTRIBUTED = "attributed"
    UNDISPUTED = "undisputed"
    CORROBORATED = "corroborated"
    VERIFIED = "verified"


WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        help="The workspace; by default the current folder or the nearest above it.",
        show_default=False,
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print.")]
PolicyOption = Annotated[
    Policy, typer.Option("--policy", "-p", help="What becomes a plain edge; see the documentation of policies.")
]
CapturesOption = Annotated[
    Path | None,
    typer.Option("--captures", help="A folder of captures: every passage is looked up in them.", show_default=False),
]
TimeoutOption = Annotated[float, typer.Option("--timeout", min=0.001, help="Seconds after which a query is stopped.")]
RowsOption = Annotated[int, typer.Option("--rows", min=1, help="Rows at most; an answer that was cut says so.")]
MemoryOption = Annotated[int, typer.Option("--memory", min=16, help="Megabytes that a query may take.")]
HostsOption = Annotated[
    list[str] | None,
    typer.Option("--allow-host", help="A host that SERVICE may call; as often as needed.", show_default=False),
]
StoreOption = Annotated[
    str, typer.Option("--store", help="A SPARQL endpoint to ask instead of the local build.", show_default=False)
]


def workspace(folder: Path | None, store: str = "") -> Workspace:
    """Find the workspace that was named, or the one that we are in; who asks an endpoint needs none."""
    return questions_place(folder) if store else find_workspace(folder)


def output_folder(place: Workspace, store: str) -> Path:
    """Return where files go whose place was not named: the build folder, or for an endpoint the current one."""
    return Path() if store else place.build


def limits(seconds: float, rows: int, megabytes: int, hosts: list[str] | None) -> Limits:
    """Gather what a query may cost."""
    from graphkit.query.limits import Limits

    return Limits(seconds, rows, megabytes, frozenset(host.lower() for host in hosts or ()))
