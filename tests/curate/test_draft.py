"""Drafting finds passages and speakers, and never decides: relation, object and acceptance are a person's."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import REPOSITORY
from typer.testing import CliRunner

from benchmarks.draft import located, score
from graphkit.build.pipeline import build, check
from graphkit.cli import app
from graphkit.corpus.evidence import Status, find, normalise
from graphkit.corpus.json_schema import schemas
from graphkit.corpus.load import load
from graphkit.corpus.yaml_tree import parse_tree
from graphkit.curate.draft.drafts import entry_of
from graphkit.curate.draft.passages import Passage, Passages, find_passages
from graphkit.curate.draft.program import answer_schema, ask, program_name, program_words
from graphkit.curate.draft.speech import FIGURE
from graphkit.curate.draft.terms import find_names, read_cues
from graphkit.curate.draft.text import LONGEST_SENTENCE, quotations, read, sentences
from graphkit.model.errors import GraphkitError
from graphkit.model.records import Entity
from graphkit.model.vocabulary import read_ontology, vocabulary
from graphkit.model.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.corpus.yaml_tree import Node

QUADS = read_ontology(Workspace(REPOSITORY).vocabularies())
WORDS = vocabulary(QUADS)
CUES = read_cues(QUADS, WORDS)

ENTITIES = {
    "harbour-office": Entity(kind="public-body", label="Harbour Office", aliases=("the harbour people",)),
    "ministry": Entity(kind="public-body", label="Ministry of Tides", aliases=("MoT", "the Ministry")),
    "gulls": Entity(kind="organisation", label="Gull Friends’ League"),
    "evening-buoy": Entity(kind="organisation", label="The Evening Buoy"),
    "quay-eye": Entity(kind="programme", label="Quay Eye"),
    "assessment": Entity(kind="document", label="Gull Assessment"),
    "ada-kelp": Entity(kind="person", label="Ada Kelp"),
    "sailors": Entity(kind="group", label="young sailors"),
    "profiling": Entity(kind="topic", label="profiling"),
}


def found_in(text: str, entities: dict[str, Entity] = ENTITIES) -> Passages:
    return find_passages(text, entities, CUES, WORDS)


def only(text: str) -> Passage:
    [passage] = found_in(text).found
    return passage


def named(text: str, **entities: Entity) -> list[str]:
    return [" or ".join(name.values) for name in find_names(entities or ENTITIES, *read(text))]


# --- names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Harbour Office's lamps, the Harbour Office’s ropes", ["harbour-office", "harbour-office"]),
        ("the gull friends' league and the Gull Friends' League", ["gulls"]),
        ("MoT, mot and Mot", ["ministry"]),
        ("the Ministry, the ministry and Ministry of Tides", ["ministry", "ministry"]),
        ("Evening Buoy and the Evening Buoy", ["evening-buoy", "evening-buoy"]),
        ("PROFILING, profiling, Profiling", ["profiling"] * 3),
        ("the ‘Harbour’ Office and the Harbour; Office", ["harbour-office"]),
        ("Ministry\n\nof Tides", ["ministry"]),
        ("Ada Kelp spoke. Kelp went. Mr Ada left, and kelp grew.", ["ada-kelp", "ada-kelp"]),
        ("Kelp came first", []),
        ("Harbour Offices", []),
    ],
)
def test_names_are_found_as_newspapers_write_them(text: str, found: list[str]) -> None:
    assert named(text) == found


def test_a_name_of_two_entities_has_both() -> None:
    two = {slug: Entity(kind="organisation", label="Tide") for slug in ("north", "south")}
    assert named("Tide ran.", **two) == ["north or south"]


def test_names_that_look_like_patterns_are_only_names() -> None:
    strange = {"x": Entity(kind="organisation", label="A.*(b+)+ [c]$"), "y": Entity(kind="organisation", label="…")}
    assert named("A.*(b+)+ [c]$ and aXb", **strange) in (["x"], [])


# --- sentences and quotations --------------------------------------------------------------------------


def cut(text: str) -> list[str]:
    body, paragraphs = read(text)
    return [body[span.start : span.stop] for part in paragraphs for span in sentences(body, part, [])]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It rained. It stopped.", ["It rained.", "It stopped."]),
        ("Dr. Kelp met J. Doe at No. 10. They left.", ["Dr. Kelp met J. Doe at No. 10.", "They left."]),
        ("“Stop.” She left. ‘Why?’ he said.", ["“Stop.”", "She left.", "‘Why?’ he said."]),
        ("About 3.5 tons e.g. of sand", ["About 3.5 tons e.g. of sand"]),
        ("A head\n\nIt rained\nall day", ["A head", "It rained all day"]),
        ("Was it? No! 1,000 came… Éire won.", ["Was it?", "No!", "1,000 came…", "Éire won."]),
    ],
)
def test_a_text_is_cut_into_sentences(text: str, parts: list[str]) -> None:
    assert cut(text) == parts


def test_a_line_without_full_stops_is_cut_and_loses_nothing() -> None:
    line = "sand and water " * 1_000
    parts = cut(line)
    assert max(map(len, parts)) <= LONGEST_SENTENCE
    assert " ".join(parts) == normalise(line)
    assert "".join(cut("x" * 5_000)) == "x" * 5_000


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("He said: “No.” And “yes”.", ["“No.”", "“yes”"]),
        ("‘We don’t,’ he said", ["‘We don’t,’"]),
        ("the sailors' boats and the gull's nest", []),
        ('"Straight" and «angled» and „low“', ['"Straight"', "«angled»", "„low“"]),
        ("“It goes on\n\nIt ends", ["“It goes on"]),
        ("It says ‘a and never closes", []),
    ],
)
def test_quotations_are_found(text: str, quotes: list[str]) -> None:
    body, paragraphs = read(text)
    assert [body[quote.start : quote.stop] for part in paragraphs for quote in quotations(body, part)] == quotes


# --- speakers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The Ministry said that the lamps had failed.", "ministry"),
        ("“We never asked for lamps,” said Ada Kelp of the Harbour Office.", "ada-kelp"),
        ("“We never asked for lamps,” Ada Kelp said.", "ada-kelp"),
        ("“We never asked,” said Ada Kelp, “and never will.”", "ada-kelp"),
        ("According to the Harbour Office, lamps fail.", "harbour-office"),
        ("Lamps fail, according to the Harbour Office.", "harbour-office"),
        ("Ada Kelp, director of the Harbour Office, said that lamps fail.", "ada-kelp"),
        ("A spokesperson for the Ministry said that lamps fail.", "ministry"),
        ("The Evening Buoy was told by the Ministry that lamps fail.", "ministry"),
        ("The Gull Assessment states that 30 gulls were lost.", "assessment"),
    ],
)
def test_the_speaker_is_found(text: str, speaker: str) -> None:
    speech = only(text).speech
    assert speech
    assert (speech.speaker, speech.remark) == (speaker, "")


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("Critics claimed that lamps had failed again.", "somebody who is not"),
        ("Three of those criticised by the Ministry said that lamps fail.", "perhaps ministry"),
        ("The Ministry said yes, but Ada Kelp denied it all.", "perhaps ministry or ada-kelp"),
    ],
)
def test_a_speaker_who_is_not_certain_is_only_remarked_on(text: str, remark: str) -> None:
    passage = only(text)
    assert passage.speech
    assert passage.speech.speaker is None
    assert passage.speech.remark.startswith(remark)
    assert entry_of(passage, ENTITIES).values["speaker"] is None


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("Ada Kelp came to the quay.\n\nShe said that lamps fail.", "perhaps ada-kelp"),
        ("The Ministry has read the Gull Assessment. The document says that lamps fail.", "perhaps assessment"),
    ],
)
def test_a_speaker_that_a_pronoun_refers_to_is_only_suggested(text: str, remark: str) -> None:
    [passage] = [passage for passage in found_in(text).found if passage.speech]
    assert passage.speech
    assert (passage.speech.speaker, passage.speech.remark) == (None, remark)
    assert entry_of(passage, ENTITIES).values["speaker"] is None


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“Lamps fail,” said Ada Kelp. “They failed last year, and before that too.”", "ada-kelp"),
        ("“Lamps fail,” said Ada Kelp.\n\n“They failed last year, and before that too.”", "ada-kelp"),
        ("“Lamps failed last year. They failed before that too,” said Ada Kelp.", "ada-kelp"),
    ],
)
def test_a_speaker_of_another_sentence_is_marked_for_checking(text: str, speaker: str) -> None:
    speeches = [passage.speech for passage in found_in(text).found if passage.speech and passage.speech.remark]
    assert [speech.speaker for speech in speeches] == [speaker]
    assert "check" in speeches[0].remark


@pytest.mark.parametrize("text", ["The Ministry did not say why lamps fail.", "Its claims about lamps were wrong."])
def test_nouns_and_negated_verbs_are_no_speech(text: str) -> None:
    assert [passage.speech for passage in found_in(text).found] in ([], [None])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The Ministry said on 3 June 2019 that lamps fail.", "2019-06-03"),
        ("On 3 June 2019 the Ministry said that lamps fail.", "2019-06-03"),
        ("In June 2019, the Ministry denied that lamps fail.", "2019-06"),
        ("The Ministry said that lamps failed in June 2019.", None),
        ("The Ministry said on Tuesday that lamps fail.", None),
    ],
)
def test_the_date_of_saying_is_filled_in_only_where_it_is_printed(text: str, said: str | None) -> None:
    passage = only(text)
    assert passage.speech
    assert passage.speech.said == said
    assert entry_of(passage, ENTITIES).values.get("said") == said


# --- what is picked ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("It cost £1.4 million and $30, or 78 per cent (7%).", ["£1.4 million", "$30", "78 per cent", "7%"]),
        ("3,811 people, two of the charities and dozens of boats", ["3,811 people", "two of the charities"]),
        ("In 2019 and on 3 June, boys of 15 and 21. Room 67.", []),
    ],
)
def test_figures_are_found_with_what_they_count(text: str, figures: list[str]) -> None:
    assert [figure for figure in FIGURE.findall(text) if figure != "dozens of boats"] == figures


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Lamps cost £300 a year.", "figures"),
        ("Somebody funded the lamps at last.", "cue words"),
        ("Quay Eye and Ada Kelp went home.", "entities"),
        ("Quay Eye began in June 2019.", "dates"),
        ("Somebody said that lamps fail.", "speech"),
    ],
)
def test_a_passage_says_why_it_was_picked(text: str, kind: str) -> None:
    assert kind in " ".join(entry_of(only(text), ENTITIES).notes)


@pytest.mark.parametrize(
    "text", ["The rain fell all day long.", "Quay Eye is new here.", "3 June 2019", "It is never so."]
)
def test_a_single_name_date_or_negation_is_not_enough(text: str) -> None:
    assert found_in(text).found == []


def test_cue_words_come_from_the_ontology_and_from_the_labels_of_relations(small: Workspace) -> None:
    text = "Somebody wobbled the lamps again. The boat twirled round a lamp."
    assert found_in(text).found == []
    file = small.ontology / "relations.ttl"
    label = 'sp:twirls a sp:Relation, owl:ObjectProperty ; rdfs:label "twirled round"@en ; rdfs:domain sp:Entity .'
    more = f'\nsp:operates sp:cue "wobbled"@en .\n{label}\n'
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    quads = read_ontology(small.vocabularies())
    words = vocabulary(quads)
    found = find_passages(text, {}, read_cues(quads, words), words).found
    assert [passage.reasons["cue words"] for passage in found] == [
        ["“wobbled” for operates"],
        ["“twirled round” for twirls"],
    ]


def test_a_headline_that_is_printed_twice_is_proposed_once() -> None:
    assert len(found_in("Ministry funded more lamps\n\nMinistry funded more lamps\n").found) == 1


@pytest.mark.parametrize("sign", ["\x1b", "<b>", "x" * 130])
def test_a_passage_that_cannot_be_noted_is_counted_and_left_out(sign: str) -> None:
    found = found_in(f"{sign} was funded by the Ministry again. The Ministry funded lamps.")
    assert ([passage.text for passage in found.found], found.unquotable) == (["The Ministry funded lamps."], 1)


@settings(max_examples=60)
@given(st.text(alphabet="The MistryfundQayEe.,“”‘’\"'…\n:?!-[]<", max_size=200))
def test_every_passage_verifies_and_every_draft_is_yaml(text: str) -> None:
    text = f"The Ministry funded Quay Eye. {text} Ministry funded {text} Quay Eye {text} said Ada Kelp."
    found = found_in(text)
    assert {find(passage.evidence, normalise(text)).status for passage in found.found} <= {Status.VERIFIED}
    assert [located(passage.evidence, found.body) for passage in found.found] == [
        passage.span for passage in found.found
    ]
    lines = [
        f"  {line}" for passage in found.found for line in entry_of(passage, ENTITIES).lines(f"k{passage.span.start}")
    ]
    assert parse_tree("\n".join(("statements:", *lines)), "x.yaml")[1] == []


# --- a floor for recall and precision ------------------------------------------------------------------

ARTICLE = """Cookie settings

