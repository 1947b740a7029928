// An answer as a network: ?source and ?target, or the triples of CONSTRUCT.
import { drawn, figure } from "./element.js";
import { shown } from "./results.js";
import { address } from "./terms.js";

const MOST = 200;
const [WIDE, ROOM, STEPS, RADIUS, LETTER] = [900, 9_000, 220, 6, 6.8];
// With more edges than these, their labels would cover the picture: they are in the table, and under the pointer.
const LABELLED = 30;

/** Says which columns are the ends of edges, or nothing. */
export function networkColumns(answer) {
  if (answer.kind === "graph") return { source: "subject", target: "object", label: "predicate" };
  if (!answer.columns.includes("source") || !answer.columns.includes("target")) return null;
  return { source: "source", target: "target", label: answer.columns.find((name) => /^(label|relation)$/.test(name)) };
}

/** Draws nodes and edges. */
export function network(answer, known) {
  const { source, target, label } = networkColumns(answer);
  const rows = answer.rows.filter((row) => row[source]?.type === "uri" && row[target]?.type === "uri");
  const edges = bend(rows.slice(0, MOST).map((row) => ({ from: row[source].value, to: row[target].value, label: shown(row[label], known.labels, known.prefixes) })));
  const names = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  // Each name wants its room; a picture that is wider than the page scrolls.
  const wide = Math.max(WIDE, Math.round(Math.sqrt(ROOM * names.length)));
  const high = Math.round(Math.min(130 + 30 * names.length, 0.7 * wide));
  const nodes = place(names, edges, wide, high);
  const told = placeLabels(names.map((iri) => ({ iri, text: shown({ type: "uri", value: iri }, known.labels, known.prefixes) })), nodes, edges);
  const marker = drawn("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, drawn("path", { d: "M0 0 8 4 0 8Z" }));
  const about = `${names.length} things, ${edges.length} edges`;
  const picture = drawn(
    "svg",
    { viewBox: `0 0 ${wide} ${high}`, role: "group", "aria-label": `${about}; the table lists them`, class: "network" },
    drawn("defs", {}, marker),
    ...edges.map((edge) => draw(edge, nodes, edges.length <= LABELLED)),
    ...told.map((one) => node(one, nodes.get(one.iri), known)),
  );
  if (wide > WIDE) Object.assign(picture.style, { minWidth: `${wide}px`, maxWidth: "none" });
  const hidden = answer.rows.length - edges.length;
  const silent = told.filter(({ at }) => !at).length;
  const notes = [
    hidden && `${hidden.toLocaleString("en")} rows are not drawn, the table has them`,
    silent && `for want of room, ${silent} names are shown only under the pointer`,
  ];
  return figure(picture, `${[about, ...notes.filter(Boolean)].join("; ")}.`);
}

/** Finds room for names, those with most edges first; a name without room has no place. */
function placeLabels(things, nodes, edges) {
  const degree = new Map();
  for (const one of edges.flatMap(({ from, to }) => [from, to])) degree.set(one, (degree.get(one) ?? 0) + 1);
  const taken = [...nodes.values()].map(({ x, y }) => ({ left: x - 7, right: x + 7, top: y - 7, bottom: y + 7 }));
  const free = (box) => taken.every((one) => box.right < one.left || box.left > one.right || box.bottom < one.top || box.top > one.bottom);
  const sorted = [...things].sort((one, other) => degree.get(other.iri) - degree.get(one.iri));
  for (const one of sorted) {
    one.short = cut(one.text, 28);
    const half = (one.short.length * LETTER) / 2;
    const { x, y } = nodes.get(one.iri);
    const tries = [[0, -10], [0, 19], [half + 10, 4], [-half - 10, 4]].map(([dx, dy]) => ({ x: x + dx, y: y + dy }));
    one.at = tries.find((at) => {
      const box = { left: at.x - half, right: at.x + half, top: at.y - 10, bottom: at.y + 3 };
      return box.left > 0 && free(box) && taken.push(box);
    });
  }
  return sorted;
}

/** Gives edges between the same two things a bend each, so that none hides another. */
function bend(edges) {
  const between = new Map();
  for (const edge of edges) {
    const key = JSON.stringify([edge.from, edge.to].sort());
    between.set(key, [...(between.get(key) ?? []), edge]);
  }
  for (const some of between.values()) {
    some.forEach((edge, number) => {
      // The other way round, the same side is the other side.
      edge.bend = (number - (some.length - 1) / 2) * 34 * (edge.from < edge.to ? 1 : -1);
      edge.number = number;
    });
  }
  return edges;
}

/** Finds places: a circle, then edges pull and nodes push; the same rows give the same picture. */
function place(names, edges, wide, high) {
  const at = new Map(names.map((name, number) => {
    const turn = (2 * Math.PI * number) / names.length;
    return [name, { x: Math.cos(turn), y: Math.sin(turn) }];
  }));
  const apart = 1 / Math.sqrt(names.length || 1);
  for (let step = 0; step < STEPS; step += 1) relax(at, edges, apart, 0.12 * (1 - step / STEPS));
  return fit(at, wide, high);
}

function relax(at, edges, apart, heat) {
  const moves = new Map([...at.keys()].map((name) => [name, { x: 0, y: 0 }]));
  const all = [...at];
  for (const [name, one] of all) {
    for (const [other, two] of all) {
      if (name === other) continue;
      const [x, y] = [one.x - two.x, one.y - two.y];
      const square = x * x + y * y + 1e-6;
      moves.get(name).x += (x * apart * apart) / square;
      moves.get(name).y += (y * apart * apart) / square;
    }
  }
  for (const { from, to } of edges) {
    const [x, y] = [at.get(to).x - at.get(from).x, at.get(to).y - at.get(from).y];
    const pull = Math.hypot(x, y) / apart / 8;
    for (const [name, sign] of [[from, 1], [to, -1]]) {
      moves.get(name).x += sign * x * pull;
      moves.get(name).y += sign * y * pull;
    }
  }
  for (const [name, one] of all) {
    const move = moves.get(name);
    // What hangs together with nothing else stays in the picture.
    move.x -= one.x * apart;
    move.y -= one.y * apart;
    const length = Math.hypot(move.x, move.y) || 1;
    one.x += (move.x / length) * Math.min(length, heat);
    one.y += (move.y / length) * Math.min(length, heat);
  }
}

function fit(at, wide, high) {
  const [xs, ys] = [[...at.values()].map(({ x }) => x), [...at.values()].map(({ y }) => y)];
  const scale = (value, all, size, margin) => margin + ((value - Math.min(...all)) / (Math.max(...all) - Math.min(...all) || 1)) * (size - 2 * margin);
  return new Map([...at].map(([name, { x, y }]) => [name, { x: scale(x, xs, wide, 110), y: scale(y, ys, high, 34) }]));
}

function draw({ from, to, label, bend, number }, nodes, labelled) {
  const { path, x, y } = from === to ? loop(nodes.get(from), number) : curve(nodes.get(from), nodes.get(to), bend);
  const made = drawn("g", { class: "edge" }, drawn("path", { d: path, "marker-end": "url(#arrow)" }));
  if (labelled && label) made.append(drawn("text", { x, y: y - 3, "text-anchor": "middle" }, cut(label, 24)));
  made.append(drawn("title", {}, label));
  return made;
}

/** A line from one thing to another, bent to one side; it ends where the dot begins. */
function curve(one, two, bend) {
  const length = Math.hypot(two.x - one.x, two.y - one.y) || 1;
  const [x, y] = [(two.x - one.x) / length, (two.y - one.y) / length];
  const [midX, midY] = [(one.x + two.x) / 2 - y * bend, (one.y + two.y) / 2 + x * bend];
  const [outX, outY] = [two.x - midX, two.y - midY];
  const last = Math.hypot(outX, outY) || 1;
  const [endX, endY] = [two.x - (outX / last) * (RADIUS + 2), two.y - (outY / last) * (RADIUS + 2)];
  const path = `M${one.x.toFixed(1)} ${one.y.toFixed(1)}Q${midX.toFixed(1)} ${midY.toFixed(1)} ${endX.toFixed(1)} ${endY.toFixed(1)}`;
  return { path, x: (one.x + two.x + 2 * midX) / 4, y: (one.y + two.y + 2 * midY) / 4 };
}

/** A line from a thing to itself. */
function loop({ x, y }, number) {
  const size = 26 + 12 * number;
  const path = `M${x + 4} ${y + 5}c${size} ${size} ${-size - 8} ${size} -8 0`;
  return { path, x, y: y + size };
}

function cut(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function node({ iri, text, short, at }, { x, y }, { base }) {
  const to = address(iri, base);
  const own = to && !/^https?:/i.test(to);
  const made = drawn(own ? "a" : "g", { class: "node", ...(own && { href: to }) });
  made.append(drawn("title", {}, text), drawn("circle", { cx: x, cy: y, r: RADIUS }));
  if (at) made.append(drawn("text", { x: at.x, y: at.y, "text-anchor": "middle" }, short));
  return made;
}
