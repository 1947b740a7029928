// What an engine sends, read into one form that the page shows.
import { tokens, variables } from "./tokens.js";

/**
 * @typedef {{type: string, value: string, datatype?: string, "xml:lang"?: string}} Term
 * @typedef {{columns: string[], rows: Record<string, Term>[], cut: boolean, kind: "table" | "truth" | "graph", source?: string}} Answer
 */

// As many as the server gives.
export const MOST = 50_000;

/** Reads SPARQL results as JSON. */
export function fromJson(found, text, cut) {
  if ("boolean" in found) {
    const answer = { type: "literal", value: found.boolean ? "yes" : "no" };
    return { kind: "truth", columns: ["answer"], rows: [{ answer }], cut };
  }
  const all = found.results.bindings;
  return { kind: "table", columns: inOrder(found.head.vars, text), rows: all.slice(0, MOST), cut: cut || all.length > MOST };
}

/** What `*` stands for comes in the order in which the query names it first. */
function inOrder(names, text) {
  if (!text.includes("*")) return names;
  const order = new Map(variables(text).map((name, number) => [name, number]));
  const place = (name) => order.get(name) ?? order.size;
  return [...names].sort((one, other) => place(one) - place(other));
}

const ESCAPES = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };
const LINE = /^(<[^>]*>|_:\S+) (<[^>]*>) (<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^<[^>]*>)?) \.$/;

/** Reads N-Triples into three columns. */
export function fromTriples(text, cut) {
  const lines = text.split("\n").filter(Boolean);
  const rows = [];
  for (const line of lines.slice(0, MOST)) {
    const found = LINE.exec(line);
    if (found) rows.push({ subject: read(found[1]), predicate: read(found[2]), object: read(found[3]) });
  }
  const source = lines.slice(0, MOST).join("\n") + "\n";
  return { kind: "graph", columns: ["subject", "predicate", "object"], rows, cut: cut || lines.length > MOST, source };
}

function read(spelled) {
  if (spelled.startsWith("<")) return { type: "uri", value: unescape(spelled.slice(1, -1)) };
  if (spelled.startsWith("_:")) return { type: "bnode", value: spelled.slice(2) };
  const [, text, language, datatype] = /^"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?$/s.exec(spelled);
  return { type: "literal", value: unescape(text), "xml:lang": language, datatype };
}

function unescape(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) =>
    one ? (ESCAPES[one] ?? one) : String.fromCodePoint(parseInt(four ?? eight, 16)),
  );
}

/** Says whether a query answers with triples. */
export function isGraph(text) {
  const first = tokens(text).find(({ kind, word }) => kind === "keyword" && /^(select|ask|construct|describe)$/i.test(word));
  return /^(construct|describe)$/i.test(first?.word ?? "");
}