Lamps on the quay cost more than planned

By our harbour correspondent

The Harbour Office has spent £300,000 on Quay Eye, a scheme that photographs boats by night.
Quay Eye was launched in May 2020 with money from the Ministry of Tides.

“Nobody asked the people who live here,” said Ada Kelp, who chairs the Gull Friends’ League. “We read it in the paper.”
The Ministry told the Evening Buoy that it had consulted 12 associations. Three of them denied this.
It was a mild evening, and the tide was low.

According to the Gull Assessment, the number of gulls fell by 40 per cent. It says that lamps will stay.
The quay is pleasant in summer. Ice cream is sold there.

Share this page
"""
# Passages that a curator would code, in our own article; the other sentences say nothing of the scheme.
CODED = [
    "The Harbour Office has spent £300,000 on Quay Eye",
    "a scheme that photographs boats by night",
    "Quay Eye was launched in May 2020",
    "with money from the Ministry of Tides",
    "Nobody asked the people who live here",
    "Ada Kelp, who chairs the Gull Friends’ League",
    "We read it in the paper",
    "The Ministry told the Evening Buoy that it had consulted 12 associations",
    "Three of them denied this",
    "According to the Gull Assessment, the number of gulls fell by 40 per cent",
    "It says that lamps will stay",
]


def test_recall_and_precision_on_our_own_article_do_not_fall() -> None:
    found = found_in(ARTICLE)
    coded = [range(at := found.body.index(words), at + len(words)) for words in CODED]
    reached = score([passage.span for passage in found.found], coded, len(coded))
    assert reached.covered >= 11
    assert reached.useful / len(reached.lengths) >= 0.85
    every = score(found.sentences, coded, len(coded))
    assert every.useful / len(every.lengths) < 0.65


def test_a_score_counts_whole_and_partial_passages() -> None:
    reached = score([range(10), range(20, 30)], [range(2, 5), range(8, 12), range(40, 50)], 4)
    assert (reached.covered, reached.touched, reached.coded, reached.useful) == (1, 2, 4, 1)


# --- the files -----------------------------------------------------------------------------------------

CAPTURE = """Lamps and cameras

