// Finds the labels of the things in an answer.
import { expand } from "./terms.js";

/** @import { Answer, Engine, Known } from "./types" */

const MOST_NAMES = 2_000;
/** The server accepts queries of up to 32 KB. */
const LONGEST_QUERY = 24_000;

/**
 * Makes a function that finds the labels of an answer; it asks for each name once.
 * @param {Known} known
 * @param {Engine} engine
 * @returns {(answer: Answer) => Promise<Map<string, string>>}
 */
export function makeLabeller({ vocabulary, entities, prefixes }, engine) {
  const labels = new Map([
    ...vocabulary.map(({ name, label }) => /** @type {const} */ ([expand(name, prefixes), label])),
    ...entities.map(({ id, label }) => /** @type {const} */ ([prefixes.id + id, label])),
  ]);
  const asked = new Set(labels.keys());
  return async (answer) => {
    const wanted = irisIn(answer).filter((iri) => !asked.has(iri)).slice(0, MOST_NAMES);
    for (const group of groups(wanted)) {
      const names = `VALUES ?name { ${group.join(" ")} } ?name rdfs:label ?label`;
      const text = `SELECT ?name ?label ?original { ${names} OPTIONAL { ?name prov:wasDerivedFrom ?original } }`;
      // The answer is useful without labels, too; the next answer asks for them again.
      const found = await engine.ask({ text }).catch(() => null);
      if (!found) break;
      for (const { name, label, original } of found.rows) {
        if (name && label) labels.set(name.value, original ? `${label.value} (copy)` : label.value);
      }
      for (const spelled of group) asked.add(spelled.slice(1, -1));
    }
    return labels;
  };
}

/** @param {Answer} answer */
function irisIn({ rows }) {
  const terms = rows.flatMap((row) => Object.values(row));
  const iris = terms.flatMap((term) => (term?.type === "uri" ? term.value : []));
  return [...new Set(iris)].filter((iri) => !/[<>"{}|^`\\\s]/.test(iri));
}

/**
 * Spells names, in groups that are short enough for one query.
 * @param {string[]} names
 */
function groups(names) {
  /** @type {string[][]} */
  const found = [];
  let length = Infinity;
  for (const name of names) {
    if (length + name.length > LONGEST_QUERY) {
      found.push([]);
      length = 0;
    }
    found[found.length - 1].push(`<${name}>`);
    length += name.length + 3;
  }
  return found;
}
