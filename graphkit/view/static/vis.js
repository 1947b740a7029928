// Draws the picture with vis-network and shows the evidence behind what is chosen. Text is only ever set as text.
(function () {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const narrow = 600;
  const listed = 100;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const large = "packed" in byId("data").dataset;
  let data, edgeOf, labelled, look;
  let allLabels = false;
  let chosen = new Set();
  let network, nodes, edges, theme;

  // --- small parts of the page ---

  function element(tag, text, className) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function isolated(text) {
    return element("bdi", text);
  }

  function button(text, action) {
    const made = element("button", text);
    made.type = "button";
    made.addEventListener("click", action);
    return made;
  }

  function sentence(id) {
    const edge = edgeOf.get(id);
    return data.entities[edge.from].name + " — " + data.relations[id].name + " → " + data.entities[edge.to].name;
  }

  function hover(id) {
    const relation = data.relations[id];
    const first = relation.statements.map((i) => data.statements[i]).slice(0, 2);
    const lines = first.map((said) => said.speaker + " " + said.stance + ": " + said.gist);
    const more = relation.statements.length - first.length;
    return [sentence(id), relation.scope && "scope: " + relation.scope, ...lines, more > 0 && "and " + more + " more"]
      .filter(Boolean).join("\n");
  }

  // --- the evidence panel ---

  function sourceOf(said) {
    if (!/^https?:\/\//i.test(said.link)) return isolated(said.address ? said.title + " (" + said.address + ")" : said.title);
    const link = element("a");
    link.href = said.link;
    link.rel = "noreferrer noopener";
    link.append(isolated(said.title));
    const whole = element("span");
    whole.append(link, " (" + said.host + ")");
    return whole;
  }

  function statement(i) {
    const said = data.statements[i];
    const item = element("li");
    const words = element("p");
    words.append(isolated(said.speaker), " ", element("em", said.stance), ": ", isolated(said.gist));
    const facts = element("dl");
    facts.append(element("dt", "Source"), element("dd"));
    facts.lastChild.append(sourceOf(said));
    for (const [field, label] of data.facts) {
      if (!said[field]) continue;
      facts.append(element("dt", label), element("dd"));
      facts.lastChild.append(isolated(said[field]));
    }
    item.append(words, facts);
    return item;
  }

  function statusLine(relation) {
    const disputes = relation.disputes ? " In " + relation.disputes + (relation.disputes > 1 ? " disputes." : " dispute.") : "";
    return relation.mark + ": " + relation.meaning + ". Polarity: " + relation.polarity + "." + disputes;
  }

  function relationPart(id) {
    const relation = data.relations[id];
    const part = element("div");
    part.dataset.edge = id;
    part.append(element("h3", sentence(id)));
    if (relation.scope) part.append(element("p", "Scope: " + relation.scope));
    const list = element("ol");
    list.append(...relation.statements.map(statement));
    part.append(element("p", statusLine(relation), "note"), list);
    return part;
  }

  function entityPart(id) {
    const entity = data.entities[id];
    const part = element("div");
    part.dataset.node = id;
    part.append(element("h3", entity.name), element("p", entity.kind), element("code", entity.iri));
    return part;
  }

  function show(...parts) {
    byId("panel").replaceChildren(...parts);
  }

  // Marks what is chosen in the table, and shows the labels of its lines in the picture.
  function mark(ids) {
    if (edges) {
      const changed = [...chosen, ...ids];
      chosen = new Set(ids);
      edges.update(changed.map((id) => styledEdge(edgeOf.get(id))));
    }
    for (const rows of document.querySelectorAll("tbody[data-edge]")) rows.classList.toggle("chosen", ids.includes(rows.dataset.edge));
  }

  function showEdge(id) {
    show(relationPart(id));
    mark([id]);
  }

  function showNode(id) {
    const touching = data.edges.filter((edge) => edge.from === id || edge.to === id).map((edge) => edge.id);
    const more = touching.length - listed;
    const rest = more > 0 ? [element("p", "And " + more + " more relations, which the table below lists.")] : [];
    show(entityPart(id), ...touching.slice(0, listed).map(relationPart), ...rest);
    mark(touching);
  }

  function peekAtEvidence() {
    byId("evidence-head").scrollIntoView({ block: "nearest" });
  }

  function readEvidence() {
    byId("evidence-head").scrollIntoView({ block: "start" });
    byId("evidence-head").focus({ preventScroll: true });
  }

  // --- the picture ---

  function readTheme() {
    const page = getComputedStyle(document.documentElement);
    const read = (name) => page.getPropertyValue(name).trim();
    theme = { ink: read("--ink"), paper: look.paper || read("--paper"), outline: dark.matches ? read("--soft") : "" };
    if (look.paper) theme.ink = inkOn(getComputedStyle(byId("picture")).backgroundColor, theme.ink);
  }

  // A paper of one's own may be light in the dark, or dark in the light: its ink is the one that contrasts more.
  function inkOn(paper, usual) {
    const [red, green, blue, opaque = 1] = paper.match(/[\d.]+/g).map(Number);
    if (opaque < 0.5) return usual;
    const [r, g, b] = [red, green, blue].map((one) => Math.pow(one / 255, 2.2));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#1b1f24" : "#e6e9ed";
  }

  function titleOf(node) {
    const entity = data.entities[node.id];
    return node.title || entity.name + "\n" + entity.kind;
  }

  function styledNode(node) {
    if (!node.color || !node.color.background || !node.color.border) return { ...node, title: titleOf(node) };
    const hollow = node.borderWidth > 1;
    const color = {
      background: hollow ? theme.paper : node.color.background,
      border: hollow || !theme.outline ? node.color.border : theme.outline,
    };
    return { ...node, title: titleOf(node), color: { ...color, highlight: color, hover: color } };
  }

  function styledEdge(edge) {
    const shown = allLabels || labelled.has(edge.id) || chosen.has(edge.id);
    return { ...edge, title: edge.title || hover(edge.id), label: shown ? edge.label : " " };
  }

  function common(what, halo) {
    const { font, ...rest } = data.common[what];
    return { ...rest, font: { ...font, color: theme.ink, strokeColor: theme.paper, strokeWidth: halo } };
  }

  function isGroup(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }

  // What was configured comes last, part by part.
  function merged(one, other) {
    if (!isGroup(one) || !isGroup(other)) return other;
    const both = { ...one };
    for (const name of Object.keys(other)) both[name] = merged(one[name], other[name]);
    return both;
  }

  function options() {
    return merged(usual(), data.options || {});
  }

  function usual() {
    return {
      physics: { enabled: false },
      layout: { improvedLayout: false, randomSeed: 1 },
      nodes: common("nodes", 3),
      edges: { ...common("edges", 4), smooth: false, selectionWidth: 2.5, hoverWidth: 1 },
      // To draw or to search tens of thousands of lines takes longer than a frame: they rest while the picture moves.
      interaction: { hover: !large, hideEdgesOnDrag: large, hideEdgesOnZoom: large, tooltipDelay: 150, keyboard: { enabled: true, bindToWindow: false } },
    };
  }

  function restyle() {
    readTheme();
    network.setOptions(options());
    // Without places: what was moved, by hand or by physics, stays where it is.
    nodes.update(data.nodes.map(styledNode).map(({ x, y, ...rest }) => rest));
    edges.update(data.edges.map(styledEdge));
  }

  function dress(frame) {
    if (look.height) frame.style.height = look.height;
    if (look.width) frame.style.width = look.width;
    if (look.paper) frame.style.backgroundColor = look.paper;
  }

  function draw() {
    dress(byId("picture"));
    readTheme();
    nodes = new vis.DataSet(data.nodes.map(styledNode));
    edges = new vis.DataSet(data.edges.map(styledEdge));
    network = new vis.Network(byId("picture"), { nodes, edges }, options());
    network.on("selectNode", (event) => { showNode(event.nodes[0]); peekAtEvidence(); });
    network.on("selectEdge", (event) => { if (!event.nodes.length) { showEdge(event.edges[0]); peekAtEvidence(); } });
    describe(byId("picture").querySelector(".vis-network"));
    network.once("afterDrawing", () => { document.documentElement.dataset.drawn = String(Math.round(performance.now())); });
    whole();
    if (byId("picture").clientWidth < narrow && nodes.length) beginAt(busiest());
  }

  function busiest() {
    const lines = (id) => network.getConnectedEdges(id).length;
    return data.nodes.map((node) => node.id).reduce((best, id) => (lines(id) > lines(best) ? id : best));
  }

  // A whole network on a phone is too small to read: begin where most happens.
  function beginAt(id) {
    if (network.getScale() < 0.6) network.focus(id, { scale: 0.7 });
  }

  function describe(frame) {
    if (!frame) return;
    frame.setAttribute("role", "img");
    frame.setAttribute("aria-label", "Network of " + data.nodes.length + " nodes and " + data.edges.length +
      " edges. Arrow keys move it. The same content is in the tables below.");
  }

  function whole() {
    network.fit();
    zoom(1.03);
  }

  function zoom(factor) {
    network.moveTo({ scale: Math.min(Math.max(network.getScale() * factor, large ? 0.005 : 0.05), 5) });
  }

  function goTo(id) {
    network.selectNodes([id]);
    network.focus(id, { scale: Math.max(network.getScale(), 0.9) });
    showNode(id);
  }

  // --- other ways in: the list of names, the buttons, the table ---

  function fillNames() {
    const names = data.nodes.map((node) => [data.entities[node.id].name, node.id]);
    const { compare } = new Intl.Collator("en");
    names.sort((one, other) => compare(one[0], other[0]));
    for (const [name, id] of names) {
      const option = element("option", name);
      option.value = id;
      byId("entity").append(option);
    }
  }

  function toggleLabels() {
    allLabels = !allLabels;
    byId("labels").setAttribute("aria-pressed", String(allLabels));
    restyle();
  }

  // Hides each node without these words in its name or label, but for the ends of a line that has them.
  function filter(words) {
    const has = (text) => String(text ?? "").toLowerCase().includes(words.trim().toLowerCase());
    const named = new Set(data.nodes.filter((node) => has(data.entities[node.id].name) || has(node.label)).map((node) => node.id));
    const shown = data.edges.filter((edge) => has(data.relations[edge.id].name) || (named.has(edge.from) && named.has(edge.to)));
    for (const edge of shown) named.add(edge.from).add(edge.to);
    const lines = new Set(shown.map((edge) => edge.id));
    nodes.update(data.nodes.map(({ id }) => ({ id, hidden: !named.has(id) })));
    edges.update(data.edges.map(({ id }) => ({ id, hidden: !lines.has(id) })));
  }

  // The wheel scrolls the page; with Ctrl, or two fingers on a pad, it zooms the picture.
  function leaveWheelToPage(event) {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  }

  function wireTools() {
    byId("picture").addEventListener("wheel", leaveWheelToPage, { capture: true, passive: true });
    byId("tools").hidden = false;
    byId("filter").hidden = !look.filter;
    byId("filter").querySelector("input").addEventListener("input", (event) => filter(event.target.value));
    byId("entity").addEventListener("change", (event) => { if (event.target.value) goTo(event.target.value); });
    byId("closer").addEventListener("click", () => zoom(1.4));
    byId("farther").addEventListener("click", () => zoom(1 / 1.4));
    byId("whole").addEventListener("click", whole);
    byId("labels").addEventListener("click", toggleLabels);
    dark.addEventListener("change", restyle);
  }

  function wireRow(head, action) {
    const opener = button("", () => { action(); readEvidence(); });
    opener.append(...head.childNodes);
    head.append(opener);
  }

  function wireTables() {
    for (const rows of document.querySelectorAll("tbody[data-edge]")) {
      const id = rows.dataset.edge;
      wireRow(rows.querySelector("th"), () => { if (network) network.selectEdges([id]); showEdge(id); });
    }
    for (const row of document.querySelectorAll("tr[data-node]")) {
      const id = row.dataset.node;
      wireRow(row.querySelector("th"), () => { if (network) network.selectNodes([id]); showNode(id); });
    }
  }

  // --- the table of a large network: a hundred relations at a time of those that hold the words ---

  function textOf(edge) {
    const said = data.relations[edge.id].statements.map((i) => data.statements[i]);
    return [sentence(edge.id), ...said.flatMap((one) => [one.speaker, one.gist, one.title])].join("\n").toLowerCase();
  }

  function cell(...children) {
    const made = element("td");
    made.append(...children);
    return made;
  }

  function sayingRow(said, head) {
    const row = element("tr");
    const speaker = cell(isolated(said.speaker), " ", element("em", said.stance));
    row.append(...head, speaker, cell(isolated(said.gist)), cell(sourceOf(said)));
    return row;
  }

  function relationRows(edge) {
    const body = element("tbody");
    body.dataset.edge = edge.id;
    const relation = data.relations[edge.id];
    const head = element("th");
    head.scope = "rowgroup";
    head.append(isolated(sentence(edge.id)));
    const heads = [head, cell(relation.mark)];
    for (const one of heads) one.rowSpan = relation.statements.length;
    body.append(...relation.statements.map((i, place) => sayingRow(data.statements[i], place ? [] : heads)));
    wireRow(head, () => { if (network) network.selectEdges([edge.id]); showEdge(edge.id); });
    return body;
  }

  function wireSearch() {
    const table = byId("relations");
    const texts = new Map();
    const holds = (edge, words) => {
      if (!texts.has(edge.id)) texts.set(edge.id, textOf(edge));
      return texts.get(edge.id).includes(words);
    };
    let found = [];
    const list = () => {
      const there = table.tBodies.length;
      table.append(...found.slice(there, there + listed).map(relationRows));
      byId("more").hidden = table.tBodies.length === found.length;
      byId("found").textContent = table.tBodies.length + " of " + found.length + " relations listed; " + data.edges.length + " in the picture.";
    };
    const search = () => {
      const words = byId("words").value.trim().toLowerCase();
      found = words ? data.edges.filter((edge) => holds(edge, words)) : data.edges;
      for (const body of [...table.tBodies]) body.remove();
      list();
    };
    byId("more").addEventListener("click", list);
    byId("words").addEventListener("change", search);
    search();
  }

  async function unpacked(text) {
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  }

  function begin(given) {
    data = given;
    edgeOf = new Map(data.edges.map((edge) => [edge.id, edge]));
    labelled = new Set(data.labelled);
    look = data.look || {};
    draw();
    fillNames();
    wireTools();
  }

  function fail(error) {
    document.documentElement.classList.add("no-picture");
    byId("trouble").hidden = false;
    console.error(error);
  }

  const held = JSON.parse(byId("data").textContent);
  const publish = () => { window.graphkitView = Object.freeze({ network, nodes, edges }); };
  if (large) {
    document.addEventListener("DOMContentLoaded", () => unpacked(held).then(begin).then(publish).catch(fail).then(wireSearch));
  } else {
    try { begin(held); } catch (error) { fail(error); }
    document.addEventListener("DOMContentLoaded", wireTables);
    publish();
  }
})();