Exampletown Council funded Neighbours United. “We consulted Neighbours United,” said Exampletown Police.
Neighbours United told the Example Gazette that Exampletown Police never consulted Exampletown Council.
It rained.
"""
DENIAL = "Neighbours United told the Example Gazette"


def run(workspace: Workspace, *arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["draft", "-w", str(workspace.root), *map(str, arguments)])
    if isinstance(result.exception, GraphkitError):
        return 2, result.stdout, str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def capture(starter: Workspace) -> Path:
    """Return a capture whose source has a file in the data already, without statements."""
    path = starter.root / "captures" / "lamps-1.txt"
    path.write_text(CAPTURE, encoding="utf-8")
    head = "id: lamps-1\nkind: report\npublisher: example-gazette\ntitle: Lamps\n"
    target(starter).write_text(f"# Ours.\n{head}# Here they come.\nstatements: {{}}\n", encoding="utf-8")
    return path


def target(workspace: Workspace) -> Path:
    return workspace.data / "sources" / "lamps-1.yaml"


def drafts(workspace: Workspace) -> Path:
    return workspace.root / "drafts" / "lamps-1.yaml"


def complete(workspace: Workspace, *changes: tuple[str, str]) -> None:
    """Fill in the denial, which is the third passage, as a person would."""
    text = drafts(workspace).read_text(encoding="utf-8")
    head, _, entry = text.partition("  passage-3:\n")
    filled = [
        ("stance:\n", "stance: denies  # mine\n"),
        ("subject:\n", "subject: exampletown-police\n"),
        ("relation:\n", "relation: consulted\n"),
        ("object:\n", "object: exampletown-council\n"),
        ("gist:\n", "gist: Neighbours United says that the police never asked the council.\n"),
    ]
    for old, new in (*filled, *changes):
        assert old in entry
        entry = entry.replace(old, new)
    drafts(workspace).write_text(f"{head}  denied:\n{entry}", encoding="utf-8")


def test_passages_are_written_to_drafts_and_nothing_to_the_data(starter: Workspace, capture: Path) -> None:
    before = {path: path.read_bytes() for path in starter.data.rglob("*.yaml")}
    code, out, err = run(starter, capture)
    assert code == 0
    assert out.count("passage-") == 3
    assert f"passage-3\n    {DENIAL}" in out
    assert "3 of 5 sentences" in err
    assert {path: path.read_bytes() for path in starter.data.rglob("*.yaml")} == before
    tree, problems = parse_tree(drafts(starter).read_text(encoding="utf-8"), "x")
    assert problems == []
    assert isinstance(tree.root, dict)
    statements = tree.root["statements"]
    assert isinstance(statements, dict)
    denial = statements["passage-3"]
    assert isinstance(denial, dict)
    assert denial.keys() == {
        "proposed", "speaker", "stance", "subject", "relation", "object", "gist", "evidence",
    }  # fmt: skip
    assert [key for key, value in denial.items() if value is None] == [
        "stance",
        "subject",
        "relation",
        "object",
        "gist",
    ]
    assert DENIAL not in drafts(starter).read_text(encoding="utf-8"), "the text of others is not copied"


def test_a_build_never_reads_drafts(starter: Workspace, capture: Path) -> None:
    assert build(starter).ok
    before = starter.graph_file.read_bytes()
    run(starter, capture)
    (starter.root / "drafts" / "broken.yaml").write_text("statements: [", encoding="utf-8")
    assert build(starter).ok
    assert starter.graph_file.read_bytes() == before


def test_a_proposal_in_the_data_is_refused(starter: Workspace, capture: Path) -> None:
    run(starter, capture)
    complete(starter)
    entry = drafts(starter).read_text(encoding="utf-8").partition("  denied:\n")[2]
    text = target(starter).read_text(encoding="utf-8").replace(" {}", "")
    target(starter).write_text(f"{text}  denied:\n{entry}", encoding="utf-8")
    assert [problem.code for problem in check(starter).problems] == ["proposed-statement"]
    assert not build(starter).ok


def test_an_accepted_statement_moves_into_the_data(starter: Workspace, capture: Path) -> None:
    run(starter, capture)
    complete(starter)
    code, out, _ = run(starter, "--accept", "lamps-1/denied", "--captures", capture.parent)
    assert (code, "is in the data" in out) == (0, True)
    checked = check(starter, capture.parent)
    assert checked.problems == []
    assert checked.evidence == {"unverified": 1, "verified": 4}, "nobody has recorded the look-up yet"
    moved = target(starter).read_text(encoding="utf-8")
    assert moved.startswith("# Ours.\n")
    assert "# Here they come.\n" in moved
    assert "proposed" not in moved
    assert "speech:" not in moved, "remarks of the draft stay behind"
    assert load(starter).corpus.sources["lamps-1"].statements["denied"].stance == "denies"
    assert run(starter, "--list")[1].count("lamps-1/") == 2
    assert "denied" not in drafts(starter).read_text(encoding="utf-8")


def test_a_second_statement_follows_the_first_and_the_last_one_empties_the_file(
    starter: Workspace, capture: Path
) -> None:
    run(starter, capture)
    text = drafts(starter).read_text(encoding="utf-8")
    start, end = text.index("  passage-1:"), text.index("  passage-3:")
    drafts(starter).write_text(text[:start] + text[end:], encoding="utf-8")
    complete(starter)
    source = (starter.data / "sources" / "example-gazette-2021.yaml").read_text(encoding="utf-8")
    source = source.replace("example-gazette-2021\nkind", "lamps-1\nkind") + "  # The end.\n"
    target(starter).write_text(source.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert run(starter, "--accept", "lamps-1/denied")[0] == 0
    moved = target(starter).read_bytes().decode()
    assert moved.count("\n") == moved.count("\r\n")
    assert list(load(starter).corpus.sources["lamps-1"].statements)[-2:] == ["association-denies", "denied"]
    assert moved.endswith("  # The end.\r\n")
    assert not drafts(starter).exists()
    # A run that is repeated after a kill finishes the work.
    drafts(starter).write_text("source: lamps-1\nstatements: {}\n", encoding="utf-8")
    assert run(starter, "--accept", "lamps-1/denied")[0] == 0
    assert not drafts(starter).exists()
    assert target(starter).read_bytes().decode() == moved
    assert run(starter, "--accept", "lamps-1/other")[0] == 2


@pytest.mark.parametrize(
    ("change", "code", "solution"),
    [
        (("relation: consulted", "relation: consulted-with"), "unknown-relation", "consulted"),
        (("object: exampletown-council", "object: exampletown-counsil"), "unknown-entity", "exampletown-council"),
        (("relation: consulted", "relation: operates"), "wrong-range", "programme"),
        (("stance: denies", "stance: refuses"), "unknown-stance", "denies"),
        (("gist: N", "gist: <b>N"), "markup-in-text", "remove it"),
        (("sha256: ", "sha256: 0"), "invalid-value", "64 hexadecimal digits"),
        (("gist: Neigh", "gost: Neigh"), "unknown-key", "gist"),
        (("object: exampletown-council", "object:"), "missing-key", "fill it in"),
    ],
)
def test_a_wrong_statement_is_refused_at_its_line(
    starter: Workspace, capture: Path, change: tuple[str, str], code: str, solution: str
) -> None:
    run(starter, capture)
    complete(starter, change)
    before = [path.read_bytes() for path in (drafts(starter), target(starter))]
    exit_code, out, err = run(starter, "--accept", "lamps-1/denied")
    assert (exit_code, out) == (1, "")
    lines = drafts(starter).read_text(encoding="utf-8").splitlines()
    key = "object:" if code == "wrong-range" else change[1].split()[0]
    line = max(number for number, text in enumerate(lines, 1) if key in text)
    assert f"drafts/lamps-1.yaml:{line}:" in err
    assert code in err
    assert solution in err
    assert [path.read_bytes() for path in (drafts(starter), target(starter))] == before


def test_a_passage_that_is_not_in_the_capture_is_refused(starter: Workspace, capture: Path) -> None:
    run(starter, capture)
    complete(starter, ('starts: "Neighbours', 'starts: "Neighbors'))
    code, _, err = run(starter, "--accept", "lamps-1/denied", "--captures", capture.parent)
    assert (code, "passage-missing" in err, "drafts/lamps-1.yaml:" in err) == (1, True, True)


def test_a_numbered_key_and_open_keys_are_refused(starter: Workspace, capture: Path) -> None:
    run(starter, capture)
    code, _, err = run(starter, "--accept", "lamps-1/passage-3")
    assert code == 1
    assert [err.count(text) for text in ("invalid-id", "missing-key")] == [1, 5]


def test_a_source_without_a_file_is_named(starter: Workspace, capture: Path) -> None:
    target(starter).unlink()
    _, _, err = run(starter, capture)
    assert "graphkit capture" in err
    complete(starter)
    code, _, err = run(starter, "--accept", "lamps-1/denied")
    assert (code, "graphkit capture FILE --id lamps-1 > data/sources/lamps-1.yaml" in err) == (2, True)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lamps-1/passage-9", "passage-1"),
        ("lamps-1", "waits in drafts/lamps-1.yaml"),
        ("../data/sources/lamps-1/x", "cannot be the id"),
        ("nothing/x", "waits in drafts/nothing.yaml"),
    ],
)
def test_a_proposal_that_does_not_wait_is_named(starter: Workspace, capture: Path, name: str, said: str) -> None:
    run(starter, capture)
    code, _, err = run(starter, "--accept", name)
    assert (code, said in err) == (2, True)


def test_a_second_run_adds_only_new_passages_and_keeps_edits(starter: Workspace, capture: Path) -> None:
    run(starter, capture)
    complete(starter)
    before = drafts(starter).read_text(encoding="utf-8")
    code, out, err = run(starter, capture)
    assert (code, out) == (1, "")
    assert "Left out: 3" in err
    capture.write_text(CAPTURE + "Exampletown Council paid £30 for lamps.\n", encoding="utf-8")
    assert run(starter, capture)[0] == 0
    after = drafts(starter).read_text(encoding="utf-8")
    assert after.startswith(before)
    assert after.count("proposed: true") == 4
    assert [key for key in ("passage-1:", "passage-2:", "passage-3:") if key in after] == [
        "passage-1:",
        "passage-2:",
        "passage-3:",
    ]
    run(starter, "--accept", "lamps-1/denied")
    assert "Left out: 4" in run(starter, capture)[2], "a coded passage is not proposed again"


def test_a_file_that_cannot_be_added_to_is_left_alone(starter: Workspace, capture: Path) -> None:
    drafts(starter).parent.mkdir()
    for text in ("id: lamps-1\nstatements: [a]\n", "id: x\nstatements: {a: {subject: b}}\n", "a: [\n"):
        drafts(starter).write_text(text, encoding="utf-8")
        assert run(starter, capture)[0] == 2
        assert drafts(starter).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("text", ["", " \n\u2028 ", "Nobody of note came."])
def test_a_capture_without_passages_writes_nothing(starter: Workspace, capture: Path, text: str) -> None:
    capture.write_text(text, encoding="utf-8")
    code, out, err = run(starter, capture)
    assert (code, out, "Passages worth coding: 0" in err) == (1, "", True)
    assert not drafts(starter).exists()


@pytest.mark.parametrize(("content", "reason"), [(b"\xff\xfe", "cannot be read"), (None, "There is no file")])
def test_a_capture_that_cannot_be_read_is_named(
    starter: Workspace, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "x.txt"
    if content:
        path.write_bytes(content)
    code, _, err = run(starter, path)
    assert (code, reason in err, str(path) in err) == (2, True, True), err


@pytest.mark.parametrize(
    "arguments", [[], ["--list", "--accept", "a/b"], ["--with", "cat", "--list"], ["x.txt", "--source", "No Slug"]]
)
def test_wrong_options_are_refused(starter: Workspace, arguments: list[str]) -> None:
    code, out, _ = run(starter, *arguments)
    assert (code, out) == (2, "")


def test_names_that_would_harm_yaml_come_back_as_they_are() -> None:
    label = 'Yes: "no" #1 \\ {x} | > & * ! % @ ` - ’\U0001f6a2\n'
    entry = entry_of(
        only("The Ministry funded Quay Eye.")._replace(entities=["no"]), {"no": Entity(kind="topic", label=label)}
    )
    values: dict[str, Node] = {"gist": label, "object": {"statement": "no"}, "via": ["on", "a b"]}
    tree, problems = parse_tree("\n".join(replace(entry, values=values).lines("k")), "x")
    assert problems == []
    assert isinstance(tree.root, dict)
    found = tree.root["k"]
    assert isinstance(found, dict)
    assert {key: found[key] for key in values} == values


# --- other programs ------------------------------------------------------------------------------------

GOOD = {
    "passage": "Neighbours United told the\n Example Gazette that Exampletown Police never consulted  Exampletown",
    "speaker": "neighbours-united",
    "stance": "denies",
    "subject": "exampletown-police",
    "relation": "consulted",
    "object": "exampletown-council",
    "gist": "Neighbours United says that the police never asked the council.",
}
MONEY = {
    "passage": "Exampletown Council funded Neighbours United",
    "subject": "exampletown-council",
    "relation": "funded",
    "object": "neighbours-united",
    "amount": {"number": 300, "unit": "GBP"},
    "gist": "The council funded the association.",
}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Return the path of a small program, which a test writes."""
    return tmp_path / "my program.py"


