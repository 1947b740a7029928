"""Propositions into quads: their names come from their content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.build.nquads import XSD, Node
from graphkit.model.amounts import limits, spell_amount
from graphkit.model.iris import EDTF, SP, entity_iri, graph_iri, iri, literal, proposition_iri
from graphkit.model.records import Proposition, StatementRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.model.records import Amount, Corpus, Source
    from graphkit.model.vocabulary import Vocabulary


def compile_proposition(said: Proposition, source: Source, corpus: Corpus) -> tuple[str, str, list[str]]:
    """Spell a proposition and those inside it.

    Returns:
        Its IRI, made from its content; how it reads; and the lines about it.
    """
    relation = corpus.vocabulary.relations[said.relation]
    target, shown, lines = _target(said, source, corpus)
    sentence = _sentence(said, relation.label, shown, corpus)
    amount = said.amount and (said.amount.number, said.amount.unit, said.amount.bound)
    name = proposition_iri(said.subject, relation.name, target, said.scope or "", said.when or "", *(amount or ()))
    node = Node(name, graph_iri(f"source/{source.id}"))
    lines += node.kind("Proposition")
    lines += [
        node.thing("sp:subject", entity_iri(said.subject)),
        node.thing("sp:relation", SP + relation.name),
        node.text("rdfs:label", sentence, language=corpus.dataset.language),
    ]
    if target:
        lines.append(node.line(iri(SP + ("object" if said.value is None else "value")), target))
    if said.amount:
        lines += _amount(node, said.amount, corpus.vocabulary)
    if said.value is not None and relation.datatype == EDTF:
        lines += node.days("value", said.value)
    if said.scope:
        lines.append(node.text("sp:scope", said.scope))
    if said.when:
        lines.append(node.text("sp:validTime", said.when, datatype=EDTF))
        lines += node.days("valid", said.when)
    return name, sentence, lines


def _target(said: Proposition, source: Source, corpus: Corpus) -> tuple[str, str, list[str]]:
    """Return the object or value as a term, how it reads, and the lines about it."""
    target = said.object
    if isinstance(target, StatementRef):
        target = source.statements[target.statement]
    if isinstance(target, Proposition):
        name, sentence, lines = compile_proposition(target, source, corpus)
        return iri(name), f"“{sentence}”", lines
    if target is not None:
        return iri(entity_iri(target)), corpus.entities[target].label, []
    if said.value is None:
        return "", "", []
    datatype = corpus.vocabulary.relations[said.relation].datatype
    value = str(said.value)
    return literal(value, datatype="" if datatype == XSD + "string" else datatype), value, []


def _amount(node: Node, amount: Amount, words: Vocabulary) -> Iterator[str]:
    decimal = XSD + "decimal"
    yield node.text("sp:amount", amount.number, datatype=decimal)
    yield node.thing("sp:unit", SP + words.units[amount.unit].name)
    yield node.thing("sp:bound", SP + words.bounds[amount.bound])
    least, most = limits(amount)
    if least:
        yield node.text("sp:amountMin", least, datatype=decimal)
    if most:
        yield node.text("sp:amountMax", most, datatype=decimal)


def _sentence(said: Proposition, relation: str, shown: str, corpus: Corpus) -> str:
    narrowed = ", ".join(part for part in (said.scope, said.when) if part)
    amount = spell_amount(said.amount, corpus.vocabulary) if said.amount else ""
    end = ": ".join(part for part in (shown, amount) if part)
    sentence = f"{corpus.entities[said.subject].label} {relation} {end}"
    return f"{sentence} ({narrowed})" if narrowed else sentence
