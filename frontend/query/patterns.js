// Reads the triple patterns of a query from its tokens, as graphkit/query/triples.py does.
import { shorten } from "./terms.js";
import { tokens } from "./tokens.js";

/** @import { Prefixes } from "./types" */

/** @typedef {{kind: string, text: string, name: string}} Word A token; `name` is its IRI. */
/**
 * @typedef {object} Pattern
 * @property {Word} subject
 * @property {Word} predicate
 * @property {Word} object
 * @property {boolean} required Whether each solution needs it: it is not in OPTIONAL, UNION, MINUS or EXISTS.
 * @property {string} graph The name in GRAPH, if it is one.
 */
/**
 * @typedef {object} Parts
 * @property {Word[]} words
 * @property {Pattern[]} patterns
 * @property {Word[][]} conditions The expressions of FILTER that each solution needs, without EXISTS.
 * @property {string[]} unbound Variables that nothing binds, without the question mark.
 */

/** @type {Word} */
export const NO_WORD = { kind: "", text: "", name: "" };
/** @type {Word} */
const NODE = { kind: "blank", text: "[]", name: "" };
export const LITERALS = ["string", "number", "tagged", "typed"];
const TERMS = [...LITERALS, "variable", "prefixed", "iri", "blank"];

/** The query ends, or has a form that the reader does not know. */
class End extends Error {}

/**
 * Reads the parts of a query.
 * @param {string} text
 * @param {Prefixes} prefixes
 * @returns {Parts}
 */
export function readParts(text, prefixes) {
  const words = merged(named(text, prefixes));
  const reader = new Reader(words, prefixes);
  try {
    reader.groups();
  } catch (error) {
    if (!(error instanceof End)) throw error;
  }
  return { words, patterns: reader.patterns, conditions: reader.conditions, unbound: unbound(words) };
}

/**
 * Returns the tokens outside templates of CONSTRUCT, with their IRIs, without the declarations.
 * @param {string} text
 * @param {Prefixes} prefixes
 */
function named(text, prefixes) {
  const declared = { ...prefixes };
  /** @type {Word[]} */
  const found = [];
  let [last, nesting, skipped] = ["", 0, 0];
  const raw = tokens(text).map(({ kind, word }) => ({ kind, text: word }));
  for (const [at, { kind, text: word }] of raw.entries()) {
    const [before, before2] = [raw[at - 1]?.text.toLowerCase(), raw[at - 2]?.text.toLowerCase()];
    if (kind === "keyword") last = word.toLowerCase();
    if (word === "{") {
      nesting += 1;
      if (last === "construct") skipped ||= nesting;
      last = "";
    }
    if (before === "prefix") declared[word.slice(0, -1)] = raw[at + 1]?.text.slice(1, -1) ?? "";
    else if (!skipped && before2 !== "prefix" && word.toLowerCase() !== "prefix") {
      const isConstant = before === "(" && raw[at + 1]?.text.toLowerCase() === "as";
      found.push({ kind, text: word, name: isConstant ? "" : nameOf(kind, word, declared) });
    }
    if (word === "}") {
      if (skipped === nesting) skipped = 0;
      nesting -= 1;
    }
  }
  return found;
}

/**
 * @param {string} kind
 * @param {string} word
 * @param {Prefixes} prefixes
 */
function nameOf(kind, word, prefixes) {
  if (kind === "iri") return word.slice(1, -1);
  const [, prefix, local] = /^([^:]*):(.+)$/s.exec(kind === "prefixed" ? word : "") ?? [];
  return local && Object.hasOwn(prefixes, prefix) ? prefixes[prefix] + local.replace(/\\(.)/g, "$1") : "";
}

/**
 * Returns the tokens with each literal as one token.
 * @param {Word[]} words
 */
function merged(words) {
  /** @type {Word[]} */
  const found = [];
  for (const word of words) {
    const [text, one, two] = found.slice(-3);
    const last = found.at(-1);
    if (word.kind === "language" && last?.kind === "string") {
      found.splice(-1, 1, { kind: "tagged", text: last.text + word.text, name: "" });
    } else if (two?.text === "^" && one.text === "^" && text.kind === "string" && word.name) {
      found.splice(-3, 3, { kind: "typed", text: `${text.text}^^<${word.name}>`, name: "" });
    } else found.push(word);
  }
  return found;
}