def command(program: Path, code: str) -> str:
    program.write_text(code, encoding="utf-8")
    return f"'{sys.executable}' '{program}'"


def answering(program: Path, *proposals: object) -> str:
    return command(program, f"print({json.dumps(json.dumps({'proposals': proposals}))})")


def test_right_proposals_of_a_program_wait_with_its_name(starter: Workspace, capture: Path, program: Path) -> None:
    code, _, err = run(starter, capture, "--with", answering(program, GOOD, MONEY))
    assert (code, "Proposals: 2, 0 of them wrong" in err) == (0, True)
    text = drafts(starter).read_text(encoding="utf-8")
    assert text.count("my program.py: read the passage") == 2
    drafts(starter).write_text(text.replace("proposal-2:", "paid:"), encoding="utf-8")
    assert run(starter, "--accept", "lamps-1/proposal-1")[0] == 1, "a person has to name it"
    assert run(starter, "--accept", "lamps-1/paid", "--captures", capture.parent)[0] == 0
    paid = load(starter).corpus.sources["lamps-1"].statements["paid"]
    assert paid.amount
    assert paid.amount.number == "300"


def test_a_proposal_that_waits_or_is_in_the_data_is_not_added_again(
    starter: Workspace, capture: Path, program: Path
) -> None:
    asked = ["--with", answering(program, GOOD, MONEY)]
    run(starter, capture, *asked)
    text = drafts(starter).read_text(encoding="utf-8").replace("proposal-2:", "paid:")
    drafts(starter).write_text(text, encoding="utf-8")
    code, _, err = run(starter, capture, *asked)
    assert (code, "Left out: 2 that wait or are in the data already." in err) == (1, True)
    assert drafts(starter).read_text(encoding="utf-8") == text
    assert run(starter, "--accept", "lamps-1/paid", "--captures", capture.parent)[0] == 0
    before = drafts(starter).read_text(encoding="utf-8")
    run(starter, capture, *asked)
    assert drafts(starter).read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"passage": "Words that nobody wrote"}, "passage-missing", "Copy it from the capture"),
        ({"passage": "Exampletown Council"}, "passage-missing", "more than once"),
        ({"passage": None}, "missing-key", "passage"),
        ({"passage": "Neighbours  United told the Example"}, "", ""),
        ({"relation": "consultted"}, "unknown-relation", "consulted"),
        ({"relation": "claimed-consulted"}, "derived-relation", "enter the statement itself"),
        ({"relation": "operates"}, "wrong-range", "programme"),
        ({"subject": "street-cameras"}, "wrong-domain", "kind programme"),
        ({"object": "nobody"}, "unknown-entity", "data/entities/"),
        ({"stance": "swears"}, "unknown-stance", "denies"),
        ({"speaker": "street-cameras"}, "wrong-speaker", "cannot speak"),
        ({"said": "last week"}, "invalid-date", "on the day of publication"),
        ({"gist": None}, "missing-key", "gist"),
        ({"gist": "<script>"}, "markup-in-text", "markup"),
        ({"gist": "a\u202eb"}, "control-character", "U+202E"),
        ({"gist": "x" * 2_000}, "invalid-value", "1,000"),
        ({"evidence": {"starts": "x"}, "invented": 1}, "unknown-key", "invented"),
        ({"object": {"statement": "nothing"}}, "unknown-statement", "nothing"),
        ({"value": "2020"}, "object-or-value", "keep one"),
    ],
)
def test_wrong_proposals_of_a_program_are_listed_and_not_written(
    starter: Workspace, capture: Path, program: Path, change: dict[str, object], code: str, said: str
) -> None:
    wrong = {**GOOD, **change}
    exit_code, _, err = run(starter, capture, "--with", answering(program, wrong, MONEY))
    assert exit_code == (1 if code else 0)
    if code:
        assert f"proposal 1 of {program_name(program_words(answering(program)))}" in err
        assert (code in err, said in err) == (True, True)
    assert drafts(starter).read_text(encoding="utf-8").count("proposed: true") == (1 if code else 2)


