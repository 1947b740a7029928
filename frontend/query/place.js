// The address: what is asked, so that it can be cited and opened again.

/** Reads the address. */
export function readAddress(hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const { question = "", query = "", ...given } = Object.fromEntries(fields);
  return { question, query, given };
}

/** Writes it. */
export function writeAddress({ question, query, given }) {
  const fields = new URLSearchParams(question ? { question } : { query });
  for (const [name, value] of Object.entries(given)) fields.set(name, value);
  return `#${fields}`;
}
