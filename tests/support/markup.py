"""HTML as tests look at it: elements, mistakes, text."""

from __future__ import annotations

import itertools
from html.parser import HTMLParser

VOID = frozenset(("meta", "link", "br", "hr", "img", "input"))


class Markup(HTMLParser):
    """A page, parsed strictly: what a browser would mend is a mistake here.

    Attributes:
        found: Each element with its attributes.
        words: Its text.
    """

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self._wrong: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if len(given) != len(attrs):
            self._wrong.append(f"an attribute of {tag} twice")
        self._wrong += [f"{tag} {name}" for name in given if name.startswith("on") or name == "style"]
        if tag in {"p", "ul", "dl", "h1", "h2", "h3", "section", "article", "div", "table"} and "p" in self._open:
            self._wrong.append(f"{tag} inside p")
        if tag == "a" and "a" in self._open:
            self._wrong.append("a inside a")
        self.found.append((tag, given))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self._wrong.append(f"</{tag}> ends nothing")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of each element of a name."""
        return [given for name, given in self.found if name == tag]

    def count(self, tag: str) -> int:
        return len(self.all(tag))

    def ids(self) -> list[str]:
        return [given["id"] for _, given in self.found if "id" in given]

    def mistakes(self) -> list[str]:
        """Return what is wrong: nesting, ids, names of ids, the order of headings."""
        ids = self.ids()
        wrong = [*self._wrong, *(f"{tag} is never closed" for tag in self._open)]
        wrong += [f"id {name} twice" for name in {name for name in ids if ids.count(name) > 1}]
        for _, given in self.found:
            named = given.get("aria-labelledby", "").split()
            local = given.get("href", "")
            named += [local[1:]] if local.startswith("#") else []
            wrong += [f"no id {name}" for name in named if name not in ids]
        levels = [int(tag[1]) for tag, _ in self.found if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()]
        wrong += [f"h{b} after h{a}" for a, b in itertools.pairwise(levels) if b > a + 1]
        return wrong


def outline(text: str) -> list[tuple[str, list[str], str]]:
    """Return the elements of a page, with the names of their attributes; how long a heading is changes its class."""
    return [(tag, sorted(given.keys() - {"class"}), given.get("rel", "")) for tag, given in Markup(text).found]
