// Overviews: a group is opened with a limit that is asked first; what comes out of it is drawn beside what is there.
const packed = JSON.parse(byId("groups").textContent);
const opened = new Set();
async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return JSON.parse(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text());
}
const shape = (name, attributes, ...children) => {
  const made = document.createElementNS(svg.namespaceURI, name);
  set(made, attributes);
  made.append(...children);
  return made;
};
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
let rightmost = frame[0] + frame[2];

function expandControls(node) {
  if (!packed[node.key]) return [];
  if (opened.has(node.key)) return [el("p", {}, "This group is open, to the right.")];
  const most = el("select", { "aria-label": "How many relations" }, ...[50, 100, 300, 1000].map((n) => el("option", { value: n }, `the ${n} strongest relations`)));
  most.value = "100";
  return [el("div", { class: "row" }, most, button("Open the group", () => open(node.key, Number(most.value))))];
}
async function open(key, most) {
  if (opened.has(key)) return;
  opened.add(key);
  const group = await unpack(packed[key]);
  const lines = group.edges.slice(0, most), ends = [...new Set(lines.flatMap((line) => line.slice(0, 2)))].sort((a, b) => a - b);
  // A sunflower: the busiest stand in the middle.
  const step = 92, radius = step * sqrt(ends.length + 1), middle = [rightmost + radius + 160, frame[1] + frame[3] / 2];
  rightmost += 2 * radius + 320;
  const made = new Map(ends.map((end, i) => {
    const r = step * sqrt(i), angle = i * 2.39996;
    return [end, addNode(group.nodes[end], middle[0] + r * cos(angle) * 1.15, middle[1] + r * sin(angle))];
  }));
  lines.forEach((line, i) => addEdge(`e-${key}-${i}`, line, made));
  ranked.sort((a, b) => b.edges.length - a.edges.length);
  relist();
  change((s) => { s.at = []; s.box = [middle[0] - radius * 1.2 - 80, middle[1] - radius - 80, radius * 2.4 + 160, radius * 2 + 160]; });
  guide.hidden = false;
  guide.replaceChildren(el("p", {}, `${lines.length} of ${group.relations} relations of this group are drawn, between ${ends.length} of ${group.members} entities; the others are hidden.`));
}
function addNode([key, name, look, kind, also, iri], x, y) {
  if (nodes.has(key)) return nodes.get(key);
  const g = shape("g", { class: "n", id: key, transform: `translate(${round(x)} ${round(y)})`, role: "button", tabindex: -1, "aria-label": `${cut(name, 24)} (${name}), ${kind}` }, shape("use", { href: `#${look}` }), shape("text", { y: 24 }, cut(name, 24)));
  byId("nodes").append(g);
  const row = el("tr", {}, el("th", { scope: "row" }, el("a", { href: `#${key}` }, name)), el("td", {}, kind), el("td", {}, also), el("td", {}, iri));
  $("#entities tbody").append(row);
  const node = { key, g, row, x: round(x), y: round(y), home: [round(x), round(y)], r: 10, wide: min(name.length, 24), lines: 1, name, kind, also, iri, edges: [], alone: [] };
  nodes.set(key, node);
  ranked.push(node);
  count("kind", kind);
  return node;
}
/** Notes as a row has them: the last one is the publicity. */
function small(notes) {
  const [, some, publicity] = notes.match(/^(?:(.*) · )?(.*)$/);
  return [" ", some ? el("small", {}, `${some} `) : "", el("em", {}, publicity)];
}
function addStatement([id, speaker, stance, gist, said, source, link, span, notes]) {
  if (statements.has(id)) return statements.get(id);
  const place = el("td", {}, link ? el("a", { href: link }, source) : source, ...small(notes));
  const row = el("tr", { id, "data-d": span }, ...[speaker, stance, gist, said].map((text) => el("td", {}, text)), place), [start, end] = (span || "/").split("/");
  const one = { id: id.slice(2), row, speaker, stance, gist, said, source, first: start, last: end, disputes: [] };
  statements.set(id, one);
  drawn.add(one);
  for (const group of ["stance", "speaker", "source"]) count(group, one[group]);
  return one;
}
function addEdge(key, [source, target, relation, mark, look, scope, policies, told], made) {
  const [from, to] = [made.get(source), made.get(target)];
  const g = shape("g", { class: `e ${look}`, id: key }, shape("path", {}));
  byId("edges").append(g);
  const some = told.map(addStatement);
  const link = (node) => el("a", { href: `#${node.key}` }, node.name);
  const head = el("tr", {}, el("th", { colspan: 5, scope: "rowgroup" }, link(from), " ", mark ? el("b", {}, mark) : "", " ", el("i", {}, relation), " ", link(to)));
  const body = el("tbody", { "data-e": key }, head, ...some.map((one) => one.row));
  relations.append(body);
  const twins = from.edges.filter((edge) => edge.to === to || edge.from === to).length;
  const edge = { key, g, body, from, to, statements: some, relation, status: mark || "reported", polarity: POLARITIES[Number(look[1])] || "neutral", policies: policies.split(" "), bend: twins ? (twins % 2 ? 1 : -1) * ceil(twins / 2) * 0.2 : 0, scope };
  edges.set(key, edge);
  from.edges.push(edge);
  if (to !== from) to.edges.push(edge);
  for (const group of ["status", "polarity", "relation"]) count(group, edge[group]);
  route(edge);
}
