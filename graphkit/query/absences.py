"""Why a query finds nothing: the patterns, values and conditions that no triple of the graph fits."""

from __future__ import annotations

import re
from itertools import chain, islice, pairwise, permutations
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.did_you_mean import nearest, with_near
from graphkit.model.iris import POLICIES, PREFIXES, iri, literal, shorten
from graphkit.model.text import shortened
from graphkit.query.facts import as_term, named
from graphkit.query.names import name_index, near_things
from graphkit.query.propositions import unasserted
from graphkit.query.triples import LITERALS, NO_WORD, TYPE, Pattern, Word, as_text, closing, short_literal
from graphkit.store import scratch_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphkit.query.facts import Facts, Found
    from graphkit.query.patterns import Asked
    from graphkit.query.triples import Rows
    from graphkit.store import QueryDataset

_LONGEST = 90
_XSD = PREFIXES["xsd"]
_MOST_PATTERNS, _MOST_PAIRS, _SAMPLES = 200, 4, 20
# A note may not cost more than the query: so many values are looked at, and so many rows.
_LOOKED_AT, _FEWER = 500, 1_000
_CASTS = ("boolean", "date", "dateTime", "decimal", "double", "float", "integer", "string", "time")
_OTHER_TYPES = """
anyURI base64Binary byte dayTimeDuration duration gDay gMonth gMonthDay gYear gYearMonth hexBinary int language long
negativeInteger nonNegativeInteger nonPositiveInteger normalizedString positiveInteger short token unsignedByte
unsignedInt unsignedLong unsignedShort yearMonthDuration dateTimeStamp
"""
_TYPES = frozenset((*_CASTS, *_OTHER_TYPES.split()))
_CHANGING = frozenset(("now", "rand", "uuid", "struuid", "bnode"))
# A variable of a query cannot have these names, so nothing is hidden by them.
_FITTING = """
SELECT (COUNT(*) AS ?_all) (SUM(IF(COALESCE(CONDITION, false), 1, 0)) AS ?_fitting) {
  { SELECT ?VALUE { PATTERN } LIMIT LAST }
}
"""
_BOTH = """
SELECT (COUNT(*) AS ?_all) (SUM(IF(EXISTS { SECOND }, 1, 0)) AS ?_fitting) {
  { SELECT * { FIRST } LIMIT LAST }
}
"""
_WITH_GROUP = """
SELECT ?_all ?_fitting {
  { SELECT (COUNT(*) AS ?_all) { { SELECT * { FIRST } LIMIT LAST } } }
  { SELECT (COUNT(*) AS ?_fitting) { { SELECT * { FIRST } LIMIT LAST } SECOND } }
}
"""
_COMPARED = re.compile(r"(?:\(|&& )\?(\w+) (?:=|[<>]=?) \?(\w+)(?=\)| &&)")


def absences(graph: Facts, asked: Asked, dataset: QueryDataset | None = None, *, empty: bool = True) -> list[str]:
    """Say why a query that found nothing could not find anything: the reasons of the first kind that there is.

    Args:
        dataset: The graphs that the request names.
        empty: Whether the answer has no rows: a count has one.
    """
    needed = [pattern for pattern in asked.patterns if pattern.required][:_MOST_PATTERNS]
    missing = [pattern for pattern in needed if not graph.holds(pattern)]
    reasons = [
        _broken(asked.words),
        _no_graphs(graph, asked, dataset),
        chain.from_iterable(_absent(graph, pattern) for pattern in missing[:_MOST_PAIRS]),
        _of_described(graph, asked.words),
    ]
    if empty and not missing:
        reasons += [
            _of_values(graph, needed, asked.values),
            chain.from_iterable(_unused(graph, word) for word in asked.steps if not graph.is_used(word.name)),
            _of_conditions(graph, needed, asked.conditions[:_MOST_PAIRS]),
            _of_types(graph, needed, asked.conditions[:_MOST_PAIRS]),
            _of_groups(graph, needed, asked),
            islice(_of_pairs(graph, needed), 1),
            _of_slice(asked.words),
        ]
    return next(filter(None, (list(islice(some, _MOST_PAIRS)) for some in reasons)), [])


