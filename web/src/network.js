// An answer as a network: ?source and ?target, or the triples of CONSTRUCT.
import { drawn, element } from "./element.js";
import { shown } from "./results.js";
import { address } from "./terms.js";

const MOST = 200;
const [WIDE, HIGH, STEPS] = [900, 620, 220];

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
  const edges = rows.slice(0, MOST).map((row) => ({ from: row[source].value, to: row[target].value, label: shown(row[label], known.labels, known.prefixes) }));
  const nodes = place([...new Set(edges.flatMap(({ from, to }) => [from, to]))], edges);
  const picture = drawn(
    "svg",
    { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": `${nodes.size} things and ${edges.length} edges; the table lists them`, class: "network" },
    drawn("defs", {}, drawn("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 14, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, drawn("path", { d: "M0 0 8 4 0 8Z" }))),
    ...edges.map((edge) => draw(edge, nodes)),
    ...[...nodes].map(([iri, at]) => node(iri, at, known)),
  );
  const hidden = answer.rows.length - edges.length;
  const caption = `${nodes.size} things, ${edges.length} edges${hidden ? `; ${hidden} rows are not drawn, the table has them` : ""}.`;
  return element("figure", {}, picture, element("figcaption", {}, caption));
}

/** Finds places: a circle, then edges pull and nodes push; the same rows give the same picture. */
function place(names, edges) {
  const at = new Map(names.map((name, number) => {
    const turn = (2 * Math.PI * number) / names.length;
    return [name, { x: Math.cos(turn), y: Math.sin(turn) }];
  }));
  const apart = 1 / Math.sqrt(names.length || 1);
  for (let step = 0; step < STEPS; step += 1) relax(at, edges, apart, 0.12 * (1 - step / STEPS));
  return fit(at);
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

function fit(at) {
  const [xs, ys] = [[...at.values()].map(({ x }) => x), [...at.values()].map(({ y }) => y)];
  const scale = (value, all, size, margin) => margin + ((value - Math.min(...all)) / (Math.max(...all) - Math.min(...all) || 1)) * (size - 2 * margin);
  return new Map([...at].map(([name, { x, y }]) => [name, { x: scale(x, xs, WIDE, 110), y: scale(y, ys, HIGH, 30) }]));
}

function draw({ from, to, label }, nodes) {
  const [one, two] = [nodes.get(from), nodes.get(to)];
  const line = drawn("line", { x1: one.x, y1: one.y, x2: two.x, y2: two.y, "marker-end": "url(#arrow)" });
  line.append(drawn("title", {}, label));
  return line;
}

function node(iri, { x, y }, { labels, prefixes, base }) {
  const text = shown({ type: "uri", value: iri }, labels, prefixes);
  const short = text.length > 28 ? `${text.slice(0, 27)}…` : text;
  const made = drawn("g", {}, drawn("circle", { cx: x, cy: y, r: 6 }), drawn("text", { x, y: y - 10, "text-anchor": "middle" }, short));
  made.append(drawn("title", {}, text));
  const to = address(iri, base);
  return to && !/^https?:/.test(to) ? drawn("a", { href: to }, made) : made;
}
