// The table of relations: it lists the relations in the picture, can be sorted, and can be saved as CSV.
import { button, select, selectAll, setAttributes } from "../shared/element.js";
import { csvCell, withoutFormula } from "../shared/files.js";
import { labelOf } from "../shared/panel.js";
import { table } from "../shared/tables.js";
import { allEdges, edges, nodes, rowsOfSingles } from "./graph.js";
import { shownPart } from "./filter.js";
import { change, state } from "./state.js";

/** @import { Statement } from "../shared/types" */
/** @import { GraphEdge, Shown } from "./types" */

const COLUMNS = /** @type {const} */ (["speaker", "stance", "gist", "first", "source"]);
const CSV_HEAD = [
  "subject", "relation", "object", "status", "scope",
  "speaker", "stance", "gist", "said", "source", "link", "statement",
];

export const relations = table("relations");
/** @type {HTMLElement[]} */
let heads = [];
let sorted = "";

/** Returns the column by which the rows are sorted, if any, and how two of its values compare. */
function sorting() {
  const down = state.sort.startsWith("-");
  const column = COLUMNS.find((name) => name === state.sort.replace("-", ""));
  /**
   * Compares two values; an empty one is last in either order.
   * @param {string} a
   * @param {string} b
   */
  const compare = (a, b) => (column ? Number(!a) - Number(!b) || (down ? -1 : 1) * a.localeCompare(b) : 0);
  /** @param {Statement} statement */
  const valueOf = (statement) => (column === "first" && statement.last && !statement.first
    ? statement.last
    : column ? statement[column] : "");
  return { column, down, compare, valueOf };
}

/**
 * Shows the rows of an edge in their order. The first edge shown holds the row of a statement; later edges link to it.
 * @param {GraphEdge} edge
 * @param {Shown} shown
 * @param {Set<Statement>} placed The statements whose row belongs to an earlier edge.
 * @param {ReturnType<typeof sorting>} order
 */
function showEdge({ body, statements }, shown, placed, { compare, valueOf }) {
  const inOrder = [...statements].sort((a, b) => compare(valueOf(a), valueOf(b)));
  const rows = inOrder.flatMap((statement) => {
    const { row } = statement;
    const own = row.parentNode === body;
    const reference = own ? row : select(`[href="#${row.id}"]`, body)?.closest("tr");
    const isFirst = reference && !own && !placed.has(statement);
    if (isFirst) {
      const next = reference.nextSibling;
      row.before(reference);
      body.insertBefore(row, next);
    }
    placed.add(statement);
    const hidden = !shown.statements.has(statement);
    row.hidden = hidden;
    if (reference) reference.hidden = hidden;
    return isFirst ? row : reference ?? [];
  });
  if (rows.some((row, i) => body.rows[i + 1] !== row)) body.append(...rows);
}

/** @param {Shown} shown */
export function showTable(shown) {
  const order = sorting();
  sort(order);
  /** @type {Set<Statement>} */
  const placed = new Set();
  for (const edge of allEdges()) {
    edge.body.hidden = !shown.edges.has(edge);
    if (!edge.body.hidden) showEdge(edge, shown, placed, order);
  }
  for (const [body, node] of rowsOfSingles) body.hidden = !shown.nodes.has(node);
  for (const node of nodes.values()) node.row.hidden = !shown.nodes.has(node);
}

/**
 * Sorts the edges by the column of the state; a minus before its name reverses the order.
 * @param {ReturnType<typeof sorting>} order
 */
function sort({ column, down, compare, valueOf }) {
  if (state.sort === sorted) return;
  sorted = state.sort;
  const found = allEdges().map(({ body, statements }) =>
    ({ body, key: statements.map(valueOf).sort(compare)[0] ?? "" }));
  relations.append(...found.sort((a, b) => compare(a.key, b.key)).map(({ body }) => body));
  relations.append(...rowsOfSingles.map(([body]) => body));
  heads.forEach((head, i) => {
    setAttributes(head, { "aria-sort": COLUMNS[i] !== column ? "none" : down ? "descending" : "ascending" });
  });
}

/** Turns the column heads into buttons that sort: ascending, descending, then the original order. */
export function startTable() {
  heads = selectAll("thead th", relations);
  heads.forEach((head, i) => {
    const name = COLUMNS[i];
    head.replaceChildren(button(head.textContent ?? "", () => change((next) => {
      next.sort = next.sort === name ? `-${name}` : next.sort === `-${name}` ? "" : name;
    })));
  });
}

/** Returns the shown rows as CSV. */
export function csv() {
  const shown = shownPart();
  const rows = [...relations.tBodies].flatMap((body) => {
    const edge = edges.get(body.dataset.e ?? "");
    if (!edge || body.hidden) return [];
    const about = [edge.from.name, labelOf(edge), edge.to.name, edge.status, edge.scope];
    return edge.statements.filter((statement) => shown.statements.has(statement)).map((statement) => [
      ...about, statement.speaker, statement.stance, statement.gist, statement.said, statement.source,
      select("a", statement.row.cells[4])?.getAttribute("href") ?? "", statement.id,
    ]);
  });
  const lines = [CSV_HEAD, ...rows].map((row) => row.map((text) => csvCell(withoutFormula(text))).join(","));
  return `${lines.join("\r\n")}\r\n`;
}
