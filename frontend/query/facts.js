// Looks for triples, terms and names in the graph of the page, as graphkit/query/facts.py and names.py do.
import { NameIndex } from "./near.js";
import { LITERALS, NO_WORD, asText } from "./patterns.js";
import { shorten } from "./terms.js";

/** @import { Word } from "./patterns.js" */
/** @import { Prefixes, Row, Term } from "./types" */

/** Conditions are checked against at most so many rows: a remark may not cost more than the query. */
const MOST_ROWS = 5_000;
const [LISTED, SUGGESTED] = [10, 5];
const NAMES = `SELECT ?thing ?name ?kind {
  ?thing a sp:Entity ; ?kind ?name VALUES ?kind { rdfs:label skos:altLabel }
}`;
const TERMS = "SELECT ?thing ?name { GRAPH graph:ontology { ?thing rdfs:label ?name } }";

/** @typedef {{subject?: Word, predicate?: Word, object?: Word, graph?: string}} Wanted */

/**
 * Returns an IRI as a word.
 * @param {string} name
 * @returns {Word}
 */
export const namedWord = (name) => ({ kind: "iri", text: "", name });

export class Facts {
  /** @type {Promise<{indexes: Record<string, NameIndex>, labels: Map<string, string>}> | undefined} */
  found;

  /**
   * @param {(query: string) => Promise<Row[]>} rows Asks the graph.
   * @param {Prefixes} prefixes
   */
  constructor(rows, prefixes) {
    this.rows = rows;
    this.prefixes = prefixes;
  }

  /** Returns the names of entities, sources and terms, and the labels; they are read after the first mistake. */
  names() {
    this.found ??= this.readNames();
    return this.found;
  }

  async readNames() {
    const [things, terms] = [await this.rows(NAMES), await this.rows(TERMS)];
    const pairs = [...things, ...terms].map((row) => ({
      thing: row.thing?.value ?? "", name: row.name?.value ?? "", isLabel: !row.kind?.value.endsWith("altLabel"),
    }));
    const indexes = ["id", "source", "sp"].map((prefix) => {
      const space = this.prefixes[prefix];
      const ours = pairs.filter(({ thing }) => thing.startsWith(space));
      return [prefix, new NameIndex(ours.flatMap(({ thing, name }) =>
        [/** @type {[string, string]} */ ([thing, name]), [thing, thing.slice(space.length)]]))];
    });
    const labels = new Map(pairs.flatMap(({ thing, name, isLabel }) => (isLabel ? [[thing, name]] : [])));
    return { indexes: Object.fromEntries(indexes), labels };
  }

  /**
   * Returns the thing that a name means: one with exactly this name, else the only one with such a beginning.
   * @param {string} typed
   * @param {string} prefix
   * @returns {Promise<{thing: string, remark: string}>}
   */
  async find(typed, prefix) {
    const { indexes, labels } = await this.names();
    const [, space, local] = /^(id|source|sp):(.*)$/s.exec(typed) ?? [];
    const text = local ?? typed;
    const places = (space ? [space] : prefix === "sp" ? ["sp"] : ["id", "source"]).map((name) => indexes[name]);
    /** @param {string} thing */
    const idOf = (thing) => cut(shorten(thing, this.prefixes).replace(/^id:/, ""));
    /** @param {string} thing */
    const labelOf = (thing) => cut(labels.get(thing) ?? "", 60);
    const shown = `'${cut(typed, 60)}'`;
    const whole = places.map((index) => index.exact(text));
    for (const found of [...whole, ...places.map((index) => index.beginning(text))]) {
      if (found.length === 1) {
        const [thing] = found;
        const isWhole = whole.includes(found);
        return { thing, remark: isWhole ? "" : `${shown} is the beginning of ${labelOf(thing)} (${idOf(thing)}).` };
      }
      if (found.length) {
        const count = found.length > LISTED ? `more than ${LISTED}` : found.length;
        const lines = found.slice(0, LISTED).map((one) => `  ${idOf(one)}: ${labelOf(one)}`);
        throw new Error([`${shown} fits ${count} names. Type the id of one:`, ...lines].join("\n"));
      }
    }
    const near = places.flatMap((index) => index.near(text)).slice(0, SUGGESTED);
    const alike = near.map((thing) => `${idOf(thing)} (${labelOf(thing)})`);
    throw new Error(`The graph contains nothing called ${shown}.${withNear("", alike).replace(" ", "\n")}`);
  }