def _no_graphs(graph: Facts, asked: Asked, dataset: QueryDataset | None) -> Iterator[str]:
    given = dataset.default + dataset.named if dataset else ()
    inside = (pattern.graph for pattern in asked.patterns if pattern.graph)
    for name in dict.fromkeys((*given, *_named_graphs(asked.words), *inside)):
        if graph.is_graph(name):
            continue
        if name in _OF_POLICIES:
            yield f"The graph {_shown(name)} is empty: no proposition is a plain triple under this policy."
        else:
            near = list(map(_shown, graph.graphs_like(name)))
            yield with_near(f"There is no named graph {_shown(name)}.", near) + ("" if near else _GRAPHS)


_OF_POLICIES = frozenset(f"{PREFIXES['flat']}{policy}" for policy in POLICIES)


def _of_described(graph: Facts, words: Sequence[Word]) -> Iterator[str]:
    """Name the things of DESCRIBE that the graph does not contain."""
    for before, word in pairwise(words):
        if before.text.lower() == "describe" and word.name and not graph.contains(word.name):
            yield f"The graph does not contain {_of(word)}."


_GRAPHS = " List them: SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"


def _shown(name: str) -> str:
    short = shorten(name)
    return shortened(short if short != name else f"<{name}>", _LONGEST)


def _of(word: Word) -> str:
    return _shown(word.name) if word.name and word.text != "a" else _typed(word.text)


def _triple(pattern: Pattern) -> str:
    return " ".join(map(_of, pattern[:3]))


def _named_graphs(words: Sequence[Word]) -> Iterator[str]:
    for before, word in pairwise(words):
        if before.kind == "keyword" and before.text.lower() in {"from", "named"} and word.name:
            yield word.name


def _absent(graph: Facts, pattern: Pattern) -> Iterator[str]:
    """Say why no triple fits a pattern."""
    subject, predicate, value = pattern[:3]
    anywhere = pattern._replace(graph="")
    if pattern.graph and graph.holds(anywhere):
        if graph.is_graph(pattern.graph):
            yield f"The graph {_shown(pattern.graph)} has no triple {_triple(pattern)}; another graph has one."
    elif predicate.name == TYPE.name and value.name:
        yield _no_instance(graph, value)
    elif message := unasserted(graph, pattern):
        yield message
    elif predicate.name and not graph.is_used(predicate.name):
        yield from _unused(graph, predicate)
    elif value.kind in LITERALS:
        yield from _no_literal(graph, predicate, value)
    elif graph.holds(Pattern(value, predicate, subject)):
        other = _triple(pattern._replace(subject=value, object=subject))
        yield f"The graph has no triple {_triple(pattern)}; it has {other}: change the direction."
    else:
        yield from _no_triple(graph, pattern)


def _no_triple(graph: Facts, pattern: Pattern) -> Iterator[str]:
    for word in (pattern.subject, pattern.object):
        if word.name and not graph.contains(word.name):
            yield f"The graph does not contain {_of(word)}.{_without_brackets(word)}"
            return
    yield f"The graph has no triple {_triple(pattern)}."


def _without_brackets(word: Word) -> str:
    is_short = word.kind == "iri" and word.name.partition(":")[0] in PREFIXES
    return f" Write {shortened(word.name, _LONGEST)} without < and >." if is_short else ""


def _unused(graph: Facts, predicate: Word) -> Iterator[str]:
    """Say that no triple has a property."""
    if message := unasserted(graph, Pattern(Word("variable", "?a"), predicate, Word("variable", "?b"))):
        yield message
        return
    local = predicate.name.replace("#", "/").rpartition("/")[2]
    ours = Word("prefixed", f"sp:{local}", PREFIXES["sp"] + local)
    near = [ours.text] if graph.is_used(ours.name) else []
    message = f"No triple of the graph has the property {_of(predicate)}.{_without_brackets(predicate)}"
    yield with_near(message, near)


def _no_instance(graph: Facts, kind: Word) -> str:
    if graph.is_a(kind.name, "sp:Stance"):
        return f"{_of(kind)} is a stance, not a class: write ?statement sp:stance {_of(kind)}."
    if graph.is_used(kind.name):
        return f"{_of(kind)} is a property, not a class: write ?a {_of(kind)} ?b."
    return f"Nothing in the graph has the class {_of(kind)}."


