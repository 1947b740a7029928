// The evidence: a node's dossier, or an edge's statements with the other side of each dispute beside them.
const panel = byId("panel");
const copies = (cell) => [...[...cell.childNodes].map((one) => one.cloneNode(true)), $("em", cell) ? "" : el("em", {}, " on-record")];

/** The words between which a passage stands, as the link to it gives them. */
function passage(row) {
  const link = $("a[href*=':~:text=']", row.cells[4]);
  if (!link) return "";
  try { return `“${decodeURIComponent(link.getAttribute("href").split(":~:text=")[1].replace(",", " … "))}”`; } catch { return ""; }
}
function article(one) {
  const words = passage(one.row);
  return el("article", {},
    p(el("b", {}, one.speaker), " ", el("em", {}, one.stance), one.said ? ` · ${one.said}` : " · no date"),
    p(one.gist), p(...copies(one.row.cells[4])),
    p(el("small", {}, words ? `Passage: ${words} · ` : "", `Statement ${one.id}`)));
}
function disputeCard(dispute) {
  const side = (name, some) => el("div", {}, h3(name), ...some.map(article));
  return el("div", {}, h2("In dispute"), p(dispute.account),
    p(button("Walk through", () => walk(dispute))),
    el("div", { class: "sides" }, side("One side", dispute.one), side("Other side", dispute.other)));
}
const said = (edge) => (edge.status === "reported" ? edge.relation : `${edge.status}: ${edge.relation}`);
/** An edge without room for its label gets it when somebody asks. */
function label(edge) {
  if ($("text", edge.g)) return;
  const number = edge.statements.length;
  edge.g.append(document.createElementNS(svg.namespaceURI, "text"));
  edge.g.classList.add("q");
  edge.g.lastChild.textContent = said(edge) + (number > 1 ? ` ×${number}` : "");
  route(edge);
}
const linked = (text, key) => button(text, () => pick(key), { class: "link" });
const pick = (key) => change((s) => { s.at = key ? [key] : []; s.to = ""; if (!key) s.hops = 0; });
const disputesOf = (some) => disputes.filter((one) => some.some((statement) => statement.disputes.includes(one)));

function edgePanel(edge) {
  return [
    h2(linked(edge.from.name, edge.from.key), ` ${said(edge)} `, linked(edge.to.name, edge.to.key)),
    p(el("small", {}, [edge.status, edge.polarity, edge.scope, `statements: ${edge.statements.length}`].filter(Boolean).join(" · "))),
    ...edge.statements.map(article), ...disputesOf(edge.statements).map(disputeCard),
  ];
}
const site = document.body.dataset.site;
const pageOf = (iri) => (site && iri.startsWith(site) ? [p(el("a", { href: `${iri.slice(site.length)}.html` }, "Its page"))] : []);
function nodePanel(node, seen) {
  const lines = node.edges.filter((edge) => seen.edges.has(edge));
  const hops = [0, 1, 2, 3].map((n) => button(n ? `${n}` : "all", () => change((s) => { s.hops = n; s.box = null; }), { "aria-pressed": state.hops === n, "aria-label": n ? `within ${n} steps` : "all of it" }));
  const names = el("input", { type: "search", list: "names", "aria-label": "Way to", placeholder: "Way to", change: (event) => { const found = find(event.target.value); if (found) change((s) => { s.to = found.key; }); } });
  const item = (edge) => li(linked(edge.from === node ? `${said(edge)} → ${edge.to.name}` : `← ${edge.from.name} ${said(edge)}`, edge.key));
  return [
    h2(node.name), ...(typeof expandControls === "function" ? expandControls(node) : []), ...pageOf(node.iri), p(el("small", {}, [node.kind, node.also && `also: ${node.also}`, node.iri].filter(Boolean).join(" · "))),
    el("div", { class: "row" }, el("span", { class: "group" }, "Steps: ", ...hops),
      button(state.pins.has(node.key) ? "Unpin" : "Pin", () => pin(node)), button("Hide", () => hide(node)), names),
    ...(state.to ? [p(seen.path.length ? `Way to ${nodes.get(state.to).name}, steps: ${seen.path.length}` : `No way to ${nodes.get(state.to).name}.`), el("ul", {}, ...seen.path.map((edge) => li(linked(`${edge.from.name} ${said(edge)} ${edge.to.name}`, edge.key))))] : []),
    h3(`${lines.length} of ${node.edges.length} relations shown`), el("ul", {}, ...lines.map(item)),
    ...(node.alone.length ? [h3("Of it alone, not drawn"), ...node.alone.map(article)] : []),
  ];
}
function showPanel(seen) {
  const one = state.at[0], edge = edges.get(one), node = nodes.get(one);
  panel.hidden = !edge && !node;
  byId("stage").classList.toggle("open", !panel.hidden);
  if (panel.hidden && !panel.firstChild) return; // to scroll it would lay out the page
  panel.replaceChildren(...(panel.hidden ? [] : [button("Close", () => pick("")), ...(edge ? edgePanel(edge) : nodePanel(node, seen))]));
  panel.scrollTop = 0;
}
function pin(node) {
  change((s) => { if (!s.pins.delete(node.key)) s.pins.set(node.key, [round(node.x), round(node.y)]); });
}
function hide(node) {
  change((s) => { s.hidden.add(node.key); s.at = []; s.hops = 0; s.to = ""; });
}
