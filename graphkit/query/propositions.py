"""Relations without a plain triple: the propositions that use them, and how to find these."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.iris import PREFIXES, shorten
from graphkit.model.text import counted
from graphkit.query.facts import named
from graphkit.query.questions import read_questions
from graphkit.query.triples import NO_WORD, Pattern, Word, as_text
from graphkit.store import texts

if TYPE_CHECKING:
    from graphkit.query.facts import Facts

_XSD = PREFIXES["xsd"]
_WHY = "A plain triple needs a source that is no party and is certain, and no denial."
_COUNT = "SELECT (COUNT(DISTINCT ?_p) AS ?_n) { ?_p sp:relation RELATION ENDS }"


def unasserted(graph: Facts, pattern: Pattern) -> str:
    """Say that no plain triple fits a pattern, how many propositions do, and how to ask for them.

    Returns:
        "" if its predicate is no relation, or no proposition uses the relation; or if plain triples use it, and no
        proposition fits the pattern.
    """
    name = pattern.predicate.name
    if not name or not graph.is_a(name, "sp:Relation"):
        return ""
    short, triple = shorten(name), as_text(pattern[:3], short=True)
    if number := _propositions(graph, pattern):
        do = "proposition does" if number == 1 else "propositions do"
        found = f"No plain triple fits {triple}, but {number:,} {do}."
    elif graph.is_used(name):
        return ""
    else:
        pattern = pattern._replace(subject=Word("variable", "?a"), object=Word("variable", "?b"))
        number = _propositions(graph, pattern)
        others = counted(number, "other proposition")
        found = f"No plain triple or proposition fits {triple}; the graph has {others} with {short}."
    return f"{found} {_WHY} Write {' or '.join(_queries(graph, pattern))}.{_question(graph, short)}" if number else ""


def _propositions(graph: Facts, pattern: Pattern) -> int:
    """Return the number of propositions with the relation and the ends of a pattern."""
    subject, relation, value = (as_text([word]) for word in pattern[:3])
    ends = f"; sp:subject {subject}" if _is_given(pattern.subject) else ""
    ends += f"; sp:object|sp:value|sp:amount {value}" if _is_given(pattern.object) else ""
    query = _COUNT.replace("RELATION", relation).replace("ENDS", ends)
    return int(next(texts(graph.store, query, "_n"))[0])


def _is_given(word: Word) -> bool:
    return word.kind not in {"", "variable", "blank"}


def _queries(graph: Facts, pattern: Pattern) -> list[str]:
    """Return a pattern with the relation for claims, if it finds something, and one for propositions."""
    relation = pattern.predicate
    claims = graph.objects(Pattern(named(relation.name), named(PREFIXES["sp"] + "claimedAs"), NO_WORD), 1)
    names = [claim.value for claim in claims if isinstance(claim, ox.NamedNode)]
    claimed = [pattern._replace(predicate=Word("prefixed", shorten(name), name)) for name in names]
    found = [as_text(one[:3], short=True) for one in claimed if graph.holds(one)]
    numbers = graph.leads_to(relation.name, f"{_XSD}decimal", f"{_XSD}integer")
    end = "sp:object" if graph.leads_to_things(relation.name) else "sp:amount" if numbers else "sp:value"
    subject, short, value = (as_text([word], short=True) for word in pattern[:3])
    return [*found, f"?p sp:relation {short} ; sp:subject {subject} ; {end} {value}"]


def _question(graph: Facts, relation: str) -> str:
    """Name the saved question about a relation, or else the one that takes any relation."""
    questions = read_questions(graph.saved()).values()
    uses = re.compile(rf"sp:relation {re.escape(relation)}(?![\w-])")
    if asked := next((one for one in questions if uses.search(one.text)), None):
        return f" The saved question {asked.name} is about it."
    for one in questions:
        for parameter, (default, _) in one.header.parameters.items():
            if default.startswith("sp:") and graph.is_a(PREFIXES["sp"] + default[3:], "sp:Relation"):
                return f" The saved question {one.name} with {parameter}={relation} lists them."
    return ""
