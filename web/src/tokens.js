// The terminals of SPARQL 1.1, as far as they decide where a keyword or a variable begins and ends: as graphkit/sparql.py.
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
    "(?<keyword>[\\p{L}_][\\p{L}\\p{N}_]*)",
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
  if (at < 0) throw new Error("The query has no WHERE group for a parameter.");
  const known = variables(text);
  for (const name of names) {
    if (!known.includes(name)) throw new Error(`The query has no variable ?${name}.`);
  }
  const bound = names.map((name) => ` VALUES ?${name} { ${terms[name]} }`).join("");
  return text.slice(0, at) + bound + text.slice(at);
}

/** Gives the position after the brace that opens the outermost WHERE group, or -1. */
function whereBegins(text) {
  let nesting = 0;
  let last = "";
  for (const { kind, word, at } of tokens(text)) {
    if (word === "{" && nesting === 0 && last !== "construct") return at + 1;
    if (kind === "mark") nesting += "({".includes(word) - ")}".includes(word);
    if (kind === "keyword") last = word.toLowerCase();
    else if (word === "}" && nesting === 0) last = "";
  }
  return -1;
}
