// Reads the keywords and variables of SPARQL 1.1, as graphkit/store/syntax.py does.

/** @typedef {{kind: string, word: string, at: number}} Token */

const LETTER = "[^\\u0000-@\\[-`{-\\u00b6]";
const FIRST = "[^\\u0000-/:-@\\[-^`{-\\u00b6]"; // or a digit, or _
const CHAR = "[^\\u0000-,./:-@\\[-^`{-\\u00b6]"; // or a hyphen
const LOCAL = "(?:[^\\u0000-,./;-@\\[-^`{-\\u00b6]|%[0-9A-Fa-f]{2}|\\\\[_~.\\-!$&'()*+,;=/?#@%])"; // or a colon
const DOTTED = `${CHAR}*(?:\\.+${CHAR}+)*`;
const UCHAR = "\\\\u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}"
  + "|\\\\U(?!0000[Dd][89A-Fa-f])(?:000[0-9A-Fa-f]|0010)[0-9A-Fa-f]{4}";
const ESCAPE = `\\\\[tbnrf"'\\\\]|${UCHAR}`;
const TOKEN = new RegExp(
  [
    "(?<comment>#[^\\r\\n]*)",
    `(?<iri><(?:[^<>"{}|^\`\\\\\\u0000-\\u0020]|${UCHAR})*>)`,
    `(?<string>'''(?:'{0,2}(?:[^'\\\\]|${ESCAPE}))*'''|"""(?:"{0,2}(?:[^"\\\\]|${ESCAPE}))*"""`
    + `|'(?:[^'\\\\\\r\\n]|${ESCAPE})*'|"(?:[^"\\\\\\r\\n]|${ESCAPE})*")`,
    `(?<variable>[?$]${FIRST}+)`,
    "(?<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)",
    `(?<blank>_:${FIRST}${DOTTED})`,
    `(?<name>(?:${LETTER}${DOTTED})?:(?:(?!-)${LOCAL}+(?:\\.+${LOCAL}+)?)?|${LETTER}${DOTTED})`,
    "(?<number>(?:[0-9]+\\.[0-9]*|\\.?[0-9]+)[eE][+-]?[0-9]+|[0-9]*\\.[0-9]+|[0-9]+)",
    "(?<mark>[^ \\t\\r\\n])",
  ].join("|"),
  "gs",
);
const KEYWORD = new RegExp(`${FIRST}+|.`, "gs");

/**
 * Returns the tokens of a query without its comments.
 * @param {string} text
 * @returns {Token[]}
 */
export function tokens(text) {
  const found = [];
  for (const match of text.matchAll(TOKEN)) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, word]) => word !== undefined) ?? ["mark"];
    const [word] = match;
    if (kind === "name" && !word.includes(":")) found.push(...keywords(word, match.index));
    else if (kind !== "comment") found.push({ kind: kind === "name" ? "prefixed" : kind, word, at: match.index });
    if (kind === "mark" && /['"\\]/.test(word)) break; // no engine reads on from there
  }
  return found;
}

/**
 * Splits words that dots and hyphens join: no colon follows, so they are no name.
 * @param {string} words
 * @param {number} start
 * @returns {Token[]}
 */
function keywords(words, start) {
  return [...words.matchAll(KEYWORD)].map(({ 0: word, index }) =>
    ({ kind: /^[.-]$/.test(word) ? "mark" : "keyword", word, at: start + index }));
}

/**
 * Returns the variables of a query in the order in which they first appear.
 * @param {string} text
 */
export function variables(text) {
  return [...new Set(tokens(text).filter(({ kind }) => kind === "variable").map(({ word }) => word.slice(1)))];
}

/**
 * Binds variables at the head of the outermost WHERE group.
 * @param {string} text
 * @param {Record<string, string>} terms The terms by variable, spelled as in N-Triples.
 */
