"""A build, put on a server graph by graph: only what changed, and so that it can be interrupted.

The ledger on the server is written before anything else (these are ours, and not what they were), after each graph
(this one is whole again) and at the end (so is everything). Whatever is interrupted, it never says too much.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from graphkit.model.errors import GraphkitError, StoreError
from graphkit.model.iris import PREFIXES, iri
from graphkit.store.remote import PROTOCOLS
from graphkit.store.remote.endpoint import Endpoint
from graphkit.store.remote.http import Client, read_address
from graphkit.store.remote.ledger import LEDGER, PENDING, UNION, Ledger, read_ledger
from graphkit.store.remote.probe import PROBE, probe_lines, rewritten
from graphkit.store.remote.targets import GraphStore, Target, Updates, candidates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

_TARGETS: dict[str, type[GraphStore | Updates]] = dict(zip(PROTOCOLS, (GraphStore, Updates), strict=True))


@dataclass(frozen=True, slots=True)
class Server:
    """Where a build is put.

    Attributes:
        endpoint: Where it answers queries.
        protocol: gsp or update; "" to find out.
        write_url: Where it takes changes; "" to find out.
    """

    endpoint: Endpoint
    protocol: str = ""
    write_url: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done.

    Attributes:
        graphs: Those of the build, and their union, to their lines.
        entries: The same graphs to what the ledger says of each.
        ledger: What the server says now.
        send: Those that are missing there, or not what they are here.
        remove: Those that were ours and are no longer in the build.
    """

    graphs: Mapping[str, list[str]] = field(repr=False)
    entries: Mapping[str, str] = field(repr=False)
    ledger: Ledger = field(repr=False)
    send: tuple[str, ...]
    remove: tuple[str, ...]

    @property
    def whole(self) -> str:
        """A hash of everything."""
        return _hash(f"{graph} {entry}\n" for graph, entry in sorted(self.entries.items()))

    @property
    def triples(self) -> int:
        """How many are to be sent."""
        return sum(len(self.graphs[graph]) for graph in self.send)

    @property
    def done(self) -> bool:
        """Whether there is nothing to do."""
        return not self.send and not self.remove and self.ledger.whole == self.whole


@dataclass(frozen=True, slots=True)
class Published:
    """What was done.

    Attributes:
        target: Where changes were sent; "" if there were none.
        rewritten: Values that the server spells in its own way, each as it was sent and as it came back.
        repaired: Whether some of them are read back as they were sent.
    """

    target: str = ""
    rewritten: tuple[tuple[str, str], ...] = ()
    repaired: bool = False


def _hash(lines: Iterable[str]) -> str:
    made = hashlib.sha256()
    for line in lines:
        made.update(line.encode())
    return made.hexdigest()


def open_server(
    url: str, login: tuple[str, str] | None = None, protocol: str = "", write_url: str = "", seconds: float = 300.0
) -> Server:
    """Name the server that a build is put on.

    Raises:
        StoreError: That is no address, or no protocol.
    """
    if protocol and protocol not in PROTOCOLS:
        raise StoreError(f"There is no protocol {protocol!r}.", f"Type one of: {', '.join(PROTOCOLS)}.")
    shown, password = read_address(url, login)
    return Server(Endpoint(shown, Client(password, seconds)), protocol, read_address(write_url)[0] if write_url else "")


