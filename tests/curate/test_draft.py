"""A draft proposes and never decides: names and cues as data, speakers, stances, passages, hostile input."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import REPOSITORY
from typer.testing import CliRunner

from graphkit.build.pipeline import build, check
from graphkit.cli import app
from graphkit.corpus.evidence import Status, find, normalise
from graphkit.corpus.load import load
from graphkit.corpus.yaml_tree import parse_tree
from graphkit.curate.draft import Draft, draft, draft_head, read_cues, read_names, spell
from graphkit.curate.draft.measure import measure
from graphkit.curate.draft.sentences import quotations, read, sentences
from graphkit.model.errors import ExportError, WorkspaceError
from graphkit.model.records import Corpus, Dataset, Entity, Source
from graphkit.model.vocabulary_file import read_ontology, vocabulary
from graphkit.model.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphkit.curate.draft import Names, Proposal

OURS = Workspace(REPOSITORY)
QUADS = read_ontology(OURS.vocabularies())
WORDS = vocabulary(QUADS)
EMPTY = Corpus(Dataset.model_construct(), {}, {}, WORDS)
CUES = read_cues(QUADS, WORDS)

ENTITIES = {
    "harbour-office": Entity(kind="public-body", label="Harbour Office", aliases=("the harbour people",)),
    "ministry": Entity(kind="public-body", label="Ministry of Tides", aliases=("MoT", "the Ministry")),
    "gulls": Entity(kind="organisation", label="Gull Friends’ League"),
    "evening-buoy": Entity(kind="organisation", label="The Evening Buoy"),
    "quay-eye": Entity(kind="programme", label="Quay Eye"),
    "tide-book": Entity(kind="information-system", label="Tide Book"),
    "assessment": Entity(kind="document", label="Gull Assessment"),
    "ada-kelp": Entity(kind="person", label="Ada Kelp"),
    "sailors": Entity(kind="group", label="young sailors"),
    "gull-theft": Entity(kind="topic", label="theft of gulls"),
    "posts": Entity(kind="topic", label="boat videos"),
    "profiling": Entity(kind="topic", label="profiling"),
}
NAMES = read_names(ENTITIES, WORDS)


def drafted(text: str, names: Names = NAMES) -> Draft:
    return draft(text, names, CUES, WORDS)


def said(text: str) -> list[tuple[str | None, ...]]:
    """Return subject, relation, object, speaker and stance of each proposal."""
    return [
        (one.subject, one.relation, one.object or one.value, one.speaker, one.stance) for one in drafted(text).proposals
    ]


def named(text: str, **entities: Entity) -> list[str]:
    return [one.slug for one in drafted(text, read_names(entities, WORDS) if entities else NAMES).mentions]


# --- names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Harbour Office's lamps, the Harbour Office’s ropes", ["harbour-office", "harbour-office"]),
        ("the gull friends' league and the Gull Friends' League", ["gulls"]),
        ("Evening Buoy staff", ["evening-buoy"]),
        ("THE EVENING BUOY and the evening buoy", []),
        ("The harbour people met", ["harbour-office"]),
        ("mot and MoT", ["ministry"]),
        ("the ministry and the Ministry", ["ministry"]),
        ("Theft of gulls, THEFT OF GULLS", ["gull-theft", "gull-theft"]),
        ("‘Quay’ Eye, Quay-Eye, “Quay Eye”", ["quay-eye", "quay-eye", "quay-eye"]),
        ("Quay Eyes, xQuay Eye, Quay, Eye", []),
        ("the office, the force, the harbour", []),
    ],
)
def test_names_are_found_as_they_are_written(text: str, found: list[str]) -> None:
    assert named(text) == found


def test_the_longest_name_is_taken() -> None:
    quay = Entity(kind="programme", label="Quay")
    eye = Entity(kind="programme", label="Quay Eye")
    assert named("Quay Eye and Quay", quay=quay, eye=eye) == ["eye", "quay"]


def test_a_name_of_several_entities_is_passed_over_and_told() -> None:
    one = Entity(kind="organisation", label="League")
    names = read_names({"a": one, "b": one, "quay": ENTITIES["quay-eye"]}, WORDS)
    found = drafted("The League funded Quay Eye.", names)
    assert [mention.slug for mention in found.mentions] == ["quay"]
    assert found.unclear == {"League": ("a", "b")}
    assert not found.proposals


@pytest.mark.parametrize("name", ["C++ (UK)", "a|b", ".*", "[x", "(?P<n>", "\\d+", "^$", "Where? Who! Ltd.", "$1"])
def test_signs_in_a_name_mean_nothing_but_themselves(name: str) -> None:
    assert named(f"Yesterday {name} paid.", x=Entity(kind="organisation", label=name)) == ["x"]
    assert named("Yesterday aab 12 paid.", x=Entity(kind="organisation", label=name)) == []


def test_letters_with_marks_and_other_writing_directions_are_found() -> None:
    cafe = Entity(kind="organisation", label="Café Union")
    port = Entity(kind="organisation", label="נָמֵל יפו")
    assert named("The Cafe\u0301 Union and the Cafe Union", x=cafe) == ["x"]
    assert named("ההצהרה של נָמֵל יפו אתמול", x=port) == ["x"]
    assert named("נָמֵלים יפו", x=port) == []


def test_a_name_does_not_run_over_a_paragraph() -> None:
    assert named("By the Quay\n\nEye of the storm") == []


def test_a_name_with_a_full_stop_does_not_end_a_sentence() -> None:
    entities = {"x": Entity(kind="organisation", label="Dock No. Nine Assoc. Trust"), "quay": ENTITIES["quay-eye"]}
    [one] = drafted("The Dock No. Nine Assoc. Trust funded Quay Eye.", read_names(entities, WORDS)).proposals
    assert (one.subject, one.relation) == ("x", "funded")


# --- sentences and quotations --------------------------------------------------------------------------


def parts(text: str) -> list[str]:
    reading = read(text)
    return [
        reading.body[reading.tokens[one.start].start : reading.tokens[one.stop - 1].end]
        for one in sentences(reading, ())
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Mr. Kelp paid 3.5 pounds. He left.", ["Mr. Kelp paid 3.5 pounds.", "He left."]),
        ("She said no. See No. 5 there.", ["She said no.", "See No. 5 there."]),
        ("“One. Two,” she said. Three.", ["“One.", "Two,” she said.", "Three."]),
        ("“Why?” she asked. “So.” They left.", ["“Why?” she asked.", "“So.”", "They left."]),
        ("A head\n\nwrapped\nlines here.", ["A head", "wrapped lines here."]),
        ("A head\n" + "long " * 30 + "line.", ["A head", ("long " * 30 + "line.")]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@given(st.text())
def test_reading_keeps_the_text_as_passages_are_normalised(text: str) -> None:
    reading = read(text)
    assert reading.body == normalise(text)
    covered = [at for one in sentences(reading, ()) for at in one]
    assert covered == list(range(len(reading.tokens)))


def test_quotations_of_all_shapes_are_found() -> None:
    reading = read("“a b” and \"c d\" and ‘it’s e’ and 'f' and the boats’ deck\n\n“open to the end\n\nplain")
    found = [reading.body[reading.tokens[q.start].start : reading.tokens[q.stop - 1].end] for q in quotations(reading)]
    assert found == ["“a b”", '"c d"', "‘it’s e’", "“open to the end"]


# --- what is proposed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Ministry funded Quay Eye.", ("ministry", "funded", "quay-eye", None, "asserts")),
        ("Quay Eye was funded by the Ministry.", ("ministry", "funded", "quay-eye", None, "asserts")),
        ("Quay Eye was launched in 2019 by the Ministry.", ("ministry", "launched", "quay-eye", None, "asserts")),
        ("Quay Eye was launched by the Ministry in 2019.", ("quay-eye", "launched-on", "2019", None, "asserts")),
        ("Quay Eye runs with funding from the Ministry.", ("ministry", "funded", "quay-eye", None, "asserts")),
        ("The Harbour Office launched Quay Eye in June 2019.", ("quay-eye", "launched-on", "2019-06", None, "asserts")),
        ("The Ministry holds Ada Kelp to account.", ("ministry", "holds-to-account", "ada-kelp", None, "asserts")),
        ("The Ministry did not fund Quay Eye.", ("ministry", "funded", "quay-eye", None, "denies")),
        ("Quay Eye will collect boat videos.", ("quay-eye", "collects", "posts", None, "plans")),
        ("Ada Kelp saw the redacted Gull Assessment.", ("assessment", "is-redacted", "true", None, "asserts")),
        ("Quay Eye, run by the Ministry, collects boat videos.", ("quay-eye", "collects", "posts", None, "asserts")),
        ("Quay Eye ‘will carry out’ profiling.", ("quay-eye", "carries-out", "profiling", None, "plans")),
    ],
)  # fmt: skip
def test_relations_and_their_direction(text: str, expected: tuple[str | None, ...]) -> None:
    assert expected in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Quay Eye was funded in 2019.",  # nobody is said to have paid
        "Boat videos funded profiling.",  # topics do not pay
        "The Ministry funded itself. Quay Eye is new.",  # another sentence
        "The Ministry and Quay Eye.",  # no cue
        "The Ministry funded the Ministry.",  # one end twice
    ],
)
def test_nothing_is_proposed_without_both_ends_and_a_cue(text: str) -> None:
    assert not [one for one in said(text) if one[1] == "funded"]


@pytest.mark.parametrize(
    ("text", "speaker", "stance"),
    [
        ("The Ministry said that the Harbour Office funded Quay Eye.", "ministry", "asserts"),
        ("The Harbour Office funded Quay Eye, according to Ada Kelp.", "ada-kelp", "asserts"),
        ("“The Harbour Office funded Quay Eye,” said Ada Kelp.", "ada-kelp", "asserts"),
        ("‘The Harbour Office funded Quay Eye,’ Ada Kelp said.", "ada-kelp", "asserts"),
        ("The Ministry denied that the Harbour Office funded Quay Eye.", "ministry", "denies"),
        ("The Ministry admitted that the Harbour Office funded Quay Eye.", "ministry", "concedes"),
        ("The Ministry said the Harbour Office never funded Quay Eye.", "ministry", "denies"),
        ("Ada Kelp, of the Gull Friends’ League, said the Harbour Office funded Quay Eye.", "ada-kelp", "asserts"),
        ("The Gull Assessment says that the Harbour Office funded Quay Eye.", "assessment", "asserts"),
        ("The Ministry did not say that the Harbour Office funded Quay Eye.", None, "asserts"),
        ("The Ministry’s claims about boats grew. The Harbour Office funded Quay Eye.", None, "asserts"),
    ],
)
def test_speaker_and_stance(text: str, speaker: str | None, stance: str) -> None:
    assert ("harbour-office", "funded", "quay-eye", speaker, stance) in said(text)


def only(text: str, relation: str = "consulted") -> Proposal:
    [one] = [one for one in drafted(text).proposals if one.relation == relation]
    return one


def test_the_relay_is_noted() -> None:
    one = only("The Gull Friends’ League told the Evening Buoy that the Ministry never consulted Ada Kelp.")
    assert (one.speaker, one.stance, one.via) == ("gulls", "denies", ("evening-buoy",))
    two = only("The Evening Buoy reported that Ada Kelp said the Ministry consulted the Harbour Office.")
    assert (two.speaker, two.via) == ("ada-kelp", ("evening-buoy",))


def test_we_and_it_mean_the_speaker() -> None:
    one = only("“We were never consulted by the Ministry,” said Ada Kelp.")
    assert (one.subject, one.object, one.speaker, one.stance) == ("ministry", "ada-kelp", "ada-kelp", "denies")
    two = only("The Ministry said that it had consulted Ada Kelp.")
    assert (two.subject, two.object, two.speaker) == ("ministry", "ada-kelp", "ministry")


def test_a_later_quotation_goes_on_with_a_hint() -> None:
    text = "“It is late,” said Ada Kelp. “The Ministry consulted young sailors about everything.”"
    assert (only(text).speaker, only(text).hint) == ("ada-kelp", "speaker taken from the text before: check")


def test_a_speaker_who_is_not_found_is_never_made_up() -> None:
    one = only("Critics claimed that the Ministry consulted Ada Kelp.")
    assert one.speaker is None
    assert "no speaker was found" in one.hint


def test_words_around_a_name_in_quotation_marks_are_nobodys_quotation() -> None:
    assert only("Ada Kelp said no. The ‘Ministry’ consulted young sailors.").speaker is None


def test_hedges_and_rows_of_names_are_noted() -> None:
    found = drafted("The Ministry may have consulted Ada Kelp, young sailors and the Harbour Office.").proposals
    assert [one.object for one in found] == ["ada-kelp", "sailors", "harbour-office"]
    assert {one.hedge for one in found} == {"may"}


def test_a_date_of_saying_is_never_guessed() -> None:
    text = "On 3 June 2019 the Ministry said that it consulted Ada Kelp."
    assert "said:" not in spell({"id": "x"}, drafted(text).proposals, ENTITIES, WORDS)


def test_every_passage_verifies_where_it_is() -> None:
    text = "The Ministry funded Quay Eye. " * 3 + "\n\n“We run Quay Eye,” said the Harbour Office."
    found = drafted(text)
    assert len(found.proposals) == 4
    assert {find(one.evidence, normalise(text)).status for one in found.proposals} == {Status.VERIFIED}


@pytest.mark.parametrize("sign", ["\u202e", "\x1b", "<b>", "x" * 130 + " "])
def test_a_passage_that_cannot_be_noted_is_cut_or_left_out(sign: str) -> None:
    cut = drafted(f"{sign}Then the Ministry funded Quay Eye.")
    assert [one.evidence.starts.split()[0] for one in cut.proposals] == ["the"]
    left = drafted(f"The Ministry {sign} funded {sign} Quay Eye.")
    assert (len(left.proposals), left.unquotable) == (0, 1)


# --- cues are data -------------------------------------------------------------------------------------


def test_a_cue_of_the_ontology_is_all_it_takes(small: Workspace) -> None:
    file = small.ontology / "relations.ttl"
    text = "Force wobbled Scheme. Scheme got wobbled upon Force. Force gave Scheme a wobble."
    words = load(small).corpus.vocabulary
    names = read_names(load(small).corpus.entities, words)
    before = draft(text, names, read_cues(read_ontology(small.vocabularies()), words), words).proposals
    extra = '\nsp:operates sp:cue "wobbled"@en, "gave … a wobble"@en ; sp:inverseCue "wobbled upon"@en .\n'
    file.write_text(file.read_text(encoding="utf-8") + extra, encoding="utf-8")
    found = draft(text, names, read_cues(read_ontology(small.vocabularies()), words), words).proposals
    assert before == []
    assert {(one.subject, one.relation, one.object) for one in found} == {("force", "operates", "scheme")}
    assert len(found) == 3


def test_an_ontology_without_cues_is_told() -> None:
    with pytest.raises(WorkspaceError, match="cue"):
        read_cues([quad for quad in QUADS if not quad.predicate.value.lower().endswith("cue")], WORDS)


def test_cues_hint_only_at_what_a_draft_can_propose() -> None:
    hinted = {
        str(getattr(quad.subject, "value", "")).rpartition("#")[2]
        for quad in QUADS
        if quad.predicate.value.lower().endswith("cue")
    }
    usable = {one.name for one in WORDS.relations.values() if not one.derived and one.range != {"Proposition"}}
    assert len(hinted & usable) > 60
    assert hinted <= usable | set(WORDS.stances.values()) | {"hedge"}


# --- the file ------------------------------------------------------------------------------------------


def spelled(text: str, proposals: Sequence[Proposal], entities: dict[str, Entity]) -> str:
    head = draft_head("tide-1", text.encode(), text, {"kind": None, "publisher": None, "title": None}, EMPTY)
    return spell(head, proposals, entities, WORDS)


def test_names_that_would_harm_yaml_come_back_as_they_are() -> None:
    label = 'Yes: "no" #1 \\ {x} | > & * ! % @ ` - ’\U0001f6a2'
    entities = {"no": Entity(kind="organisation", label=label), "quay": ENTITIES["quay-eye"]}
    text = f"Then {label} funded Quay Eye."
    found = drafted(text, read_names(entities, WORDS)).proposals
    tree, problems = parse_tree(spelled(text, found, entities), "x.yaml")
    assert problems == []
    assert isinstance(tree.root, dict)
    [statement] = tree.root["statements"].values()  # type: ignore[union-attr]
    assert isinstance(statement, dict)
    assert statement["subject"] == "no"
    assert statement["proposed"] == "true"
    assert label in str(statement["gist"])
    assert '"no"' in spelled(text, found, entities)


def test_the_gist_is_made_of_labels_and_not_of_the_text() -> None:
    [one] = drafted("The Ministry quietly and lavishly funded Quay Eye.").proposals
    assert '"The source says that Ministry of Tides funded Quay Eye."' in spelled("x", [one], ENTITIES)


def test_keys_are_unique_and_leave_those_of_the_source_alone() -> None:
    found = drafted("The Ministry funded Quay Eye. The Ministry paid for Quay Eye.").proposals
    text = spell({"id": "x"}, found, ENTITIES, WORDS, ["ministry-funded-quay-eye"])
    assert [line for line in text.splitlines() if line.startswith("  m")] == [
        "  ministry-funded-quay-eye-2:",
        "  ministry-funded-quay-eye-3:",
    ]


def test_the_relay_is_written_unless_it_is_the_publisher() -> None:
    found = drafted("Ada Kelp told the Evening Buoy that the Ministry funded Quay Eye.").proposals
    assert "via: [evening-buoy]" in spell({"id": "x", "publisher": "gulls"}, found, ENTITIES, WORDS)
    assert "via:" not in spell({"id": "x", "publisher": "evening-buoy"}, found, ENTITIES, WORDS)


# --- the command ---------------------------------------------------------------------------------------

CAPTURE = """Lamps and cameras

