"""A query that names what the graph does not contain says so; any other query says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from commands import runner

from graphkit.model.errors import QueryWarning
from graphkit.model.iris import BASE, PREFIXES
from graphkit.query.answers import Table
from graphkit.query.patterns import is_look_up, read_query_parts
from graphkit.query.questions import Question, answer, find_question
from graphkit.query.remarks import remarks, unknown_names
from graphkit.store.syntax import read_header
from graphkit.web.mcp.answers import answer_question
from graphkit.web.server.jobs import QueryRequest, answer_query

if TYPE_CHECKING:
    from graphkit.graph import Graph

SP = PREFIXES["sp"]


def said(graph: Graph, text: str) -> list[str]:
    return remarks(graph.store, Question("query", text, read_header(text)), {})


@pytest.mark.parametrize(
    ("query", "remark"),
    [
        ("SELECT * { ?a sp:critisised ?b }", "The graph has no property sp:critisised. Did you mean sp:criticised"),
        ("SELECT * { ?a sp:speaker/sp:fundedd ?b }", "The graph has no property sp:fundedd. Did you mean sp:funded"),
        ("SELECT * { ?a a sp:Statment }", "The graph has no class sp:Statment. Did you mean sp:Statement"),
        ("SELECT * { ?a a sp:organisation }", "The graph has no class sp:organisation. Did you mean sp:Organisation"),
        ("SELECT * { ?a sp:Funded ?b }", "The graph has no property sp:Funded. Did you mean sp:funded"),
        ("SELECT * { id:charitie ?p ?o }", "The graph has no entity id:charitie. Did you mean id:charity"),
        ("ASK { VALUES ?x { id:charitie } ?x ?p ?o }", "The graph has no entity id:charitie. Did you mean id:charity"),
        ("DESCRIBE source:daly-1", "The graph has no source source:daly-1. Did you mean source:daily-1"),
        ("DESCRIBE <id/charitie>", "The graph has no entity id:charitie. Did you mean id:charity"),
        (f"SELECT * {{ ?a <{SP}fundedd> ?b }}", "The graph has no property sp:fundedd. Did you mean sp:funded"),
        (f"PREFIX x: <{SP}> SELECT * {{ ?a x:fundedd ?b }}", "The graph has no property sp:fundedd"),
        (f"BASE <{BASE}> SELECT * {{ ?a <ontology#fundedd> ?b }}", "The graph has no property sp:fundedd"),
        (
            f"SELECT * {{ GRAPH <{BASE}graph/flat/attributd> {{ ?a ?b ?c }} }}",
            "The graph has no named graph flat:attributd",
        ),
        ("CONSTRUCT { ?a sp:mine ?b } { ?a sp:fundedd ?b }", "The graph has no property sp:fundedd"),
        ("DESCRIBE <charity>", f"The graph has no IRI {BASE}charity. Did you mean id:charity"),
        (f"DESCRIBE <{BASE.replace('https', 'http')}id/charity>", "The graph has no IRI http://"),
        ("CONSTRUCT WHERE { ?a sp:fundedd ?b }", "The graph has no property sp:fundedd"),
        (
            "SELECT * { SERVICE <http://x/> { ?a sp:theirs ?b } ?b sp:fundedd ?c }",
            "The graph has no property sp:fundedd",
        ),
    ],
)
def test_an_unknown_name_is_named_with_the_nearest(small_graph: Graph, query: str, remark: str) -> None:
    (only,) = said(small_graph, query)
    assert only.startswith(remark)


@pytest.mark.parametrize(
    ("query", "remark"),
    [
        ('SELECT * { ?a sp:speaker "Force" }', 'sp:speaker never leads to a text such as "Force"'),
        ("SELECT * { ?a sp:stance 'denies' }", "sp:stance never leads to a text such as 'denies'"),
        ('SELECT * { ?a rdfs:label "Force" }', 'No label is "Force" without a language'),
        (
            'SELECT * { ?a rdfs:label "force" }',
            'No label is "force" without a language; labels are written as "Force"@en.',
        ),
        ("SELECT * { ?a sp:denies ?b }", "sp:denies is a stance, not a property"),
        ("SELECT * { ?a sp:denies [] }", "sp:denies is a stance, not a property"),
        ("SELECT * { ?a sp:Statement ?b }", "sp:Statement is a class, not a property: write ?thing a sp:Statement"),
        ("SELECT * { ?a sp:stance sp:denied }", "sp:stance never leads to sp:denied. Did you mean sp:denies"),
        ("SELECT * { ?a foaf:name ?b }", "No triple of the graph has the property foaf:name. Names of things are in"),
        ("SELECT * { ?a sp:speaker ?b . { ?b foaf:name ?n } }", "No triple of the graph has the property foaf:name"),
        (
            'SELECT * { ?a sp:publishedEarliest "2021-03-01" }',
            'sp:publishedEarliest leads to days, and "2021-03-01" is',
        ),
        (
            "SELECT * { ?a sp:publishedEarliest ?d FILTER(?d > 2020) }",
            "sp:publishedEarliest leads to days, and 2020 is",
        ),
        ('SELECT * { ?a sp:publishedEarliest ?d FILTER("2021-03-01" <= ?d) }', "sp:publishedEarliest leads to days"),
        ('SELECT * { ?a rdfs:label ?l FILTER(?l = "Force") }', 'No label is "Force" without a language'),
        ('SELECT * { ?a sp:speaker ?b FILTER(?b != "Force") }', 'sp:speaker never leads to a text such as "Force"'),
        (
            'SELECT * { ?a sp:speaker ?b FILTER(CONTAINS(?b, "x")) }',
            "?b is a thing, not a text: write CONTAINS(STR(?b)",
        ),
        ('SELECT * { ?a sp:speaker ?b FILTER regex(?a, "x") }', "?a is a thing, not a text: write REGEX(STR(?a)"),
        ("SELECT (STRLEN(?b) AS ?n) { ?a sp:speaker ?b }", "?b is a thing, not a text: write STRLEN(STR(?b)"),
        (
            "SELECT ?speaker { ?a sp:speaker ?speakr }",
            "?speaker has no value: no pattern of the query contains it. Did you mean ?",
        ),
        ("SELECT (COUNT(?x) AS ?n) { ?a sp:speaker ?b }", "?x has no value"),
        ("SELECT ?a { ?a sp:speaker ?b FILTER(?c = 1) }", "?c has no value"),
        ("SELECT ?a { ?a sp:speaker ?b } ORDER BY DESC(?when)", "?when has no value"),
        (
            f"PREFIX sp: <{SP[:-1]}/> SELECT * {{ ?a sp:speaker ?b }}",
            "The query declares sp: as <https://w3id.org/surveillance-policy/ontology/>; in this graph it is",
        ),
    ],
)
def test_a_pattern_that_cannot_match_is_explained(small_graph: Graph, query: str, remark: str) -> None:
    first, *_ = reversed(said(small_graph, query))
    assert first.startswith(remark)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?sp { ?sp sp:gist 'sp:fundedd' } # id:nobody",
        'SELECT * { ?a sp:stance sp:denies ; sp:speaker ?b . ?b rdfs:label "Force"@en }',
        'PREFIX sp: <https://example.org/> SELECT * { ?a sp:speaker "Force" ; sp:denies ?b }',
        'SELECT * { ?a sp:gist """id:nobody <id/nobody>""" }',
        "# Title: id:nobody\nSELECT * { ?a sp:funded ?b }",
        "CONSTRUCT { ?a sp:mine id:mine } WHERE { ?a sp:funded ?b BIND(sp:also AS ?c) }",
        "SELECT (sp:label AS ?kind) { ?a rdf:type schema:Thing ; prov:wasDerivedFrom ?b ; rdfs:label ?c }",
        "SELECT * { VALUES ?x { <https://example.org/x> wd:Q1 } ?x ?p ?o FILTER(?p<?o && ?o>5) }",
        f"PREFIX sp: <{SP}> PREFIX ex: <https://example.org/> SELECT * {{ ?a sp:funded ex:fundedd }}",
        "PREFIX sp: <https://example.org/> SELECT * { ?a sp:fundedd ?b }",
        f"SELECT * {{ GRAPH <{BASE}graph/flat/verified> {{ ?a ?b ?c }} <{BASE}dataset> ?p ?o }}",
        "SELECT * { ?a (sp:subject|sp:object)* ?b ; ^sp:proposition/sp:speaker ?c }",
        "SELECT * { ?a sp:gist 'x' # ?a sp:denies ?b\n; sp:speaker ?c FILTER(?c != id:force) }",
        "SELECT * { ?a sp:gist \"?a sp:denies ?b and ?a sp:speaker 'Force'\" }",
        "SELECT ?n (COUNT(*) AS ?m) { { SELECT ?n { ?a sp:speaker ?b ; sp:gist ?n } } } GROUP BY ?n ORDER BY DESC(?m)",
        'SELECT ?b { VALUES (?a ?c) { (id:force 1) } ?a ?p ?b FILTER(CONTAINS(STR(?b), "x") && STRLEN(STR(?p)) > 5) }',
        'SELECT ?a { ?a sp:publishedEarliest ?d FILTER(?d > "2020-01-01"^^xsd:date && YEAR(?d) > 2019) }',
        'SELECT ?l { ?a rdfs:label ?l FILTER(?l = "Force"@en || STR(?l) = "x" || CONTAINS(LCASE(?l), "f")) }',
        "SELECT ?x { SERVICE <http://x/> { ?x ?p ?o } FILTER NOT EXISTS { ?x sp:gist ?g } BIND(1 AS ?y) }",
        "DESCRIBE ?a { ?a sp:speaker ?b }",
        "SELECT * { ?a sp:speaker ?b OPTIONAL { ?b foaf:name ?n . FILTER(?n = ?b) } }",
        "SELECT * { { ?a sp:speaker ?b } UNION { ?b foaf:name ?a } FILTER NOT EXISTS { ?a foaf:name ?x } }",
    ],
)
def test_no_other_query_is_remarked_on(small_graph: Graph, query: str) -> None:
    assert said(small_graph, query) == []


@pytest.mark.parametrize(
    ("compared", "instead"),
    [
        ('?d > "2022-03"', '?d > "2022-03-31"^^xsd:date.'),
        ("?d > 2021", '?d > "2021-12-31"^^xsd:date.'),
        ("?d < 2021", '?d < "2021-01-01"^^xsd:date.'),
        ("?d >= 2021", '?d >= "2021-01-01"^^xsd:date.'),
        ('?d <= "2021"', '?d <= "2021-12-31"^^xsd:date.'),
        ("2021 < ?d", '?d > "2021-12-31"^^xsd:date.'),
        ("2021 >= ?d", '?d <= "2021-12-31"^^xsd:date.'),
        ("?d = 2021", '?d >= "2021-01-01"^^xsd:date && ?d <= "2021-12-31"^^xsd:date.'),
        ("?d != 2021", '(?d < "2021-01-01"^^xsd:date || ?d > "2021-12-31"^^xsd:date).'),
        ('?d != "2021-05-06"', '?d != "2021-05-06"^^xsd:date.'),
        ('?d > "March 2022"', '?d > "2022-03-31"^^xsd:date.'),
        ('?d > "06/03/2022"', '?d > "2022-03-06"^^xsd:date or ?d > "2022-06-03"^^xsd:date.'),
        ('?d > "2022"^^xsd:gYear', '?d > "2022-12-31"^^xsd:date.'),
        ('?d > "2022-05"^^xsd:date', '?d > "2022-05-31"^^xsd:date.'),
        ('?d > "2022-05-01T00:00:00"^^xsd:dateTime', '?d > "2022-05-01"^^xsd:date.'),
        ('?d > "2021-22"', 'a day, for example ?d > "2021-03-01"^^xsd:date.'),
        ('?d < "soon"', 'a day, for example ?d < "2021-03-01"^^xsd:date.'),
    ],
)
def test_the_own_value_is_written_as_the_day_that_keeps_the_meaning(
    small_graph: Graph, compared: str, instead: str
) -> None:
    (remark,) = said(small_graph, f"SELECT * {{ ?a sp:saidLatest ?d FILTER({compared}) }}")
    assert remark.startswith("sp:saidLatest leads to days, and ")
    assert remark.endswith(f" is none: write {instead}")


@pytest.mark.parametrize(
    ("query", "remark"),
    [
        ('?a sp:saidLatest "2021-03-01"', 'and "2021-03-01" is none: write "2021-03-01"^^xsd:date.'),
        (
            "?a sp:saidLatest 2021",
            'write ?day in its place, with FILTER(?day >= "2021-01-01"^^xsd:date && ?day <= "2021-12-31"^^xsd:date).',
        ),
        (
            '?a sp:amount ?n FILTER(?n > "1000000")',
            'and "1000000" is a text: write ?n > 1000000 without quotation marks.',
        ),
        ('?a sp:amount "£1,000"', 'and "£1,000" is a text: write 1000 without quotation marks.'),
        ('?a sp:amount ?n FILTER(?n > "many")', "write a number without quotation marks, such as 30."),
        (
            '?a sp:saidDate ?d FILTER(?d > "2021-03-01"^^xsd:date)',
            ': use sp:saidEarliest or sp:saidLatest, and write ?d > "2021-03-01"^^xsd:date.',
        ),
        ("?a sp:validTime ?d FILTER(?d > 2021)", 'use sp:validEarliest or sp:validLatest, and write ?d > "2021-12-31"'),
        ('?a sp:published ?d FILTER(?d = "2021")', 'write STR(?d) = "2021".'),
    ],
)
def test_a_value_of_another_type_is_written_for_the_property(figures_graph: Graph, query: str, remark: str) -> None:
    (only,) = said(figures_graph, f"SELECT * {{ {query} }}")
    assert remark in only


@pytest.mark.parametrize(
    "condition",
    [
        '?a sp:saidLatest ?d FILTER(?d > "2021-03-01"^^xsd:date || ?d = "2021-03-01Z"^^xsd:date)',
        '?a sp:saidDate ?d FILTER(?d = "2021"^^<http://id.loc.gov/datatypes/edtf/EDTF> || STR(?d) > "2021")',
        '?a sp:amount ?n FILTER(?n > 5 || ?n = "5"^^xsd:decimal || ?n < 5.5 || 5e3 > ?n)',
    ],
)
def test_a_value_of_the_type_of_the_property_is_not_remarked_on(figures_graph: Graph, condition: str) -> None:
    assert said(figures_graph, f"SELECT * {{ {condition} }}") == []


@pytest.mark.parametrize(
    ("query", "remark"),
    [
        ('SELECT * { ?a rdfs:label "2021"^^xsd:dat }', "There is no datatype xsd:dat. Did you mean xsd:date"),
        (
            'SELECT * { ?a rdfs:label "2021"^^xsd:date }',
            '"2021" is not valid for xsd:date: write for example',
        ),
        ('SELECT * { ?a rdfs:label "Force"@fr }', 'rdfs:label never has the value "Force"@fr. Did you mean "Force"@en'),
        (
            'SELECT * { ?a rdfs:label "Force"^^xsd:string }',
            'rdfs:label never has the value "Force"^^xsd:string. Did you',
        ),
        ('SELECT * { ?a rdfs:label ?l FILTER(REGEX(?l, "(a")) }', 'REGEX cannot read the expression "(a": close each'),
        ('SELECT * { ?a rdfs:label ?l FILTER(REGEX(?l, "a", "q5")) }', 'REGEX does not know the flags "q5"'),
        ('SELECT * { ?a rdfs:label ?l FILTER(LANG(?l) = "fr") }', "No value of rdfs:label fits FILTER (LANG(?l) = "),
        ("SELECT * { ?a rdfs:label ?l FILTER(?l = id:force) }", "No value of rdfs:label fits FILTER (?l = id:force)"),
        ('SELECT * { ?a sp:speaker ?b FILTER(?b IN ("Force")) }', "No value of sp:speaker fits FILTER (?b IN"),
        (
            'SELECT * { ?a rdfs:label "force"@en }',
            'rdfs:label never has the value "force"@en. Did you mean "Force"@en or id:force',
        ),
        (
            'SELECT * { ?a rdfs:label ?l FILTER(?l = "force"@en) }',
            'No value of rdfs:label fits FILTER (?l = "force"@en), because of capital letters: write',
        ),
        (
            'SELECT * { ?a rdfs:label ?l FILTER(CONTAINS(?l, "FORCE")) }',
            'No value of rdfs:label fits FILTER (CONTAINS(?l, "FORCE")), because of capital letters: write',
        ),
        (
            'SELECT * { ?a rdfs:label ?l FILTER(CONTAINS(LCASE(?l), "Force")) }',
            'No value of rdfs:label fits FILTER (CONTAINS(LCASE(?l), "Force")), because of capital',
        ),
        (
            'SELECT * { ?a rdfs:label ?l FILTER(CONTAINS(?l, "forced")) }',
            "No value of rdfs:label fits FILTER (CONTAINS",
        ),
        ('SELECT * { ?a rdfs:label ?l FILTER(LANG(?l) = "EN") }', "No value of rdfs:label fits FILTER (LANG(?l) = "),
        (
            "SELECT * FROM <http://no/graph> { ?a ?b ?c }",
            "There is no named graph <http://no/graph>. List them: SELECT",
        ),
        ("SELECT * { GRAPH <http://no/graph> { ?a ?b ?c } }", "There is no named graph <http://no/graph>. List them"),
        (
            "SELECT * { id:force sp:speaker ?s }",
            "The graph has no triple id:force sp:speaker ?s; it has ?s sp:speaker id:",
        ),
        ("SELECT * { ?s sp:stance ?x . ?x sp:speaker ?y }", "The graph has ?s sp:stance ?x and ?x sp:speaker ?y, but"),
        ("SELECT * { ?s a sp:speaker }", "sp:speaker is a property, not a class: write ?a sp:speaker ?b."),
        ("SELECT * { VALUES ?x { <http://no/x> } ?x ?p ?o }", "The graph does not contain <http://no/x>."),
        ('SELECT * { ?a rdfs:label ?x } VALUES ?x { "Force" }', 'rdfs:label never has the value "Force". Did you mean'),
        (
            "SELECT * { ?a <http://example.org/p> ?b }",
            "No triple of the graph has the property <http://example.org/p>.",
        ),
        ("SELECT * { ?a <rdfs:label> ?b }", "No triple of the graph has the property"),
        ("DESCRIBE <http://no/x>", "The graph does not contain <http://no/x>."),
        (
            "SELECT * { ?a (sp:gist|<http://example.org/p>)/sp:speaker ?b }",
            "No triple of the graph has the property <http://example.org/p>.",
        ),
        (
            "SELECT * { ?a ^<http://example.org/p>|sp:gist id:force }",
            "No triple of the graph has the property <http://example.org/p>.",
        ),
        (
            "SELECT * { ?a <http://example.org/p>? ?b FILTER(ISLITERAL(?b)) }",
            "No triple of the graph has the property <http://example.org/p>.",
        ),
        (
            "SELECT * { ?a sp:gist ?g ; sp:saidLatest ?d FILTER(?g = ?d) }",
            '?g and ?d have no type in common: ?g is text with the language en, such as "',
        ),
        (
            "SELECT * { ?a sp:gist ?g ; sp:speaker ?d FILTER(?d = ?g) }",
            "?d and ?g have no type in common: ?d is an IRI, such as id:",
        ),
        ("SELECT * { ?a sp:speaker ?b MINUS { ?a ?p ?o } }", "MINUS { ?a ?p ?o } removes every row that the rest of"),
        (
            "SELECT * { ?a sp:speaker ?b FILTER NOT EXISTS { ?a sp:gist ?g } }",
            "FILTER NOT EXISTS { ?a sp:gist ?g } removes every row that",
        ),
        (
            "SELECT * { ?a sp:speaker ?b FILTER EXISTS { ?b sp:gist ?g } }",
            "FILTER EXISTS { ?b sp:gist ?g } fits no row that the rest",
        ),
        ("SELECT * { ?a sp:speaker ?b } LIMIT 0", "LIMIT 0 asks for no rows."),
        (
            "PREFIX s: <http://www.w3.org/2000/01/rdf-schema> SELECT * { ?a s:label ?b }",
            "The query declares s: as <http://www.w3.org/2000/01/rdf-schema>; in this graph it is <http://www.w3.org/2000/0",
        ),
    ],
)
def test_an_empty_answer_says_why(small_graph: Graph, query: str, remark: str) -> None:
    asked = Question("-e", query, read_header(query))
    first, *_ = remarks(small_graph.store, asked, {}, empty=True)
    assert first.startswith(remark)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a sp:speaker ?b FILTER(?a = ?b) }",
        "SELECT * { ?a sp:speaker ?b OPTIONAL { ?a <http://example.org/p> ?c } FILTER(?a = ?b) }",
        'SELECT * { ?a sp:speaker ?b OPTIONAL { ?b rdfs:label "Force"@fr } FILTER(?a = ?b) }',
        "SELECT * { ?a sp:speaker ?b MINUS { ?a sp:stance sp:denies } FILTER(?a = ?b) }",
        "SELECT * { ?a (sp:speaker|rdfs:label)/sp:gist* ?b FILTER(?a = ?b) }",
        "SELECT * { ?a sp:gist ?b ; sp:proposition/rdfs:label ?c FILTER(?b = ?c) }",
        "SELECT * { ?a sp:gist ?b ; sp:saidLatest ?c FILTER(!(?b = ?c) && ?a != ?a) }",
        "SELECT * { ?a !(<http://example.org/p>|^<http://example.org/q>) ?b FILTER(?a = ?b && 1 = 2) }",
    ],
)
def test_what_may_be_absent_is_not_the_reason_for_an_empty_answer(small_graph: Graph, query: str) -> None:
    assert remarks(small_graph.store, Question("-e", query, read_header(query)), {}, empty=True) == []


def test_the_graph_of_a_policy_may_be_empty(small_graph: Graph) -> None:
    query = "SELECT * { GRAPH flat:verified { ?a ?b ?c } }"
    asked = Question("query", query, read_header(query))
    [remark] = remarks(small_graph.store, asked, {}, empty=True)
    assert remark == "The graph flat:verified is empty: no proposition is a plain triple under this policy."


def test_an_unknown_name_is_the_only_reason_of_a_count(small_graph: Graph) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a sp:speaker id:forse }"
    [remark] = remarks(small_graph.store, Question("query", query, read_header(query)), {})
    assert "Did you mean id:force?" in remark


def test_no_saved_question_is_remarked_on(small_graph: Graph) -> None:
    named = {name: unknown_names(small_graph.store, asked.text) for name, asked in small_graph.questions().items()}
    assert {name: unknown for name, unknown in named.items() if unknown} == {}


def said_of_no_rows(graph: Graph, name: str, **given: str) -> list[str]:
    return remarks(graph.store, find_question(graph.workspace.questions(), name), given, empty=True)


OF_CHARITY = "Charity is in the graph, but no row of who-funds has Charity as what."


def test_a_saved_question_without_rows_says_which_values_have_none(small_graph: Graph) -> None:
    (remark,) = said_of_no_rows(small_graph, "who-funds", what="Charity")
    assert remark == f"{OF_CHARITY} Without a value, the question is about all: what="


def test_every_saved_question_without_rows_says_why(small_graph: Graph) -> None:
    names = [
        name
        for name, question in small_graph.questions().items()
        if isinstance(found := answer(small_graph.store, question, {}), Table) and not len(found)
    ]
    reasons = {name: said_of_no_rows(small_graph, name) for name in names}
    assert reasons["posts"][0] == "No triple of the graph has the property sp:holder."
    assert all(reasons.values())


def test_every_route_says_why_a_saved_question_has_no_rows(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given, run = {"what": "Charity"}, runner(monkeypatch, capsys)
    for form in ("table", "csv", "json"):
        words = ("-P", "what=Charity", "-f", form, "-w", str(small_graph.workspace.root))
        assert OF_CHARITY in run("query", "who-funds", *words).err
    with pytest.warns(QueryWarning, match=OF_CHARITY):
        small_graph.query("who-funds", what="Charity")
    question = find_question(small_graph.workspace.questions(), "who-funds")
    assert OF_CHARITY in str(answer_question(small_graph.store, question, given, 5)["remarks"])
    request = QueryRequest("who-funds", question.text, given, "application/sparql-results+json")
    assert OF_CHARITY in answer_query(small_graph.store, request, 5, 10_000).remarks[0]


WHY = "A plain triple needs a source that is no party and is certain, and no denial."
CONSULTED = (
    f"No plain triple fits id:force sp:consulted ?b, but 3 propositions do. {WHY} "
    "Write id:force sp:claimedConsulted ?b or ?p sp:relation sp:consulted ; sp:subject id:force ; sp:object ?b."
)
NEITHER = (
    "No plain triple or proposition fits id:charity sp:consulted id:force; "
    "the graph has 3 other propositions with sp:consulted."
)


@pytest.mark.parametrize(
    ("query", "remark"),
    [
        ("SELECT * { id:force sp:consulted ?b }", CONSULTED),
        ("SELECT * { ?b ^sp:consulted id:force }", CONSULTED),
        ("ASK { id:force sp:consulted ?b }", CONSULTED),
        ("SELECT (COUNT(*) AS ?n) { id:force sp:consulted ?b }", CONSULTED),
        ("SELECT * { ?a (sp:harms|sp:consulted)/sp:gist ?b }", "No plain triple fits ?a sp:consulted ?b, but 3"),
        (
            "ASK { id:scheme sp:tackles id:knife-crime }",
            f"No plain triple fits id:scheme sp:tackles id:knife-crime, but 1 proposition does. {WHY} Write ?p",
        ),
        (
            "ASK { id:charity sp:consulted id:force }",
            f"{NEITHER} {WHY} Write ?a sp:claimedConsulted ?b or ?p sp:relation sp:consulted ; sp:subject ?a",
        ),
        (
            "SELECT * { ?a sp:harms ?b }",
            f"No plain triple fits ?a sp:harms ?b, but 1 proposition does. {WHY} Write ?p sp:relation sp:harms ; sp:",
        ),
    ],
)
def test_a_relation_without_a_plain_triple_leads_to_its_propositions(
    small_graph: Graph, query: str, remark: str
) -> None:
    first, *_ = reversed(remarks(small_graph.store, Question("query", query, read_header(query)), {}, empty=True))
    assert first.startswith(remark)


def test_every_route_leads_from_a_relation_to_its_propositions_and_the_saved_question(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = small_graph.workspace
    run = runner(monkeypatch, capsys)
    query, asked = "ASK { id:force sp:consulted ?b }", "The saved question consulted-and-denied is about it."
    for form in ("table", "csv", "json"):
        told = " ".join(run("query", "-e", query, "-f", form, "-w", str(workspace.root)).err.split())
        assert CONSULTED in told
        assert asked in told
    with pytest.warns(QueryWarning, match=asked):
        assert small_graph.query(query) is False
    answered = answer_question(
        small_graph.store, Question("query", query, read_header(query)), {}, 5, workspace.questions()
    )
    assert asked in str(answered["remarks"])
    for text in (query, query.replace("ASK", "SELECT *")):
        request = QueryRequest("query", text, {}, "application/sparql-results+json", workspace=str(workspace.root))
        assert asked in answer_query(small_graph.store, request, 5, 10_000).remarks[0]
    with pytest.warns(QueryWarning, match="The saved question with-a-relation with wider=sp:harms lists them"):
        small_graph.query("SELECT * { ?a sp:harms ?b }")


def test_many_unknown_names_fit_into_two_kilobytes(small_graph: Graph) -> None:
    names = " ".join(f"id:{'x' * 200}{number}" for number in range(100))
    found = said(small_graph, f"SELECT * {{ VALUES ?x {{ {names} }} ?x ?p ?o }}")
    assert 0 < len("\n".join(found)) <= 2_048


def test_the_api_warns(small_graph: Graph) -> None:
    with pytest.warns(QueryWarning, match="The graph has no property sp:fundedd. Did you mean sp:funded"):
        small_graph.query("SELECT * { ?a sp:fundedd ?b }")
    with pytest.warns(QueryWarning, match="sp:fundedd"):
        assert small_graph.query("ASK { ?a sp:fundedd ?b }") is False


@pytest.mark.parametrize(
    ("query", "quick"),
    [
        ("SELECT ?p ?o { GRAPH ?g { <x:a> ?p ?o } } ORDER BY ?p # seen", True),
        ("SELECT * { <x:a> ?p ?o . } LIMIT 3", True),
        ("SELECT ?s ?q { ?s ?p <x:a> }", False),
        ("SELECT ?s { ?s ?p <x:a> } ORDER BY ?q", False),
        ("SELECT ?s { ?s <x:b> ?o }", False),
        ("SELECT ?s { ?s ?p ?o ; <x:b> 3 }", False),
        ("SELECT ?s { ?s ?p ?o . { SELECT ?q { ?s ?p ?o } } }", False),
        ("SELECT ?s { ?s ?p ?o FILTER(?o = 3) }", False),
        ("SELECT ?s { ?s a sp:Entity }", False),
        ("PREFIX sp: <x:other> SELECT ?s { ?s ?p ?o }", False),
    ],
)
def test_a_look_up_without_anything_to_remark_on_is_known_without_its_tokens(query: str, quick: bool) -> None:
    asked = read_query_parts(query)
    assert is_look_up(query) == quick
    named = [pattern for pattern in asked.patterns if pattern.predicate.name]
    found = [named, asked.comparisons, asked.calls, asked.unbound, asked.declared]
    assert not (quick and any(found))