@pytest.mark.parametrize("wrong", [7, None, "text", [], {}, {"passage": 3}])
def test_a_proposal_that_is_no_object_is_listed(
    starter: Workspace, capture: Path, program: Path, wrong: object
) -> None:
    code, _, err = run(starter, capture, "--with", answering(program, wrong))
    assert (code, "missing-key" in err, drafts(starter).exists()) == (1, True, False)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("print('I am sorry, but')", "is not JSON"),
        ("", "is not JSON"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\x00')", "is not JSON"),
        ("print('[' * 100_000)", "is not JSON"),
        ("print('[]')", "no list “proposals”"),
        ('print(\'{"proposals": [{"passage": "\\\\ud800"}]}\')', "is not JSON"),
        ("print('{\"proposals\": {}}')", "no list “proposals”"),
        ("print('{\"proposals\": [' + '1,' * 1_000 + '1]}')", "1,001 proposals"),
        ("while True: print('x' * 100_000)", "more than 5,000,000 bytes"),
        ("import sys; print('{\"proposals\": []}'); sys.exit(1)", "exit code 1"),
        ("import time; time.sleep(60)", "had not finished after 0.5 seconds"),
        ("import os, time; os.close(1); time.sleep(60)", "had not finished after 0.5 seconds"),
        ("import os, time; os.fork() or time.sleep(60)", "had not finished after 0.5 seconds"),
    ],
)
def test_a_program_that_fails_is_reported_and_writes_nothing(
    starter: Workspace, capture: Path, program: Path, code: str, said: str
) -> None:
    limit = "0.5" if "sleep" in code else "60"
    began = time.monotonic()
    exit_code, out, err = run(starter, capture, "--with", command(program, code), "--timeout", limit)
    assert (exit_code, out) == (2, "")
    assert said in err
    assert time.monotonic() - began < 20
    assert not drafts(starter).exists()


