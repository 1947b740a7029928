"""Hostile SPARQL queries. CANARY stands for an address that no query may reach."""

from __future__ import annotations

import random
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ALL = "?s ?p ?o"
LONGEST = 32_000
# What may stand before and after the keyword: the engine needs no space between many tokens.
_BEFORE = (
    "",
    "true",
    "1",
    "1.0",
    "?s ?p 'x'.",
    "<x:a> <x:b> <x:c>.",
    "?s a ?c.",
    "{}",
    "FILTER(true)",
    "?s ?p 'x'@en.",
)
_KEYWORDS = ("SERVICE", "service", "SeRvIcE", "\\u0053ERVICE", "SERVIC\\u0045")
_AFTER = ("", " ", "\n", "#now\n", "SILENT", " SILENT ", "\u00a0")
_TARGETS = ("<CANARY>", "e:x", "?h", "<x>")
# Units whose repetition once took or could take more than linear time in a tokeniser.
_UNITS = (
    "a-", "a.", "a-a.", '"""', "'''", '""', '"\\"', "'\\'", "<", "<a", "%41", "\\u0041", "\\", "?", "$", "@a-", "_:a.", "1.",
    "1e", "1e+", ".", "..", "#", "(", "{", "[", "\n", ":", "a:", "a:b.", "-", "^", "|", "&&", "!", "\x00", " ", "\t", "é", "a",
    "now", "NOW(", "service ", "serviceservice", "<x:y>", "?a-b", "a:%41", "_:", "'", '"', "𝒳", "\u200d",
)  # fmt: skip
_HEADS = ("#now\nSELECT * { ?s ?p ", "SELECT (NOW() AS ?n) { ?s ?p ", "PREFIX a: <x:y> ASK { # service\n ?s ?p ")
_UPDATES = (
    "DROP ALL", "CLEAR ALL", "CLEAR SILENT GRAPH <x:y>", "INSERT DATA { <x:a> <x:b> <x:c> }", "CREATE GRAPH <x:y>",
    "DELETE WHERE { ?s ?p ?o }", "DELETE { ?s ?p ?o } INSERT { ?o ?p ?s } WHERE { ?s ?p ?o }", "COPY <x:a> TO <x:b>",
    "MOVE <x:a> TO <x:b>", "ADD DEFAULT TO <x:b>", "LOAD <CANARY>", "LOAD SILENT <CANARY> INTO GRAPH <x:y>",
    "LOAD<CANARY>", "LOAD <file:///etc/passwd>", "ASK {} ; DROP ALL", "ASK {}\n;LOAD <CANARY>", "dRoP aLl",
    "WITH <x:y> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "INSERT { ?s ?p ?o } USING <CANARY> WHERE { ?s ?p ?o }",
)  # fmt: skip
_PATTERNS = (
    "(a+)+$",
    "(a|aa)+$",
    "(x+x+)+y",
    "a{1000}{1000}",
    "(?:a{1,999}){1,999}",
    "[",
    "(",
    "\\\\",
    "(?R)",
    "\\p{L}{9999}",
)
_TERMS = (
    "?s",
    "'a'",
    "'a'@en",
    "1",
    "1.5",
    "1e0",
    "true",
    "<x:a>",
    "BNODE()",
    "?unbound",
    "'2020-01-01'^^xsd:date",
    "NOW()",
)


