// Finds names in a query that the graph does not contain, on a page without a server, which has no remarks of its own.
import { tokens } from "./tokens.js";

/** @import { Known } from "./types" */

const FURTHEST = 3;

/**
 * Returns a sentence on each name of ours that the graph does not hold, with the nearest that it holds.
 * @param {string} text
 * @param {Pick<Known, "vocabulary" | "entities" | "allEntities">} known
 * @returns {string[]}
 */
export function unknownNames(text, { vocabulary, entities, allEntities }) {
  if (/\bprefix\b/i.test(text)) return []; // its prefixes may be others than ours
  const held = {
    sp: new Set(vocabulary.map(({ name }) => name)),
    id: allEntities ? new Set(entities.map(({ id }) => `id:${id}`)) : null,
  };
  const used = new Set(tokens(text).flatMap(({ kind, word }) => (kind === "prefixed" ? word : [])));
  return [...used].flatMap((name) => {
    const names = name.startsWith("sp:") ? held.sp : name.startsWith("id:") ? held.id : null;
    return !names || names.has(name) || name.length === 3 ? [] : sentence(name, nearest(name, names));
  });
}

/**
 * @param {string} name
 * @param {string} near
 */
const sentence = (name, near) => `The graph has no ${name}.${near && ` Did you mean ${near}?`}`;

/**
 * @param {string} name
 * @param {Set<string>} names
 */
function nearest(name, names) {
  const found = [...names].map((other) => ({ other, far: distance(name.toLowerCase(), other.toLowerCase()) }));
  const best = found.reduce((a, b) => (b.far < a.far ? b : a), { other: "", far: FURTHEST + 1 });
  return best.other;
}

/**
 * Returns how many letters must be changed, added or left out to make one word of the other (Levenshtein).
 * @param {string} one
 * @param {string} other
 */
function distance(one, other) {
  if (Math.abs(one.length - other.length) > FURTHEST) return Infinity;
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[other.length];
}
