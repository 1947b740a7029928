// Search on the home page, in an index that the page holds, so that it works from a folder of files.
import { byId, counted, element, listItem, select } from "../shared/element.js";
import { rankOf } from "../shared/names.js";

/**
 * A thing with its name, the address of its page, its kind, the number of its statements, and its other names.
 * @typedef {[name: string, path: string, kind: string, size: number, ...also: string[]]} Entry
 */

const MOST = 10;

/**
 * Returns the entries with a name that matches, the best first, among these those with most statements.
 * @param {Entry[]} entries
 * @param {string} text
 */
export function matches(entries, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  return entries
    .map((entry) => {
      const [name, , , , ...also] = entry;
      const ranks = [name, ...also].map((one) => rankOf(one, wanted));
      const rank = Math.min(...ranks);
      return { entry, rank, as: ranks[0] === rank ? "" : also[ranks.indexOf(rank) - 1] };
    })
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank || b.entry[3] - a.entry[3]);
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