@pytest.mark.parametrize("text", ["no-such-program", "'", " ", "/"])
def test_a_program_that_cannot_be_started_is_named(starter: Workspace, capture: Path, text: str) -> None:
    code, _, err = run(starter, capture, "--with", text)
    assert (code, "program" in err or "command" in err) == (2, True)


def test_no_shell_reads_the_command(starter: Workspace, capture: Path, program: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    run(starter, capture, "--with", f"{answering(program)} ; touch {mark}")
    assert not mark.exists()


def test_the_program_gets_text_source_vocabulary_and_schema(starter: Workspace, capture: Path, program: Path) -> None:
    copy = program.with_suffix(".json")
    code = f"import sys; open({str(copy)!r}, 'w').write(sys.stdin.read()); print('{{\"proposals\": []}}')"
    run(starter, capture, "--with", command(program, code))
    got = json.loads(copy.read_text(encoding="utf-8"))
    assert got.keys() == {"text", "source", "vocabulary", "schema"}
    assert got["text"] == CAPTURE
    assert got["source"]["publisher"] == "example-gazette"
    assert got["vocabulary"]["entities"]["neighbours-united"]["label"] == "Neighbours United"
    assert "denies" in got["vocabulary"]["stances"]
    assert "claimed-consulted" not in got["vocabulary"]["relations"], "derived by rules only"
    item = got["schema"]["properties"]["proposals"]["items"]
    assert {"passage", "subject", "relation", "gist"} <= set(item["required"])
    assert not {"evidence", "proposed"} & item["properties"].keys()
    statement = schemas(WORDS)["source.schema.json"]["$defs"]["Statement"]["properties"]
    assert item["properties"].keys() == statement.keys() - {"evidence", "proposed"} | {"passage"}


def test_the_answer_schema_accepts_what_the_checks_accept(starter: Workspace) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = answer_schema(load(starter).corpus)
    jsonschema.validate({"proposals": [GOOD]}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"proposals": [{**GOOD, "relation": "nothing"}]}, schema)


