"""Names that are spelled alike: the query page suggests the same ones as Python."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from string import ascii_lowercase
from typing import TYPE_CHECKING

import pytest
from places import REPOSITORY

from graphkit.model.did_you_mean import nearest
from graphkit.query.names import name_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.graph import Graph

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="needs node")
SCRIPT = """
import { readFileSync } from "node:fs";
import { NameIndex, nearest } from "./query/near.js";
const { names, words, typed, some } = JSON.parse(readFileSync(0, "utf8"));
const index = new NameIndex(names);
console.log(JSON.stringify(typed.map((one) => [index.near(one), index.exact(one), index.beginning(one)])));
console.log(JSON.stringify(some.map((one) => nearest(one, words))));
"""


def misspelt(name: str, chance: random.Random) -> Iterator[str]:
    """Yield a name without a letter, with one more, another or two exchanged ones, its beginning, and its words."""
    at = chance.randrange(len(name))
    letter = chance.choice(ascii_lowercase)
    yield from (name[:at] + name[at + 1 :], name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :])
    yield from (name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :], name[:at], name.upper())
    yield " ".join(reversed(name.split()))


@pytest.mark.parametrize("space", ["id", "source", "sp"])
def test_a_page_suggests_for_misspelt_names_what_python_suggests(ours_graph: Graph, space: str) -> None:
    index = name_index(ours_graph.store, space)
    names = [(thing, name) for name, things in index._things.items() for thing in things]  # noqa: SLF001 - all of them
    words = sorted(name for _, name in names)
    chance = random.Random(1)  # noqa: S311 - not for secrets
    typed = [one for name in chance.sample(words, min(len(words), 60)) for one in misspelt(name, chance)]
    typed += ["", " ", "x" * 300, "Mayor\u2019s Office", "STRASSE", "straße"]
    some = typed[::5]  # has each kind of mistake: `nearest` compares a word with all names
    given = json.dumps({"names": names, "words": words, "typed": typed, "some": some})
    command = ["node", "--input-type=module", "--eval", SCRIPT]
    found = subprocess.run(
        command, cwd=REPOSITORY / "frontend", input=given, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    wanted = [[list(index.near(one)), list(index.exact(one)), list(index.beginning(one))] for one in typed]
    for one, page, python in zip(typed, json.loads(found[0]), wanted, strict=True):
        assert page == python, one
    assert json.loads(found[1]) == [nearest(one, words) for one in some]
