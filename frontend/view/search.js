// Nodes by name: the best matches are listed below the field, with kind and number of relations.
import { button, counted, element, paragraph, select, selectAll } from "../shared/element.js";
import { rankOf } from "../shared/names.js";
import { allNodes, nodes } from "./graph.js";

/** @import { GraphNode } from "./types" */

/**
 * A node, or a member of a group that is not open, which can be opened.
 * @typedef {{name: string, also: string, key: string, kind: string, edges: {length: number}, open?: () => void}} Named
 */

const MOST = 8;

/** @type {Named[]} The members of groups that are not open. */
export const elsewhere = [];

/** @param {Named} node */
const namesOf = ({ name, also }) => [name, ...also.split(" · ").filter(Boolean)];

/**
 * Returns how far a name is from a mistyped one if it has most pairs of its letters: fewer missing, and a shorter name.
 * @param {string} name
 * @param {string} wanted
 */
function farOf(name, wanted) {
  const text = name.toLowerCase();
  const missing = [...wanted].filter((letter, i) => i && !text.includes(wanted[i - 1] + letter)).length;
  return missing * 3 < wanted.length - 1 ? missing + text.length / 9 : Infinity;
}

/**
 * Finds nodes by their names and other names, the best matches first, among these those with most relations.
 * @param {string} text
 */
export function nodesNamed(text, rank = rankOf) {
  const wanted = text.trim().toLowerCase();
  return [...allNodes(), ...elsewhere.filter(({ key }) => !nodes.has(key))]
    .map((node) => ({ node, rank: wanted ? Math.min(...namesOf(node).map((name) => rank(name, wanted))) : Infinity }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank || b.node.edges.length - a.node.edges.length)
    .slice(0, MOST)
    .map(({ node }) => node);
}

/**
 * Makes a field for a name.
 * @param {(node: GraphNode) => void} action Called with the node of that name.
 * @param {Record<string, string>} attributes
 */
export function searchField(action, attributes) {
  const list = element("div", { class: "found", role: "status", hidden: true });
  /** @param {Named} node */
  const take = (node) => {
    input.value = "";
    list.hidden = true;
    if (node.open) node.open();
    else action(/** @type {GraphNode} */ (node));
  };
  const fill = () => {
    const words = input.value.trim();
    const found = nodesNamed(words);
    const near = found.length ? [] : nodesNamed(words, farOf).slice(0, 1);
    list.hidden = !words;
    list.replaceChildren(
      found.length ? "" : paragraph(`Nothing here is called “${words}”.${near.length ? " Did you mean:" : ""}`),
      ...[...found, ...near].map((node) => button(
        `${node.name} · ${node.kind}, ${counted(node.edges.length, "relation")}`,
        () => take(node),
        { class: "link" },
      )),
    );
  };
  const input = element("input", {
    type: "search", autocomplete: "off", ...attributes, input: fill, focus: fill,
    keydown(event) {
      if (event.key !== "Enter") return;
      fill();
      select("button", list)?.click();
    },
  });
  return element("span", {
    class: "find",
    keydown(event) {
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      const places = [input, ...selectAll("button", list)];
      if (event.key === "Escape") list.hidden = true;
      else if (!step || list.hidden) return;
      else /** @type {HTMLElement} */ (places[places.indexOf(event.target) + step])?.focus();
      event.preventDefault();
      event.stopPropagation();
    },
    focusout({ relatedTarget, currentTarget }) {
      if (!currentTarget.contains(relatedTarget)) list.hidden = true;
    },
  }, input, list);
}
