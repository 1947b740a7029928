"""Where the entities of the workspace are named in a text: by their labels and aliases, and by nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.corpus.evidence import normalise
from graphkit.curate.draft.english import ARTICLES, OF
from graphkit.curate.draft.tokens import Phrases, loose, read_tokens, strict, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphkit.curate.draft.sentences import Reading
    from graphkit.curate.draft.tokens import Token
    from graphkit.model.records import Entity
    from graphkit.model.vocabulary import Vocabulary

_TOPIC = "Topic"
# How many words may link a head to what belongs to it: "of the".
_LINK = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity that is named.

    Attributes:
        first: Its first token.
        last: The token after its last.
        slug: The entity.
        kind: The class of the entity.
    """

    first: int
    last: int
    slug: str
    kind: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the entities are called.

    Attributes:
        phrases: Names, each with the slugs that it may stand for.
        kinds: Slug to class.
    """

    phrases: Phrases[str]
    kinds: Mapping[str, str]

    def find(self, reading: Reading) -> Named:
        """Find the entities of a text in order; a name of several entities names none."""
        edges = {paragraph.start for paragraph in reading.paragraphs}
        mentions: list[Mention] = []
        unclear: dict[str, tuple[str, ...]] = {}
        for found in self.phrases.find(reading.words):
            if not edges.isdisjoint(range(found.first + 1, found.last)):
                continue
            if len(found.values) == 1:
                (slug,) = found.values
                mentions.append(Mention(found.first, found.last, slug, self.kinds[slug]))
            else:
                name = reading.body[reading.tokens[found.first].start : reading.tokens[found.last - 1].end]
                unclear[name] = found.values
        return Named(mentions, unclear)


@dataclass(frozen=True, slots=True)
class Named:
    """Who is named in a text.

    Attributes:
        mentions: Entities, in order.
        unclear: Names in the text that several entities have, with those entities.
    """

    mentions: Sequence[Mention]
    unclear: Mapping[str, tuple[str, ...]]


def read_names(entities: Mapping[str, Entity], words: Vocabulary) -> Names:
    """Collect the names of entities whose kind is known."""
    kinds = {slug: words.kinds[one.kind] for slug, one in entities.items() if one.kind in words.kinds}
    phrases: Phrases[str] = Phrases()
    for slug, kind in kinds.items():
        for name in entities[slug].names:
            for keys in _spellings(read_tokens(normalise(name)), kind):
                phrases.add(keys, slug)
    return Names(phrases, kinds)


def _spellings(name: Sequence[Token], kind: str) -> Iterator[list[str]]:
    """Yield the keys of a name; a capitalised one is also found without its article."""
    texts = [name[at].text for at in words_of(name)]
    yield [_key(text, kind) for text in texts]
    if len(texts) > 1 and texts[0].casefold() == "the" and any(text != text.lower() for text in texts[1:]):
        yield [_key(text, kind) for text in texts[1:]]


def _key(text: str, kind: str) -> str:
    """Return how a word of a name must be written: capitals as they are, unless it is a topic's or an article."""
    is_acronym = len(text) > 1 and text.isupper()
    is_name = kind != _TOPIC and text != text.lower() and text != "The"
    return strict(text) if is_acronym or is_name else loose(text)


def head(one: Mention, others: Sequence[Mention], reading: Reading) -> Mention:
    """Return the head of a phrase: A in "A of B", "A by B of C"; `others` are in the order of the text."""
    for other in reversed(others):
        if 0 < one.first - other.last <= _LINK:
            first, *rest = (reading.tokens[at].text.casefold() for at in range(other.last, one.first))
            one = other if first in OF and ARTICLES.issuperset(rest) else one
    return one
