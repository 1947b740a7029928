"""Changes a source file of an earlier version by lines; what does not stand on one line of its own stays."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from graphkit.corpus.write import quoted, word
from graphkit.corpus.yaml_tree import Node, Tree, YamlPath, parse_tree
from graphkit.curate.migrate.readings import Readings, propositions
from graphkit.curate.yaml_edit import check_meaning, entries
from graphkit.model.errors import Location
from graphkit.model.iris import PREFIXES

Done = tuple[Location, str, str, str]

# A key with its value and a comment, on one line.
_LINE = re.compile(
    r"""(?P<before>\s*(?P<key>[\w-]+):\s+)(?P<value>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|\{.*\}|[^\s"'{\[|>&*!#][^#]*?)(?P<after>\s+\#.*|\s*)"""
)
_TEXT = PREFIXES["xsd"] + "string"
_AT = re.compile(r",\s*at:\s*\d+")


class SourceEditor:
    """A source file whose statements are brought up to the present model.

    Attributes:
        text: The text, with the changes that were made.
        tree: What the text says.
    """

    def __init__(self, text: str, tree: Tree, readings: Readings) -> None:
        self.text, self.tree, self._readings = text, tree, readings
        self._lines = text.splitlines(keepends=True)
        self._wanted = copy.deepcopy(entries(tree, "statements"))

    def migrate(self) -> list[Done]:
        """Make the changes.

        Raises:
            WorkspaceError: The layout of the file does not allow them.
        """
        done = [change for key in self._wanted for change in self._statement(("statements", key))]
        if done:
            text = "".join(self._lines)
            by_hand = "Make the changes that graphkit migrate --dry-run lists by hand in this file."
            check_meaning(text, self.tree, "statements", self._wanted, by_hand)
            self.text, (self.tree, _) = text, parse_tree(text, self.tree.file)
        return done

    def _statement(self, path: YamlPath) -> Iterator[Done]:
        yield from self._position(path)
        for inner, said in list(propositions(self.tree, path)):
            wanted = self._part(inner)
            yield from self._hedge(inner, wanted)
            yield from self._scope(inner, wanted)
            yield from self._relation(inner, said, wanted)
            yield from self._object(inner, wanted)

    def _part(self, path: YamlPath) -> dict[str, Node]:
        """Return the part of the data to be written that a path leads to."""
        node: Node = self._wanted
        for name in path[1:]:
            node = node[str(name)] if isinstance(node, dict) else None
        return node if isinstance(node, dict) else {}

    def _position(self, path: YamlPath) -> Iterator[Done]:
        evidence = self._part((*path, "evidence"))
        if "at" not in evidence:
            return
        place = self.tree.key_place((*path, "evidence", "at"))
        line = self._lines[place.line - 1]
        found = _LINE.fullmatch(line.rstrip("\r\n"))
        if found and found["key"] == "at":
            self._lines[place.line - 1] = ""
        elif len(_AT.findall(line)) == 1:
            self._lines[place.line - 1] = _AT.sub("", line)
        else:
            return
        yield place, "at", f"at: {evidence.pop('at')}", ""

    def _hedge(self, path: YamlPath, wanted: dict[str, Node]) -> Iterator[Done]:
        hedge = wanted.get("hedge")
        found = self._own_line((*path, "hedge"))
        if not isinstance(hedge, str) or not found or "certainty" in wanted:
            return
        place = self.tree.key_place((*path, "hedge"))
        bound, certainty = self._readings.bound(hedge), self._readings.certainty(hedge)
        if bound and self._add_to_amount(path, wanted, "bound", bound):
            self._lines[place.line - 1] = ""
            yield place, "bound", f"hedge: {wanted.pop('hedge')}", f"bound: {bound}"
        elif certainty:
            self._insert(place.line, f"certainty: {certainty}")
            wanted["certainty"] = certainty
            yield place, "certainty", f"hedge: {hedge}", f"certainty: {certainty}"

    def _scope(self, path: YamlPath, wanted: dict[str, Node]) -> Iterator[Done]:
        scope = wanted.get("scope")
        found = self._own_line((*path, "scope"))
        if not isinstance(scope, str) or not found or "qualifiers" in wanted:
            return
        reading = self._readings.scope(scope, str(wanted.get("relation")))
        if reading is None:
            return
        place = self.tree.key_place((*path, "scope"))
        name, value = reading
        if name == "per":
            if not self._add_to_amount(path, wanted, "per", value):
                return
            self._lines[place.line - 1] = ""
        else:
            is_entity = bool(self._readings.words.qualifiers[name].range)
            written = f"qualifiers: {{{name}: {word(value) if is_entity else quoted(value)}}}"
            self._replace(place.line, found, written)
            wanted["qualifiers"] = {name: value}
        del wanted["scope"]
        yield place, "scope", f"scope: {scope}", f"{name}: {value}"

    def _relation(self, path: YamlPath, said: dict[str, Node], wanted: dict[str, Node]) -> Iterator[Done]:
        replaced = self._readings.words.replaced.get(str(said.get("relation")))
        found = self._own_line((*path, "relation"))
        # A note asks for more than another word, except that the ends change places.
        if not replaced or not found or (replaced.note and not replaced.swaps):
            return
        place = self.tree.key_place((*path, "relation"))
        if replaced.swaps and not self._swap(path, wanted):
            return
        self._replace(place.line, found, f"relation: {replaced.by}")
        wanted["relation"] = replaced.by
        yield place, "relation", f"relation: {said['relation']}", f"relation: {replaced.by}"

    def _object(self, path: YamlPath, wanted: dict[str, Node]) -> Iterator[Done]:
        """Write the label of an entity as a value, if the relation takes texts."""
        relation = self._readings.words.relations.get(str(wanted.get("relation")))
        label = self._readings.label(wanted.get("object"))
        found = self._own_line((*path, "object"))
        if relation and relation.datatype == _TEXT and label and found:
            place = self.tree.key_place((*path, "object"))
            self._replace(place.line, found, f"value: {quoted(label)}")
            before, wanted["value"] = wanted.pop("object"), label
            yield place, "value", f"object: {before}", f"value: {label}"

    def _swap(self, path: YamlPath, wanted: dict[str, Node]) -> bool:
        """Let subject and object change places; refuse if one of them is not an entity on a line of its own."""
        start, end = wanted.get("subject"), wanted.get("object")
        lines = [self._own_line((*path, name)) for name in ("subject", "object")]
        if not isinstance(start, str) or not isinstance(end, str) or None in lines:
            return False
        for name, value, found in zip(("subject", "object"), (end, start), lines, strict=True):
            if found:
                self._replace(self.tree.key_place((*path, name)).line, found, f"{name}: {word(value)}")
        wanted["subject"], wanted["object"] = end, start
        return True

    def _add_to_amount(self, path: YamlPath, wanted: dict[str, Node], name: str, value: str) -> bool:
        """Add a key to an amount in braces on one line; refuse if there is none, or if it has another value."""
        amount, found = wanted.get("amount"), self._own_line((*path, "amount"))
        if not isinstance(amount, dict) or not found or not found["value"].endswith("}"):
            return False
        inside = found["value"][1:-1].strip()
        if name in amount:
            # Earlier versions had less-than for "nearly" and "almost", and nothing closer.
            if value not in {"nearly", "almost"} or amount[name] != "less-than":
                return False
            inside = re.sub(r",\s*bound:\s*[\"']?less-than[\"']?", "", inside)
        number = self.tree.key_place((*path, "amount")).line
        self._replace(number, found, f"amount: {{{inside}, {name}: {value}}}")
        amount[name] = value
        return True

    def _own_line(self, path: YamlPath) -> re.Match[str] | None:
        """Return the line of a key, if key and value stand on it and nothing else but a comment does."""
        line = self._lines[self.tree.key_place(path).line - 1].rstrip("\r\n")
        found = _LINE.fullmatch(line)
        return found if found and found["key"] == path[-1] else None

    def _replace(self, number: int, found: re.Match[str], text: str) -> None:
        line = self._lines[number - 1]
        indent = found["before"][: len(found["before"]) - len(found["before"].lstrip())]
        self._lines[number - 1] = f"{indent}{text}{found['after'].rstrip()}{line[len(line.rstrip()) :] or chr(10)}"

    def _insert(self, number: int, text: str) -> None:
        """Insert a line before a line, with its indentation and its end."""
        line = self._lines[number - 1]
        indent = line[: len(line) - len(line.lstrip())]
        end = "\r\n" if line.endswith("\r\n") else "\n"
        self._lines[number - 1] = f"{indent}{text}{end}{line}"
