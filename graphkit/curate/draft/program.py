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
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from graphkit.corpus import parse
from graphkit.corpus.evidence import normalise, quote
from graphkit.corpus.json_schema import schemas
from graphkit.corpus.lint import check_text
from graphkit.corpus.references import Links, check_plain_dates
from graphkit.corpus.write import source_fields
from graphkit.corpus.yaml_tree import Node, parse_tree
from graphkit.curate.draft.drafts import Proposal
from graphkit.curate.yaml_edit import entries
from graphkit.model.errors import GraphkitError, Location, NotFoundError, Problem
from graphkit.model.records import Corpus, Evidence, Statement
from graphkit.model.text import shortened, visible

MOST_BYTES, MOST_PROPOSALS = 5_000_000, 1_000
_KEY = "proposal"
_OURS = ("evidence", "proposed")
_ANSWER = 'Let it write one JSON object to standard output and nothing else: {"proposals": [...]}'


class ProgramError(GraphkitError):
    """The program of `graphkit draft --with` cannot be run, or its answer cannot be read."""


def program_words(command: str) -> list[str]:
    """Cut a command into a program and its arguments, as a shell would.

    Raises:
        ProgramError: A quotation mark is open, or there is no program.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ProgramError(f"The command {command!r} cannot be read: {error}.", "Close its quotation marks.") from error
    if not words:
        raise ProgramError("The command is empty.", "Name a program: --with 'python3 ask.py'")
    return words


def program_name(words: Sequence[str]) -> str:
    """Return the mark of a program's proposals: its name without folders and options, which may hold secrets.

    >>> program_name(["/usr/bin/python3", "models/ask.py", "--key", "secret"])
    'python3 ask.py'
    """
    script = [word for word in words[1:2] if not word.startswith("-")]
    return shortened(" ".join(PurePath(word).name for word in (words[0], *script)))


def request(text: str, source: str, corpus: Corpus) -> dict[str, object]:
    """Return the object that the program gets on standard input."""
    words, known = corpus.vocabulary, corpus.sources.get(source)
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
    return {
        "text": text,
        "source": {**(source_fields(known) if known else {}), "id": source},
        "vocabulary": {"relations": relations, "stances": sorted(words.stances), "kinds": kinds, "entities": entities},
        "schema": answer_schema(corpus),
    }


def answer_schema(corpus: Corpus) -> dict[str, Any]:
    """Return the JSON Schema of an answer: statements with a passage, and without evidence."""
    defs = schemas(corpus.vocabulary)["source.schema.json"]["$defs"]
    statement = defs["Statement"]
    fields = {name: field for name, field in statement["properties"].items() if name not in _OURS}
    fields["passage"] = {"type": "string", "description": "Words of the text, letter by letter, that prove it all."}
    needed = ["passage", *(name for name in statement["required"] if name != "evidence")]
    item = {**statement, "properties": fields, "required": needed}
    proposals = {"type": "array", "maxItems": MOST_PROPOSALS, "items": item}
    whole = {"type": "object", "properties": {"proposals": proposals}, "required": ["proposals"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole, "$defs": defs}


def ask(words: Sequence[str], question: Mapping[str, object], seconds: float) -> list[object]:
    """Run a program and return the proposals of its answer, unchecked.

    Raises:
        ProgramError: It cannot be started, fails, takes too long, answers too much, or not as it should.
    """
    output = _run(words, json.dumps(question, default=dict).encode(), seconds)
    try:
        answer = json.loads(output)
        json.dumps(answer, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise ProgramError(f"The answer of the program is not JSON: {visible(error)}.", _ANSWER) from error
    proposals = answer.get("proposals") if isinstance(answer, dict) else None
    if not isinstance(proposals, list):
        raise ProgramError("The answer of the program has no list “proposals”.", _ANSWER)
    if len(proposals) > MOST_PROPOSALS:
        raise ProgramError(
            f"The program answers {len(proposals):,} proposals.", f"At most {MOST_PROPOSALS:,} are read."
        )
    return proposals


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
) -> tuple[list[Proposal], list[Problem]]:
    """Return the proposals of a program that are right, as entries, and what is wrong with the others."""
    links = Links(corpus.entities, frozenset(corpus.sources), corpus.vocabulary)
    body, known = normalise(text), corpus.sources.get(source)
    others = known.statements if known else {}
    right: list[Proposal] = []
    problems: list[Problem] = []
    for number, proposal in enumerate(proposals, 1):
        values, evidence, found = _checked(proposal, body, links, others)
        location = Location(f"proposal {number} of {name}")
        problems += [replace(problem, location=location) for problem in found]
        if evidence and not found:
            note = f"Proposed by {name}: read the passage before you accept it."
            right.append(Proposal([note], values, evidence, _KEY))
    return right, problems


def _checked(
    proposal: object, body: str, links: Links, others: Mapping[str, Statement]
) -> tuple[dict[str, Node], Evidence | None, list[Problem]]:
    """Return the values and the evidence of a proposal, and what is wrong with it, at no location."""
    nowhere, passage = Location(""), proposal.get("passage") if isinstance(proposal, dict) else None
    if not isinstance(proposal, dict) or not isinstance(passage, str):
        return {}, None, [Problem("missing-key", nowhere, "It has no text 'passage'.", "add words of the text.")]
    try:
        evidence = quote(passage, body)
    except NotFoundError as error:
        return {}, None, [Problem("passage-missing", nowhere, error.message, error.hint)]
    statement = {key: value for key, value in proposal.items() if key != "passage"}
    entry = {**statement, "evidence": evidence.model_dump(exclude_none=True)}
    file = {"id": "x", "kind": "x", "publisher": "x", "title": "x", "statements": {_KEY: entry}}
    tree, unreadable = parse_tree(json.dumps(file, ensure_ascii=False), "")
    found, problems = parse.source(tree)
    problems = unreadable or [*problems, *check_text(tree), *check_plain_dates(tree)]
    if found and (record := found.statements.get(_KEY)):
        whole = found.model_copy(update={"statements": {**others, _KEY: record}})
        problems += links.check_statement(tree, ("statements", _KEY), record, whole)
    values = entries(tree, "statements").get(_KEY)
    kept = {key: value for key, value in values.items() if key not in _OURS} if isinstance(values, dict) else {}
    return kept, evidence, problems
