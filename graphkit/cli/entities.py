"""`graphkit entities`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import FormatOption, WorkspaceOption, chosen_workspace, complete_name
from graphkit.cli.output import plain, show, summary
from graphkit.model.names import ANY, WHOLE, NameIndex, resolve

if TYPE_CHECKING:
    from graphkit.corpus.load import Loaded
    from graphkit.curate.duplicates import Duplicate
    from graphkit.model.names import Look
    from graphkit.model.records import Corpus, Merge
    from graphkit.model.workspace import Workspace

EXAMPLES = "Examples:  graphkit entities --about met  |  graphkit entities --merge police met --reason 'One force.'"

_PAIR = ("slug", "label", "kind", "into", "into_label", "into_kind", "score", "for", "against", "obstacle", "merge")
_ENTITY = ("slug", "kind", "label", "aliases", "statements", "read_as")


def run(
    about: Annotated[
        str | None, typer.Option("--about", "-a", help="Only pairs with this entity.", autocompletion=complete_name)
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", "-k", help="Only entities of this kind.")] = None,
    threshold: Annotated[float | None, typer.Option(min=0, max=1, help="The lowest score; by default 0.7.")] = None,
    every: Annotated[bool, typer.Option("--all", help="List all entities with their number of statements.")] = False,
    merge: Annotated[
        tuple[str, str] | None,
        typer.Option(
            help="Replace OLD by NEW everywhere: adds a line to data/merges.yaml.",
            metavar="OLD NEW",
            autocompletion=complete_name,
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why the two are the same.")] = None,
    undo: Annotated[str | None, typer.Option(help="Undo a merge: deletes its line.", metavar="OLD")] = None,
    form: FormatOption = "table",
    folder: WorkspaceOption = None,
) -> None:
    """Find entities that may be duplicates. Reasons for and against come with each pair; you decide."""
    workspace = chosen_workspace(folder)
    if merge and undo:
        raise typer.BadParameter("Type either --merge or --undo.", param_hint="--merge")
    if merge:
        _merge(workspace, *merge, reason)
    elif undo:
        _undo(workspace, undo)
    else:
        loaded = _load(workspace)
        about = about and _found(loaded.corpus, about, ANY)
        _check(loaded.corpus, about, kind)
        if every:
            _list(loaded.corpus, about, kind, form)
        else:
            _compare(loaded.corpus, about, kind, threshold, form)


def _load(workspace: Workspace) -> Loaded:
    from graphkit.corpus.load import load

    loaded = load(workspace)
    if loaded.problems:
        typer.secho(f"The data has {summary(loaded.problems)}: graphkit check", fg="yellow", err=True)
    return loaded


def _check(corpus: Corpus, about: str | None, kind: str | None) -> None:
    from graphkit.model.did_you_mean import instead
    from graphkit.model.errors import NotFoundError

    if about is not None and about in corpus.replaced:
        raise NotFoundError(
            f"{about!r} has been merged into another entity.", f"Type: --about {corpus.replaced[about].by}"
        )
    if kind is not None and kind not in corpus.vocabulary.kinds:
        raise NotFoundError(f"There is no kind {kind!r}.", instead(kind, corpus.vocabulary.kinds))


def _found(corpus: Corpus, name: str, looks: Sequence[Look]) -> str:
    """Return the id of an entity with a name; an id that is in use or was merged stays as it is."""
    if name in corpus.entities or name in corpus.replaced:
        return name
    index = NameIndex((slug, each) for slug, entity in corpus.entities.items() for each in (slug, *entity.names))

    def describe(some: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        return ((corpus.entities[slug].label, corpus.entities[slug].kind, slug) for slug in some)

    return resolve(name, [index], describe, "workspace", looks)


def _list(corpus: Corpus, about: str | None, kind: str | None, form: str) -> None:
    from graphkit.curate.duplicates.evidence import read_usage

    usage = read_usage(corpus)
    rows: list[tuple[object, ...]] = [
        (slug, entity.kind, entity.label, _joined(entity.names[1:], form), usage.count(slug), "")
        for slug, entity in corpus.entities.items()
        if about in {None, slug} and kind in {None, entity.kind}
    ]
    rows += [
        (slug, "", old.label, _joined((), form), 0, old.by)
        for slug, old in corpus.replaced.items()
        if about in {None, old.by} and kind is None
    ]
    show(_ENTITY, sorted(rows, key=lambda row: str(row[0])), form)


def _compare(corpus: Corpus, about: str | None, kind: str | None, threshold: float | None, form: str) -> None:
    from graphkit.curate.duplicates import THRESHOLD, likely_duplicates

    entities = corpus.entities
    found = [
        pair
        for pair in likely_duplicates(corpus, THRESHOLD if threshold is None else threshold)
        if about in {None, pair.slug, pair.into} and kind in {None, entities[pair.slug].kind, entities[pair.into].kind}
    ]
    if form != "table":
        show(_PAIR, [_row(pair, corpus, form) for pair in found], form)
    for pair in found if form == "table" else ():
        _print(pair, corpus)
    if not found:
        what = f" of {about}" if about else f" of the kind {kind}" if kind else ""
        typer.echo(f"No likely duplicates{what} among {len(entities)} entities.", err=form != "table")


def _row(pair: Duplicate, corpus: Corpus, form: str) -> tuple[object, ...]:
    old, new = corpus.entities[pair.slug], corpus.entities[pair.into]
    return (
        pair.slug, old.label, old.kind, pair.into, new.label, new.kind, pair.score,
        _joined(pair.reasons, form), _joined(pair.doubts, form), pair.obstacle, _line(pair),
    )  # fmt: skip


def _joined(texts: tuple[str, ...], form: str) -> object:
    return list(texts) if form == "json" else " | ".join(texts)


def _line(pair: Duplicate) -> str:
    """Return a line for `merges:`; the strongest reason found is a draft for the curator."""
    from graphkit.corpus.write import merge_line

    return "" if pair.obstacle else merge_line(pair.slug, _record(pair.into, pair.reasons[0]))


def _print(pair: Duplicate, corpus: Corpus) -> None:
    labels = [plain(f"{slug} “{corpus.entities[slug].label}”") for slug in (pair.slug, pair.into)]
    typer.secho(f"{pair.score:.2f}  {' = '.join(labels)}?", bold=True)
    rows = [*(("for:", text) for text in pair.reasons), *(("against:", text) for text in pair.doubts)]
    rows.append(("obstacle:", pair.obstacle) if pair.obstacle else ("merge:", _line(pair)))
    for name, text in rows:
        typer.echo(f"      {name:<9}{plain(text)}")
    typer.echo("")


def _record(into: str, reason: str) -> Merge:
    from graphkit.model.records import Merge

    return Merge.model_construct(into=into, reason=reason, date=dt.datetime.now().astimezone().date().isoformat())


def _merge(workspace: Workspace, old: str, new: str, reason: str | None) -> None:
    from graphkit.curate.duplicates.record import record_merge

    if not reason or not reason.strip():
        raise typer.BadParameter("A merge needs it; say why the two are the same.", param_hint="--reason")
    corpus = _load(workspace).corpus
    old, new = _found(corpus, old, WHOLE), _found(corpus, new, WHOLE)
    record_merge(workspace, old, _record(new, reason.strip()))
    typer.echo(f"From the next build on, {new} replaces {old}. To undo: graphkit entities --undo {old}")


def _undo(workspace: Workspace, old: str) -> None:
    from graphkit.curate.duplicates.record import remove_merge

    remove_merge(workspace, old)
    typer.echo(f"From the next build on, {old} is a separate entity again.")
