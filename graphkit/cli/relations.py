"""`graphkit relations`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import FormatOption, WorkspaceOption, chosen_workspace
from graphkit.cli.output import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.model.vocabulary import Vocabulary
    from graphkit.model.workspace import Workspace

EXAMPLES = "Examples:  graphkit relations --from organisation --to person  |  graphkit relations --format csv"

_COLUMNS = ("relation", "from", "to", "meaning", "example", "uses")


def run(
    start: Annotated[str, typer.Option("--from", help="Only those whose subject may be of this kind.")] = "",
    end: Annotated[str, typer.Option("--to", help="Only those whose object may be of this kind.")] = "",
    form: FormatOption = "table",
    folder: WorkspaceOption = None,
) -> None:
    """List the relations that statements may use. Each comes with its direction, its meaning and its use."""
    from graphkit.model.glossary import glossary, kind_names
    from graphkit.model.iris import SP
    from graphkit.model.vocabulary import read_ontology, triples_of, vocabulary

    workspace = chosen_workspace(folder)
    quads = read_ontology(workspace.vocabularies())
    words, terms, uses = vocabulary(quads), glossary(triples_of(quads)), uses_in(workspace)
    first, last = _class(start, words), _class(end, words)
    rows = [
        (word, kind_names(term.starts), kind_names(term.ends), term.meaning, term.example, uses.get(term.name, 0))
        for word, relation in sorted(words.relations.items())
        for term in [terms[SP + relation.name]]
        if not relation.derived and words.connects(relation, first, last)
    ]
    show(_COLUMNS, rows, form)


def uses_in(workspace: Workspace) -> Mapping[str, int]:
    """Return how often each word is used in the build; say so if there is none."""
    from graphkit.analysis.usage import uses_of_words
    from graphkit.cli.output import say
    from graphkit.model.errors import StoreError
    from graphkit.query.worker import store_of

    try:
        return uses_of_words(store_of(workspace))
    except StoreError:
        say("There is no build, so no uses are counted. Type: graphkit build", err=True, colour="yellow")
        return {}


def _class(kind: str, words: Vocabulary) -> str:
    """Return the class of a kind; a class itself will do, also one above the kinds."""
    from graphkit.model.did_you_mean import instead
    from graphkit.model.errors import NotFoundError
    from graphkit.model.iris import token

    typed = token(kind.strip().replace(" ", "-"))
    known = {token(name): name for name in words.ancestors} | {**words.kinds}
    if typed and typed not in known:
        raise NotFoundError(f"There is no kind {kind[:60]!r}.", instead(typed, sorted(words.kinds)))
    return known.get(typed, "")
