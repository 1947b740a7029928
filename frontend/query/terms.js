// Terms: how they are written in a query, and how they are shown.
import { dateWords } from "../shared/dates.js";

/** @import { Naming, Prefixes, Term } from "./types" */

export const EDTF = "http://id.loc.gov/datatypes/edtf/EDTF";

/**
 * Turns a CURIE with a known prefix into an IRI; anything else is returned as it is.
 * @param {string} name
 * @param {Prefixes} prefixes
 */
export function expand(name, prefixes) {
  const [, prefix, local] = /^([^:]*):(.*)$/s.exec(name) ?? [];
  return prefix !== undefined && Object.hasOwn(prefixes, prefix) ? prefixes[prefix] + local : name;
}

/**
 * Turns an IRI into a CURIE where a prefix fits; the longest namespace is taken.
 * @param {string} iri
 * @param {Prefixes} prefixes
 */
export function shorten(iri, prefixes) {
  let best = "";
  for (const [prefix, space] of Object.entries(prefixes)) {
    if (iri.startsWith(space) && space.length > (prefixes[best]?.length ?? 0)) best = prefix;
  }
  return best ? `${best}:${iri.slice(prefixes[best].length)}` : iri;
}

/** @type {Record<string, string>} */
const ESCAPES = {
  "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\"": "\\\"", "\\": "\\\\",
};

/** @param {string} character */
const codeOf = (character) => character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");

/**
 * Writes text as a literal of N-Triples.
 * @param {string} text
 * @param {string} datatype
 */
export function literal(text, datatype = "") {
  // eslint-disable-next-line no-control-regex -- N-Triples escapes them
  const escaped = text.replace(/[\u0000-\u001f\u007f"\\]/g, (found) => ESCAPES[found] ?? `\\u${codeOf(found)}`);
  return `"${escaped}"${datatype && `^^<${datatype}>`}`;
}

/**
 * Reads the value of a parameter as a term: an id, a CURIE, <an IRI>, "text", a day or a number; "" for a name.
 * @param {string} text
 * @param {string} prefix The prefix of an id that has none.
 * @param {Prefixes} prefixes
 */
export function readTerm(text, prefix, prefixes) {
  if (text.startsWith("\"")) return literal(text.slice(1).replace(/"$/, ""));
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return literal(text, `${prefixes.xsd}date`);
  if (/^-?\d+$/.test(text)) return literal(text, `${prefixes.xsd}integer`);
  const name = text.includes(":") ? text : `${prefix}:${text}`;
  const iri = text.startsWith("<") ? text.slice(1, -1) : expand(name, prefixes);
  // eslint-disable-next-line no-control-regex -- no IRI has them
  if (!/^[a-z][a-z0-9+.-]*:[^<>"{}|^`\\\u0000-\u0020]*$/i.test(iri)) {
    if (!text.startsWith("<")) return "";
    const hint = "Type a name, an id such as met, <an IRI>, \"text\", a day or a number.";
    throw new Error(`${JSON.stringify(text)} is not a valid term.\n${hint}`);
  }
  return `<${iri}>`;
}

/**
 * Puts the known prefixes that a query may use before it, on its first line.
 * @param {string} text
 * @param {Prefixes} prefixes
 */
export function withPrefixes(text, prefixes) {
  const used = Object.entries(prefixes).filter(([name]) => text.includes(`${name}:`));
  return used.map(([name, space]) => `PREFIX ${name}: <${space}> `).join("") + text;
}

/**
 * Returns an ordinary web address as it is, and "" for any other text, as graphkit/model/text.py does.
 * @param {string} text
 */
export function webAddress(text) {
  const isPlain = /^https?:\/\/[^/?#@]+(?:[/?#]|$)/i.test(text) && !/[\s\p{C}\\"'<>`]/u.test(text);
  return isPlain && URL.canParse(text) ? text : "";
}

// The paths of pages, as in graphkit/web/pages/links.py.
const PAGE = new RegExp(
  "^(?:(?:id|source)/[a-z0-9-]+|statement/[a-z0-9-]+/[A-Za-z0-9_-]+|(?:proposition|dispute)/[0-9a-f]{32})$",
);

/**
 * Returns the address of a thing's page: on this site, or on the web; "" if it has none.
 * @param {string} iri
 * @param {string} base
 */
export function addressOf(iri, base) {
  if (!iri.startsWith(base)) return webAddress(iri);
  const path = iri.slice(base.length);
  return PAGE.test(path) ? `${path}.html` : "";
}

// Characters that are invisible or change the direction of text, without joiners, which Persian, Hindi and emoji need.
// eslint-disable-next-line no-misleading-character-class -- U+200D stands for itself
const HIDDEN = /(?![\u200c\u200d\t\n\v\f\r])[\p{Cc}\p{Cf}\p{Cs}]/gu;

/**
 * Replaces invisible characters by their code points.
 * @param {string} text
 */
export const visible = (text) => text.replace(HIDDEN, (found) => `⟨U+${codeOf(found)}⟩`);

/**
 * Returns a term as text: its label, its CURIE, its value or, for a date of EDTF, words.
 * @param {Term | undefined} term
 * @param {Naming} naming
 */
export function shown(term, { labels, prefixes }) {
  if (!term) return "";
  if (term.type === "uri") return visible(labels.get(term.value) ?? shorten(term.value, prefixes));
  return visible(term.datatype === EDTF ? dateWords(term.value) : term.value);
}

/**
 * Returns a term as a number, or NaN.
 * @param {Term | undefined} term
 */
export function numberOf(term) {
  const isNumber = /#(integer|decimal|double|float|int|long)$/.test(term?.datatype ?? "");
  return term?.type === "literal" && isNumber ? Number(term.value) : NaN;
}
