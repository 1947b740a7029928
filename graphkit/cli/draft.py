"""`graphkit draft`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import CapturesOption, WorkspaceOption, chosen_workspace, timeout_option
from graphkit.cli.output import plain, show, show_problems

if TYPE_CHECKING:
    from graphkit.curate.draft.drafts import Proposal
    from graphkit.curate.draft.passages import Passage, Passages
    from graphkit.model.records import Corpus
    from graphkit.model.workspace import Workspace

EXAMPLES = (
    "Examples:  graphkit draft page.txt --source gazette-2021  |  graphkit draft --accept gazette-2021/council-denies"
)


def run(
    capture: Annotated[Path | None, typer.Argument(help="The capture, a text file.")] = None,
    source: Annotated[
        str, typer.Option("--source", help="The id of the source; by default the name of the file.")
    ] = "",
    command: Annotated[
        str, typer.Option("--with", help="Ask this program for proposals and check them.", metavar="COMMAND")
    ] = "",
    timeout: Annotated[float, timeout_option("Seconds that the program may take.")] = 120.0,
    accept: Annotated[
        str, typer.Option("--accept", help="Move one proposal into the data.", metavar="SOURCE/KEY")
    ] = "",
    every: Annotated[bool, typer.Option("--list", help="List the proposals that wait.")] = False,
    captures: CapturesOption = None,
    folder: WorkspaceOption = None,
) -> None:
    """Find the passages of a capture to code.

    Each one is written to drafts/ as an evidence block. Complete the blocks and accept them one by one.
    """
    if sum(map(bool, (capture, accept, every))) != 1:
        raise typer.BadParameter("Name a capture, or --list, or --accept SOURCE/KEY.")
    if command and not capture:
        raise typer.BadParameter("Name the capture to read, too.", param_hint="--with")
    found = chosen_workspace(folder)
    if accept:
        _accept(found, accept, captures)
    elif capture:
        _draft(found, capture, source or capture.stem, command, timeout)
    else:
        _list(found)


def _draft(found: Workspace, capture: Path, source: str, command: str, timeout: float) -> None:
    from graphkit.corpus.evidence import read_capture
    from graphkit.corpus.load import load
    from graphkit.curate.draft.drafts import add, draft_file, entry_of

    file = found.name(draft_file(found, source))
    text = read_capture(capture)
    corpus = load(found).corpus
    if not (found.data / "sources" / file.rpartition("/")[2]).is_file():
        _say(f"Before you accept one: graphkit capture {capture} --id {source} > data/sources/{source}.yaml")
    if command:
        entries, is_right = _ask(text, source, corpus, command, timeout)
        keys = add(found, source, entries)
        if len(keys) < len(entries):
            _say(f"Left out: {len(entries) - len(keys):,} that wait or are in the data already.")
    else:
        passages = _passages(found, text, source, corpus)
        keys, is_right = add(found, source, [entry_of(passage, corpus.entities) for passage in passages]), True
        for key, passage in zip(keys, passages, strict=True):
            typer.echo(f"{key}\n    {plain(passage.text)}")
    _say(f"{file}: {len(keys):,} added. Complete them there, then: graphkit draft --accept {source}/KEY")
    raise typer.Exit(0 if is_right and keys else 1)


def _passages(found: Workspace, text: str, source: str, corpus: Corpus) -> list[Passage]:
    """Return the passages that do not contain the start of a coded or waiting passage."""
    from graphkit.corpus.evidence import find
    from graphkit.curate.draft.drafts import evidence_in, waiting
    from graphkit.curate.draft.passages import find_passages
    from graphkit.curate.draft.terms import read_cues
    from graphkit.model.vocabulary import read_ontology

    words = corpus.vocabulary
    passages = find_passages(text, corpus.entities, read_cues(read_ontology(found.vocabularies()), words), words)
    known = corpus.sources.get(source)
    coded = [statement.evidence for statement in known.statements.values()] if known else []
    noted = filter(None, map(evidence_in, waiting(found, source).values()))
    taken = {find(evidence, passages.body).at for evidence in (*coded, *noted)}
    fresh = [passage for passage in passages.found if taken.isdisjoint(passage.span)]
    _report(passages, len(passages.found) - len(fresh))
    return fresh


def _report(passages: Passages, taken: int) -> None:
    _say(f"Passages worth coding: {len(passages.found):,} of {len(passages.sentences):,} sentences.")
    if taken:
        _say(f"Left out: {taken:,} that contain the start of a coded or waiting passage.")
    if passages.unquotable:
        _say(f"Left out: {passages.unquotable:,} that begin or end with markup, control characters or very long words.")


def _ask(text: str, source: str, corpus: Corpus, command: str, timeout: float) -> tuple[list[Proposal], bool]:
    """Return the valid proposals of a program, and whether all are valid."""
    from graphkit.curate.draft.program import ask, check_proposals, program_name, program_words, request

    words = program_words(command)
    answer = ask(words, request(text, source, corpus), timeout)
    entries, problems = check_proposals(answer, text, source, corpus, program_name(words))
    show_problems(problems, "table")
    _say(f"Proposals: {len(answer):,}, {len(answer) - len(entries):,} of them wrong and not written.")
    return entries, not problems


def _list(found: Workspace) -> None:
    from graphkit.curate.draft.drafts import evidence_in, open_keys, waiting

    rows = []
    for path in sorted((found.root / "drafts").glob("*.yaml")):
        for key, entry in waiting(found, path.stem).items():
            evidence = evidence_in(entry)
            rows.append((f"{path.stem}/{key}", evidence.starts if evidence else "", ", ".join(open_keys(entry))))
    show(("proposal", "passage", "open"), rows, "table")
    _say(f"Proposals that wait: {len(rows):,}.")


def _accept(found: Workspace, name: str, captures: Path | None) -> None:
    from graphkit.curate.draft.drafts import accept
    from graphkit.model.errors import has_errors

    problems = accept(found, name, captures)
    show_problems(problems, "table", found.root)
    if has_errors(problems):
        typer.secho(f"{plain(name)} was not accepted.", fg="red", err=True)
        raise typer.Exit(1)
    typer.echo(f"{name} is in the data now. Next: graphkit build")


def _say(line: str) -> None:
    typer.echo(plain(line), err=True)
