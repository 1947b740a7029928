// Search on the home page, in an index that the page holds, so that it works from a folder of files.
import { byId, counted, element, listItem, select } from "../shared/element.js";
import { rankOf } from "../shared/names.js";
import { costOfWords, plain, wordsOf } from "./words.js";

/**
 * A thing with its name, the address of its page, its kind, the number of its statements, and its other names.
 * @typedef {[name: string, path: string, kind: string, size: number, ...also: string[]]} Entry
 */

const MOST = 10;
// The rank of a name that has the words as they are typed is lower.
const WORST_RANK = 4;

/** @type {Map<string, { text: string, words: string[] }>} Names without accents, and their words. */
const known = new Map();

/** @param {string} name */
function read(name) {
  const text = plain(name);
  const found = { text, words: wordsOf(text) };
  known.set(name, found);
  return found;
}

/**
 * Returns how well a name matches: as `rankOf`, or by its words if they are typed in another order or with errors.
 * @param {string} name
 * @param {string} wanted
 * @param {string[]} typed The words of `wanted`.
 */
function rank(name, wanted, typed) {
  const { text, words } = known.get(name) ?? read(name);
  const found = rankOf(text, wanted);
  if (found < Infinity || !typed.length) return found;
  return WORST_RANK + costOfWords(words, typed) / typed.length;
}

/**
 * Returns the entries with a name that matches, the best first, among equals those with most statements.
 * @param {Entry[]} entries
 * @param {string} text
 */
export function matches(entries, text) {
  const wanted = plain(text).trim();
  const typed = wordsOf(wanted);
  if (!wanted) return [];
  return entries
    .map((entry) => {
      const [name, , , , ...also] = entry;
      const ranks = [name, ...also].map((one) => rank(one, wanted, typed));
      const best = Math.min(...ranks);
      return { entry, best, as: ranks[0] === best ? "" : also[ranks.indexOf(best) - 1] };
    })
    .filter(({ best }) => best < Infinity)
    .sort((a, b) => a.best - b.best || b.entry[3] - a.entry[3]);
}

/** @param {{ entry: Entry, as: string }} found */
function result({ entry: [name, path, kind, size], as }) {
  const about = [as && `also “${as}”`, kind, size && counted(size, "statement")].filter(Boolean).join(", ");
  return listItem(element("a", { href: `${path}.html` }, name), " ", element("small", {}, about));
}

/**
 * Moves the focus between the field and the results.
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} places
 */
function move(event, places) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const next = step && places[places.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step];
  if (!next) return;
  next.focus();
  event.preventDefault();
}

/** Shows the field, with the cursor in it. */
export function startSearch() {
  const data = select("script#index");
  if (!data) return;
  /** @type {Entry[]} */
  const entries = JSON.parse(/** @type {string} */ (data.textContent));
  const input = /** @type {HTMLInputElement} */ (byId("find"));
  const box = /** @type {HTMLElement} */ (input.parentElement);
  const fill = () => {
    const found = matches(entries, input.value);
    const said = found.length ? counted(found.length, "result") : `Nothing is called “${input.value.trim()}”.`;
    byId("found-count").textContent = input.value.trim() ? said : "";
    byId("found").replaceChildren(...found.slice(0, MOST).map(result));
  };
  input.addEventListener("input", fill);
  box.addEventListener("keydown", (event) => {
    const links = [...byId("found").querySelectorAll("a")];
    if (event.key === "Enter" && event.target === input) links[0]?.click();
    else move(event, [input, ...links]);
  });
  box.hidden = false;
  input.focus({ preventScroll: true });
  fill();
}