def _no_literal(graph: Facts, predicate: Word, value: Word) -> Iterator[str]:
    """Say what a property leads to in place of a literal that it never has."""
    if not predicate.name:
        yield f"No value in the graph is {_of(value)}."
        return
    samples = list(graph.objects(Pattern(NO_WORD, predicate, NO_WORD), _SAMPLES))
    near = list(dict.fromkeys(_variants(graph, predicate, value, samples)))
    message = with_near(f"{_of(predicate)} never has the value {_of(value)}.", near[:2])
    yield message if near else f"{message} One of its values is {_typed_term(samples[0])}."


def _variants(graph: Facts, predicate: Word, value: Word, samples: Iterable[Found]) -> Iterator[str]:
    """Yield values of the property with the same text, and things with that name."""
    try:
        term = as_term(value)
    except ValueError:
        return
    content = term.value if isinstance(term, ox.Literal) else ""
    literals = (sample for sample in samples if isinstance(sample, ox.Literal))
    for sample in dict.fromkeys((sample.language, sample.datatype.value) for sample in literals):
        language, datatype = sample[0] or "", "" if sample[0] else sample[1]
        other = literal(content, language=language, datatype=datatype)
        if graph.holds(Pattern(NO_WORD, predicate, Word("typed", other))):
            yield _typed(other)
    if predicate.name == PREFIXES["rdfs"] + "label":
        yield from labels_in_any_case(graph, content)
        yield from map(shorten, near_things(graph.store, content, "id", "source"))


def labels_in_any_case(graph: Facts, text: str) -> Iterator[str]:
    """Yield the label of each thing that has a name in another case, and the thing."""
    for name in (name for prefix in ("id", "source") for name in name_index(graph.store, prefix).exact(text)):
        label = Pattern(named(name), named(PREFIXES["rdfs"] + "label"), NO_WORD)
        yield from map(_typed, graph.objects(label, 1))
        yield shorten(name)


def _typed(written: object) -> str:
    """Return a term as one types it in a query."""
    return shortened(short_literal(str(written)), _LONGEST)


def _broken(words: Sequence[Word]) -> Iterator[str]:
    """Name literals that are invalid for their datatype, and regular expressions that the engine cannot read."""
    for at, word in enumerate(words):
        lower = word.text.lower()
        if word.kind == "typed":
            yield from _of_datatype(word)
        elif word.kind == "keyword" and lower in {"regex", "replace"}:
            yield from _of_expression(words[at : closing(words, at + 1)])


def _of_datatype(word: Word) -> Iterator[str]:
    text, _, datatype = word.text.rpartition("^^")
    name = datatype[1:-1].removeprefix(_XSD)
    if not datatype.startswith(f"<{_XSD}"):
        return
    if name not in _TYPES:
        near = [f"xsd:{other}" for other in nearest(name, sorted(_TYPES))]
        yield with_near(f"There is no datatype xsd:{shortened(name, _LONGEST)}.", near[:2])
    elif name in _CASTS and _value(f"{datatype}({text})") is None:
        yield f"{shortened(text, _LONGEST)} is not valid for xsd:{name}" + _FORMS.get(name, ".")


_FORMS = {
    "date": ': write for example "2021-03-01"^^xsd:date.',
    "dateTime": ': write for example "2021-03-01T00:00:00"^^xsd:dateTime.',
    "integer": ": write a whole number without quotation marks.",
}


def _of_expression(words: Sequence[Word]) -> Iterator[str]:
    """Check the regular expression of a call of REGEX or REPLACE, if it is a text."""
    commas = [at for at, word in enumerate(words) if word.text == "," and closing(words, 1) > at][:3]
    given = [words[at + 1] for at in commas if words[at + 1].kind == "string"]
    if not given or len(given) < len(commas):
        return
    name, pattern = words[0].text.upper(), given[0].text
    flags = given[-1].text if len(given) == (2 if name == "REGEX" else 3) else '""'
    if _value(f'REGEX("", {pattern})') is None:
        hint = r"close each bracket, write \\( for a bracket of the text, and use no (?=…), (?!…), (?<…) or \\1"
        yield f"{name} cannot read the expression {shortened(pattern, _LONGEST)}: {hint}."
    elif _value(f'REGEX("", {pattern}, {flags})') is None:
        yield f'{name} does not know the flags {shortened(flags, _LONGEST)}: write letters of smixq, such as "i".'


