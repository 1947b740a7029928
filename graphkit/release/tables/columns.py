"""The tables and their columns, declared once: CSV, Parquet and the data package are made from these declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """The kind of value that a column has."""

    ID = "id"  # of an entity, source, statement, proposition or dispute
    IRI = "iri"
    WORD = "word"  # of the vocabulary, as data use it
    TEXT = "text"
    EDTF = "edtf"
    DATE = "date"
    DECIMAL = "decimal"
    INTEGER = "integer"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        path: The properties that lead from the thing of the row to the value, as CURIEs; () for the thing itself.
            A column with another way to its value has its own function in `rows`.
        of: The table to whose ids the column refers.
        values: The values that are possible, if no vocabulary can add to them.
    """

    name: str
    kind: Kind
    means: str
    path: tuple[str, ...] = ()
    of: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableOf:
    """A table.

    Attributes:
        key: The columns that identify a row.
    """

    name: str
    means: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)


def _id(name: str, means: str, path: str = "", of: str = "") -> Column:
    return Column(name, Kind.ID, means, tuple(path.split()), of)


def _named(name: str, means: str, path: str) -> tuple[Column, Column]:
    """Return the columns for an entity: its id and its label."""
    return _id(name, means, path), _text(f"{name}_label", f"The label of {name}.", f"{path} rdfs:label")


def _text(name: str, means: str, path: str = "") -> Column:
    return Column(name, Kind.TEXT, means, tuple(path.split()))


def _word(name: str, means: str, path: str, *values: str) -> Column:
    return Column(name, Kind.WORD, means, tuple(path.split()), values=values)


def _number(name: str, means: str, path: str = "") -> Column:
    return Column(name, Kind.DECIMAL, means, tuple(path.split()))


def _count(name: str, means: str, path: str = "") -> Column:
    return Column(name, Kind.INTEGER, means, tuple(path.split()))


def _dated(name: str, means: str, path: str, days: str) -> tuple[Column, Column, Column]:
    """Return the columns for a date: EDTF, and the first and last possible day."""
    *before, prefix = days.split()
    return (
        Column(name, Kind.EDTF, f"{means} (EDTF).", tuple(path.split())),
        Column(f"{name}_earliest", Kind.DATE, f"The first possible day of {name}.", (*before, f"{prefix}Earliest")),
        Column(f"{name}_latest", Kind.DATE, f"The last possible day of {name}.", (*before, f"{prefix}Latest")),
    )


def _claim(base: str = "") -> tuple[Column, ...]:
    """Return the columns of a proposition, which `base` leads to from the thing of the row."""
    to = f"{base} " if base else ""
    return (
        *_named("subject", "The thing that the claim is about.", f"{to}sp:subject"),
        _word("relation", "The relation.", f"{to}sp:relation"),
        _text("relation_label", "The label of the relation.", f"{to}sp:relation rdfs:label"),
        *_named("object", "The other end of the relation: an entity or a proposition.", f"{to}sp:object"),
        *_dated("value", "The value, if it is a date or a text", f"{to}sp:value", f"{to}sp:value"),
        _number("amount", "The number.", f"{to}sp:amount"),
        _number("amount_to", "The upper end of a range.", f"{to}sp:amountTo"),
        _number("amount_min", "The least number that it allows; missing if it is open.", f"{to}sp:amountMin"),
        _number("amount_max", "The greatest number that it allows; missing if it is open.", f"{to}sp:amountMax"),
        _word("bound", "How the number is meant: exactly, at-least, around …", f"{to}sp:bound"),
        _word("unit", "The unit of the number.", f"{to}sp:unit"),
        _id("amount_of", "What is counted.", f"{to}sp:amountOf"),
        _id("amount_base", "The whole that contains the share.", f"{to}sp:amountBase"),
        _word("amount_per", "The period or thing of a rate.", f"{to}sp:amountPer"),
        _word("amount_kind", "stock, flow or cumulative.", f"{to}sp:amountKind"),
        _text("scope", "Words that narrow the claim further.", f"{to}sp:scope"),
        *_dated("valid", "The time for which the claim is said to hold", f"{to}sp:validTime", f"{to}sp:valid"),
    )  # fmt: skip