export function withValues(text, terms) {
  const names = Object.keys(terms).sort();
  if (!names.length) return text;
  const at = whereBegins(text);
  const { reached, hidden } = visible(text, at);
  const all = variables(text);
  for (const name of names) {
    if (!reached.has(name) && (hidden.has(name) || !all.includes(name))) {
      const hint = `It has: ${[...reached].sort().join(", ") || "none"}.`;
      throw new Error(`The query has no variable ?${name} that a value could reach.\n${hint}`);
    }
  }
  const bound = names.map((name) => ` VALUES ?${name} { ${terms[name]} }`).join("");
  return text.slice(0, at) + bound + text.slice(at);
}

/**
 * Limits the rows of SELECT; a limit of CONSTRUCT would not count triples.
 * @param {string} text
 * @param {number} most
 */
export function withLimit(text, most) {
  let nesting = 0;
  let end = text.length;
  let form = "";
  let last = "";
  for (const { kind, word, at } of tokens(text)) {
    if (kind === "mark") nesting += depthOf(word);
    if (nesting) continue;
    const lower = word.toLowerCase();
    if (kind === "keyword" && !form && /^(select|ask|construct|describe)$/.test(lower)) form = lower;
    if (kind === "keyword" && lower === "values") end = Math.min(end, at);
    if (kind === "number" && last === "limit") {
      return Number(word) <= most ? text : text.slice(0, at) + most + text.slice(at + word.length);
    }
    last = lower;
  }
  return form === "select" && nesting === 0 ? `${text.slice(0, end)}\nLIMIT ${most} ${text.slice(end)}` : text;
}

/**
 * Returns by how much a mark changes the depth of brackets.
 * @param {string} mark
 */
const depthOf = (mark) => Number("({".includes(mark)) - Number(")}".includes(mark));

/**
 * Returns the position after the brace that opens the outermost WHERE group, or the one of its only sub-select.
 * @param {string} text
 */
function whereBegins(text) {
  let nesting = 0;
  let last = "";
  let opened = -1;
  for (const { kind, word, at } of tokens(text)) {
    if (opened >= 0 && word.toLowerCase() !== "select") return opened;
    opened = -1;
    if (word === "{" && nesting === 0 && last !== "construct") {
      opened = at + 1;
      continue;
    }
    if (kind === "mark") nesting += depthOf(word);
    if (kind === "keyword") {
      if (last === "construct" && word.toLowerCase() === "where") {
        throw new Error("CONSTRUCT WHERE cannot take a parameter.\nWrite CONSTRUCT { … } WHERE { … }.");
      }
      last = word.toLowerCase();
    } else if (word === "}" && nesting === 0) last = "";
  }
  throw new Error("The query has no WHERE group for a parameter.\nWrite WHERE { … }.");
}

/**
 * Returns the variables that a value at the head of the WHERE group reaches, and all others. Only the projected
 * variables of a sub-select are visible outside it.
 * @param {string} text
 * @param {number} start
 */
function visible(text, start) {
  const [reached, hidden] = [new Set(), new Set()];
  const groups = ["open"];
  let parentheses = 0;
  let last = "";
  for (const { kind, word, at } of tokens(text)) {
    if (at < start) continue;
    const group = groups.at(-1);
    const lower = word.toLowerCase();
    if (word === "{") groups.push(group === "open" ? "open" : "closed");
    else if (word === "}") {
      groups.pop();
      if (!groups.length) break;
    } else if (kind === "keyword" && lower === "select" && group === "open") groups[groups.length - 1] = "projecting";
    else if (word === "*" && last === "select") groups[groups.length - 1] = "open";
    else if (kind === "variable") {
      const seen = group === "open" || (group === "projecting" && (parentheses === 0 || last === "as"));
      (seen ? reached : hidden).add(word.slice(1));
    }
    if ("()".includes(word)) parentheses += depthOf(word);
    last = lower;
  }
  return { reached, hidden };
}