/**
 * Returns for each token whether it is outside all groups that need not match.
 * @param {Word[]} words
 */
function requiredOf(words) {
  const texts = words.map(({ text }) => text.toLowerCase());
  const found = texts.map(() => true);
  /** @type {number[]} */
  const nested = [];
  for (const [at, text] of texts.entries()) {
    if (text === "{") nested.push(at);
    else if (text === "}" && nested.length) {
      const start = nested.pop() ?? 0;
      const isSoft = /^(optional|union|minus|exists)$/.test(texts[start - 1] ?? "") || texts[at + 1] === "union";
      if (isSoft) found.fill(false, start, at);
    }
  }
  return found;
}

class Reader {
  /** @type {Pattern[]} */
  patterns = [];
  /** @type {Word[][]} */
  conditions = [];
  graphs = [""];
  at = 0;

  /**
   * @param {Word[]} words
   * @param {Prefixes} prefixes
   */
  constructor(words, prefixes) {
    this.words = words;
    this.required = requiredOf(words);
    this.type = { kind: "iri", text: "a", name: `${prefixes.rdf}type` };
  }

  get word() {
    return this.words[this.at] ?? end();
  }

  /** Moves behind the bracket that closes the one at this token, or behind the token. */
  skip() {
    let depth = 0;
    do {
      depth += Number("({[".includes(this.word.text)) - Number(")}]".includes(this.word.text));
      this.at += 1;
    } while (depth > 0);
  }

  groups() {
    while (this.word.text !== "{") this.at += 1;
    let graph = "";
    for (;;) {
      const { kind, text } = this.word;
      const lower = text.toLowerCase();
      if (kind === "keyword" && lower === "graph") {
        graph = this.words[this.at + 1]?.name ?? "";
        this.at += 2;
      } else if (text === "{") {
        this.graphs.push(graph || (this.graphs.at(-1) ?? ""));
        graph = "";
        this.at += 1;
      } else if (text === "}") {
        this.graphs.pop();
        this.at += 1;
      } else if (kind === "keyword" && !/^(true|false)$/.test(lower)) this.keyword(lower);
      else if (text === ".") this.at += 1;
      else this.properties(this.node());
    }
  }

  /** @param {string} lower */
  keyword(lower) {
    this.at += 1;
    if (lower === "select") while (this.word.text !== "{") this.skip();
    else if (/^(group|order|having|limit|offset)$/.test(lower)) {
      while (this.word.text !== "}" && this.word.text.toLowerCase() !== "values") this.skip();
    } else if (lower === "filter") this.filter();
    else if (lower === "bind") this.skip();
    else if (lower === "values") {
      this.skip();
      this.skip();
    }
  }

  filter() {
    const start = this.at;
    if (/^(not|exists)$/i.test(this.word.text)) return;
    if (this.word.text !== "(") this.at += 1;
    this.skip();
    const inside = this.words.slice(start, this.at);
    const isPlain = inside.every(({ text }) => !/^(exists|bound)$/i.test(text));
    if (this.required[start] && isPlain) this.conditions.push(inside);
  }

  /** @param {Word} subject */
  properties(subject) {
    while (["variable", "prefixed", "iri"].includes(this.word.kind) || ["a", "^", "(", "!"].includes(this.word.text)) {
      const steps = this.path();
      do {
        const place = this.at;
        this.add(subject, steps, this.node(), place);
      } while (this.word.text === "," && (this.at += 1));
      while (this.word.text === ";") this.at += 1;
    }
  }

  /**
   * @param {Word} subject
   * @param {({predicate: Word, isInverse: boolean} | null)[]} steps
   * @param {Word} value
   * @param {number} place
   */
  add(subject, steps, value, place) {
    const ends = [subject, ...steps.slice(1).map(() => NODE), value];
    for (const [i, step] of steps.entries()) {
      const [one, two] = step?.isInverse ? [ends[i + 1], ends[i]] : [ends[i], ends[i + 1]];
      const rest = { required: this.required[place], graph: this.graphs.at(-1) ?? "" };
      if (step) this.patterns.push({ subject: one, predicate: step.predicate, object: two, ...rest });
    }
  }

