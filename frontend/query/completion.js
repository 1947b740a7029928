// Completes names of the vocabulary, with their definitions, and entities, prefixes, variables and keywords.

/** @import { Completion, CompletionContext, CompletionSource } from "@codemirror/autocomplete" */
/** @import { Known } from "./types" */

const KEYWORDS = [
  "SELECT DISTINCT WHERE OPTIONAL FILTER UNION GRAPH VALUES BIND MINUS EXISTS ASK CONSTRUCT DESCRIBE",
  "COUNT SUM AVG MIN MAX GROUP_CONCAT GROUP ORDER BY HAVING LIMIT OFFSET ASC DESC CONTAINS LCASE STR LANG REGEX YEAR",
].join(" ").split(" ");
const MOST_OPTIONS = 60;

/**
 * Makes a source of completions.
 * @param {Known} known
 * @returns {CompletionSource}
 */
export function completions({ vocabulary, entities, prefixes }) {
  /** @type {Completion[]} */
  const known = [
    ...vocabulary.map(({ name: label, label: detail, comment }) =>
      ({ label, detail, info: comment || undefined, type: "property" })),
    ...entities.map(({ id, label }) => ({ label: `id:${id}`, detail: label, type: "constant" })),
    ...Object.keys(prefixes).map((name) => ({ label: `${name}:`, detail: prefixes[name], type: "namespace" })),
    ...KEYWORDS.map((label) => ({ label, type: "keyword" })),
  ];
  return (context) => {
    const word = context.matchBefore(/[?$]?[\w:.-]*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    if (/^[?$]/.test(word.text)) return { from: word.from, options: variablesIn(context, word.text) };
    const typed = word.text.toLowerCase();
    const options = known.filter(({ label, detail = "" }) => `${label}\n${detail}`.toLowerCase().includes(typed));
    return { from: word.from, options: options.slice(0, MOST_OPTIONS), filter: false };
  };
}

/**
 * @param {CompletionContext} context
 * @param {string} typed
 */
function variablesIn(context, typed) {
  const found = new Set(context.state.doc.toString().match(/[?$]\w+/g));
  found.delete(typed);
  return [...found].map((label) => ({ label, type: "variable" }));
}
