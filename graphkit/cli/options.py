"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import typer

from graphkit.analysis.discourse.settings import AGGREGATIONS, DUPLICATES, FILTERS, NORMALISATIONS
from graphkit.cli.output import LIST_FORMATS, say
from graphkit.model.did_you_mean import instead
from graphkit.model.iris import POLICIES
from graphkit.model.text import shortened
from graphkit.model.workspace import Workspace, find_workspace, questions_workspace
from graphkit.query.limits import LONGEST, Limits

if TYPE_CHECKING:
    from graphkit.analysis.discourse.reading import Reading
    from graphkit.store import Store


class Choice(TypedDict):
    """Arguments of `typer.Option` for an option that takes one word of a list."""

    parser: Callable[[str], str]
    metavar: str
    autocompletion: Callable[[str], list[str]]


def choice(words: Collection[str]) -> Choice:
    """Let an option take one word of a list."""

    def read(word: str) -> str:
        if word not in words:
            raise typer.BadParameter(f"{shortened(word)!r} is not a choice. {instead(word, words)}")
        return word

    def complete(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return Choice(parser=read, metavar=f"[{'|'.join(words)}]", autocompletion=complete)


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 < float(text) <= LONGEST:  # false for NaN
            return float(text)
    raise typer.BadParameter(f"{text!r} is not a number of seconds above 0, at most {LONGEST:,.0f}.")


def timeout_option(description: str) -> Any:  # noqa: ANN401 - as `typer.Option`
    """Declare `--timeout`."""
    return typer.Option("--timeout", parser=_seconds, metavar="SECONDS", help=description)


ConceptOption = Annotated[
    str,
    typer.Option(
        "--concept",
        help="codebook, claim (relation and object) or proposition; by default the codebook if there is one.",
    ),
]
ActorOption = Annotated[str, typer.Option("--actor", help="organisation, speaker, kind or sector.")]
NarratorsOption = Annotated[str, typer.Option("--narrators", help="drop or keep news media that report.")]
RollUpOption = Annotated[
    str, typer.Option("--roll-up", help="Count a concept as itself (no), as its broader ones, or as the broadest.")
]
AggregationOption = Annotated[str, typer.Option("--aggregation", help=f"{', '.join(AGGREGATIONS)}.")]
NormalisationOption = Annotated[str, typer.Option("--normalisation", help=f"{', '.join(NORMALISATIONS)}.")]
DuplicatesOption = Annotated[
    str, typer.Option("--duplicates", help=f"include, or once for each of: {', '.join(DUPLICATES[1:])}.")
]
StartOption = Annotated[str, typer.Option("--start", help="First day, month or year.")]
EndOption = Annotated[str, typer.Option("--end", help="Last day, month or year.")]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        help=f"Only statements with this value, by name or id; may be repeated. NAME is one of: {', '.join(FILTERS)}.",
        metavar="NAME=VALUE",
    ),
]
WithoutOption = Annotated[
    list[str] | None, typer.Option("--without", help="No statements with this value; as --only.", metavar="NAME=VALUE")
]
WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help="The workspace; by default the current folder or its nearest parent."),
]
FormatOption = Annotated[str, typer.Option("--format", "-f", help="Output format.", **choice(LIST_FORMATS))]
PolicyOption = Annotated[
    str,
    typer.Option("--policy", "-p", help="Which statements become plain edges; see docs/model.md.", **choice(POLICIES)),
]
CapturesOption = Annotated[
    Path | None, typer.Option("--captures", help="A folder of captures in which to look up every passage.")
]
TimeoutOption = Annotated[float, timeout_option("Time limit of a query in seconds.")]
RuleTimeoutOption = Annotated[
    float | None,
    timeout_option("Time limit of each rule and check in seconds; by default 5, and 1 for each 2,500 quads."),
]
RowsOption = Annotated[int, typer.Option("--rows", min=1, help="Most rows of an answer; a cut answer says so.")]
MemoryOption = Annotated[int, typer.Option("--memory", min=16, help="Memory limit of a query in megabytes.")]
HostsOption = Annotated[
    list[str] | None, typer.Option("--allow-host", help="A host that SERVICE may call; may be repeated.")
]
StoreOption = Annotated[str, typer.Option("--store", help="A SPARQL endpoint to query instead of the local build.")]

AsOfOption = Annotated[
    str, typer.Option("--as-of", help="Only sources published by this date, such as 2021-06.", metavar="DATE")
]


def chosen_workspace(folder: Path | None, store: str = "") -> Workspace:
    """Find the given workspace or the current one; a query to an endpoint needs no workspace."""
    return questions_workspace(folder) if store else find_workspace(folder)


def workspace_as_of(workspace: Workspace, date: str, store: str = "") -> Workspace:
    """Return a workspace with the graph as of a date, and print what is left out; by default the same workspace."""
    if not date:
        return workspace
    if store:
        raise typer.BadParameter("Only the build of a workspace takes it, not an endpoint.", param_hint="--as-of")
    from graphkit.build.as_of import as_of

    found = as_of(workspace, date)
    say(str(found), err=True)
    return found.workspace


def store_as_of(folder: Path | None, date: str, url: str) -> Store:
    """Open the endpoint with this address; without one, the build of a workspace as of a date, by default the last."""
    from graphkit.query.worker import store_of

    return store_of(workspace_as_of(chosen_workspace(folder, url), date, url), url)


def complete_name(incomplete: str) -> list[str]:
    """Complete the names of entities and sources in the shell: their labels, aliases and ids."""
    from graphkit.model.errors import GraphkitError
    from graphkit.query.names import name_index
    from graphkit.query.worker import store_of

    try:
        store = store_of(find_workspace())
    except GraphkitError:
        return []
    found = (name for prefix in ("id", "source") for name in name_index(store, prefix).names(incomplete))
    # The shell takes only words that begin exactly like the typed one; a name means the same in any case.
    return [incomplete + name[len(incomplete) :] for name in found if len(name) >= len(incomplete)]


def complete_parameter(incomplete: str) -> list[str]:
    """Complete NAME=VALUE in the shell once the value is begun."""
    name, equals, value = incomplete.partition("=")
    return [f"{name}={each}" for each in complete_name(value)] if equals else []


def output_folder(workspace: Workspace, store: str) -> Path:
    """Return the default folder for output files: the build folder, or for an endpoint the current folder."""
    return Path() if store else workspace.build


def output_path(given: Path | None) -> Path | None:
    """Return the path that `-o` names; `-` is the standard output."""
    return Path("/dev/stdout") if given == Path("-") else given


def limits(seconds: float, rows: int, megabytes: int, hosts: list[str] | None) -> Limits:
    """Collect the limits of a query."""
    return Limits(seconds, rows, megabytes, frozenset(host.lower() for host in hosts or ()))


def named_values(given: Iterable[str] | None, option: str, form: str) -> dict[str, list[str]]:
    """Return the values of a repeated option by name.

    Args:
        form: What an entry looks like, with an example, for the message.

    >>> named_values(["source-kind=press-release", "relation=funded", "relation=paid"], "--only", "NAME=VALUE")
    {'source-kind': ['press-release'], 'relation': ['funded', 'paid']}
    """
    found: dict[str, list[str]] = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"{text!r} is not {form}.", param_hint=option)
        found.setdefault(name, []).append(value)
    return found


def filtered(reading: Reading, only: Iterable[str] | None, without: Iterable[str] | None) -> Reading:
    """Return a reading with the filters of `--only` and `--without`."""
    form = "NAME=VALUE, such as relation=criticised"
    return replace(reading, only=named_values(only, "--only", form), without=named_values(without, "--without", form))
