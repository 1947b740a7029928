"""`graphkit view`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli import options
from graphkit.cli.output import plain, progress, say
from graphkit.model.files import is_stream
from graphkit.model.iris import DEFAULT_POLICY
from graphkit.model.text import counted
from graphkit.view import ENGINES, FORMATS, KINDS

if TYPE_CHECKING:
    import networkx as nx

    from graphkit.model.workspace import Workspace
    from graphkit.query.answers import Answer
    from graphkit.query.questions import Question

EXAMPLES = "Examples:  graphkit view --about met --hops 2  |  graphkit view --kind dispute --about gangs-matrix"


def run(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file, or - for stdout; by default build/KIND.FORMAT.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", "-k", help="The kind of diagram.", **options.choice(KINDS))
    ] = None,
    about: Annotated[
        str,
        typer.Option(
            "--about", "-a", help="The entity, source or dispute to start from.", autocompletion=options.complete_name
        ),
    ] = "",
    hops: Annotated[int, typer.Option("--hops", min=0, max=9, help="How many steps to go from it.")] = 1,
    roll_up: options.RollUpOption = "no",
    query: Annotated[
        str, typer.Option("--query", "-q", help="Draw the answer to a saved question or a SPARQL query.")
    ] = "",
    param: Annotated[
        list[str] | None, typer.Option("--param", "-P", help="NAME=VALUE for the query; may be repeated.")
    ] = None,
    story: Annotated[str, typer.Option("--story", help="A story from data/stories to click through.")] = "",
    engine: Annotated[str, typer.Option("--engine", help="The drawing engine.", **options.choice(ENGINES))] = "svg",
    form: Annotated[
        str, typer.Option("--format", "-f", help="A page, or a picture for print.", **options.choice(FORMATS))
    ] = "html",
    width: Annotated[
        int,
        typer.Option(
            "--width",
            min=0,
            max=1000,
            help="Width of a figure in millimetres, such as 90 or 180, with a key.",
            show_default=False,
        ),
    ] = 0,
    policy: options.PolicyOption = DEFAULT_POLICY,
    as_of: options.AsOfOption = "",
    timeout: options.TimeoutOption = 30.0,
    rows: options.RowsOption = 50_000,
    memory: options.MemoryOption = 2_048,
    store: options.StoreOption = "",
    folder: options.WorkspaceOption = None,
) -> None:
    """Draw a network as one offline file. Every edge comes with its evidence."""
    from graphkit.query.worker import store_of
    from graphkit.view import view, write_figure
    from graphkit.view.diagrams import Asked, make

    _check_ending(output, form)
    workspace = options.chosen_workspace(folder, store)
    folder_of_output = options.output_folder(workspace, store)
    workspace = options.workspace_as_of(workspace, as_of, store)
    named = kind or ("result" if query else "ego" if about else "entities")
    path = (
        options.output_path(output)
        or folder_of_output / f"{'network' if named == 'entities' else named}{as_of and f'-{as_of}'}.{form}"
    )
    with progress(("ask", "network", "draw")) as enter:
        question, given = _question(workspace, query, param or [])
        answer = _answer(workspace, question, given, store, (timeout, rows, memory)) if question else None
        enter("network")
        grouped = (engine, form, story) == ("svg", "html", "")
        asked = Asked(policy, about, hops, answer, question, given, roll_up, grouped)
        network = make(named, store_of(workspace, store), asked)
        network = _told(network, workspace, story)
        enter("draw")
        # Answers and stories have no stored positions, and an endpoint's graph is not the build of this folder.
        kept = None if store or query or story or roll_up != "no" else workspace.places_file(named, about, hops)
        if width:
            write_figure(network, path, form, width)
        else:
            view(network, path, engine=engine, form=form, kept=kept)
    say(
        f"{path}: {counted(network.number_of_nodes(), 'node')}, {counted(network.number_of_edges(), 'edge')}, "
        f"{network.graph['drawn']} of {network.graph['total']} statements, policy {policy}",
        err=is_stream(path),
    )


def _check_ending(output: Path | None, form: str) -> None:
    """Refuse a name that stands for another format: other programs would not open the file."""
    ending = output.suffix.lower().removeprefix(".") if output else ""
    ending = "html" if ending == "htm" else ending
    if ending and ending != form:
        instead = f"type --format {ending}" if ending in FORMATS else f"name a file that ends in .{form}"
        raise typer.BadParameter(f"{output} is not the name of a file of the format {form}: {instead}", param_hint="-o")


def _told(network: nx.MultiDiGraph[str], workspace: Workspace, story: str) -> nx.MultiDiGraph[str]:
    """Return the part of a network that a story shows; the network if none was requested."""
    if not story:
        return network
    from graphkit.corpus.stories import find_story
    from graphkit.view.diagrams.told import told

    return told(network, find_story(workspace, story))


def _question(workspace: Workspace, query: str, param: list[str]) -> tuple[Question | None, dict[str, str]]:
    """Return the query to be drawn with its parameters; None if there is none."""
    from graphkit.cli.answers import given_parameters
    from graphkit.query.questions import question_of

    if param and not query:
        raise typer.BadParameter("It is for the answer to a query.", param_hint="--param")
    return question_of(workspace.questions(), query) if query else None, given_parameters(param)


def _answer(
    workspace: Workspace, question: Question, given: dict[str, str], store: str, costs: tuple[float, int, int]
) -> Answer:
    """Run the query to be drawn, within the same options.limits as `graphkit query`."""
    from graphkit.query.questions import answer
    from graphkit.query.remarks import remarks
    from graphkit.query.worker import runner

    seconds, rows, memory = costs
    asking = runner(workspace, options.limits(seconds, rows, memory, None), store)
    for remark in asking.run(remarks, question, given):
        say(plain(remark), err=True, colour="yellow")
    return asking.run(answer, question, given, rows)
