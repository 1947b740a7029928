// Names that are spelled like a mistyped one, as in graphkit/model/names.py and graphkit/model/did_you_mean.py.

const [LONGEST, PART, SHOWN, CUTOFF] = [200, 3, 3, 0.6];
const [SUGGESTED, LONGEST_POSTING, COMPARED, NEAR, FURTHER] = [5, 2_000, 12, 0.5, 0.25];
const MOST_NAMES = 50;
const ARTICLE = "the ";

/**
 * Returns a name as it is compared: without case, surrounding space, and differences that a keyboard makes.
 * @param {string} text
 */
export function fold(text) {
  const plain = exchanged(exchanged(text).normalize("NFKC"));
  return withoutCase(plain).trim().replace(/\s+/g, " ");
}

/** @param {string} text */
const withoutCase = (text) => text.toUpperCase().toLowerCase();

/** @param {string} text */
const exchanged = (text) => text
  .replace(/[‘’‚‛ʼʹ`´′]/g, "'").replace(/[“”„‟«»″]/g, "\"").replace(/[‐‑‒–—―−]/g, "-")
  // eslint-disable-next-line no-misleading-character-class -- U+200D stands for itself
  .replace(/[\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff]/g, "");

/**
 * Returns the number of characters in the blocks that two texts have in common.
 * @param {string[]} one
 * @param {string[]} other
 * @returns {number}
 */
function shared(one, other) {
  let best = { size: 0, i: 0, j: 0 };
  /** @type {number[]} The length of the block that ends at each character. */
  let ends = [];
  for (let i = 0; i < one.length; i += 1) {
    /** @type {number[]} */
    const next = [];
    for (let j = 0; j < other.length; j += 1) {
      if (one[i] !== other[j]) continue;
      next[j] = (ends[j - 1] ?? 0) + 1;
      if (next[j] > best.size) best = { size: next[j], i: i + 1 - next[j], j: j + 1 - next[j] };
    }
    ends = next;
  }
  const { size, i, j } = best;
  if (!size) return 0;
  return size + shared(one.slice(0, i), other.slice(0, j)) + shared(one.slice(i + size), other.slice(j + size));
}

/**
 * Returns how alike two texts are, from 0 to 1, as difflib of Python counts it.
 * @param {string} one
 * @param {string} other
 */
function likeness(one, other) {
  const [a, b] = [[...one], [...other]];
  return (2 * shared(a, b)) / (a.length + b.length);
}

/**
 * @param {string | number} a
 * @param {string | number} b
 */
const order = (a, b) => Number(a > b) - Number(a < b);

/**
 * Returns up to three words that are spelled like a word in any case, or contain it, the nearest first.
 * @param {string} word
 * @param {Iterable<string>} known
 */
export function nearest(word, known) {
  const typed = withoutCase(word.trim());
  if (!typed || typed.length > LONGEST) return [];
  const words = new Map([...known].map((name) => [withoutCase(name), name]));
  const close = [...words.keys()]
    .map((name) => ({ name, score: likeness(name, typed) }))
    .filter(({ score }) => score >= CUTOFF)
    .sort((a, b) => order(b.score, a.score) || order(b.name, a.name))
    .slice(0, SHOWN);
  const parts = [...words.keys()].filter((name) => typed.length >= PART && name.includes(typed));
  const found = new Set([...close.map(({ name }) => name), ...parts]);
  return [...found].slice(0, SHOWN).map((name) => words.get(name) ?? "");
}

/**
 * Returns the triples of characters of each word, with its edges.
 * @param {string} name
 */
function partsOf(name) {
  const found = name.split(" ").flatMap((word) => {
    const padded = ["", "", ...word].map((letter) => letter || " ").concat(" ");
    return padded.slice(2).map((_, at) => padded.slice(at, at + 3).join(""));
  });
  return [...new Set(found)].sort();
}

/** Things by their names. */
export class NameIndex {
  /** @param {Iterable<[thing: string, name: string]>} names */
  constructor(names) {
    /** @type {Map<string, string[]>} */
    this.things = new Map();
    for (const [thing, name] of names) {
      const folded = fold(name);
      const others = this.things.get(folded) ?? [];
      if (!others.includes(thing)) this.things.set(folded, [...others, thing].sort());
    }
    this.sorted = [...this.things.keys()].sort();
    /** @type {Map<string, number[]>} */
    this.parts = new Map();
    for (const [at, name] of this.sorted.entries()) {
      for (const part of partsOf(name)) {
        const posting = this.parts.get(part);
        if (posting) posting.push(at);
        else this.parts.set(part, [at]);
      }
    }
  }

  /**
   * Returns the things with this name; an article before the name may be missing or too many.
   * @param {string} text
   */
  exact(text) {
    const name = fold(text);
    const other = name.startsWith(ARTICLE) ? name.slice(ARTICLE.length) : ARTICLE + name;
    return this.things.get(name) ?? this.things.get(other) ?? [];
  }

  /**
   * Returns the things with a name that begins like this.
   * @param {string} text
   */
  beginning(text) {
    const name = fold(text);
    const found = name ? this.sorted.filter((other) => other.startsWith(name)).slice(0, MOST_NAMES) : [];
    return [...new Set(found.flatMap((other) => this.things.get(other) ?? []))];
  }

  /**
   * Returns up to five things with a name that is spelled alike, the nearest first.
   * @param {string} text
   */
  near(text) {
    const name = fold(text);
    if (!name || name.length > LONGEST) return [];
    const scored = this.alike(name).map(({ other, part }) => ({ other, score: Math.max(likeness(other, name), part) }));
    const least = Math.max(NEAR, Math.max(0, ...scored.map(({ score }) => score)) - FURTHER);
    const ranked = scored.filter(({ score }) => score >= least)
      .sort((a, b) => order(b.score, a.score) || order(a.other, b.other));
    return [...new Set(ranked.flatMap(({ other }) => this.things.get(other) ?? []))].slice(0, SUGGESTED);
  }

  /**
   * Returns the names that share most parts with a name, and how many of its parts each has, from 0 to 1.
   * @param {string} name
   */
  alike(name) {
    const wanted = partsOf(name);
    /** @type {Map<number, number>} */
    const counts = new Map();
    for (const posting of wanted.flatMap((part) => [this.parts.get(part) ?? []]).sort((a, b) => a.length - b.length)) {
      if (counts.size && posting.length > LONGEST_POSTING) break;
      for (const at of posting) counts.set(at, (counts.get(at) ?? 0) + 1);
    }
    const best = [...counts].sort((a, b) => b[1] - a[1]).slice(0, COMPARED);
    return best.map(([at, count]) => ({ other: this.sorted[at], part: count / wanted.length }));
  }
}
