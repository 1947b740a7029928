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
/** Places of some nodes: neighbours near each other, no label on another. It begins as a sunflower, and is the same each time. */
function arrange(names, lines) {
  const near = 140, xs = [], ys = [], many = names.length, wide = names.map((name) => min(name.length, 24) * 7.2 + 14);
  for (let i = 0; i < many; i++) { xs.push(near * sqrt(i) * cos(i * 2.39996)); ys.push(near * sqrt(i) * sin(i * 2.39996)); }
  const push = (i, j, x, y) => { xs[i] += x; ys[i] += y; xs[j] -= x; ys[j] -= y; };
  for (let turn = 0, turns = 120; turn < turns; turn++) {
    const dx = xs.map((x) => -0.3 * x), dy = ys.map((y) => -0.6 * y), heat = near * 1.5 * (1 - turn / turns);
    const pull = (i, j, much) => { const x = (xs[i] - xs[j]) * much, y = (ys[i] - ys[j]) * much; dx[i] -= x; dy[i] -= y; dx[j] += x; dy[j] += y; };
    for (let i = 0; i < many; i++) for (let j = 0; j < i; j++) pull(i, j, -near * near / ((xs[i] - xs[j]) ** 2 + (ys[i] - ys[j]) ** 2 + 1));
    for (const [i, j] of lines) pull(i, j, hypot(xs[i] - xs[j], ys[i] - ys[j]) / near);
    for (let i = 0; i < many; i++) { const far = hypot(dx[i], dy[i]) || 1, go = min(far, heat) / far; xs[i] += dx[i] * go; ys[i] += dy[i] * go; }
  }
  for (let turn = 0, moved = true; moved && turn < 200; turn++) {
    moved = false;
    for (let i = 0; i < many; i++) for (let j = 0; j < i; j++) {
      const x = xs[i] - xs[j], y = ys[i] - ys[j], over = (wide[i] + wide[j]) / 2 - abs(x), under = 48 - abs(y);
      if (over <= 0 || under <= 0) continue;
      moved = true;
      if (over < under) push(i, j, (x < 0 ? -1 : 1) * (over / 2 + 0.5), 0); else push(i, j, 0, (y < 0 ? -1 : 1) * (under / 2 + 0.5));
    }
  }
  return [xs, ys];
}
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
let rightmost = frame[0] + frame[2];

function expandControls(node) {
  if (!packed[node.key]) return [];
  if (opened.has(node.key)) return [p("This group is open, to the right.")];
  const most = el("select", { "aria-label": "How many relations" }, ...[50, 100, 300, 1000].map((n) => el("option", { value: n }, `the ${n} strongest relations`)));
  most.value = "100";
  return [el("div", { class: "row" }, most, button("Open the group", () => open(node.key, Number(most.value))))];
}
/** Which of some nodes are joined; many lines between two pull no more than one. */
const pairsOf = (lines, at) => [...new Map(lines.map(([one, other]) => [at.get(one), at.get(other)].sort((a, b) => a - b)).map((pair) => [String(pair), pair])).values()];
const edgeKey = (key, i) => `e-${key}-${i}`;
/** Draws a group's strongest relations, those that are wanted first; of a group that is open, those that are wanted and missing. */
async function open(key, most, wanted = () => false) {
  const group = await unpack(packed[key]), again = opened.has(key), rows = group.edges.map((line, i) => [i, line]);
  opened.add(key);
  const [first, others] = [true, false].map((is) => rows.filter(([i, line]) => Boolean(wanted(line, i)) === is));
  const lines = [...first, ...(again ? [] : others)].slice(0, most).filter(([i]) => !edges.has(edgeKey(key, i)));
  const ends = [...new Set(lines.flatMap(([, line]) => line.slice(0, 2)))].sort((a, b) => a - b), at = new Map(ends.map((end, i) => [end, i]));
  const [xs, ys] = arrange(ends.map((end) => group.nodes[end][1]), pairsOf(lines.map(([, line]) => line), at));
  const [low, high, top, bottom] = ends.length ? [min(...xs), max(...xs), min(...ys), max(...ys)] : [0, 0, 0, 0];
  const left = rightmost + 200 - low, down = frame[1] + frame[3] / 2 - (top + bottom) / 2;
  const made = new Map(ends.map((end, i) => [end, addNode(group.nodes[end], left + xs[i], down + ys[i])]));
  for (const [i, line] of lines) addEdge(edgeKey(key, i), line, made);
  ranked.sort((a, b) => b.edges.length - a.edges.length);
  relist();
  change((s) => { s.at = []; if (ends.length) s.box = [rightmost + 90, down + top - 90, high - low + 220, bottom - top + 190]; });
  if (ends.length) rightmost = left + high + 120;
  const there = rows.filter(([i]) => edges.has(edgeKey(key, i))).length;
  const members = new Set([...edges].flatMap(([name, edge]) => (name.startsWith(`e-${key}-`) ? [edge.from, edge.to] : [])));
  tellGuide(`${there} of ${group.relations} relations of this group are drawn, between ${members.size} of ${group.members} entities; the others are hidden.`);
}
function tellGuide(...parts) {
  guide.hidden = false;
  guide.replaceChildren(p(...parts));
}
/** What an address asks for and is not drawn yet: nodes and lines by their keys, a source by its title, a dispute by its hash. */
function missing(text) {
  const given = new URLSearchParams(text), source = given.get("only-source"), [, dispute] = /^d-([0-9a-f]{12})/.exec(text) || [];
  const at = new Set((given.get("at") || "").split(" ").filter((key) => key && !nodes.has(key) && !edges.has(key)));
  return { at, source, dispute, any: Boolean(at.size || source || dispute) };
}
/** Opens the group that holds most of what an address asks for, and chooses it there. */
async function unfold(text) {
  const asked = missing(text);
  if (!asked.any) return;
  let best = { number: 0 };
  for (const key in packed) {
    const group = await unpack(packed[key]);
    const is = (end) => asked.at.has(group.nodes[end][0]), told = (one) => one[5] === asked.source;
    const wanted = (line, i) => is(line[0]) || is(line[1]) || asked.at.has(edgeKey(key, i)) || (asked.dispute && line[7].includes(asked.dispute)) || (asked.source && line[8].some(told));
    const found = group.edges.flatMap((line, i) => (wanted(line, i) ? [edgeKey(key, i)] : []));
    if (found.length > best.number) best = { key, wanted, found, number: found.length };
  }
  if (!best.number) { absent(asked); return; }
  await open(best.key, 100, best.wanted);
  guide.firstChild.append(...onItsOwn(asked.at));
  restore(asked.dispute ? new URLSearchParams({ at: best.found.slice(0, 100).join(" ") }).toString() : text);
}
/** Says that something is not in this file, and where it is. */
function absent({ at }) {
  tellGuide("What this address names has no line among the strongest relations inside of the groups, which are all that this file carries.", ...onItsOwn(at));
}
/** Where a server draws one thing with all that is near it. */
function onItsOwn(at) {
  const { ego } = document.body.dataset, key = [...at].find((one) => /^n-(?!group-)/.test(one));
  return ego && key ? [" ", el("a", { href: `${ego}${key.slice(2)}.html` }, "Draw it on its own")] : [];
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
function addEdge(key, [source, target, relation, mark, look, scope, policies, , told], made) {
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
addEventListener("hashchange", () => unfold(location.hash.slice(1)));
setTimeout(() => unfold(location.hash.slice(1))); // after the state of the address is shown