Exampletown Council funded Neighbours United. “We consulted Neighbours United,” said Exampletown Police.
Neighbours United told the Example Gazette that Exampletown Police never consulted Exampletown Council.
"""
HEAD = ["--publisher", "example-gazette", "--kind", "report", "--title", 'A: "b" #c']


def run(workspace: Workspace, capture: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["draft", str(capture), "-w", str(workspace.root), *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def capture(starter: Workspace) -> Path:
    path = starter.root / "captures" / "lamps-1.txt"
    path.write_text(CAPTURE, encoding="utf-8")
    return path


def test_a_draft_is_refused_until_its_proposals_are_accepted(starter: Workspace, capture: Path) -> None:
    target = starter.data / "sources" / "lamps-1.yaml"
    code, out, err = run(starter, capture, "-o", str(target), *HEAD)
    assert (code, out) == (0, f"{target}\n")
    assert "Proposals: 3" in err
    refused = check(starter, capture.parent)
    assert [(problem.code, problem.level.value) for problem in refused.problems] == [
        ("proposed-statement", "error")
    ] * 3
    assert not build(starter).ok
    text = target.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if "proposed: true" not in line]
    target.write_text("".join(lines), encoding="utf-8")
    accepted = check(starter, capture.parent)
    assert accepted.problems == []
    assert accepted.evidence == {"verified": 7}
    statements = load(starter).corpus.sources["lamps-1"].statements
    assert statements["exampletown-police-consulted-exampletown-council"].via == (), "the publisher passes nothing on"


def test_what_only_a_person_knows_is_left_open(starter: Workspace, capture: Path) -> None:
    code, out, err = run(starter, capture)
    assert code == 0
    assert "kind, publisher, title" in err
    (starter.data / "sources" / "lamps-1.yaml").write_text(out, encoding="utf-8")
    assert {problem.code for problem in check(starter).problems} == {"missing-key"}


def test_the_head_of_a_source_that_is_there_is_taken_over(starter: Workspace) -> None:
    code, out, _ = run(starter, starter.root / "captures" / "example-gazette-2021.txt")
    tree, problems = parse_tree(out, "x")
    assert (code, problems) == (0, [])
    known = load(starter).corpus.sources["example-gazette-2021"]
    assert isinstance(tree.root, dict)
    head = Source.model_validate({**tree.root, "statements": {}})
    assert head == known.model_copy(update={"statements": {}})


def test_what_a_source_has_already_is_not_proposed_again(starter: Workspace, capture: Path) -> None:
    target = starter.data / "sources" / "lamps-1.yaml"
    run(starter, capture, "-o", str(target), *HEAD)
    code, out, err = run(starter, capture)
    assert (code, out) == (1, "")
    assert "has all that can be proposed" in err
    whole = target.read_text(encoding="utf-8")
    target.write_text(whole.replace("stance: denies", "stance: doubts"), encoding="utf-8")
    code, out, err = run(starter, capture)
    assert (code, out.count("proposed: true"), out.count("stance: denies")) == (0, 1, 1)
    assert "Left out, as the source has them: 2" in err


def test_a_file_that_is_there_is_left_alone(starter: Workspace, capture: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.yaml"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(ExportError, match="overwrites nothing"):
        CliRunner().invoke(
            app, ["draft", str(capture), "-w", str(starter.root), "-o", str(target)], catch_exceptions=False
        )
    assert target.read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith("part")] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "No entity"),
        (" \n\u2028 ", "No entity"),
        ("Nobody of note came.", "No entity"),
        ("Exampletown Council met in the rain.", "No statement"),
    ],
)
def test_a_capture_without_anything_gives_a_message(
    starter: Workspace, capture: Path, text: str, message: str, tmp_path: Path
) -> None:
    capture.write_text(text, encoding="utf-8")
    code, out, err = run(starter, capture, "-o", str(tmp_path / "new.yaml"))
    assert (code, out) == (1, "")
    assert message in err
    assert not (tmp_path / "new.yaml").exists()


@pytest.mark.parametrize(
    "arguments", [["--source", "No Slug"], ["--publisher", "nobody"], ["--kind", "tea"], ["--source", "x" * 200]]
)
def test_a_wrong_option_is_told(starter: Workspace, capture: Path, arguments: list[str]) -> None:
    result = CliRunner().invoke(app, ["draft", str(capture), "-w", str(starter.root), *arguments])
    assert isinstance(result.exception, ExportError)
    assert result.stdout == ""


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_capture_that_cannot_be_read_is_told(starter: Workspace, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.txt"
    if content:
        path.write_bytes(content)
    result = CliRunner().invoke(app, ["draft", str(path), "-w", str(starter.root)])
    assert "cannot be read as text" in str(result.exception)


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
    "\u0301" * 200_000,
]


@pytest.mark.slow
@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:12]))
def test_a_very_long_line_takes_seconds(text: str) -> None:
    began = time.perf_counter()
    drafted(text)
    assert time.perf_counter() - began < 60


TEXTS = {
    "prose": "The Ministry funded Quay Eye. “We ran Quay Eye,” said Ada Kelp. The Harbour Office denied it.\n\n",
    "one sentence": "the Ministry said Ada Kelp funded Quay Eye, ",
    "one quotation": "“The Ministry funded Quay Eye. ",
}


@pytest.mark.slow
@pytest.mark.parametrize("unit", TEXTS.values(), ids=TEXTS)
def test_ten_times_the_text_takes_about_ten_times_as_long(unit: str) -> None:
    def seconds(times: int) -> float:
        best = float("inf")
        for _ in range(3):
            began = time.process_time()
            drafted(unit * times)
            best = min(best, time.process_time() - began)
        return best

    assert seconds(2000) < 25 * seconds(200)


@settings(max_examples=40)
@given(st.text(alphabet="The MistryfundQayEe.,“”‘’\"'…\n:?!-[]<", max_size=200))
def test_whatever_stands_there_is_quoted_so_that_it_verifies(text: str) -> None:
    text = f"The Ministry funded Quay Eye. {text} Ministry funded {text} Quay Eye {text} said Ada Kelp."
    found = drafted(text).proposals
    assert {find(one.evidence, normalise(text)).status for one in found} <= {Status.VERIFIED}
    assert parse_tree(spelled(text, found, ENTITIES), "x.yaml")[1] == []


# --- measuring -----------------------------------------------------------------------------------------


def test_measuring_counts_each_statement_and_each_proposal_once() -> None:
    text = "The Ministry funded Quay Eye. The Ministry denied that Ada Kelp ran Tide Book. Ada Kelp ran Quay Eye."
    found = drafted(text)
    passages = {
        (one.subject, one.relation, one.object): one.evidence.model_dump(exclude_none=True) for one in found.proposals
    }
    paid, ran = passages["ministry", "funded", "quay-eye"], passages["ada-kelp", "operates", "tide-book"]
    statements = {
        "paid": {"subject": "ministry", "relation": "funded", "object": "quay-eye", "gist": "x", "evidence": paid},
        "again": {"subject": "ministry", "relation": "funded", "object": "quay-eye", "gist": "x", "evidence": paid},
        "ran": {"subject": "ada-kelp", "relation": "operates", "object": "tide-book", "gist": "x", "evidence": ran},
        "unnamed": {"subject": "gulls", "relation": "funded", "object": "quay-eye", "gist": "x", "evidence": paid},
    }
    source = Source.model_validate(
        {"id": "x", "kind": "report", "publisher": "evening-buoy", "title": "x", "statements": statements}
    )
    measured = measure(found, CUES, source)
    assert (measured.propositions.right, measured.propositions.proposed, measured.propositions.coded) == (2, 3, 4)
    assert measured.propositions.recall == 0.5
    assert measured.statements.right == 1, "the second has another speaker and stance"
    assert measured.differs == {"the speaker": 0, "the stance": 0, "speaker and stance": 1}
    assert sorted(key for keys in measured.missed.values() for key in keys) == ["again", "unnamed"]
    assert (measured.mentions.right, measured.mentions.coded) == (7, 8)
