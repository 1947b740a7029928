// What is in the page: nodes, edges, statements and disputes, read from the picture and the tables. Text is only copied.
// Thousands of rows are read before anything moves: children are walked, nothing is looked for.
const { PI, abs, ceil, cos, hypot, max, min, round, sin, sqrt, trunc } = Math;
const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);

/** Makes an element; a function becomes a listener. Children are nodes or text. */
function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const key in attributes) {
    const value = attributes[key];
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== ""));
  return made;
}
const set = (one, values) => { for (const key in values) one.setAttribute(key, values[key]); };
const button = (text, action, more = {}) => el("button", { type: "button", click: action, ...more }, text);
const [p, h2, h3, li] = ["p", "h2", "h3", "li"].map((name) => (...children) => el(name, {}, ...children));
const target = (link) => link.getAttribute("href").slice(1);
const clean = (node) => node.textContent.trim();

const svg = byId("picture");
let size = [svg.clientWidth, svg.clientHeight]; // asked before anything changes, for to ask is to lay out
const nodes = new Map();
const edges = new Map();
const statements = new Map();
const POLARITIES = ["supportive", "critical", "neutral"], POLICIES = ["attributed", "undisputed", "corroborated", "verified"];
const rowsOfTable = (id) => [...(byId(id)?.tBodies[0].rows || [])];
const titles = new Map(rowsOfTable("sources").map((row) => [...row.children].map(clean)));

const base = byId("base")?.textContent || "", marks = byId("nodes").children;
rowsOfTable("entities").forEach((row, i) => {
  const g = marks[i], [x, y] = g.getAttribute("transform").match(/-?[\d.]+/g).map(Number);
  const scale = Number(g.firstChild.getAttribute("transform").match(/[\d.]+/)[0]);
  const [name, kind, also, iri] = [...row.children].map(clean);
  const lines = [...g.lastChild.childNodes].map(clean).filter(Boolean), wide = max(0, ...lines.map((one) => one.length));
  nodes.set(g.id, { wide, lines: lines.length || 1, seen: lines.join(" "), key: g.id, g, row, x, y, home: [x, y], r: scale * 10, name, kind, also, iri: base + iri, edges: [], alone: [] });
});
function readStatement(row) {
  const [speaker, stance, gist, said] = [...row.children].map(clean), place = row.lastElementChild.firstChild, id = row.id.slice(2);
  // A plain date says itself when it begins and ends, for texts compare as days do.
  const until = { 4: "-12-31", 7: "-31", 10: "" }[said.length], plain = /^\d{4}(-\d\d)*$/.test(said) && until !== undefined;
  const [first, last] = (row.getAttribute("data-d") || (plain ? `${(said + "-01-01").slice(0, 10)}/${said}${until}` : "/")).split("/");
  const short = clean(place), title = id.startsWith(`${short}/`) && titles.get(short);
  if (title) place.firstChild.data = title;
  const one = { id, row, speaker, stance, gist, said, source: title || short, first, last, disputes: [] };
  statements.set(row.id, one);
  return one;
}
/** The statements of a body: its rows, or rows elsewhere that its rows refer to. */
const rowsOf = (body) => [...body.rows].slice(1).map((row) => (row.id ? readStatement(row) : $("a", row) && statements.get(target($("a", row))))).filter(Boolean);
const alone = [];
let g = byId("edges").firstElementChild;
for (const body of byId("relations").tBodies) {
  const some = rowsOf(body), [start, ...more] = body.rows[0].cells[0].children, from = nodes.get(target(start));
  if (body.dataset.of) { from.alone = some; alone.push([body, from]); continue; }
  const find = (name) => more.find((one) => one.localName === name), mark = find("b"), scope = find("small"), under = body.dataset.p || "", to = nodes.get(target(find("a")));
  const edge = {
    key: g.id, g, body, from, to, statements: some, relation: find("i").textContent, status: mark ? mark.textContent : "reported",
    polarity: POLARITIES[Number(g.classList[1][1])] || "neutral", policies: POLICIES.filter((name) => under.includes(name[0])),
    bend: Number(g.getAttribute("data-b")), scope: scope ? scope.textContent : "",
  };
  body.dataset.e = g.id;
  edges.set(edge.key, edge);
  from.edges.push(edge);
  if (to !== from) to.edges.push(edge);
  g = g.nextElementSibling;
}
rowsOfTable("others").forEach(readStatement);
const disputes = all("#dispute-list > li").map((item) => {
  const [one, other] = ["one", "other"].map((side) => all(`[data-side=${side}] a`, item).map((link) => statements.get(target(link))).filter(Boolean));
  const dispute = { item, name: $("b", item).textContent, account: $("span", item).textContent, one, other };
  for (const statement of [...one, ...other]) statement.disputes.push(dispute);
  return dispute;
});