_TABLES = (
    TableOf("statements", "One speaker takes one stance on one proposition, in one source.", (
        _id("id", "The id: source/key. It is never used again for another statement."),
        *_named("speaker", "Who says it.", "sp:speaker"),
        _id("organisation", "The body on whose behalf the speaker speaks, if there is exactly one.", of="entities"),
        _word("stance", "asserts, denies, plans, rules-out, doubts, concedes, retracts or declines.", "sp:stance"),
        _id("proposition", "The claim.", "sp:proposition", "propositions"),
        _text("claim", "The claim in words; of a plan, what is to happen."),
        *_claim("sp:proposition"),
        _word("certainty", "How certain the speaker is: certain, probable or possible.", "sp:certainty"),
        _text("hedge", "The words with which the speaker qualifies the claim.", "sp:hedge"),
        _word("basis", "first-hand, second-hand or inference.", "sp:basis"),
        *_dated("said", "When it was said", "sp:saidDate", "sp:said"),
        _id("source", "The document in which it was read.", "sp:source", "sources"),
        _text("gist", "The statement in the words of the curators.", "sp:gist"),
        _word("publicity", "How public the statement is.", "sp:publicity"),
        _id("corrects", "The statement whose figure this one replaces.", "sp:corrects", "statements"),
        _id("reason", "The statement that gives the reason for this one.", "sp:reason", "statements"),
        _word("evidence", "Whether the passage was looked up.", "sp:evidence sp:evidenceStatus", "verified",
              "confirmed", "unverified"),
        _text("starts", "The first words of the passage.", "sp:evidence sp:starts"),
        _text("ends", "The last words, unless the first words are all.", "sp:evidence sp:ends"),
        _text("passage_sha256", "The SHA-256 of the normalised passage.", "sp:evidence sp:sha256"),
        Column("link", Kind.IRI, "The page, at the passage where browsers support that.",
               ("sp:evidence", "sp:passageLink")),
    )),
    TableOf("propositions", "Claims that can be true or false, which statements assert, deny or doubt.", (
        _id("id", "The id: p_ and a hash of the content."),
        _text("claim", "The claim in words.", "rdfs:label"),
        *_claim(),
        _count("statements", "How many statements are about it."),
        _count("disputes", "How many disputes are about it."),
    )),
    TableOf("entities", "Organisations, people in public roles, programmes, documents, topics.", (
        _id("id", "The id."),
        Column("iri", Kind.IRI, "The IRI."),
        _text("label", "The name.", "rdfs:label"),
        _word("kind", "The kind of entity.", "rdf:type"),
        _text("description", "A description.", "dcterms:description"),
        _word("sector", "The sector of an organisation, such as news-media.", "sp:sector"),
        Column("wikidata", Kind.IRI, "The same thing in Wikidata.", ("skos:exactMatch",)),
        Column("url", Kind.IRI, "Its own website.", ("schema:url",)),
        _count("size", "How many members a group has.", "sp:size"),
        _count("spoken", "How many statements it makes."),
        _count("about", "How many propositions have it at an end."),
    )),
    TableOf("posts", "The posts that people and offices hold.", (
        _id("id", "The id of the holder, and the number of the post."),
        _id("holder", "Who holds it.", "sp:holder", "entities"),
        _text("role", "The post in words.", "sp:postRole"),
        _id("at", "The body or office.", "sp:postAt", "entities"),
        Column("since", Kind.EDTF, "When it began (EDTF).", ("sp:from",)),
        Column("until", Kind.EDTF, "When it ended (EDTF).", ("sp:until",)),
    )),
    TableOf("aliases", "The other names of entities.", (
        _id("entity", "The entity.", of="entities"), _text("alias", "Another name."),
    ), ("entity", "alias")),
    TableOf("entity_links", "Links between entities.", (
        _id("entity", "The entity.", of="entities"), _word("link", "How the other one is linked.", ""),
        _id("other", "The other entity.", of="entities"),
    ), ("entity", "link", "other")),
    TableOf("sources", "The documents that were read.", (
        _id("id", "The id."),
        _text("title", "The title.", "dcterms:title"),
        _word("kind", "The kind of document.", "sp:sourceKind"),
        *_named("publisher", "Who published it.", "dcterms:publisher"),
        Column("url", Kind.IRI, "The address.", ("schema:url",)),
        *_dated("published", "When it was published", "sp:published", "sp:published"),
        Column("retrieved", Kind.DATE, "When it was read.", ("sp:retrieved",)),
        _text("language", "The language.", "dcterms:language"),
        _id("derived_from", "The document that it copies or digests.", "prov:wasDerivedFrom", "sources"),
        Column("licence", Kind.IRI, "The licence, if more is used than quotations and facts.", ("dcterms:license",)),
        _text("capture_sha256", "The SHA-256 of the text from which the passages were taken.", "sp:captureSha256"),
        _count("statements", "How many statements it contains."),
    )),
    TableOf("former_ids", "Ids that are no longer used: of merged, removed and erased things.", (
        _id("id", "The id; of an erased thing erased_ and the SHA-256 of its IRI."),
        _word("kind", "statement, source or entity.", "", "statement", "source", "entity"),
        _word("change", "Why it is gone.", "", "merged", "removed", "erased"),
        _id("into", "The entity that is meant now, if it was merged.", "dcterms:isReplacedBy", "entities"),
        Column("date", Kind.DATE, "When.", ("dcterms:modified",)),
        _text("reason", "The reason of the curator.", "rdfs:comment"),
    ), ("id", "kind")),
    TableOf("alternatives", "The members of an alternative: the claim holds for one of them.", (
        _id("proposition", "The claim.", of="propositions"), _id("entity", "One alternative.", of="entities"),
    ), ("proposition", "entity")),
    TableOf("via", "The relays of a statement, from its speaker to its source.", (
        _id("statement", "The statement.", of="statements"),
        _count("position", "The place in the chain, from the speaker on."),
        _id("relay", "Who passed it on."),
        _text("relay_label", "The label of relay."),
    ), ("statement", "position")),
    TableOf("disputes", "Statements that conflict, found by rules.", (
        _id("id", "The id: d_ and a hash."),
        _word("kind", "The kind of dispute.", "sp:kind"),
        _text("label", "The dispute in words.", "rdfs:label"),
        _text("rule", "The rule that found it.", "sp:rule rdfs:label"),
    )),
    TableOf("dispute_statements", "The statements on both sides of a dispute.", (
        _id("dispute", "The dispute.", of="disputes"), _id("statement", "The statement.", of="statements"),
        _word("side", "The first side affirms or came first.", "", "one side", "other side"),
    ), ("dispute", "statement", "side")),
    TableOf("dispute_parties", "The bodies to which statements on both sides of a dispute are attributed.", (
        _id("dispute", "The dispute.", of="disputes"), _id("party", "The body.", of="entities"),
    ), ("dispute", "party")),
    TableOf("concepts", "The concepts of the codebook: claims that one can agree or disagree with.", (
        _id("id", "The id."),
        _text("label", "The claim in words.", "rdfs:label"),
        _word("kind", "A fact is narrated rather than disputed.", "", "claim", "fact"),
        _text("definition", "What the concept covers.", "skos:definition"),
        _id("example", "A statement that is coded with it.", "sp:codedExample", "statements"),
        _id("counterexample", "A similar statement that is not.", "sp:counterexample", "statements"),
    )),
    TableOf("concept_links", "The broader concepts of concepts.", (
        _id("concept", "The concept.", of="concepts"), _id("broader", "A broader one.", of="concepts"),
    ), ("concept", "broader")),
    TableOf("codings", "The concepts of statements, as the rules of the codebook find them.", (
        _id("statement", "The statement.", of="statements"), _id("concept", "The concept.", of="concepts"),
        _count("sign", "1 if its proposition supports the concept, -1 if it contradicts it."),
        _count("agreement", "The sign times the side and weight of its stance; missing for a withdrawal."),
    ), ("statement", "concept")),
)  # fmt: skip


