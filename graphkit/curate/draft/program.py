"""Proposals of another program, for example a language model: each is checked against the text and the vocabulary.

The program runs without a shell and with the rights of the user. It gets a JSON object on standard input and
writes another to standard output; none of its answer is trusted.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import tempfile
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from graphkit.corpus import parse
from graphkit.corpus.evidence import normalise, quote
from graphkit.corpus.json_schema import schemas
from graphkit.corpus.lint import check_text
from graphkit.corpus.references import Links, check_plain_dates
from graphkit.corpus.yaml_tree import parse_tree
from graphkit.curate.draft.drafts import Entry
from graphkit.curate.yaml_edit import capital
from graphkit.model.errors import GraphkitError, Location, NotFoundError, Problem
from graphkit.model.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphkit.corpus.yaml_tree import Node
    from graphkit.model.records import Corpus, Source

MOST_BYTES, MOST_PROPOSALS = 5_000_000, 1_000
_LONGEST_NAME = 60
_KEY = "proposal"


class ProgramError(GraphkitError):
    """The program of `graphkit draft --with` cannot be run, or its answer cannot be read."""


def program_name(command: str) -> str:
    """Return how proposals of a program are marked: its name without folders and options, which may hold secrets.

    >>> program_name("/usr/bin/python3 models/ask.py --key secret")
    'python3 ask.py'
    """
    words = _words(command)
    script = [word for word in words[1:2] if not word.startswith("-")]
    return visible(" ".join(PurePath(word).name for word in (words[0], *script)))[:_LONGEST_NAME]


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ProgramError(f"The command {command!r} cannot be read: {error}.", "Close its quotation marks.") from error
    if not words:
        raise ProgramError("The command is empty.", "Name a program: --with 'python3 ask.py'")
    return words


def answer_schema(corpus: Corpus) -> dict[str, Any]:
    """Return the JSON Schema of an answer: statements with a passage, and without evidence."""
    defs = schemas(corpus.vocabulary)["source.schema.json"]["$defs"]
    statement = defs["Statement"]
    fields = {name: field for name, field in statement["properties"].items() if name not in {"evidence", "proposed"}}
    text = {"type": "string", "description": "Words of the text, letter by letter, that prove the whole statement."}
    needed = [name for name in statement["required"] if name != "evidence"]
    item = {**statement, "properties": {"passage": text, **fields}, "required": ["passage", *needed]}
    proposals = {"type": "array", "maxItems": MOST_PROPOSALS, "items": item}
    whole = {"type": "object", "properties": {"proposals": proposals}, "required": ["proposals"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole, "$defs": defs}


def request(text: str, source: str, corpus: Corpus) -> dict[str, object]:
    """Return what the program gets on standard input."""
    words, known = corpus.vocabulary, corpus.sources.get(source)
    about = known.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"statements"}) if known else {}
    relations = {
        name: {
            "label": relation.label,
            "subject": sorted(relation.domain),
            "object": sorted(relation.range),
            "value": relation.datatype,
            "amount": relation.amount,
        }
        for name, relation in words.relations.items()
        if not relation.derived
    }
    entities = {
        slug: {"label": entity.label, "aliases": entity.names[1:], "kind": entity.kind}
        for slug, entity in corpus.entities.items()
    }
    kinds = {kind: sorted(words.ancestors.get(name, {name})) for kind, name in words.kinds.items()}
    vocabulary = {"relations": relations, "stances": sorted(words.stances), "kinds": kinds, "entities": entities}
    return {
        "text": text,
        "source": {"id": source, **about},
        "vocabulary": vocabulary,
        "schema": answer_schema(corpus),
    }


def ask(command: str, question: Mapping[str, object], seconds: float) -> list[object]:
    """Run a program and return the proposals of its answer, unchecked.

    Raises:
        ProgramError: It cannot be started, fails, takes too long, answers too much, or not as it should.
    """
    output = _run(_words(command), json.dumps(question, ensure_ascii=False).encode("utf-8", "surrogatepass"), seconds)
    try:
        answer = json.loads(output)
    except (ValueError, RecursionError) as error:
        raise ProgramError(f"The answer of the program is not JSON: {visible(error)}.", _ANSWER) from error
    proposals = answer.get("proposals") if isinstance(answer, dict) else None
    if not isinstance(proposals, list):
        raise ProgramError("The answer of the program has no list “proposals”.", _ANSWER)
    if len(proposals) > MOST_PROPOSALS:
        raise ProgramError(
            f"The program answers {len(proposals):,} proposals.", f"Let it answer at most {MOST_PROPOSALS:,}."
        )
    return proposals


_ANSWER = 'Let it write one JSON object to standard output and nothing else: {"proposals": [...]}'


def _run(words: Sequence[str], question: bytes, seconds: float) -> bytes:
    """Return the standard output of a program that ends well and in time."""
    with tempfile.TemporaryFile() as stdin:
        stdin.write(question)
        stdin.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 - the user names the program; no shell reads the words
                words, stdin=stdin, stdout=subprocess.PIPE, start_new_session=True
            )
        except (OSError, ValueError) as error:
            raise ProgramError(f"The program {words[0]!r} cannot be started: {error}.", "Correct --with.") from error
    timer = threading.Timer(seconds, _stop, [process])
    timer.start()
    try:
        with process.stdout or tempfile.TemporaryFile() as stdout:
            output = stdout.read(MOST_BYTES + 1)
        if len(output) > MOST_BYTES:
            raise ProgramError(f"The program answers more than {MOST_BYTES:,} bytes.", "Let it answer less.")
        code = process.wait()
    finally:
        is_late = timer.finished.is_set()
        timer.cancel()
        _stop(process)
        process.wait()
    if is_late:
        raise ProgramError(f"The program had not finished after {seconds:g} seconds.", "Try --timeout SECONDS")
    if code:
        raise ProgramError(f"The program failed with exit code {code}.", "Run it by itself to see why.")
    return output


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a program and the processes that it has started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def check_proposals(
    proposals: Sequence[object], text: str, source: str, corpus: Corpus, name: str
) -> tuple[list[Entry], list[Problem]]:
    """Return the proposals that are right, as entries, and what is wrong with the others.

    Args:
        proposals: The answer of a program.
        text: The capture.
        source: The id of the source.
        corpus: What the proposals may refer to.
        name: The name of the program.
    """
    links = Links(corpus.entities, frozenset(corpus.sources), corpus.vocabulary)
    body = normalise(text)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for number, proposal in enumerate(proposals, 1):
        location = Location(f"proposal {number} of {name}")
        entry, found = _checked(proposal, body, links, corpus.sources.get(source), name)
        problems += [replace(problem, location=location) for problem in found]
        entries += [entry] if entry and not found else []
    return entries, problems


def _checked(
    proposal: object, body: str, links: Links, source: Source | None, name: str
) -> tuple[Entry | None, list[Problem]]:
    """Return a proposal as an entry, or what is wrong with it; the locations of the problems are left open."""
    passage = proposal.get("passage") if isinstance(proposal, dict) else None
    if not isinstance(proposal, dict) or not isinstance(passage, str):
        return None, [Problem("missing-key", Location(""), "It has no text 'passage'.", "quote the words of the text.")]
    try:
        evidence = quote(passage, body)
    except NotFoundError as error:
        return None, [Problem("passage-missing", Location(""), error.message, capital(error.hint))]
    statement = {key: value for key, value in proposal.items() if key != "passage"}
    proof = evidence.model_dump(exclude_none=True)
    head = {"id": "draft", "kind": "x", "publisher": "x", "title": "x"}
    file = {**head, "statements": {_KEY: {**statement, "evidence": proof}}}
    tree, problems = parse_tree(json.dumps(file, ensure_ascii=False), "")
    if problems:
        return None, problems
    found, problems = parse.source(tree)
    problems += [*check_text(tree), *check_plain_dates(tree)]
    if found and (record := found.statements.get(_KEY)):
        others = source.statements if source else {}
        whole = found.model_copy(update={"statements": {**others, _KEY: record}})
        problems += links.check_statement(tree, ("statements", _KEY), record, whole)
    values: dict[str, Node] = {key: value for key, value in _node(tree.root).items() if key != "evidence"}
    note = f"Proposed by {name}. Read the passage before you accept it."
    return Entry([note], values, evidence, _KEY), problems


def _node(root: Node) -> dict[str, Node]:
    statements = root.get("statements") if isinstance(root, dict) else None
    statement = statements.get(_KEY) if isinstance(statements, dict) else None
    return statement if isinstance(statement, dict) else {}
