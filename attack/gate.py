"""Looks for a query that passes `graphkit.store.guard` and makes the engine call a host.

Texts are put together from fragments on which a reader of SPARQL and the engine may disagree, and are then damaged at
random. The bare engine evaluates each text that passes; a server on loopback counts its requests. Processes keep their
network.

    python -m attack.gate 100000
"""

from __future__ import annotations

import random
import socket
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.errors import QueryError
from graphkit.store.guard import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

HOST = "http://127.0.0.1:{port}/"
PROLOGUES = (
    "", "PREFIX ex: <http://x.test/>", "PREFIX ex: <http://a:>", "PREFIX ex: <http://[::1]>",
    "BASE <http://a:> PREFIX ex: <>", "PREFIX : <HOST>", "PREFIX SERVICE: <HOST>", "PREFIX SILENT: <HOST>",
    "PREFIX \ufff0: <HOST>", "PREFIX a.b: <HOST>", "BASE <HOST>", "PREFIX trueSERVICE: <x:y>",
    "PREFIX service: <http://x.test/service#>", "PREFIX e-x: <HOST>",
)  # fmt: skip
FORMS = (
    "SELECT * {", "ASK {", "SELECT*{", "CONSTRUCT{?a ?b ?c}{", "SELECT (1 AS ?one) WHERE {", "ASK{FILTER EXISTS{",
    "ASK{{",
)  # fmt: skip
SPACES = (
    "", "", " ", "\n", "\t", "#\n", "#x\r", "#>\n", "# '\n", '#"\n', "#'''\n", "# {\n", "#SERVICE <x> {\n",
)  # fmt: skip
BEFORE = (
    "", "?s ?p ?o", "?s ?p ?o.", "?s ?p 1", "?s ?p 1.", "?s ?p 1.5", "?s ?p 1e3", "?s ?p true", "?s ?p false.",
    "?s ?p 'a'", '?s ?p "a\\""', "?s ?p '''a'b'''", '?s ?p """a"b"""', "?s ?p ''", "?s ?p 'a'@en", "?s ?p '1'^^<x:y>",
    "?s ?p ex:a", "?s ?p ex:a.b.", "?s ?p ex:a.b", "?s ?p ex:", "?s ?p ex:\\'", "?s ?p ex:a\\#", "?s ?p []",
    "?s ?p ()", "?s ?p _:b", "?s ?p _:a.b.", "FILTER(1<2)", "FILTER(1<2#>\n)", "FILTER(1<2)#>\n", "FILTER(?a<?b)",
    "FILTER(?a<'>')", "FILTER(1 <'a')", "VALUES ?v{1}", "VALUES ?v{'''a'}", "VALUES ?v{''''}",
    "VALUES(?v ?w){(1 <x:a#>)}", "VALUES(?v ?w){(1 <x:a'>)}", "BIND(1 AS ?q)", "OPTIONAL{}", "{}", "MINUS{}",
    "GRAPH ?g{}", "?s <x:p>/<x:q>? ?o.", "?s ex:p?", "<<?a ?b ?c>> ?d ?e.", "?s a", "?s ?p <x:a\\u0041#>.",
    "FILTER ex:f(1<2)", "?s ?p '''\\uD800'''", "LATERAL{}", "FILTER(1<2)FILTER(3<4#>\n)", "FILTER(ex:f(1<ex:a#>\n))",
    "FILTER(!(1<2#'>\n))", "?s ?p <x:#'>.",
)  # fmt: skip
WORDS = (
    "SERVICE", "service", "SeRvIcE", "SERVICE SILENT", "SERVICESILENT", "\\u0053ERVICE", "SERVICE#>\n",
    "SERVICE#'\nSILENT",
)  # fmt: skip
NAMES = (
    "<HOST>", "<HOST#>", "<HOSTa\\u0041>", ":x", "SERVICE:x", "SILENT:x", "\ufff0:x", "?u", "$u", "<>", "a.b:x",
    "e-x:x", ":x\\%", "ex:x",
)  # fmt: skip
AFTER = (
    "", "# \\z '''", "#'\n", "FILTER(?c>?d)", "'", '"', "VALUES ?u {<HOST>}", "# }", "FILTER('''a'>1)", "FILTER(1>2)",
    "#>\n",
)  # fmt: skip
DAMAGE = "<>#'\"\\ .:{}()?\n@_-%aS1\ufff0\u00aa\u200c"


def texts(count: int, seed: int) -> Iterator[str]:
    """Yield queries with HOST in place of an address."""
    chance = random.Random(seed)
    pick = chance.choice
    for _ in range(count):
        form = pick(FORMS)
        parts = [
            pick(PROLOGUES),
            pick(PROLOGUES),
            form,
            "VALUES ?u {<HOST>}" * chance.randrange(2),
            pick(BEFORE),
            pick(BEFORE),
        ]
        parts += [
            pick(WORDS),
            pick(NAMES),
            pick(("{?a ?b ?c}", "{}", "{ ?a ?b ?c }")),
            pick(AFTER),
            "}" * form.count("{", 1 - form.count("?a")),
        ]
        text = "".join(part + pick(SPACES) for part in parts)
        yield _damaged(text, chance) if chance.randrange(3) == 0 else text


def _damaged(text: str, chance: random.Random) -> str:
    for _ in range(chance.randrange(1, 3)):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(DAMAGE) * chance.randrange(2) + text[at + chance.randrange(2) :]
    return text


class Canary:
    """A server on loopback that closes each connection and counts it."""

    def __init__(self) -> None:
        self.hits = 0
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.host = HOST.format(port=self._socket.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            self.hits += 1
            connection.close()


@dataclass(slots=True)
class Report:
    """Numbers of texts: all, those that passed the gate, those of these that the engine read, and those that called."""

    tried: int = 0
    passed: int = 0
    read: int = 0
    calls: tuple[str, ...] = ()

    def __str__(self) -> str:
        passed = f"{self.passed:,} passed, the engine could read {self.read:,}"
        return f"{self.tried:,} texts, {passed}, {len(self.calls):,} called the canary"


def attack(queries: Iterable[str], canary: Canary, *, gate: bool = True) -> Report:
    """Evaluate queries; without the gate, to see whether they are dangerous at all."""
    store, report = ox.Store(), Report()
    store.add(ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.NamedNode("x:o")))
    for text in (query.replace("HOST", canary.host) for query in queries):
        report.tried += 1
        if gate and _is_refused(text):
            continue
        report.passed += 1
        before = canary.hits
        report.read += _evaluate(store, text)
        if canary.hits > before:
            report.calls += (text,)
    return report


def _is_refused(text: str) -> bool:
    try:
        refuse(text)
    except QueryError:
        return True
    return False


def _evaluate(store: ox.Store, text: str) -> bool:
    try:
        found = store.query(text, base_iri="http://x.test/")
        if not isinstance(found, ox.QueryBoolean):
            list(found)
    except SyntaxError:
        return False
    except (OSError, RuntimeError, ValueError):
        pass
    return True


def main(arguments: Sequence[str]) -> int:
    """Print the numbers; return 1 if a text called the canary."""
    count, seed = int(next(iter(arguments), "100000")), int(next(iter(arguments[1:]), "1"))
    canary = Canary()
    bare = attack(texts(2_000, seed), canary, gate=False)
    print(f"without the gate: {bare}")
    report = attack(texts(count, seed), canary)
    print(f"with the gate:    {report}")
    for text in report.calls[:10]:
        print(repr(text))
    return int(bool(report.calls) or not bare.calls)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