def _value(expression: str) -> object:
    """Return the value of an expression without variables; None if it has none."""
    try:
        found = scratch_store().query(f"SELECT ({expression} AS ?x) {{}}")
    except (SyntaxError, ValueError):
        return expression
    return next(found)["x"] if isinstance(found, ox.QuerySolutions) else None


def _leading(patterns: Iterable[Pattern]) -> dict[str, Pattern]:
    """Return for each variable the first pattern that binds it as an object, or else as a subject."""
    found: dict[str, Pattern] = {}
    for end in ("object", "subject"):
        for pattern in patterns:
            word: Word = getattr(pattern, end)
            if word.kind == "variable" and not pattern.graph:
                found.setdefault(word.text[1:], pattern)
    return found


def _of_values(graph: Facts, patterns: Sequence[Pattern], values: Iterable[Rows]) -> Iterator[str]:
    """Yield the reason why no row of VALUES fits a pattern."""
    for names, rows in values:
        for pattern in patterns:
            used = [names.index(word.text[1:]) for word in pattern[:3] if word.text[1:] in names]
            if not used or not rows or len(rows) > _SAMPLES:
                continue
            bound = [_with_row(pattern, dict(zip(names, row, strict=False))) for row in rows]
            if not any(map(graph.holds, bound)):
                yield from _absent(graph, bound[0])
                return


def _with_row(pattern: Pattern, row: dict[str, Word]) -> Pattern:
    def bound(word: Word) -> Word:
        return row.get(word.text[1:], word) if word.kind == "variable" else word

    return pattern._replace(
        subject=bound(pattern.subject), predicate=bound(pattern.predicate), object=bound(pattern.object)
    )


def _of_conditions(graph: Facts, patterns: Sequence[Pattern], conditions: Iterable[Sequence[Word]]) -> Iterator[str]:
    """Name the conditions of one variable that none of the values of its property fits."""
    leading = _leading(patterns)
    for words in conditions:
        names = {word.text[1:] for word in words if word.kind == "variable"}
        pattern = leading.get(names.pop()) if len(names) == 1 else None
        if pattern and pattern.predicate.name and not any(word.text.lower() in _CHANGING for word in words):
            yield from _of_condition(graph, pattern, words)


def _of_condition(graph: Facts, pattern: Pattern, words: Sequence[Word]) -> Iterator[str]:
    name = next(word.text for word in words if word.kind == "variable")
    body = as_text(pattern[:3]).replace("[]", "?_other")
    if graph.fits_none(_FITTING, CONDITION=as_text(words), VALUE=name[1:], PATTERN=body):
        is_value = pattern.object.text == name
        kind = "value" if is_value else "subject"
        found = f"No {kind} of {_of(pattern.predicate)} fits FILTER {shortened(as_text(words, short=True), _LONGEST)}"
        other = _in_lower_case(words)
        if other and not graph.fits_none(_FITTING, CONDITION=other, VALUE=name[1:], PATTERN=body):
            yield f"{found}, because of capital letters: write FILTER {shortened(other, 2 * _LONGEST)}."
            return
        sample = next(graph.objects(pattern, 1), None)
        yield f"{found}; one of them is {_typed_term(sample)}." if is_value else f"{found}."


def _in_lower_case(words: Sequence[Word]) -> str:
    """Return a condition that compares texts without their case; "" if it compares none, or one that LCASE changes."""
    texts = [word for word in words if word.kind in {"string", "tagged"}]
    if not texts or any(word.text in {"<", ">"} for word in words) or any("\\" in word.text for word in texts):
        return ""
    lower = {word: Word("string", str(literal(term.value.lower()))) for word in texts if (term := as_term(word))}
    whole = (
        Word("variable", f"LCASE(STR({word.text}))")
        if word.kind == "variable" and before.text.upper() != "LCASE"
        else lower.get(word, word)
        for before, word in zip([NO_WORD, NO_WORD, *words], words, strict=False)
    )
    return as_text(whole)


