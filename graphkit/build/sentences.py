"""The label of a proposition: a grammatical sentence with its amount, its qualifiers and its time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from graphkit.model.dates import date_words
from graphkit.model.iris import EDTF
from graphkit.model.records import Alternatives, Amount, Corpus, Proposition
from graphkit.model.text import figure
from graphkit.model.vocabulary import Relation

_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
_TIMES = frozenset({"years", "months"})
# Units of what is measured and not counted.
_MEASURED = _TIMES | {"percent"}
# Units of things that the object names: "30 videos" of "drill music videos" are "30 drill music videos".
_THINGS = frozenset({"items", "videos", "people", "organisations", "records", "categories", "taskings"})


def sentence(said: Proposition, shown: str, corpus: Corpus, *, planned: bool = False) -> str:
    """Return the label of a proposition.

    Args:
        shown: The object or value as text; a value that is a date is written in words.
        planned: Whether to write it as a plan: "will fund".
    """
    relation = corpus.vocabulary.relations[said.relation]
    if planned and relation.planned:
        relation = _as_plan(relation)
    if said.value is not None:
        shown = moment(said.value) if relation.datatype == EDTF else shown
    main = (
        _with_amount(said, said.amount, relation, shown, corpus)
        if said.amount
        else _plain(said, relation, shown, corpus)
    )
    time = when(said.when or "", "by" if said.amount else "until")
    parts = (main, *_qualifiers(said, corpus), f"({said.scope})" if said.scope else "", time)
    return _capitalised(" ".join(part for part in parts if part), said.subject, corpus)


def narrowing(said: Proposition, corpus: Corpus) -> str:
    """Return the qualifiers and the scope of a proposition in words."""
    return " ".join([*_qualifiers(said, corpus), *([f"({said.scope})"] if said.scope else [])])


def named(target: str | Alternatives, corpus: Corpus) -> str:
    """Return an object as text: the name of an entity, or those of alternatives in alphabetical order, "A or B"."""
    slugs = target.entities if isinstance(target, Alternatives) else (target,)
    return " or ".join(sorted((_name(slug, corpus) for slug in slugs), key=lambda name: name.removeprefix("the ")))


def when(date: str, before: str) -> str:
    """Return an EDTF date as a phrase.

    Args:
        before: The word for a date without a beginning: by or until.

    >>> when("2017-08", "by"), when("2024-02-13", "by"), when("2019-06/2021-10", "by"), when("../2018-11", "until")
    ('in August 2017', 'on 13 February 2024', 'from June 2019 to October 2021', 'until November 2018')
    >>> when("2018-11/..", "by"), when("2020-02~", "by"), when("nobody knows", "by")
    ('from November 2018', 'in about February 2020', 'nobody knows')
    """
    words, (first, slash, last) = date_words(date), date.partition("/")
    if words == date and not date.isdigit():
        return words
    if slash and first in {"", ".."}:
        return f"{before} {date_words(last)}"
    if slash:
        return f"from {date_words(first)}" if last in {"", ".."} else f"from {words}"
    day = len(date.rstrip("~?%")) == len("2020-01-01")
    return f"{'on' if day else 'in'} {words}"


def moment(date: str) -> str:
    """Return the EDTF date of an event, which has no duration, as a phrase.

    >>> moment("2020-01/2020-03"), moment("2024-03/.."), moment("../2019-05-31"), moment("2019-06")
    ('between January 2020 and March 2020', 'in or after March 2024', 'by 31 May 2019', 'in June 2019')
    """
    first, slash, last = date.partition("/")
    if not slash or first in {"", ".."}:
        return when(date, "by")
    end = f" and {date_words(last)}" if last not in {"", ".."} else ""
    return f"between {date_words(first)}{end}" if end else f"in or after {date_words(first)}"


def _name(slug: str, corpus: Corpus) -> str:
    entity = corpus.entities[slug]
    return f"{entity.article} {entity.label}" if entity.article else entity.label


def _is_plural(slug: str, corpus: Corpus) -> bool:
    entity = corpus.entities[slug]
    return bool(entity.plural) or (entity.kind == "group" and not entity.label.startswith(("a ", "an ", "any ")))


def _plain(said: Proposition, relation: Relation, shown: str, corpus: Corpus) -> str:
    verb = relation.plural if _is_plural(said.subject, corpus) else relation.label
    mark = ":" if shown.startswith("“") else ""
    end = verb.replace("…", shown) if "…" in verb else f"{verb}{mark} {shown}"
    return f"{_name(said.subject, corpus)} {end}".rstrip()


def _as_plan(relation: Relation) -> Relation:
    """Return a relation whose verbs are in the future."""
    measure, share, flow = (
        _VERB.sub(r"\2", template).replace("{be}", "will be")
        for template in (relation.measure, relation.share, relation.flow)
    )
    verb = relation.planned
    return replace(relation, label=verb, plural=verb, measure=measure, share=share, flow=flow)


# The verb of a template, for what happened and for a plan.
_VERB = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")


def _with_amount(said: Proposition, amount: Amount, relation: Relation, shown: str, corpus: Corpus) -> str:
    of = amount.of or (said.object if isinstance(said.object, str) else None)
    template = _template(relation, amount)
    if template:
        words = {
            "S": _name(said.subject, corpus), "O": shown or (_name(of, corpus) if of else ""),
            "A": _amount(amount, corpus), "N": _number(amount, corpus),
            "B": _name(amount.base, corpus) if amount.base else "",
            "be": "were" if of and _is_plural(of, corpus) else "was",
        }  # fmt: skip
        return _VERB.sub(r"\1", template).format(**words)
    counted = isinstance(said.object, str) and _is_plural(said.object, corpus) and amount.unit in _THINGS
    if counted and of == said.object and not amount.base:
        return _plain(said, relation, f"{_count(amount)} {shown}{_per(amount, corpus)}", corpus)
    if of == said.subject and shown and amount.unit in _THINGS:
        return f"{_count(amount)} {_plain(said, relation, shown, corpus)}"
    text = _amount(amount, corpus)
    return _plain(said, relation, f"{shown} ({text})" if shown else text, corpus)


def _template(relation: Relation, amount: Amount) -> str:
    return relation.share if amount.base else (amount.kind == "flow" and relation.flow) or relation.measure


def _amount(amount: Amount, corpus: Corpus) -> str:
    """Return an amount with what it counts and the whole to which a share refers."""
    text = _number(amount, corpus)
    if amount.of and not amount.base and amount.unit in _THINGS:
        text = f"{_count(amount)} {corpus.entities[amount.of].label}"
    if amount.base:
        text += f" of {_name(amount.base, corpus)}"
        text += f" ({corpus.entities[amount.of].label})" if amount.of else ""
    return text + _per(amount, corpus)


def _per(amount: Amount, corpus: Corpus) -> str:
    per = ""
    if amount.per:
        per = amount.per if amount.per in corpus.vocabulary.periods else corpus.entities[amount.per].label
    return (f" per {per}" if per else "") + (" in all" if amount.kind == "cumulative" else "")


def _number(amount: Amount, corpus: Corpus) -> str:
    """Return a number with its unit: "£1,200", "more than 30 people", "almost a year"."""
    unit = corpus.vocabulary.units[amount.unit]
    if unit.before:
        sign = _SIGNS.get(unit.label, f"{unit.label} ")
        return _bound(amount, f"{sign}{_digits(amount, money=True)}")
    if amount.number == "1":
        word = "person" if unit.label == "people" else unit.label.removesuffix("s")
        return _bound(amount, f"{'a' if amount.unit in _TIMES else '1'} {word}")
    return f"{_count(amount)} {unit.label}"


def _count(amount: Amount) -> str:
    """Return a number without its unit; "no" for none of what can be counted."""
    is_none = Decimal(amount.number) == 0 and not amount.to and amount.bound == "exactly"
    return "no" if is_none and amount.unit not in _MEASURED else _bound(amount, _digits(amount))


def _digits(amount: Amount, *, money: bool = False) -> str:
    """Return the number of an amount, or its range."""
    return " to ".join(figure(Decimal(number), money=money) for number in (amount.number, amount.to) if number)


def _bound(amount: Amount, text: str) -> str:
    return text if amount.bound == "exactly" else f"{amount.bound.replace('-', ' ')} {text}"


def _qualifiers(said: Proposition, corpus: Corpus) -> Iterator[str]:
    """Yield the qualifiers as phrases, in the order of the vocabulary."""
    for key, qualifier in corpus.vocabulary.qualifiers.items() if said.qualifiers else ():
        if key in said.qualifiers:
            value = said.qualifiers[key]
            yield qualifier.phrase.replace("…", _name(value, corpus) if qualifier.range else value)


def _capitalised(text: str, subject: str, corpus: Corpus) -> str:
    """Return a sentence with a capital at its beginning, unless it begins with a name that has none."""
    entity = corpus.entities[subject]
    is_name = entity.kind in {"organisation", "platform"} and not entity.article and text.startswith(entity.label)
    return text if is_name else text[:1].upper() + text[1:]
