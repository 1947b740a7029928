// Reads the results of either engine into an `Answer`.
import { tokens, variables } from "./tokens.js";

/** @import { Answer, Row, Term } from "./types" */

/** The largest number of rows, the same as the server's. */
export const MOST_ROWS = 50_000;

/**
 * Reads SPARQL results JSON.
 * @param {{head: {vars: string[]}, boolean?: boolean, results: {bindings: Row[]}}} found
 * @param {string} text The query.
 * @param {boolean} cut
 * @returns {Answer}
 */
export function fromJson(found, text, cut) {
  if ("boolean" in found) {
    const answer = { type: "literal", value: found.boolean ? "yes" : "no" };
    return { kind: "truth", columns: ["answer"], rows: [{ answer }], cut };
  }
  const { head, results: { bindings } } = found;
  const rows = bindings.slice(0, MOST_ROWS);
  return { kind: "table", columns: inQueryOrder(head.vars, text), rows, cut: cut || bindings.length > MOST_ROWS };
}

/**
 * Orders the columns of `SELECT *` as the query first names them.
 * @param {string[]} names
 * @param {string} text
 */
function inQueryOrder(names, text) {
  if (!text.includes("*")) return names;
  const order = variables(text);
  /** @param {string} name */
  const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...names].sort((a, b) => rank(a) - rank(b));
}

/** @type {Record<string, string>} */
const ESCAPES = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };
const TRIPLE = /^(<[^>]*>|_:\S+) (<[^>]*>) (<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^<[^>]*>)?) \.$/;
const LITERAL = /^"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?$/s;

/**
 * Reads N-Triples into three columns.
 * @param {string} text
 * @param {boolean} cut
 * @returns {Answer}
 */
export function fromTriples(text, cut) {
  const all = text.split("\n").filter(Boolean);
  const lines = all.slice(0, MOST_ROWS);
  const rows = lines.flatMap((line) => {
    const found = TRIPLE.exec(line);
    return found ? { subject: readTerm(found[1]), predicate: readTerm(found[2]), object: readTerm(found[3]) } : [];
  });
  const columns = ["subject", "predicate", "object"];
  return { kind: "graph", columns, rows, cut: cut || all.length > MOST_ROWS, source: `${lines.join("\n")}\n` };
}

/**
 * @param {string} spelled
 * @returns {Term}
 */
function readTerm(spelled) {
  if (spelled.startsWith("<")) return { type: "uri", value: unescaped(spelled.slice(1, -1)) };
  if (spelled.startsWith("_:")) return { type: "bnode", value: spelled.slice(2) };
  const [, text, language, datatype] = LITERAL.exec(spelled) ?? [];
  return { type: "literal", value: unescaped(text), "xml:lang": language, datatype };
}

/** @param {string} text */
function unescaped(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, letter) =>
    letter ? (ESCAPES[letter] ?? letter) : String.fromCodePoint(parseInt(four ?? eight, 16)));
}

/**
 * Returns whether a query returns triples.
 * @param {string} text
 */
export function isGraph(text) {
  const form = tokens(text).find(({ kind, word }) =>
    kind === "keyword" && /^(select|ask|construct|describe)$/i.test(word));
  return /^(construct|describe)$/i.test(form?.word ?? "");
}
