// What can be typed next: names of our vocabulary with what they mean, entities, prefixes, variables, keywords.
const KEYWORDS =
  "SELECT DISTINCT WHERE OPTIONAL FILTER UNION GRAPH VALUES BIND MINUS EXISTS ASK CONSTRUCT DESCRIBE " +
  "COUNT SUM AVG MIN MAX GROUP_CONCAT GROUP ORDER BY HAVING LIMIT OFFSET ASC DESC CONTAINS LCASE STR LANG REGEX YEAR";
const MOST = 60;

/**
 * Makes a source of completions.
 * @param {{vocabulary: {name: string, label: string, comment: string}[], entities: {id: string, label: string}[],
 *   prefixes: Record<string, string>}} known
 */
export function completions({ vocabulary, entities, prefixes }) {
  const named = [
    ...vocabulary.map(({ name, label, comment }) => ({ label: name, detail: label, info: comment || undefined, type: "property" })),
    ...entities.map(({ id, label }) => ({ label: `id:${id}`, detail: label, type: "constant" })),
  ];
  const words = [
    ...Object.keys(prefixes).map((name) => ({ label: `${name}:`, detail: prefixes[name], type: "namespace" })),
    ...KEYWORDS.split(" ").map((label) => ({ label, type: "keyword" })),
  ];
  return (context) => {
    const word = context.matchBefore(/[?$]?[\w:.-]*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    if (/^[?$]/.test(word.text)) return { from: word.from, options: variablesIn(context, word.text) };
    const typed = word.text.toLowerCase();
    const fits = (one) => one.label.toLowerCase().includes(typed) || one.detail?.toLowerCase().includes(typed);
    const options = [...named, ...words].filter(fits).slice(0, MOST);
    return { from: word.from, options, filter: false };
  };
}

function variablesIn(context, typed) {
  const found = new Set(context.state.doc.toString().match(/[?$]\w+/g));
  found.delete(typed);
  return [...found].map((label) => ({ label, type: "variable" }));
}
