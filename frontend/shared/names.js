// How well names match what a reader types.

/**
 * Returns how well a name matches: 0 for the whole name, then its beginning, the beginning of a word, any part.
 * @param {string} name
 * @param {string} wanted
 */
export function rankOf(name, wanted) {
  const text = name.toLowerCase();
  const at = text.indexOf(wanted);
  if (text === wanted) return 0;
  if (at <= 0) return at < 0 ? Infinity : 1;
  return /[\s("“'’:-]/.test(text[at - 1]) ? 2 : 3;
}
