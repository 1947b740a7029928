"""`graphkit draft`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import WorkspaceOption, workspace
from graphkit.cli.output import plain

if TYPE_CHECKING:
    from graphkit.curate.draft import Draft
    from graphkit.model.records import Corpus

EXAMPLES = "Examples:  graphkit draft page.txt  |  graphkit draft page.txt --source gazette-2021 -o gazette-2021.yaml"

# More is no draft that anybody reads, and no file that is loaded.
MOST = 2_000
_SHOWN = 5


def run(
    capture: Annotated[Path, typer.Argument(help="The capture, a text file.", show_default=False)],
    source: Annotated[
        str | None, typer.Option("--source", help="The id of the source; by default the file name.", show_default=False)
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A new file; by default the screen.", show_default=False),
    ] = None,
    publisher: Annotated[
        str | None, typer.Option("--publisher", help="The entity that published it.", show_default=False)
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="The kind of source, such as news-article.", show_default=False)
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="Its title.", show_default=False)] = None,
    folder: WorkspaceOption = None,
) -> None:
    """Propose statements of a capture for a person to accept, each marked as a proposal. Guesses, and not all."""
    from graphkit.corpus.load import load
    from graphkit.curate.draft import draft, draft_head, not_coded, read_cues, read_names, spell
    from graphkit.model.vocabulary_file import read_ontology

    place = workspace(folder)
    if output:
        _refuse_to_overwrite(output)
    raw, text = _read(capture)
    corpus = load(place).corpus
    cues = read_cues(read_ontology(place.vocabularies()), corpus.vocabulary)
    given = {"kind": kind, "publisher": publisher, "title": title}
    head = draft_head(source or capture.stem, raw, text, given, corpus)
    found = draft(text, read_names(corpus.entities, corpus.vocabulary), cues, corpus.vocabulary)
    _tell(found, str(head["id"]), corpus)
    if left := [key for key, value in head.items() if value is None]:
        _say(f"Left open for you to fill in: {', '.join(left)}.")
    known = corpus.sources.get(str(head["id"]))
    fresh = not_coded(found.proposals, known) if known else found.proposals
    if len(fresh) < len(found.proposals):
        _say(f"Left out, as the source has them: {len(found.proposals) - len(fresh):,}.")
    if not fresh:
        _refuse(
            "The source has all that can be proposed.", "Code the rest by hand; docs/drafting.md says what it misses."
        )
    whole = spell(head, fresh[:MOST], corpus.entities, corpus.vocabulary, known.statements if known else ())
    _write(whole, output)


def _refuse_to_overwrite(output: Path) -> None:
    from graphkit.model.errors import ExportError

    if output.exists():
        raise ExportError(f"{output} is there already; a draft overwrites nothing.", "Name a new file: -o FILE")


def _read(capture: Path) -> tuple[bytes, str]:
    """Return a capture as bytes and as text."""
    from graphkit.corpus.evidence import MAX_CAPTURE_BYTES
    from graphkit.model.errors import NotFoundError

    try:
        if capture.stat().st_size > MAX_CAPTURE_BYTES:
            raise NotFoundError(f"{capture} has more than {MAX_CAPTURE_BYTES:,} bytes.", "Name a smaller text file.")
        raw = capture.read_bytes()
        return raw, raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFoundError(f"{capture} cannot be read as text: {error}.", "Name a UTF-8 text file.") from error


def _tell(found: Draft, source: str, corpus: Corpus) -> None:
    """Say what was found and what was not; without a proposal there is nothing to write."""
    entities = len({one.slug for one in found.mentions})
    _say(f"Proposals: {len(found.proposals):,}. Mentions: {len(found.mentions):,}, of {entities:,} entities.")
    if known := corpus.sources.get(source):
        _say(f"{source!r} is in the workspace with {len(known.statements)} statements: its head was taken over.")
    for name, slugs in list(found.unclear.items())[:_SHOWN]:
        _say(f"{name!r} was passed over: it is a name of {', '.join(slugs)}.")
    if found.unquotable:
        _say(f"{found.unquotable:,} were left out: their passages cannot be noted (markup, controls, very long words).")
    if len(found.proposals) > MOST:
        _say(f"Only the first {MOST:,} are written; cut the capture into parts.")
    if not found.mentions:
        _refuse("No entity of the workspace is named here.", "Add entities and their aliases to data/entities/.")
    if not found.proposals:
        _refuse("No statement can be proposed.", "Code the source by hand; docs/drafting.md says what drafts miss.")
    _say("Each is marked proposed: true, and graphkit check refuses it until somebody has read it.")


def _say(line: str) -> None:
    typer.echo(plain(line), err=True)


def _refuse(what: str, solution: str) -> None:
    typer.secho(what, fg="red", err=True)
    typer.echo(solution, err=True)
    raise typer.Exit(1)


def _write(text: str, output: Path | None) -> None:
    from graphkit.model.errors import ExportError
    from graphkit.model.workspace import replacing

    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        with replacing(output) as beside:
            beside.write_text(text, encoding="utf-8", newline="\n")
            _refuse_to_overwrite(output)
    except OSError as error:
        raise ExportError(f"{output} cannot be written: {error.strerror}.", "Name another file: -o FILE") from error
    typer.echo(str(output))
