// The table twin: shows what the picture shows; sorts; becomes CSV.
const relations = byId("relations");
const COLUMNS = ["speaker", "stance", "gist", "first", "source"];

/** The first edge that is shown has the rows of its statements; the others refer to them. */
function showTable(seen) {
  const there = new Set();
  for (const edge of edges.values()) {
    const { body } = edge;
    body.hidden = !seen.edges.has(edge);
    if (!body.hidden) for (const one of edge.statements) {
      const { row } = one; // or a row that refers to it
      const spot = row.parentNode === body ? row : $(`[href="#${row.id}"]`, body)?.closest("tr"), next = spot?.nextSibling;
      if (spot !== row && !there.has(one)) { row.before(spot || ""); body.insertBefore(row, next); }
      there.add(one);
      row.hidden = (spot || row).hidden = !seen.passing.has(one);
    }
  }
  for (const [body, node] of alone) body.hidden = !seen.nodes.has(node);
  for (const node of nodes.values()) node.row.hidden = !seen.nodes.has(node);
}

let sorted = "";
function sort() {
  if (state.sort === sorted) return;
  sorted = state.sort;
  const down = sorted.startsWith("-"), column = COLUMNS.includes(sorted.replace("-", "")) ? sorted.replace("-", "") : "";
  const order = (a, b) => (down ? -1 : 1) * (a || "~").localeCompare(b || "~");
  const bodies = [...edges.values()].map((edge) => [edge, column ? edge.statements.map((one) => one[column]).sort(order)[0] : ""]);
  if (column) bodies.sort((a, b) => order(a[1], b[1]));
  relations.append(...bodies.map(([edge]) => edge.body), ...alone.map(([body]) => body));
  for (const [edge] of bodies) edge.body.append(...edge.statements.filter((one) => one.row.parentNode === edge.body).sort((a, b) => (column ? order(a[column], b[column]) : 0)).map((one) => one.row));
  all("thead th", relations).forEach((head, i) => head.setAttribute("aria-sort", COLUMNS[i] === column ? (down ? "descending" : "ascending") : "none"));
}
all("thead th", relations).forEach((head, i) => {
  const text = head.textContent;
  head.replaceChildren(button(text, () => change((s) => { s.sort = s.sort === COLUMNS[i] ? `-${COLUMNS[i]}` : s.sort === `-${COLUMNS[i]}` ? "" : COLUMNS[i]; })));
});

const HEAD = ["subject", "relation", "object", "status", "scope", "speaker", "stance", "gist", "said", "source", "link", "statement"];
/** Rows of all that is shown; a cell that a spreadsheet would take for a formula gets an apostrophe before it. */
function csv() {
  const safe = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  const cell = (text) => (/[",\n\r]/.test(safe(text)) ? `"${safe(text).replaceAll('"', '""')}"` : safe(text));
  const seen = select();
  const rows = [...relations.tBodies].filter((body) => !body.hidden && body.dataset.e).flatMap((body) => {
    const edge = edges.get(body.dataset.e);
    return edge.statements.filter((one) => seen.passing.has(one)).map((one) => {
      const link = $("a", one.row.cells[4]);
      return [edge.from.name, edge.relation, edge.to.name, edge.status, edge.scope.replace("scope: ", ""), one.speaker, one.stance, one.gist, one.said, one.source, link ? link.getAttribute("href") : "", one.id];
    });
  });
  return [HEAD, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}
