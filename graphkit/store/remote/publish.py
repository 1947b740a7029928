"""Put a build on a server, graph by graph: only changed graphs are sent, and an interrupted run can be repeated.

The ledger on the server is written first (it lists the graphs that will change), after each graph (the graph is
complete) and at the end (the build is complete). After an interruption it never lists an incomplete graph as complete.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from graphkit.model.did_you_mean import instead
from graphkit.model.errors import GraphkitError, StoreError
from graphkit.model.iris import PREFIXES, iri
from graphkit.store.remote import PROTOCOLS
from graphkit.store.remote.endpoint import Endpoint
from graphkit.store.remote.http import Client, read_address
from graphkit.store.remote.ledger import LEDGER, PENDING, UNION, Ledger, read_ledger
from graphkit.store.remote.targets import PROBE, GraphStore, Target, Updates, candidates, probe_lines, rewritten

_TARGETS: dict[str, type[GraphStore | Updates]] = dict(zip(PROTOCOLS, (GraphStore, Updates), strict=True))


@dataclass(frozen=True, slots=True)
class Server:
    """The server that a build is published to.

    Attributes:
        protocol: gsp or update; "" to detect it.
        write_url: The address for updates; "" to detect it.
    """

    endpoint: Endpoint
    protocol: str = ""
    write_url: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes that a server needs.

    Attributes:
        graphs: The graphs of the build and their union, each to its lines.
        entries: The same graphs to their entries in the ledger.
        ledger: The present ledger of the server.
        send: Graphs that the server lacks, or has with other content.
        remove: Graphs of an earlier build that are no longer in this build.
    """

    graphs: Mapping[str, list[str]] = field(repr=False)
    entries: Mapping[str, str] = field(repr=False)
    ledger: Ledger = field(repr=False)
    send: tuple[str, ...]
    remove: tuple[str, ...]

    @property
    def whole(self) -> str:
        """A hash of the whole build."""
        return _hash(f"{graph} {entry}\n" for graph, entry in sorted(self.entries.items()))

    @property
    def triples(self) -> int:
        """The number of triples to be sent."""
        return sum(len(self.graphs[graph]) for graph in self.send)

    @property
    def done(self) -> bool:
        """Whether the server already has the build."""
        return not self.send and not self.remove and self.ledger.whole == self.whole


@dataclass(frozen=True, slots=True)
class PublishReport:
    """The result of publishing a build.

    Attributes:
        target: The address that accepted the changes; "" if there were none.
        rewritten: Values that the server changes, each as it was sent and as it came back.
        repaired: Whether graphkit undoes some of these changes when it reads.
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
    """Return the server that a build is published to.

    Raises:
        StoreError: The address or the protocol is invalid.
    """
    if protocol and protocol not in PROTOCOLS:
        raise StoreError(f"There is no protocol {protocol!r}.", instead(protocol, PROTOCOLS))
    shown, password = read_address(url, login)
    return Server(Endpoint(shown, Client(password, seconds)), protocol, read_address(write_url)[0] if write_url else "")


def read_graphs(path: Path) -> dict[str, list[str]]:
    """Read a build: each graph and the union of all as sorted N-Triples.

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
    """Compare a build with a server by ledger and by the number of triples of each graph.

    Raises:
        StoreError: The server does not answer queries.
    """
    entries = {graph: f"{_hash(lines)} {len(lines)}" for graph, lines in graphs.items()}
    ledger = read_ledger(server.endpoint)
    same = {graph for graph, entry in entries.items() if ledger.graphs.get(graph) == entry}
    same -= {graph for graph in same if server.endpoint.count(graph) != len(graphs[graph])}
    # A graph outside our namespace is never removed, even if the ledger lists it.
    remove = {graph for graph in set(ledger.graphs) - set(entries) if graph.startswith(PREFIXES["graph"])}
    # The union comes last: it is the largest, and all queries use it.
    send = sorted(set(entries) - same, key=lambda graph: (graph == UNION, graph))
    return Plan(graphs, entries, ledger, tuple(send), tuple(sorted(remove)))


def publish(server: Server, plan: Plan, enter: Callable[[str], None]) -> PublishReport:
    """Send and remove the graphs of a plan.

    Args:
        enter: Called with the name of each graph before it is sent or removed.

    Raises:
        StoreError: The server refuses a change, or does not contain all triples that were sent.
    """
    if plan.done:
        return PublishReport()
    pending = dict.fromkeys((*plan.send, *plan.remove, PROBE), PENDING)
    ledger = Ledger({**plan.ledger.graphs, **pending})
    target = _target(server, ledger)
    found, repaired = _probe(server, plan, target)
    for graph in (*plan.send, *plan.remove, PROBE):
        enter(graph)
        ledger = _replace(server, plan, target, ledger, graph)
    target.put(LEDGER, replace(ledger, whole=plan.whole).lines())
    return PublishReport(target.url, found, repaired)


def _replace(server: Server, plan: Plan, target: Target, ledger: Ledger, graph: str) -> Ledger:
    """Send or remove one graph, update the ledger on the server, and return it."""
    lines = plan.graphs.get(graph, [])
    graphs = {name: entry for name, entry in ledger.graphs.items() if name != graph}
    if lines:
        target.put(graph, lines)
        graphs[graph] = plan.entries[graph]
    else:
        target.drop(graph)
    count = server.endpoint.count(graph)
    if count != len(lines):
        raise StoreError(
            f"{target.url} holds {count:,} triples of {iri(graph)}, and {len(lines):,} were sent.",
            "Repeat the command. If the numbers still differ, the server changes or refuses some triples: see its log.",
        )
    new = Ledger(graphs)
    target.put(LEDGER, new.lines())
    return new


def _probe(server: Server, plan: Plan, target: Target) -> tuple[tuple[tuple[str, str], ...], bool]:
    lines = probe_lines(plan.graphs.get(UNION, ()))
    target.put(PROBE, lines)
    return rewritten(server.endpoint, lines)


def _target(server: Server, ledger: Ledger) -> Target:
    """Return the first address that accepts the ledger, so that the endpoint shows it."""
    refused: list[GraphkitError] = []
    for target in candidates_of(server):
        try:
            target.put(LEDGER, ledger.lines())
        except GraphkitError as error:
            refused.append(error)
        else:
            if read_ledger(server.endpoint) == ledger:
                return target
            refused.append(StoreError(f"{target.url} accepted changes that {server.endpoint.url} does not show."))
    messages = "\n  ".join(error.message for error in refused)
    # A server that asks for a password has the right address.
    hint = next((error.hint for error in refused if "answered 401" in error.message), "")
    if hint and server.endpoint.client.password:
        hint = f"The server rejects this user and password. {hint}"
    raise StoreError(
        f"No address of this server accepts changes:\n  {messages}",
        hint or "Give the address: --update-url URL, with --protocol gsp or update.",
    )


def candidates_of(server: Server) -> list[Target]:
    """Return the addresses at which a server may accept graphs, by its protocol if it is given."""
    client = server.endpoint.client
    if server.write_url:
        kinds = [_TARGETS[server.protocol]] if server.protocol else [*_TARGETS.values()]
        return [kind(server.write_url, client) for kind in kinds]
    name = server.endpoint.send("ASK {}", ()).headers.get("server", "")
    found = candidates(server.endpoint.url, name, client)
    return [target for target in found if not server.protocol or isinstance(target, _TARGETS[server.protocol])]
