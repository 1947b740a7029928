// Nodes by name.
import { element } from "../shared/element.js";
import { allNodes } from "./graph.js";

/** @import { GraphNode } from "./types" */

const options = element("datalist", { id: "names" });

/** @param {GraphNode} node */
const aliasesOf = (node) => node.also.split(" · ").filter(Boolean);

/**
 * Finds a node: by its whole name, else by one of its other names, else by a part of its name.
 * @param {string} text
 * @returns {GraphNode | undefined}
 */
function nodeNamed(text) {
  const wanted = text.trim().toLowerCase();
  /** @param {string} name */
  const isWanted = (name) => name.toLowerCase() === wanted;
  const all = wanted ? allNodes() : [];
  return all.find((node) => isWanted(node.name))
    ?? all.find((node) => aliasesOf(node).some(isWanted))
    ?? all.find((node) => node.name.toLowerCase().includes(wanted));
}

/** Fills the list of names. */
function fillOptions() {
  options.replaceChildren(...allNodes().flatMap((node) => [node.name, ...aliasesOf(node)].map((value) =>
    element("option", { value }, value === node.name ? node.kind : node.name))));
}

/** Returns the list of names for the page; it is filled when a search field gets the focus. */
export function startSearch() {
  addEventListener("focusin", ({ target }) => {
    if (/** @type {Element} */ (target).getAttribute("list")) fillOptions();
  });
  return options;
}

/**
 * Makes a field for a name.
 * @param {(node: GraphNode) => void} action Called with the node of that name.
 * @param {Record<string, string>} attributes
 */
export const searchField = (action, attributes) => element("input", {
  type: "search", list: "names", ...attributes,
  change({ target }) {
    const node = nodeNamed(target.value);
    if (!node) return;
    target.value = "";
    action(node);
  },
});
