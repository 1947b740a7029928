// The address holds the question and its parameters, or the query, so that an answer can be cited and repeated.

/** @param {string} hash */
export function readAddress(hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const { question = "", query = "", ...given } = Object.fromEntries(fields);
  return { question, query, given };
}

/** @param {{question: string, query: string, given: Record<string, string>}} asked */
export function writeAddress({ question, query, given }) {
  const fields = new URLSearchParams(question ? { question } : { query });
  for (const [name, value] of Object.entries(given)) fields.set(name, value);
  return `#${fields}`;
}
