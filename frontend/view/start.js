// Tools, legend, time, keys and pointers; then the state of the address is shown.
document.documentElement.classList.add("js");
const find = (text) => {
  const wanted = text.trim().toLowerCase(), named = [...nodes.values()];
  return wanted && [(node) => node.name.toLowerCase() === wanted, (node) => node.also.toLowerCase().split(" · ").includes(wanted), (node) => node.name.toLowerCase().includes(wanted)].map((test) => named.find(test)).find(Boolean);
};
const names = el("datalist", { id: "names" });
/** Fills the list of names when somebody begins to look for one. */
function complete() {
  names.replaceChildren(...[...nodes.values()].flatMap((node) => [node.name, ...node.also.split(" · ")].filter(Boolean).map((name) => el("option", { value: name }, name === node.name ? node.kind : node.name))));
}
addEventListener("focusin", (event) => { if (event.target.getAttribute("list")) complete(); });
const search = el("input", { type: "search", id: "search", list: "names", change: () => { const node = find(search.value); if (node) { pick(node.key); reveal(node); search.value = ""; } } });
const labels = button("All labels", () => { for (const edge of edges.values()) label(edge); labels.setAttribute("aria-pressed", svg.classList.toggle("all")); }, { "aria-pressed": "false" });
const back = button("Undo", undo, { disabled: true });
const everything = button("Show all", () => change((s) => { Object.assign(s, fresh(), { pins: s.pins, sort: s.sort }); }));
byId("tools").append(names, el("label", {}, "Find ", search),
  el("span", { class: "group" }, button("+", () => zoom(0.8), { "aria-label": "Closer" }), button("−", () => zoom(1.25), { "aria-label": "Farther" }), button("Fit", () => glide(fitted()))),
  labels, back, everything,
  el("span", { class: "group" }, "Save: ", button("PNG", savePng), button("SVG", saveSvg), button("CSV", saveCsv), button("Embed", embed)),
  el("small", {}, "Click a line: who says so? Ctrl+wheel: zoom"));
const words = el("input", { type: "search", id: "words", placeholder: "statements with …", input: () => change((s) => { s.q = words.value; }) });
byId("table-tools").append(el("label", {}, "Filter ", words));
for (const id of ["tools", "table-tools"]) byId(id).hidden = false;

const legend = byId("legend"), outputs = [];
const policies = el("select", { id: "policy", change: () => change((s) => { s.policy = policies.value; }) }, el("option", { value: "" }, "all"),
  ...POLICIES.map((name) => el("option", { value: name }, `plain: ${name}`)));
