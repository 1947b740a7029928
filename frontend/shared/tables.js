// Reads entities, relations, statements and disputes from the tables of a page. There is no second copy of their text.
// A page may have thousands of rows, so their children are walked and not searched.
import { byId, select, selectAll } from "./element.js";

/** @import { Dispute, Entity, Statement } from "./types" */

export const POLARITIES = ["supportive", "critical", "neutral"];

/** @type {Map<string, Statement>} By the ids of their rows. */
export const statements = new Map();
/** @type {Dispute[]} */
export const disputes = [];
/** @type {Map<string, string>} The titles of sources that rows replace by the id of the source. */
const titles = new Map();

/** @param {Node} node */
export const textOf = (node) => /** @type {string} */ (node.textContent).trim();
/** @param {Element} parent */
const childTexts = (parent) => [...parent.children].map(textOf);
/** @param {Element} link */
export const targetOf = (link) => /** @type {string} */ (link.getAttribute("href")).slice(1);
/** @param {string} id */
export const table = (id) => /** @type {HTMLTableElement} */ (byId(id));
/** @param {string} id */
export const rowsOfTable = (id) => [...(table(id)?.tBodies[0].rows ?? [])];

/** Reads the titles that rows do not repeat, before any statement is read. */
export function readTitles() {
  for (const row of rowsOfTable("sources")) titles.set(textOf(row.cells[0]), textOf(row.cells[1]));
}

/**
 * @param {HTMLTableRowElement} row
 * @param {string} base The common beginning of all identifiers.
 * @returns {Entity}
 */
export function readEntity(row, base) {
  const [name, kind, also, iri] = childTexts(row);
  const link = /** @type {Element} */ (row.cells[0].firstElementChild);
  return { key: targetOf(link), name, kind, also, iri: base + iri, edges: [], alone: [] };
}

/** @param {HTMLTableRowElement} row */
export function readStatement(row) {
  const [speaker, stance, gist, said] = childTexts(row);
  const link = /** @type {Node} */ (row.cells[4].firstChild);
  const id = row.id.slice(2);
  const [first, last = first] = (row.dataset.d ?? "").split("/");
  const name = textOf(link);
  const title = id.startsWith(`${name}/`) && titles.get(name);
  if (title) /** @type {Text} */ (link.firstChild).data = title;
  /** @type {Statement} */
  const statement = { id, row, speaker, stance, gist, said, source: title || name, first, last, disputes: [] };
  statements.set(row.id, statement);
  return statement;
}

/**
 * Returns the statements of a relation: its rows, or rows elsewhere to which its rows refer.
 * @param {HTMLTableSectionElement} body
 */
export function statementsOf(body) {
  const found = [...body.rows].slice(1).map((row) => {
    if (row.id) return readStatement(row);
    const link = select("a", row);
    return link && statements.get(targetOf(link));
  });
  return /** @type {Statement[]} */ (found.filter(Boolean));
}

/**
 * Reads the head of the rows of a relation: both entities, relation, status, scope, and the initials of its policies.
 * @param {HTMLTableSectionElement} body
 */
export function readHead(body) {
  const parts = [...body.rows[0].cells[0].children];
  const first = /** @type {Element} */ (parts.shift());
  /** @param {string} name */
  const text = (name) => parts.find((part) => part.localName === name)?.textContent ?? "";
  const second = parts.find((part) => part.localName === "a");
  return {
    from: targetOf(first),
    to: second ? targetOf(second) : "",
    relation: text("i"),
    status: text("b") || "reported",
    scope: text("small"),
    policies: body.dataset.p ?? "",
  };
}

/** Reads the statements that belong to no relation of the page, then the disputes. */
export function readDisputes() {
  rowsOfTable("others").forEach(readStatement);
  for (const item of selectAll("#dispute-list > li")) {
    const [one, other] = ["one", "other"].map((side) => {
      const found = selectAll(`[data-side=${side}] a`, item).map((link) => statements.get(targetOf(link)));
      return /** @type {Statement[]} */ (found.filter(Boolean));
    });
    const dispute = { item, account: textOf(/** @type {Node} */ (select("span", item))), one, other };
    for (const statement of [...one, ...other]) statement.disputes.push(dispute);
    disputes.push(dispute);
  }
}
