// Table rows of statements that a page holds as packed data, in the form that `tables.js` reads.
import { element } from "./element.js";
import { statements } from "./tables.js";

/** @import { Entity, Relation, Statement } from "./types" */

/**
 * The columns that graphkit/view/page/tables.py writes, with the id first, and the stance if its words differ.
 * @typedef {[
 *   id: string, speaker: string, act: string, gist: string, said: string,
 *   source: string, link: string, days: string, notes: string, stance: string,
 * ]} PackedStatement
 */
/**
 * Positions of both ends, verb, status, its words, rest, classes, scope, policies, disputes, statements.
 * @typedef {[
 *   from: number, to: number, relation: string, status: string, words: string, rest: string, classes: string,
 *   scope: string, policies: string, disputes: string, statements: PackedStatement[],
 * ]} PackedEdge
 */
/** @typedef {[key: string, name: string, symbol: string, kind: string, also: string, iri: string]} PackedNode */

/** @param {string} text */
const cell = (text) => element("td", {}, text);

/**
 * Returns the small print of a row; the last note is the publicity.
 * @param {string} notes
 */
function smallPrint(notes) {
  const parts = notes.split(" · ");
  const publicity = element("em", {}, /** @type {string} */ (parts.pop()));
  return parts.length ? [" ", element("small", {}, `${parts.join(" · ")} `), publicity] : [" ", publicity];
}

/** @param {PackedStatement} packed */
function statementRow([id, speaker, act, gist, said, source, link, days, notes]) {
  const place = element("td", {}, link ? element("a", { href: link }, source) : source, ...smallPrint(notes));
  return element("tr", { id, "data-d": days }, ...[speaker, act, gist, said].map(cell), place);
}

/**
 * Returns a statement, whose row is made when it is first needed; a statement of the page is not replaced.
 * @param {PackedStatement} packed
 */
export function unpackStatement(packed) {
  const [id, speaker, act, gist, said, source, , days, , stance] = packed;
  const known = statements.get(id);
  if (known) return known;
  const [first, last = first] = days.split("/");
  /** @type {HTMLTableRowElement} */
  let row;
  /** @type {Statement} */
  const statement = {
    id: id.slice(2), speaker, act, stance: stance || act, gist, said, source, first, last, disputes: [],
    get row() { return row ??= statementRow(packed); },
  };
  statements.set(id, statement);
  return statement;
}

/** @param {Entity} entity */
const linkTo = ({ key, name }) => element("a", { href: `#${key}` }, name);

/**
 * Returns the row of an entity.
 * @param {PackedNode} packed
 */
export const entityRow = ([key, name, , kind, also, iri]) => element(
  "tr",
  {},
  element("th", { scope: "row" }, element("a", { href: `#${key}` }, name)),
  ...[kind, also, iri].map(cell),
);

/**
 * Returns the rows of a relation.
 * @param {Pick<Relation, "from" | "to" | "relation" | "words" | "rest" | "statements">} relation
 */
export function relationRows({ from, to, relation, words, rest, statements: found }) {
  const mark = words ? element("b", {}, words) : "";
  const parts = [mark, " ", linkTo(from), " ", element("i", {}, relation), " ", linkTo(to), ` ${rest}`];
  const head = element("tr", {}, element("th", { colspan: 5, scope: "rowgroup" }, ...parts));
  return element("tbody", {}, head, ...found.map(({ row }) => row));
}