legend.append(el("div", {}, h3("Policy"), el("label", {}, policies)));
policies.setAttribute("aria-label", "Policy");
/** A list that may be long is filled when it is opened. */
function list(group, title) {
  const items = el("ul");
  const fill = () => {
    if (items.firstChild) return;
    const order = (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
    items.append(...[...groups[group]].sort(order).map(([value]) => {
      const box = el("input", { type: "checkbox", "data-group": group, value }), output = el("output");
      outputs.push([box, group, value, output]);
      return li(el("label", {}, box, value, " ", output));
    }));
    tell();
  };
  const every = (on) => change((s) => { s.off[group] = new Set(on ? [] : groups[group].keys()); });
  legend.append(el("details", { id: `list-${group}`, toggle: fill }, el("summary", {}, `${title} (${groups[group].size})`), el("p", { class: "row" }, button("All", () => every(true)), button("None", () => every(false))), items));
}
function relist() {
  all("details", legend).forEach((one) => one.remove());
  list("relation", "Relations"); list("stance", "Stances"); list("speaker", "Who says so"); list("source", "Sources");
  outputs.length = 0;
  for (const box of all("input[data-group]", legend)) outputs.push([box, box.dataset.group, box.value, $("output", box.parentNode)]);
}
relist();
legend.addEventListener("change", ({ target: box }) => {
  if (box.dataset.group) change((s) => { if (box.checked) s.off[box.dataset.group].delete(box.value); else s.off[box.dataset.group].add(box.value); });
});

// Time: months from the first day on which anything may have been said to the last.
const days = [...drawn].flatMap((one) => [one.first, one.last]).filter(Boolean).sort();
const months = [];
if (days.length) for (let [y, m] = days[0].split("-").map(Number), end = days.at(-1).slice(0, 7); months.length < 6000; m === 12 ? (y++, m = 1) : m++) { const name = `${String(y).padStart(4, "0")}-${String(m).padStart(2, "0")}`; months.push(name); if (name >= end) break; }
const slide = (name, label) => el("input", { type: "range", id: name, min: 0, max: max(months.length - 1, 0), "aria-label": label, input: (event) => change((s) => {
  const value = Number(event.target.value), ends = [0, months.length - 1];
  s[name] = value === ends[name === "until" ? 1 : 0] ? "" : months[value];
}) });
const since = slide("since", "Said since"), until = slide("until", "Said until"), span = el("output");
const undated = el("input", { type: "checkbox", change: () => change((s) => { s.undated = undated.checked; }) });
const bars = document.createElementNS(svg.namespaceURI, "svg");
if (months.length > 1) {
  set(bars, { id: "bars", "aria-hidden": true, preserveAspectRatio: "none" });
  const years = new Map();
  for (const one of drawn) { const year = (one.first || one.last).slice(0, 4); if (year) years.set(year, (years.get(year) || 0) + 1); }
  const [low, high] = [Number(months[0].slice(0, 4)), Number(months.at(-1).slice(0, 4))], most = max(...years.values());
  bars.setAttribute("viewBox", `0 0 ${high - low + 1} 1`);
  for (const [year, number] of years) {
    const bar = document.createElementNS(svg.namespaceURI, "rect");
    set(bar, { x: year - low + 0.05, y: 1 - number / most, width: 0.9, height: number / most });
    bar.dataset.year = year;
    bars.append(bar);
  }
  legend.append(el("div", { id: "time" }, h3("When it was said"), bars, el("div", { class: "row" }, el("label", {}, "since ", since), el("label", {}, "until ", until), span, el("label", {}, undated, " undated, too"))));
}
function showTime() {
  if (months.length < 2) return;
  const place = (month, other) => { const i = months.findIndex((one) => one.startsWith(month)); return month && i >= 0 ? i : other; };
  since.value = place(state.since, 0);
  until.value = place(state.until, months.length - 1);
  span.textContent = `${state.since || months[0]} to ${state.until || months.at(-1)}`;
  undated.checked = state.undated;
  for (const bar of bars.children) bar.classList.toggle("in", (!state.since || bar.dataset.year >= state.since.slice(0, 4)) && (!state.until || bar.dataset.year <= state.until.slice(0, 4)));
}

let now;
/** Says in the legend how many of each are shown. */
function tell() {
  for (const [input, group, value, output] of outputs) {
    const total = groups[group].get(value) || 0, shown = now[group].get(value) || 0;
    input.checked = !state.off[group].has(value);
    output.textContent = shown === total ? `${total}` : `${shown} of ${total}`;
  }
}
function show() {
  const seen = select();
  const picked = state.at.map((key) => nodes.get(key) || edges.get(key)), trail = new Set(seen.path), lit = new Set(picked);
  for (const one of picked) if (one.edges) for (const edge of one.edges) { if (seen.edges.has(edge)) lit.add(edge).add(edge.from).add(edge.to); } else lit.add(one.from).add(one.to);
  for (const edge of trail) lit.add(edge).add(edge.from).add(edge.to);
  svg.classList.toggle("picked", picked.length > 0 && !state.hops);
  const paint = (one, kept, more) => { const list = one.g.classList; list.toggle("off", !kept); list.toggle("on", lit.has(one)); list.toggle("at", state.at.includes(one.key)); list.toggle(more[0], more[1]); };
  for (const node of nodes.values()) { const [x, y] = state.pins.get(node.key) || node.home; move(node, x, y); paint(node, seen.nodes.has(node), ["pin", state.pins.has(node.key)]); }
  for (const edge of edges.values()) { paint(edge, seen.edges.has(edge), ["way", trail.has(edge)]); if (lit.has(edge)) label(edge); }
  setBox(state.box || fitted());
  const here = new Set([...seen.edges].flatMap((edge) => edge.statements).filter((one) => seen.passing.has(one)));
  now = each(Map);
  const add = (group, one) => now[group].set(one[group], (now[group].get(one[group]) || 0) + 1);
  for (const node of seen.nodes) add("kind", node);
  for (const edge of seen.edges) for (const group of ["status", "polarity", "relation"]) add(group, edge);
  for (const one of here) for (const group of ["stance", "speaker", "source"]) add(group, one);
  tell();
  byId("counts").textContent = `${here.size} of ${TOTAL} statements shown; ${TOTAL - here.size} hidden. ${seen.nodes.size} nodes, ${seen.edges.size} edges.`;
  policies.value = state.policy;
  if (words.value !== state.q) words.value = state.q;
  back.disabled = !past.length;
  showTime(); showTable(seen); sort(); showPanel(seen);
}
const TOTAL = Number($("footer").textContent.match(/of (\d+) statements/)[1]);

// Keys walk from node to node: arrows to the nearest in that direction, Enter for the evidence.
svg.setAttribute("role", "group");
for (const node of nodes.values()) {
  set(node.g, { role: "button", tabindex: -1, "aria-label": `${node.seen}${node.seen === node.name ? "" : ` (${node.name})`}, ${node.kind}, ${node.edges.length} relations` });
}
byId("edges").setAttribute("aria-hidden", "true");
const live = () => [...nodes.values()].filter((node) => !node.g.classList.contains("off"));
function reveal(node) {
  for (const other of nodes.values()) other.g.setAttribute("tabindex", other === node ? "0" : "-1");
  if (node.x < box[0] || node.y < box[1] || node.x > box[0] + box[2] || node.y > box[1] + box[3]) glide([node.x - box[2] / 2, node.y - box[3] / 2, box[2], box[3]]);
  node.g.focus({ preventScroll: true });
}
const hub = ranked[0];
if (hub) hub.g.setAttribute("tabindex", "0");
const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
svg.addEventListener("keydown", (event) => {
  const node = nodes.get(event.target.id), go = DIRECTIONS[event.key];
  if (go && event.shiftKey) glide([box[0] + go[0] * box[2] / 8, box[1] + go[1] * box[3] / 8, box[2], box[3]]);
  else if (go && node) {
    const best = live().filter((other) => other !== node).map((other) => {
      const dx = other.x - node.x, dy = other.y - node.y, ahead = dx * go[0] + dy * go[1];
      return [ahead > 0 ? hypot(dx, dy) + 2 * abs(dx * go[1] + dy * go[0]) : Infinity, other];
    }).sort((a, b) => a[0] - b[0])[0];
    if (best && best[0] < Infinity) reveal(best[1]);
  } else if ((event.key === "Enter" || event.key === " ") && node) { pick(node.key); const first = $("button", panel); if (first && event.key === "Enter") first.focus(); }
  else if (event.key === "Escape") pick("");
  else if (event.key === "+") zoom(0.8);
  else if (event.key === "-") zoom(1.25);
  else return;
  event.preventDefault();
});
panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { const node = nodes.get(state.at[0]) || (edges.get(state.at[0]) || {}).from; pick(""); if (node) reveal(node); } });