  /**
   * Reads a subject or an object.
   * @returns {Word}
   */
  node() {
    let { word } = this;
    if (word.text === "[") {
      this.at += 1;
      this.properties(NODE);
      word = NODE;
    } else if (word.text === "(") {
      this.skip();
      return NODE;
    } else if (/^[+-]$/.test(word.text) && this.words[this.at + 1]?.kind === "number") {
      this.at += 1;
      word = { ...this.word, text: word.text + this.word.text };
    } else if (/^(true|false)$/.test(word.text)) word = { ...word, kind: "number" };
    else if (!TERMS.includes(word.kind)) end();
    this.at += 1;
    return word;
  }

  /** Reads a path as its steps; null for a step that may have any length or name. */
  path() {
    const steps = [this.step()];
    let isEither = false;
    while (/^[/|]$/.test(this.word.text)) {
      isEither ||= this.word.text === "|";
      this.at += 1;
      steps.push(this.step());
    }
    return isEither ? [null] : steps;
  }

  step() {
    const isInverse = this.word.text === "^";
    if (isInverse) this.at += 1;
    const { word } = this;
    let isSimple = ["variable", "prefixed", "iri"].includes(word.kind) || word.text === "a";
    if (word.text === "!") this.at += 1;
    this.skip();
    while (/^[*?+]$/.test(this.word.text)) {
      isSimple &&= this.word.text === "+";
      this.at += 1;
    }
    return isSimple ? { predicate: word.text === "a" ? this.type : word, isInverse } : null;
  }
}

/** @returns {never} */
function end() {
  throw new End();
}

/**
 * Returns the variables that are only projected, compared, counted or sorted by.
 * @param {Word[]} words
 */
function unbound(words) {
  /** @type {string[]} */
  const found = [];
  /** @type {string[]} */
  const brackets = [];
  let last = "";
  for (const [at, { kind, text }] of words.entries()) {
    if (kind === "keyword" && !/^(distinct|reduced|asc|desc)$/i.test(text)) last = text.toLowerCase();
    else if (kind === "variable") {
      const isUsed = /^(select|by)$/.test(last) || (brackets.at(-1) === "(" && last !== "values");
      const isOnly = words.filter((other) => other.kind === kind && other.text.slice(1) === text.slice(1)).length === 1;
      if (isUsed && isOnly && words[at - 1]?.text.toLowerCase() !== "as") found.push(text.slice(1));
    } else if ("({[".includes(text)) {
      brackets.push(text);
      if (text !== "(" && last !== "values") last = "";
    } else if (")}]".includes(text)) {
      brackets.pop();
      if (text === "}") last = "";
    }
  }
  return found;
}

/**
 * Returns tokens as SPARQL, with full IRIs or, if there are prefixes, with short names.
 * @param {Word[]} words
 * @param {Prefixes} [prefixes]
 */
export function asText(words, prefixes) {
  let [made, before] = ["", NO_WORD];
  for (const word of words) {
    const isJoined = before.kind === "mark" && word.kind === "mark" && !/[)\]}]/.test(before.text)
      && !/[([{]/.test(word.text);
    const isTight = isJoined || ["", "("].includes(before.text) || [")", ",", "("].includes(word.text);
    made += (isTight ? "" : " ") + (prefixes ? shortWord(word, prefixes) : (word.name ? `<${word.name}>` : word.text));
    before = word;
  }
  return made;
}

/**
 * Returns a token as one types it.
 * @param {Word} word
 * @param {Prefixes} prefixes
 */
export function shortWord({ kind, text, name }, prefixes) {
  if (kind === "typed") return text.replace(/\^\^<([^>]*)>$/, (_, datatype) => `^^${shorten(datatype, prefixes)}`);
  return kind === "prefixed" || !name || text === "a" ? text : shorten(name, prefixes);
}