def queries() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each query."""
    families = {
        "service": _services(), "update": _updates(), "tokens": _tokens(), "nesting": _nesting(), "work": _work(),
        "order": _orders(), "graphs": _graphs(), "random": _random(),
    }  # fmt: skip
    for family, texts in families.items():
        for number, text in enumerate(texts):
            yield f"{family} {number}", text


def _services() -> Iterator[str]:
    for number, (before, keyword, after) in enumerate(product(_BEFORE, _KEYWORDS, _AFTER)):
        target = _TARGETS[number % len(_TARGETS)]
        values = "VALUES ?h { <CANARY> } " if target == "?h" else ""
        declared = "PREFIX e: <CANARY> " if target == "e:x" else "BASE <CANARY> " if target == "<x>" else ""
        yield f"{declared}SELECT * {{ {values}{before}{keyword}{after}{target} {{ {ALL} }} }}"


def _updates() -> Iterator[str]:
    for text in _UPDATES:
        yield text
        yield f"# now\n\ufeff{text}"


def _tokens() -> Iterator[str]:
    for head, unit in product(_HEADS, _UNITS):
        yield head + unit * ((LONGEST - len(head)) // len(unit.encode()))


def _nesting() -> Iterator[str]:
    shapes = {"(": ")", "{ ": " }", "[ <x:p> ": "]", "!": "", "-": "", "{ SELECT * { ": " } }", "IF(true, ": ", 1)"}
    for (left, right), depth in product(shapes.items(), (10, 63, 65, 300, 2_000, 6_000)):
        inner = "{}" if left.startswith("{") else "1"
        text = (left * depth + inner + right * depth)[:LONGEST]
        yield f"SELECT * {text}" if left.startswith("{") else f"SELECT * {{ FILTER({text}) }}"


def _work() -> Iterator[str]:
    triples = ["?a ?b ?c", "?d ?e ?f", "?g ?h ?i", "?j ?k ?l"]
    for count, head in product(
        (2, 3, 4), ("SELECT *", "SELECT (COUNT(*) AS ?n)", "SELECT DISTINCT ?a ?d", "CONSTRUCT { ?a ?e ?c }")
    ):
        yield f"{head} WHERE {{ {' . '.join(triples[:count])} }}"
    for pattern in _PATTERNS:
        yield f"SELECT * {{ ?s ?p ?o FILTER(REGEX(STR(?o), '{pattern}')) }}"
        yield f"SELECT (REPLACE('{'a' * 5_000}!', '{pattern}', '$1$1') AS ?x) {{}}"
    for times in (10, 20, 34):
        doubled = " ".join(f"BIND(CONCAT(?x{one}, ?x{one}) AS ?x{one + 1})" for one in range(times))
        yield f"SELECT (STRLEN(?x{times}) AS ?n) {{ BIND('aaaaaaaaaaaaaaaa' AS ?x0) {doubled} }}"
    yield "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o } " * 1_000 + "}"
    yield "SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 2_000) + " }"
    yield "SELECT * { ?a " + "/".join(["(<x:a>|!<x:a>)*"] * 200) + " ?b }"
    yield "SELECT (COUNT(*) AS ?n) { ?a (<x:a>|!<x:a>)* ?b . ?b (<x:a>|!<x:a>)* ?c }"
    yield "SELECT * { VALUES ?x { " + "1 " * 10_000 + "} VALUES ?y { 1 2 3 } }"
    yield "SELECT (GROUP_CONCAT(?o; separator='x') AS ?all) { ?s ?p ?o . ?a ?b ?c }"
    yield "DESCRIBE * { ?s ?p ?o }"


def _orders() -> Iterator[str]:
    values = " ".join(_TERMS[1:8])
    for first, second in product(_TERMS, ("?x", "DESC(?x)", "RAND()", "STRLEN(?x)")):
        yield f"SELECT * {{ VALUES ?x {{ {values} UNDEF }} BIND({first} AS ?y) }} ORDER BY ?y {second}"


def _graphs() -> Iterator[str]:
    for word, target in product(
        ("FROM", "FROM NAMED"), ("<CANARY>", "<file:///etc/passwd>", "<ftp://CANARY>", "<x>", "<>")
    ):
        yield f"SELECT * {word} {target} {{ {ALL} }}"
        yield f"ASK {word}{target}{{ GRAPH ?g {{ {ALL} }} }}"


def _random() -> Iterator[str]:
    """Yield texts of random tokens, the same in each run."""
    chance = random.Random(15)
    words = (
        *_UPDATES,
        *_TERMS,
        *_UNITS,
        "SELECT",
        "ASK",
        "WHERE",
        "{",
        "}",
        "(",
        ")",
        "SERVICE",
        "<CANARY>",
        "*",
        "BIND",
        "AS ?z",
        ".",
    )
    for _ in range(250):
        yield " ".join(chance.choices(words, k=chance.randrange(1, 60)))
