// The terminals of SPARQL 1.1, as far as they decide where a keyword or a variable begins and ends: as graphkit/store/syntax.py.
const TOKEN = new RegExp(
  [
    "(?<comment>#[^\\r\\n]*)",
    "(?<iri><[^<>\"{}|^`\\\\\\u0000-\\u0020]*>)",
    "(?<string>'''(?:'{0,2}(?:[^'\\\\]|\\\\[^]))*'''|\"\"\"(?:\"{0,2}(?:[^\"\\\\]|\\\\[^]))*\"\"\"" +
      "|'(?:[^'\\\\\\r\\n]|\\\\[^])*'|\"(?:[^\"\\\\\\r\\n]|\\\\[^])*\")",
    "(?<variable>[?$][\\p{L}\\p{N}_]+)",
    "(?<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)",
    "(?<prefixed>(?:[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_-])?)?:(?:(?:[\\p{L}\\p{N}_:]|%[0-9A-Fa-f]{2}|\\\\[^])" +
      "(?:(?:[\\p{L}\\p{N}_.:-]|%[0-9A-Fa-f]{2}|\\\\[^])*(?:[\\p{L}\\p{N}_:-]|%[0-9A-Fa-f]{2}|\\\\[^]))?)?)",
    "(?<number>(?:[0-9]+\\.[0-9]*|\\.?[0-9]+)[eE][+-]?[0-9]+|[0-9]*\\.[0-9]+|[0-9]+)",
    "(?<keyword>[_\\p{L}\\p{Nl}\\p{No}][\\p{L}\\p{N}_]*)",
    "(?<mark>\\S)",
  ].join("|"),
  "gu",
);

/**
 * Gives each token that is no comment.
 * @param {string} text A query.
 * @returns {{kind: string, word: string, at: number}[]}
 */
export function tokens(text) {
  const found = [];
  for (const match of text.matchAll(TOKEN)) {
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    if (kind !== "comment") found.push({ kind, word: match[0], at: match.index });
  }
  return found;
}

/** Gives the variables of a query in the order in which they first appear. */
export function variables(text) {
  return [...new Set(tokens(text).filter((one) => one.kind === "variable").map((one) => one.word.slice(1)))];
}

/**
 * Binds variables at the head of the outermost WHERE group.
 * @param {string} text A query.
 * @param {Record<string, string>} terms Variable to a term as N-Triples spell it.
 */
export function withValues(text, terms) {
  const names = Object.keys(terms).sort();
  if (!names.length) return text;
  const at = whereBegins(text);
  const { reached, hidden } = visible(text, at);
  const all = variables(text);
  for (const name of names) {
    if (!reached.has(name) && (hidden.has(name) || !all.includes(name))) {
      throw new Error(`The query has no variable ?${name} that a value could reach.\nIt has: ${[...reached].sort().join(", ") || "none"}.`);
    }
  }
  const bound = names.map((name) => ` VALUES ?${name} { ${terms[name]} }`).join("");
  return text.slice(0, at) + bound + text.slice(at);
}

/**
 * Asks for so many rows at most. Only of SELECT: triples are told apart after the limit.
 * @param {string} text A query.
 * @param {number} most
 */
export function withLimit(text, most) {
  let nesting = 0;
  let end = text.length;
  let form = "";
  let last = "";
  for (const { kind, word, at } of tokens(text)) {
    if (kind === "mark") nesting += "({".includes(word) - ")}".includes(word);
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

/** Gives the position after the brace that opens the outermost WHERE group. */
function whereBegins(text) {
  let nesting = 0;
  let last = "";
  for (const { kind, word, at } of tokens(text)) {
    if (word === "{" && nesting === 0 && last !== "construct") return at + 1;
    if (kind === "mark") nesting += "({".includes(word) - ")}".includes(word);
    if (kind === "keyword") {
      if (last === "construct" && word.toLowerCase() === "where") {
        throw new Error("CONSTRUCT WHERE has no place for a parameter.\nWrite CONSTRUCT { … } WHERE { … }.");
      }
      last = word.toLowerCase();
    } else if (word === "}" && nesting === 0) last = "";
  }
  throw new Error("The query has no WHERE group for a parameter.\nWrite WHERE { … }.");
}

/**
 * Tells apart the variables that a value at the head of the WHERE group reaches, and the others: of a sub-select only
 * what it projects is seen from outside.
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
    parentheses += (word === "(") - (word === ")");
    last = lower;
  }
  return { reached, hidden };
}