  /**
   * Returns the objects of some triples that have the names and literals of a pattern.
   * @param {Wanted} pattern
   * @param {number} most
   * @returns {Promise<Term[]>}
   */
  async objects({ subject = NO_WORD, predicate = NO_WORD, object = NO_WORD, graph = "" }, most) {
    const terms = [subject, predicate, object].map((word, i) =>
      (word.name || LITERALS.includes(word.kind) ? asText([word]) : `?x${i}`));
    if (/^["'\d+-]/.test(terms[0])) return [];
    const body = `${terms.join(" ")} BIND(${terms[2]} AS ?found)`;
    const found = await this.rows(`SELECT ?found { ${graph ? `GRAPH <${graph}> { ${body} }` : body} } LIMIT ${most}`);
    return found.flatMap((row) => row.found ?? []);
  }

  /** @param {Wanted} pattern */
  async holds(pattern) {
    return (await this.objects(pattern, 1)).length > 0;
  }

  /**
   * Returns those of some IRIs that occur nowhere in the graph.
   * @param {string[]} names
   */
  async missing(names) {
    if (!names.length) return [];
    const places = ["?name ?p ?o", "?s ?name ?o", "?s ?p ?name", "GRAPH ?name { ?s ?p ?o }"];
    const known = await this.rows(`SELECT ?name { VALUES ?name { ${names.map((name) => `<${name}>`).join(" ")} }
      FILTER(${places.map((place) => `EXISTS { ${place} }`).join(" || ")}) }`);
    const held = new Set(known.map((row) => row.name?.value));
    return names.filter((name) => !held.has(name));
  }

  /** @param {string} name */
  isUsed = (name) => this.holds({ predicate: namedWord(name) });

  /**
   * Returns whether a thing has a class.
   * @param {string} name
   * @param {string} prefix
   * @param {string} kind
   */
  isA(name, prefix, kind) {
    const [type, found] = [`${this.prefixes.rdf}type`, this.prefixes[prefix] + kind];
    return this.holds({ subject: namedWord(name), predicate: namedWord(type), object: namedWord(found) });
  }

  /** @param {string} name */
  leadsToThings = (name) => this.isA(name, "owl", "ObjectProperty");

  /**
   * Returns whether the values of a property have one of some datatypes.
   * @param {string} name
   * @param {string[]} types
   */
  async leadsTo(name, types) {
    const range = namedWord(`${this.prefixes.rdfs}range`);
    const found = await this.objects({ subject: namedWord(name), predicate: range }, 4);
    return found.some(({ value }) => types.some((type) => value === this.prefixes.xsd + type));
  }

  /**
   * Returns whether none of the rows of a pattern fits, where these are few enough to be counted.
   * @param {string} rows
   * @param {string} condition
   */
  async fitsNone(rows, condition) {
    const fitting = `SUM(IF(COALESCE(${condition}, false), 1, 0))`;
    const [found] = await this.rows(`SELECT (COUNT(*) AS ?all) (${fitting} AS ?fitting)
      { { SELECT * { ${rows} } LIMIT ${MOST_ROWS + 1} } }`);
    const all = Number(found?.all?.value);
    return all > 0 && all <= MOST_ROWS && found?.fitting?.value === "0";
  }

  /** @param {string} name */
  short(name) {
    const found = shorten(name, this.prefixes);
    return cut(found === name ? `<${name}>` : found);
  }
}

/**
 * Returns a text cut to a length.
 * @param {string} text
 */
export const cut = (text, length = 90) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

/**
 * Returns the question for alternatives, after a message.
 * @param {string} message
 * @param {string[]} near
 */
export function withNear(message, near) {
  if (!near.length) return message;
  const last = near.at(-1);
  return `${message} Did you mean ${near.length > 1 ? `${near.slice(0, -1).join(", ")} or ${last}` : last}?`;
}
