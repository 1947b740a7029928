// The table of relations, whose heads choose relations. For a large network, it lists the results of a search.
import { button, byId, element, label, paragraph } from "../shared/element.js";
import { relationRows } from "../shared/rows.js";
import { table } from "../shared/tables.js";
import { bodies, idsByKey, relations } from "./graph.js";
import { choose } from "./panel.js";

/** @import { Relation } from "../shared/types" */

const LISTED = 100;

/**
 * Makes the relation in the head of its rows into a button that chooses it.
 * @param {HTMLTableSectionElement} body
 * @param {Relation} relation
 */
function addChoice(body, { key, relation }) {
  body.querySelector("i")?.replaceChildren(button(relation || "relation", () => choose(key), { class: "link" }));
}

/** Makes links to entities and heads of relations choose them. */
export function startTables() {
  for (const [id, body] of bodies) addChoice(body, /** @type {Relation} */ (relations.get(id)));
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[href^='#']");
    const key = link?.getAttribute("href")?.slice(1) ?? "";
    if (!idsByKey.has(key)) return;
    event.preventDefault();
    choose(key);
  });
}

/** @param {Relation} relation */
function rowsOf(relation) {
  const { key } = relation;
  const body = relationRows(relation);
  bodies.set(key, body);
  addChoice(body, relation);
  return body;
}

/** @param {Relation} relation */
const textOf = ({ from, to, relation, rest, statements }) => [
  from.name, relation, to.name, rest, ...statements.flatMap(({ speaker, gist, source }) => [speaker, gist, source]),
].join("\n").toLowerCase();

/** Adds a search to the table of a large network, which lists a hundred relations at a time. */
export function startSearch() {
  const list = table("relations");
  const all = [...relations.values()];
  /** @type {Map<Relation, string>} */
  const texts = new Map();
  /** @type {Relation[]} */
  let found = [];
  const count = element("output", { id: "found" });
  const more = button("List more", listMore, { id: "more" });
  const words = element("input", { type: "search", id: "words", change: search });

  /**
   * @param {Relation} relation
   * @param {string} wanted
   */
  function has(relation, wanted) {
    const text = texts.get(relation) ?? textOf(relation);
    texts.set(relation, text);
    return text.includes(wanted);
  }

  function listMore() {
    const { length } = list.tBodies;
    list.append(...found.slice(length, length + LISTED).map(rowsOf));
    more.hidden = list.tBodies.length === found.length;
    count.textContent = `${list.tBodies.length} of ${found.length} relations listed; ${all.length} in the picture.`;
  }

  function search() {
    const wanted = words.value.trim().toLowerCase();
    found = wanted ? all.filter((relation) => has(relation, wanted)) : all;
    for (const body of [...list.tBodies]) body.remove();
    bodies.clear();
    listMore();
  }

  byId("table-tools").append(label("Find relations ", words), count);
  byId("table-tools").hidden = false;
  list.after(paragraph(more));
  search();
}