def read_graphs(path: Path) -> dict[str, list[str]]:
    """Read a build: each graph, and the union of all, as sorted N-Triples.

    Raises:
        StoreError: There is no build.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    union = found[UNION]
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                at = line.rindex(" <")
                triple = line[:at] + " .\n"
                found[line[at + 2 : -4]].append(triple)
                if not union or union[-1] != triple:  # the file is sorted: equal triples are neighbours
                    union.append(triple)
    except FileNotFoundError as error:
        raise StoreError(f"There is no build at {path}.", "Type: graphkit build") from error
    return dict(found)


def make_plan(server: Server, graphs: Mapping[str, list[str]]) -> Plan:
    """Find out what differs between a build and a server, the number of triples of each graph included.

    Raises:
        StoreError: The server cannot be asked.
    """
    entries = {graph: f"{_hash(lines)} {len(lines)}" for graph, lines in graphs.items()}
    ledger = read_ledger(server.endpoint)
    same = {graph for graph, entry in entries.items() if ledger.graphs.get(graph) == entry}
    same -= {graph for graph in same if _count(server.endpoint, graph) != len(graphs[graph])}
    # Whatever the ledger says: a graph that does not have our name is not ours to remove.
    remove = {graph for graph in set(ledger.graphs) - set(entries) if graph.startswith(PREFIXES["graph"])}
    # The union last: it is the largest, and what everything is asked of.
    send = sorted(set(entries) - same, key=lambda graph: (graph == UNION, graph))
    return Plan(graphs, entries, ledger, tuple(send), tuple(sorted(remove)))


def _count(endpoint: Endpoint, graph: str) -> int:
    return endpoint.number(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {iri(graph)} {{ ?s ?p ?o }} }}")


def publish(server: Server, plan: Plan, enter: Callable[[str], None]) -> Published:
    """Do what is planned.

    Args:
        server: Where.
        plan: What.
        enter: Called with the name of each graph before it is sent or removed.

    Raises:
        StoreError: The server does not take it, or does not hold afterwards what was sent.
    """
    if plan.done:
        return Published()
    pending = dict.fromkeys((*plan.send, *plan.remove, PROBE), PENDING)
    ledger = Ledger({**plan.ledger.graphs, **pending})
    target = _target(server, ledger)
    found, repaired = _probe(server, plan, target)
    for graph in (*plan.send, *plan.remove, PROBE):
        enter(graph)
        ledger = _replace(server, plan, target, ledger, graph)
    target.put(LEDGER, replace(ledger, whole=plan.whole).lines())
    return Published(target.url, found, repaired)


def _replace(server: Server, plan: Plan, target: Target, ledger: Ledger, graph: str) -> Ledger:
    """Send or remove one graph, and write so down; return the new ledger."""
    lines = plan.graphs.get(graph, [])
    graphs = {name: entry for name, entry in ledger.graphs.items() if name != graph}
    if lines:
        target.put(graph, lines)
        graphs[graph] = plan.entries[graph]
    else:
        target.drop(graph)
    count = _count(server.endpoint, graph)
    if count != len(lines):
        raise StoreError(
            f"{target.url} holds {count:,} triples of {iri(graph)}, and {len(lines):,} were sent.",
            "Type the same again; if it stays so, the server changes or refuses some of them: look into its log.",
        )
    new = Ledger(graphs)
    target.put(LEDGER, new.lines())
    return new


def _probe(server: Server, plan: Plan, target: Target) -> tuple[tuple[tuple[str, str], ...], bool]:
    lines = probe_lines(plan.graphs.get(UNION, ()))
    target.put(PROBE, lines)
    return rewritten(server.endpoint, lines)


def _target(server: Server, ledger: Ledger) -> Target:
    """Find where the server takes changes: the first place that takes the ledger, so that it can be asked for it."""
    refused: list[GraphkitError] = []
    for target in _candidates(server):
        try:
            target.put(LEDGER, ledger.lines())
        except GraphkitError as error:
            refused.append(error)
        else:
            if read_ledger(server.endpoint) == ledger:
                return target
            refused.append(StoreError(f"{target.url} took what {server.endpoint.url} does not show."))
    said = "\n  ".join(error.message for error in refused)
    # A server that asks for a password is the right one.
    hint = next((error.hint for error in refused if "answered 401" in error.message), "")
    if hint and server.endpoint.client.password:
        hint = f"It does not know this user and password. {hint}"
    raise StoreError(
        f"Nowhere there takes changes:\n  {said}",
        hint or "Name the place: --update-url URL, with --protocol gsp or update.",
    )


def _candidates(server: Server) -> list[Target]:
    client = server.endpoint.client
    if server.write_url:
        kinds = [_TARGETS[server.protocol]] if server.protocol else [*_TARGETS.values()]
        return [kind(server.write_url, client) for kind in kinds]
    name = server.endpoint.send("ASK {}", ()).headers.get("server", "")
    found = candidates(server.endpoint.url, name, client)
    return [one for one in found if not server.protocol or isinstance(one, _TARGETS[server.protocol])]
