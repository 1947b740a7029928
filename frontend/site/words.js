// How well a name matches words that may be mistyped, in another order, incomplete or without their accents.

const COMBINING = /\p{M}/gu;
const BETWEEN = /[^\p{L}\p{N}]+/u;

/**
 * Returns a text in lower case without accents.
 * @param {string} text
 */
export const plain = (text) => text.normalize("NFD").replace(COMBINING, "").toLowerCase();

/**
 * Returns the words of a plain text.
 * @param {string} text
 */
export const wordsOf = (text) => text.split(BETWEEN).filter(Boolean);

/**
 * Returns the number of typing errors by which a word differs from the beginning of another: letters that are missing,
 * added, wrong, or swapped with the next.
 * @param {string} typed
 * @param {string} word
 */
export function errors(typed, word) {
  let last = [...word].map((_, i) => i + 1);
  last.unshift(0);
  /** @type {number[]} */
  let beforeLast = [];
  for (let i = 1; i <= typed.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= word.length; j += 1) {
      const same = typed[i - 1] === word[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      const swapped = i > 1 && j > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1];
      if (swapped) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    [beforeLast, last] = [last, row];
  }
  return Math.min(...last);
}

/**
 * Returns the cost of a typed word: 0 for the beginning of a word of the name, 1 for a part of one, and more with
 * errors. One error is allowed in words of four letters, two in words of eight, none in the first letter.
 * @param {string} typed
 * @param {string[]} words
 */
function costOf(typed, words) {
  const costs = words.map((word) => {
    if (word.startsWith(typed)) return 0;
    if (typed.length > 2 && word.includes(typed)) return 1;
    const most = typed.length < 4 || word[0] !== typed[0] ? 0 : typed.length < 8 ? 1 : 2;
    const allowed = word.length < typed.length - most ? 0 : most;
    const wrong = allowed ? errors(typed, word) : Infinity;
    return wrong <= allowed ? 1 + wrong : Infinity;
  });
  return Math.min(...costs);
}

/**
 * Returns how well the words of a name match typed words, in any order: the sum of their costs, or Infinity.
 * @param {string[]} words
 * @param {string[]} typed
 */
export const costOfWords = (words, typed) => typed.reduce((sum, one) => sum + costOf(one, words), 0);
