"""Hostile files and arguments for the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from graphkit.cli.commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TEXTS = (
    b"", b"\x00", b"\xff\xfe\x00", b"\xef\xbb\xbf", b"{", b"- - - -", b"&a [*a]", b"a: &a [*a, *a]", b"? ? ?", b"!!python/object:os.system x",
    b"a: !!binary x", b"<<: *x", b"\t- x", b"a: b: c", b"'", b'"\\x"', b"%YAML 9.9\n---\n", b"---\n---\n---\n", b"[" * 5_000,
    b"a: " * 2_000, b"x" * 1_000_000, b"key: " + b"v" * 200_000, b"\n" * 100_000, b"\x1b[2J\x07", "\u202eevil".encode(), b"a: 1e999999",
    b"a: .nan", b"a: 9" + b"9" * 5_000, b"id: ../../etc/passwd", b"id: CON", b"a: 2021-99-99", b"null", b"true", b"[]", b"{}",
)  # fmt: skip
_FILES = ("data/sources/x.yaml", "data/entities/x.yaml", "data/dataset.yaml")
_QUERY = "# Title: t\n# Why: w\n# Into: derived\n# Level: error\n# Problem: p\n# Solution: s\n"
_BODIES = (
    "", "CONSTRUCT", "CONSTRUCT { ?s sp:x ?o } WHERE { SERVICE <CANARY> { ?s ?p ?o } }",
    "CONSTRUCT { ?s sp:x ?o } WHERE { SERVICESILENT <CANARY> { ?s ?p ?o } }", "CONSTRUCT { ?s sp:x ?o } WHERE { ?s ?p true SERVICE <CANARY> {} }",
    "SELECT * { SERVICE SILENT <CANARY> { ?s ?p ?o } }", "LOAD <CANARY>", "DROP ALL", "INSERT DATA { <x:a> <x:b> <x:c> }",
    "SELECT * FROM <CANARY> { ?s ?p ?o }", "ASK { FILTER(" + "!" * 200_000 + "true) }", "SELECT * { FILTER(" + "(" * 5_000 + "1" + ")" * 5_000 + ") }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o } ORDER BY ?o", "\x00", "SELECT * { ?s ?p '\\uD800' }", "é" * 50_000,
    "#now\nSELECT * { ?s ?p " + "a-" * 16_000,
)  # fmt: skip
_QUERY_FILES = ("ontology/rules/99-x.rq", "ontology/checks/x.rq", "ontology/questions/x.rq")
_TURTLE = (
    b"",
    b"@prefix",
    b"@base <CANARY> . <a> a <b> .",
    b"<x:a> <x:b> <x:c>",
    b"[" * 5_000,
    b"\x00",
    b"<a> owl:imports <CANARY> .",
    b"\xff" * 100,
)
_WORDS = (
    "", " ", "-", "--", "-o", "nan", "inf", "1e300", "-1", "0", "9" * 400, "\x1b[2J", "\x07", "\u202e", "a\nb", "../../etc/passwd", "/etc/passwd",
    "/dev/null", "/proc/self/mem", "x" * 5_000, "*", "$(id)", ";id", "%s%n", "{0}", "'", '"', "<x:a>", "http://127.0.0.1:9/", "CANARY", "é", "\udcff",
)  # fmt: skip
_COMMANDS = (
    ("query", "{}"), ("query", "who-denies", "speaker={}"), ("query", "who-denies", "--timeout={}"), ("explain", "{}"), ("export", "{}"),
    ("check", "-w", "{}"), ("view", "--about", "{}", "-o", "/dev/null"), ("questions", "{}"),
)  # fmt: skip

_WAITING = {"serve", "mcp"}  # they end when they are stopped


@dataclass(frozen=True, slots=True)
class Command:
    """A command that is run in a fresh workspace.

    Attributes:
        name: The name of the input.
        arguments: The arguments of `graphkit`.
        files: Path to content, written before.
    """

    name: str
    arguments: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)


def commands() -> Iterator[Command]:
    """Yield each command."""
    for number, (path, text) in enumerate(product(_FILES, _TEXTS)):
        yield Command(f"file {number} {path}", ("check",), {path: text})
    for number, (path, body) in enumerate(product(_QUERY_FILES, _BODIES)):
        command = ("query", "x") if "questions" in path else ("check",)
        yield Command(f"query file {number} {path}", command, {path: (_QUERY + body).encode()})
    for number, text in enumerate(_TURTLE):
        yield Command(f"shapes {number}", ("check",), {"ontology/shapes.ttl": text})
        yield Command(f"vocabulary {number}", ("check",), {"ontology/vocab.ttl": text})
    for number, name in enumerate(("a\x07b", "\x1b[2Ja", "a\nb", "\u202ea", "-a", "a" * 200)):
        yield Command(f"file name {number}", ("check",), {f"data/sources/{name}.yaml": b"id: ["})
    for words in ((), ("help",), ("--version",), *((name,) for name in COMMANDS if name not in _WAITING)):
        yield Command(f"bare {' '.join(words)}", words)
    for number, (words, value) in enumerate(product(_COMMANDS, _WORDS)):
        yield Command(f"argument {number}", tuple(word.replace("{}", value) for word in words))
