"""`graphkit vocabulary`."""

from __future__ import annotations

from typing import Annotated

import typer

from graphkit.cli.options import FormatOption, WorkspaceOption, chosen_workspace
from graphkit.cli.output import show
from graphkit.cli.relations import uses_in

EXAMPLES = "Examples:  graphkit vocabulary unit  |  graphkit vocabulary --format json"

_COLUMNS = ("list", "word", "label", "meaning", "example", "uses")


def run(
    name: Annotated[str, typer.Argument(help="Only this list, such as stance or unit.", metavar="[LIST]")] = "",
    form: FormatOption = "table",
    folder: WorkspaceOption = None,
) -> None:
    """List the words that data may use. Each kind, stance, unit and bound comes with its meaning."""
    from graphkit.model.did_you_mean import instead
    from graphkit.model.errors import NotFoundError
    from graphkit.model.glossary import glossary, word_lists
    from graphkit.model.iris import SP
    from graphkit.model.vocabulary import read_ontology, triples_of, vocabulary

    workspace = chosen_workspace(folder)
    quads = read_ontology(workspace.vocabularies())
    lists, terms = word_lists(vocabulary(quads)), glossary(triples_of(quads))
    if name and name not in lists:
        raise NotFoundError(f"There is no list {name[:60]!r}.", instead(name, lists))
    uses = uses_in(workspace)
    rows = [
        (each, word, term.label, term.meaning, term.example, uses.get(term.name, 0))
        for each, words in lists.items()
        if name in {"", each}
        for word, term in sorted((word, terms[SP + local]) for word, local in words.items())
    ]
    show(_COLUMNS, rows, form)
