// Which statements, edges and nodes are shown in a state.
const first = (month) => (month ? `${month.padEnd(7, "-01")}-01` : "");
const final = (month) => (month ? `${month.length === 4 ? `${month}-12` : month}-31` : "");

/** A statement counts when its interval touches the chosen time. */
function passes(one) {
  if (state.off.stance.has(one.stance) || state.off.speaker.has(one.speaker) || state.off.source.has(one.source)) return false;
  if (!one.first && !one.last) { if (!state.undated) return false; }
  else if ((state.since && one.last && one.last < first(state.since)) || (state.until && one.first && one.first > final(state.until))) return false;
  return !state.q || one.row.textContent.toLowerCase().includes(state.q.toLowerCase());
}

function near(starts, hops, allowed) {
  const found = new Map(starts.map((node) => [node, 0]));
  const queue = [...starts];
  for (const node of queue) {
    if (found.get(node) >= hops) continue;
    for (const edge of node.edges) {
      const other = edge.from === node ? edge.to : edge.from;
      if (allowed.has(edge) && !found.has(other)) { found.set(other, found.get(node) + 1); queue.push(other); }
    }
  }
  return found;
}

/** The shortest way between two nodes, whichever way the edges point. */
function way(from, to, allowed) {
  const came = new Map([[from, null]]);
  const queue = [from];
  for (const node of queue) {
    if (node === to) break;
    for (const edge of node.edges) {
      const other = edge.from === node ? edge.to : edge.from;
      if (allowed.has(edge) && !came.has(other)) { came.set(other, [node, edge]); queue.push(other); }
    }
  }
  const found = [];
  for (let step = came.get(to); step; step = came.get(step[0])) found.unshift(step[1]);
  return found;
}

function select() {
  const kept = new Set();
  const nodeOk = (node) => !state.off.kind.has(node.kind) && !state.hidden.has(node.key);
  const passing = new Set([...statements.values()].filter(passes));
  for (const edge of edges.values()) {
    const ok = !["relation", "status", "polarity"].some((group) => state.off[group].has(edge[group]))
      && (!state.policy || edge.policies.includes(state.policy)) && nodeOk(edge.from) && nodeOk(edge.to)
      && (!edge.statements.length || edge.statements.some((one) => passing.has(one)));
    if (ok) kept.add(edge);
  }
  const starts = state.at.map((key) => nodes.get(key)).filter(Boolean);
  const around = state.hops && starts.length ? near(starts, state.hops, kept) : null;
  if (around) {
    for (const edge of kept) {
      const [a, b] = [around.get(edge.from), around.get(edge.to)];
      if (a === undefined || b === undefined || min(a, b) >= state.hops) kept.delete(edge);
    }
  }
  const shown = new Set();
  for (const node of nodes.values()) {
    const own = !node.edges.length && !around && !state.q;
    if (nodeOk(node) && (own || starts.includes(node) || node.edges.some((edge) => kept.has(edge)))) shown.add(node);
  }
  const path = starts.length && state.to ? way(starts[0], nodes.get(state.to), kept) : [];
  return { edges: kept, nodes: shown, passing, path };
}