# The network of one policy: the tables that `graphkit.release.network_files` fills.
NETWORK = (
    TableOf("nodes", "The entities and propositions at the ends of edges.", (
        _id("name", "The name of the node in edges."), Column("iri", Kind.IRI, "The IRI."), _text("slug", "The id."),
        _text("label", "The label."), _text("kind", "The kind of thing."),
    ), ("name",)),
    TableOf("edges", "Propositions as edges; lists are joined with bars, and edge_statements has them as rows.", (
        _id("from", "The subject."), _id("to", "The object."), _id("edge_id", "The id of the edge."),
        _text("relation", "The relation."), _text("label", "Its label."),
        _text("polarity", "critical, supportive or neutral."),
        _text("status", "reported, disputed, claimed, denied, planned …"),
        Column("plain", Kind.BOOLEAN, "Whether it is a plain triple under the policy."), _text("policy", "The policy."),
        _text("scope", "Words that narrow the claim."), _count("weight", "How many statements it has."),
        _count("counted", "How many of them no earlier edge has: these add up to the statements of the network."),
        _text("repeats", "The edges that count the others."),
        _text("stances", "Their stances."), _text("speakers", "Their speakers."), _text("statements", "Their ids."),
        _text("gists", "Their gists."), _text("sources", "Their sources."), _text("said", "When each was said (EDTF)."),
        _text("links", "Their passages."), _text("evidence", "The status of their evidence."),
        _text("disputes", "The disputes about it."),
    ), ("edge_id",)),
    TableOf("edge_statements", "The statements of each edge.", (
        _id("edge_id", "The edge."), _id("statement", "The statement.", of="statements"),
        _text("stance", "Its stance."),
    ), ("edge_id", "statement")),
)  # fmt: skip

# The tables with the columns of a proposition, and the way to it.
_CLAIMS = {"statements": ("sp:proposition",), "propositions": ()}


def tables(qualifiers: Mapping[str, str]) -> tuple[TableOf, ...]:
    """Return all tables, without those of the network.

    Args:
        qualifiers: The qualifiers of the vocabulary, from their names to their properties as CURIEs; each is a column.
    """
    return tuple(_with_qualifiers(table, qualifiers) if table.name in _CLAIMS else table for table in _TABLES)


def _with_qualifiers(table: TableOf, qualifiers: Mapping[str, str]) -> TableOf:
    """Insert the columns of the qualifiers before the free words."""
    base, at = _CLAIMS[table.name], [column.name for column in table.columns].index("scope")
    added = (
        Column(f"qualifier_{name}", Kind.TEXT, f"The qualifier {name}: an id or words.", (*base, path))
        for name, path in qualifiers.items()
    )
    return replace(table, columns=(*table.columns[:at], *added, *table.columns[at:]))