// Pointers: drag a node to move and pin it, the paper to pan, two fingers to zoom.
const fingers = new Map();
let drag = null;
/** What is at a point or, as lines are thin, within a few pixels of it. */
function hit(x, y) {
  for (let steps = [0, -2, 2, -4, 4], i = 0; i < 25; i++) { // a dashed line may have a gap there
    const found = document.elementFromPoint(x + steps[i % 5], y + steps[trunc(i / 5)])?.closest(".n, .e");
    if (found) return found;
  }
}
svg.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  fingers.set(event.pointerId, [event.clientX, event.clientY]);
  const g = hit(event.clientX, event.clientY);
  svg.setPointerCapture(event.pointerId); // nothing is hovered while it moves
  drag = { x: event.clientX, y: event.clientY, box: [...box], node: g && nodes.get(g.id), key: g ? g.id : "", moved: false };
});
addEventListener("pointermove", (event) => {
  if (!fingers.has(event.pointerId)) return;
  const before = [...fingers.values()];
  fingers.set(event.pointerId, [event.clientX, event.clientY]);
  const now = [...fingers.values()], apart = (some) => hypot(some[0][0] - some[1][0], some[0][1] - some[1][1]) || 1;
  if (now.length === 2) { drag = null; zoom(apart(before) / apart(now), pointAt((now[0][0] + now[1][0]) / 2, (now[0][1] + now[1][1]) / 2)); return; }
  if (!drag) return;
  const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
  if (!drag.moved && hypot(dx, dy) < 4) return;
  drag.moved = true;
  if (drag.node) move(drag.node, ...pointAt(event.clientX, event.clientY));
  else if (!natural) { const scale = unit(); glide([drag.box[0] - dx * scale, drag.box[1] - dy * scale, drag.box[2], drag.box[3]]); }
});
function release(event) {
  if (!fingers.delete(event.pointerId) || !drag) return;
  const { node, key, moved } = drag;
  drag = null;
  if (moved && node) change((s) => { s.pins.set(node.key, [round(node.x), round(node.y)]); s.box = [...box]; });
  else if (!moved) { pick(key); if (node) reveal(node); }
}
svg.addEventListener("pointerover", (event) => { const edge = edges.get((event.target.parentNode || svg).id); if (edge) label(edge); });
addEventListener("pointerup", release);
addEventListener("pointercancel", release);
svg.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, pointAt(event.clientX, event.clientY));
}, { passive: false });

// A link to a node or an edge inside of the page chooses it; a link to a statement goes to its row.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  const key = link && target(link);
  if (!nodes.has(key)) return;
  event.preventDefault();
  pick(key);
  svg.scrollIntoView({ block: "nearest" });
});
// The address of a dispute opens it.
function follow() { const one = disputes.find((dispute) => dispute.item.id === location.hash.slice(1)); if (one) walk(one); }
addEventListener("hashchange", follow);
addEventListener("hashchange", () => { const text = location.hash.slice(1); if (/[=&]/.test(text)) { state = parse(text); show(); } });
state = parse(/=/.test(location.hash) ? location.hash.slice(1) : "");
show();
readable();
follow();
document.documentElement.dataset.drawn = nodes.size;
