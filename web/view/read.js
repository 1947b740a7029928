// What is in the page: nodes, edges, statements and disputes, read from the picture and the tables. Text is only copied.
const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);

/** Makes an element; a function becomes a listener. Children are nodes or text. */
function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== ""));
  return made;
}
const set = (one, values) => { for (const key in values) one.setAttribute(key, values[key]); };
const button = (text, action, more = {}) => el("button", { type: "button", click: action, ...more }, text);
const target = (link) => decodeURI(link.getAttribute("href").slice(1));

const svg = byId("picture");
const nodes = new Map();
const edges = new Map();
const statements = new Map();
const POLARITIES = ["supportive", "critical", "neutral"];

for (const row of all("#entities tr[data-n]")) {
  const g = byId(row.dataset.n);
  const [x, y] = g.getAttribute("transform").match(/-?[\d.]+/g).map(Number);
  const scale = Number($("use", g).getAttribute("transform").match(/[\d.]+/)[0]);
  const [name, kind, also, iri] = [...row.cells].map((cell) => cell.textContent.trim());
  const lines = $("text", g).children.length ? all("tspan", g).map((one) => one.textContent.length) : [$("text", g).textContent.length];
  nodes.set(g.id, { wide: Math.max(...lines), lines: lines.length, key: g.id, g, row, x, y, home: [x, y], r: scale * 10, name, kind, also, iri, edges: [], alone: [] });
}
for (const row of all("tr[id^='s.']")) {
  const [speaker, stance, gist, said] = [...row.cells].map((cell) => cell.textContent.trim());
  // A plain date says itself when it begins and ends, for texts compare as days do.
  const until = { 4: "-12-31", 7: "-31", 10: "" }[said.length], plain = /^\d{4}(-\d\d)*$/.test(said) && until !== undefined;
  const [first, last] = (row.dataset.d || (plain ? `${(said + "-01-01").slice(0, 10)}/${said}${until}` : "/")).split("/");
  const source = ($("a", row.cells[4]) || row.cells[4].firstChild).textContent.trim();
  statements.set(row.id, { id: row.id.slice(2), row, speaker, stance, gist, said, source, first, last, text: row.textContent.toLowerCase(), disputes: [] });
}
const rowsOf = (body) => [...body.rows].slice(1).map((row) => statements.get(row.id || target($("a", row) || el("a", { href: "#" })))).filter(Boolean);
for (const body of all("#relations tbody")) {
  const [from, to] = all("tr:first-child a", body).map((link) => nodes.get(target(link)));
  if (body.dataset.of) { from.alone = rowsOf(body); continue; }
  const g = byId(body.dataset.e);
  const mark = $("tr:first-child b", body);
  const edge = {
    key: g.id, g, body, from, to, statements: rowsOf(body), relation: $("tr:first-child i", body).textContent,
    status: mark ? mark.textContent : "reported", polarity: POLARITIES[Number(g.classList[1].slice(1))] || "neutral",
    policies: (body.dataset.p || "").split(" "), bend: Number(g.dataset.b || 0), scope: ($("tr:first-child small", body) || g.firstChild).textContent,
  };
  edges.set(edge.key, edge);
  from.edges.push(edge);
  if (to !== from) to.edges.push(edge);
}
const disputes = all("#dispute-list > li").map((item) => {
  const [one, other] = ["one", "other"].map((side) => all(`[data-side=${side}] a`, item).map((link) => statements.get(target(link))).filter(Boolean));
  const dispute = { item, name: $("b", item).textContent, account: $("span", item).textContent, one, other };
  for (const statement of [...one, ...other]) statement.disputes.push(dispute);
  return dispute;
});