def test_a_large_question_and_a_program_that_does_not_read_it_do_not_hang(program: Path) -> None:
    assert ask(program_words(answering(program)), {"text": "x" * 5_000_000}, 30) == []


# --- size ----------------------------------------------------------------------------------------------

LONG = [
    "The Ministry funded Quay Eye and " * 32_000,
    "x" * 1_000_000,
    "Ministry " * 20_000,
    "“" * 100_000,
    "‘a " * 50_000,
    "funded by " * 20_000,
    "said " * 30_000,
    "A. " * 50_000,
    "Yes. “No.” " * 20_000,
    "\u0301" * 200_000,
    "1," * 200_000,
]


@pytest.mark.slow
@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:12]))
def test_a_very_long_line_takes_seconds(text: str) -> None:
    began = time.perf_counter()
    found_in(text)
    assert time.perf_counter() - began < 30


TEXTS = {
    "prose": "The Ministry funded Quay Eye. “We ran Quay Eye,” said Ada Kelp. The Harbour Office denied it.\n\n",
    "one sentence": "the Ministry said Ada Kelp funded Quay Eye, ",
    "one quotation": "“The Ministry funded Quay Eye. ",
}


@pytest.mark.slow
@pytest.mark.parametrize("unit", TEXTS.values(), ids=TEXTS)
def test_ten_times_the_text_takes_about_ten_times_as_long(unit: str) -> None:
    def seconds(times: int) -> float:
        began = time.process_time()
        found_in(unit * times)
        return time.process_time() - began

    short = min(seconds(200) for _ in range(3))
    # The fastest of three long runs counts, so the first that is fast enough decides.
    assert any(seconds(2000) < 25 * short for _ in range(3))