def _typed_term(term: object) -> str:
    return _shown(term.value) if isinstance(term, ox.NamedNode) else _typed(term)


def _of_types(graph: Facts, patterns: Sequence[Pattern], conditions: Iterable[Sequence[Word]]) -> Iterator[str]:
    """Name two variables that a condition compares although their values have types that are never equal."""
    leading = _leading(patterns)
    for text in map(as_text, conditions):
        if re.search(r"!|\|\|", text):
            continue
        for names in _COMPARED.findall(text):
            sides = [_types_of(graph, name, leading[name]) for name in names if name in leading]
            if len(sides) == len(names) and all(sides) and sides[0].keys().isdisjoint(sides[1]):
                one, other = (next(iter(side.values())) for side in sides)
                a, b = (f"?{name}" for name in names)
                yield f"{a} and {b} have no type in common: {a} is {one}; {b} is {other}. Use STR({a}) and STR({b})."


def _types_of(graph: Facts, name: str, pattern: Pattern) -> dict[str, str]:
    """Return each type of the values of a variable, with one of them in words."""
    if pattern.object.text != f"?{name}":
        return {"an IRI": "an IRI"}
    values = list(graph.objects(pattern, _LOOKED_AT + 1))
    kinds = {_type_of(value): value for value in {_type_id(value): value for value in values}.values()}
    only = f" (the first {_LOOKED_AT} values)" if len(values) > _LOOKED_AT else ""
    return {kind: f"{kind}{only}, such as {shortened(_typed_term(value), 40)}" for kind, value in kinds.items()}


def _type_id(term: Found) -> str:
    return term.datatype.value + (term.language or "") if isinstance(term, ox.Literal) else ""


def _type_of(term: Found) -> str:
    if not isinstance(term, ox.Literal):
        return "an IRI"
    if term.language:
        return f"text with the language {term.language}"
    kind = shorten(term.datatype.value)
    return {"xsd:string": "text without a language"}.get(kind, "a number" if kind in _NUMBERS else f"of {kind}")


_NUMBERS = frozenset(f"xsd:{name}" for name in ("integer", "decimal", "double", "float"))


def _of_groups(graph: Facts, patterns: Iterable[Pattern], asked: Asked) -> Iterator[str]:
    """Name a MINUS or EXISTS that leaves none of the rows of the patterns and conditions."""
    parts = [f"GRAPH {iri(one.graph)} {{ {as_text(one[:3])} }}" if one.graph else as_text(one[:3]) for one in patterns]
    rest = " . ".join(parts) + "".join(f" FILTER {as_text(words)}" for words in asked.conditions)
    for word, group in asked.groups[:_MOST_PAIRS]:
        if parts and graph.fits_none(_WITH_GROUP, FIRST=rest, SECOND=f"{word} {as_text(group)}", most=_FEWER):
            shown = f"{word} {shortened(as_text(group, short=True), _LONGEST)}"
            does = "fits no row" if word == "FILTER EXISTS" else "removes every row"
            yield f"{shown} {does} that the rest of the query finds."


def _of_pairs(graph: Facts, patterns: Sequence[Pattern]) -> Iterator[str]:
    """Name two patterns that each match, and never together: a property in the wrong direction or of another class."""
    plain = [pattern for pattern in patterns if pattern.predicate.name and not pattern.graph]
    pairs = (
        (one, two)
        for one, two in permutations(plain, 2)
        if two.subject.kind == "variable" and two.subject.text in {one.subject.text, one.object.text}
    )
    for one, two in islice(pairs, _MOST_PAIRS):
        if graph.fits_none(_BOTH, FIRST=as_text(one[:3]), SECOND=as_text(two[:3])):
            yield f"The graph has {_triple(one)} and {_triple(two)}, but never with the same {two.subject.text}."


def _of_slice(words: Sequence[Word]) -> Iterator[str]:
    for word, number in pairwise(words):
        if word.text.lower() == "limit" and number.text.strip("0") == "":
            yield "LIMIT 0 asks for no rows."
        elif word.text.lower() == "offset" and number.kind == "number" and number.text.strip("0"):
            yield f"OFFSET leaves out this number of rows: {shortened(number.text, 20)}."
