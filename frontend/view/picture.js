// The picture: redraws the edges of moved nodes, moves and zooms the view box, and keeps labels readable.
import { select, selectAll, setAttributes, svgElement, toggleClass } from "../shared/element.js";
import { labelOf, markedLabel } from "../shared/panel.js";
import { textOf } from "../shared/tables.js";
import { allEdges, allLines, allNodes, isAgainst, isDisputed, picture } from "./graph.js";
import { showMap } from "./map.js";
import { state, writeAddress } from "./state.js";

/** @import { Box, GraphEdge, GraphNode, Pair, Point, Stop } from "./types" */

const { PI, abs, cos, hypot, max, min, round, sin } = Math;
const [ARROW, LOOP, MARGIN] = [8, 16, 90];
/** Most nodes whose labels are kept off marks. */
const MOST_PLACED = 600;
/** The share of the picture below which a map shows where the visible part is. */
const WHOLE = 0.6;
const WIDTH_OF_LETTER = 7.4;
/** The sizes of labels in a picture that is far away, and the most in one that is near, to those in the file. */
const [LEAST, LARGEST] = [0.93, 1.14];

const style = picture.style;
/** The frame of the picture, which scrolls if the picture is larger. */
export const view = /** @type {HTMLElement} */ (picture.parentNode);
/** Whether the picture keeps its size and the page scrolls, as for a list. */
export const natural = !GROUPED && picture.classList.contains("natural");
/** @type {Box} The view box of the whole picture in the file. */
export const frame = /** @type {Box} */ (picture.getAttribute("viewBox")?.split(" ").map(Number));
/** @type {Box} The part that is shown. */
export let box = frame;
/** @type {GraphNode[]} All nodes, those with most edges first. */
export const ranked = [];
/** @type {Point} */
let size;
let drawnBox = box;
/** @type {ReturnType<typeof setTimeout>} */
let timer;

/** Measures the picture. Call it before any change: measuring makes the browser lay out the page. */
export function measure() {
  size = [picture.clientWidth, picture.clientHeight];
  new ResizeObserver(([{ contentRect: { width, height } }]) => {
    if (width === size[0] && height === size[1]) return;
    size = [width, height];
    arrangeLabels();
  }).observe(picture);
}

/**
 * @param {Element} mark
 * @returns {Point} The middle of its line as drawn.
 */
export function middleOfPath(mark) {
  const path = /** @type {SVGPathElement} */ (mark.firstElementChild);
  const { x, y } = path.getPointAtLength(path.getTotalLength() / 2);
  return [x, y];
}

/** Gives a picture that is read like a list its shape for a narrow screen, or else shows its middle. Call it first. */
export function narrow() {
  const { n } = picture.dataset;
  if (!natural) return;
  const isWide = !n || view.clientWidth > 600;
  selectAll(isWide ? ".s" : ".l", picture).forEach((part) => part.remove());
  if (isWide) {
    view.scrollLeft = (view.scrollWidth - view.clientWidth) / 2;
    view.addEventListener("scroll", () => {
      style.setProperty("--top", `${(view.scrollTop * frame[3]) / picture.clientHeight}px`);
    });
    return;
  }
  frame.splice(0, 4, .../** @type {Box} */ (n.split(" ").map(Number)));
  setAttributes(picture, { viewBox: n, width: "100%", height: frame[3] });
  toggleClass(picture, "narrow", true);
  for (const mark of selectAll("[data-n]", picture)) {
    const { n: to = "" } = mark.dataset;
    if (mark.matches(".n")) setAttributes(mark, { transform: `translate(${to})` });
    else setAttributes(/** @type {Element} */ (mark.firstElementChild), { d: to });
  }
}

/** Shows the opening picture of a narrow screen, which may have fewer nodes. */
export function spread() {
  const { n } = picture.dataset;
  if (natural || !n || size[0] > 600) return;
  frame.splice(0, 4, ...n.split(" ").map(Number));
  for (const node of allNodes()) {
    node.isMore = isNaN(/** @type {Point} */ (node.narrow)[0]);
    if (!node.isMore) node.home = /** @type {Point} */ (node.narrow);
  }
  for (const line of allLines()) line.bend = Number(line.mark.dataset.n ?? line.bend);
}

/** Ranks all nodes. Call it again when nodes are added. */
export const rank = () => ranked.splice(0, Infinity, ...allNodes().sort((a, b) => b.edges.length - a.edges.length));

/** @param {Point} point */
const spellPoint = ([x, y]) => `${round(x)} ${round(y)}`;

/**
 * @param {Point} start
 * @param {Point} end
 * @param {number} bend
 * @returns {Point} The control point of the curve.
 */
function controlPoint([x, y], end, bend) {
  const dx = end[0] - x;
  const dy = end[1] - y;
  const angle = (bend * PI) / 2;
  const reach = 0.5 + abs(bend) / 2;
  return [x + reach * (dx * cos(angle) + dy * sin(angle)), y + reach * (dy * cos(angle) - dx * sin(angle))];
}

/** @typedef {[start: Point, control: Point, end: Point]} Curve */
/** @type {(curve: Curve, weights: number[]) => Point} */
const mixed = ([p, q, r], [a, b, c]) => [a * p[0] + b * q[0] + c * r[0], a * p[1] + b * q[1] + c * r[1]];
/** @type {(curve: Curve, t: number) => Point} */
const pointOn = (curve, t) => mixed(curve, [(1 - t) ** 2, 2 * t * (1 - t), t * t]);

/**
 * Returns where a curve leaves a circle around its start.
 * @param {Curve} curve
 * @param {number} radius
 */
function exit(curve, radius) {
  const [[x, y]] = curve;
  let inside = 0;
  let outside = 0.9;
  for (let i = 0; i < 18; i++) {
    const middle = (inside + outside) / 2;
    const point = pointOn(curve, middle);
    if (hypot(point[0] - x, point[1] - y) < radius) inside = middle;
    else outside = middle;
  }
  return outside;
}

/** @type {(line: GraphEdge | Pair) => [path: string, label: Point]} */
function loopOf({ from: { place: [x, y], radius }, bend }) {
  const angle = PI / 2 - bend * PI * 1.2;
  const reach = radius + LOOP * 0.6;
  /**
   * @param {number} turn
   * @param {number} length
   * @returns {Point}
   */
  const at = (turn, length) => [
    x + reach * cos(angle) + length * cos(angle + turn),
    y - reach * sin(angle) - length * sin(angle + turn),
  ];
  const path = `M${spellPoint(at(PI * 0.7, LOOP))}A${LOOP} ${LOOP} 0 1 1 ${spellPoint(at(-PI * 0.7, LOOP))}`;
  return [path, at(0, LOOP)];
}

/** @type {(line: GraphEdge | Pair) => Curve} */
const arcOf = ({ from, to, bend }) => [from.place, controlPoint(from.place, to.place, bend), to.place];

/** @type {(line: GraphEdge | Pair) => [path: string, label: Point]} */
function curveOf(line) {
  const { from, to, share = 0.5 } = line;
  const curve = arcOf(line);
  const [start, control, end] = curve;
  let t = exit(curve, from.radius + 2);
  let u = 1 - exit([end, control, start], to.radius + ARROW);
  if (t >= u) [t, u] = [0, 1];
  const via = mixed(curve, [(1 - t) * (1 - u), t * (1 - u) + u * (1 - t), t * u]);
  const path = `M${spellPoint(pointOn(curve, t))}Q${spellPoint(via)} ${spellPoint(pointOn(curve, u))}`;
  return [path, pointOn(curve, share)];
}

/** @param {GraphEdge | Pair} line */
const routeOf = (line) => (line.from === line.to ? loopOf(line) : curveOf(line));

/**
 * Draws a line, with its label and its sign or the number of a pair.
 * @param {GraphEdge | Pair} line
 */
export function drawLine(line) {
  const { mark, badge } = line;
  const [d, [x, y]] = natural ? ["", middleOfPath(mark)] : routeOf(line);
  if (d) setAttributes(/** @type {Element} */ (mark.firstElementChild), { d });
  const label = select(".e text", mark);
  if (label) setAttributes(label, { x: round(x), y: round(y) + (badge ? -15 : 4) });
  if (badge) setAttributes(badge, { transform: `translate(${round(x)} ${round(y)})` });
}

const BAR = 26;

/**
 * Shows how many edges of a pair are shown, and how many of them are denied.
 * @param {Pair} pair
 * @param {Set<GraphEdge>} shown
 * @param {boolean} isSplit Whether they are drawn one by one.
 */
export function showPair({ mark, badge, edges: all }, shown, isSplit) {
  const some = all.filter((edge) => shown.has(edge));
  const isJoined = some.length > 1 && !isSplit;
  toggleClass(mark, "off", !isJoined);
  for (const edge of all) toggleClass(edge.mark, "joined", isJoined);
  if (!isJoined || mark.dataset.s === `${some.length}`) return;
  mark.dataset.s = `${some.length}`;
  const against = some.filter(isAgainst).length;
  const share = round(BAR * (1 - against / some.length));
  const [first, second, text] = badge.children[0].children;
  const disputed = some.find(isDisputed);
  badge.dataset.k = disputed?.key ?? "";
  text.textContent = `×${some.length}${disputed ? " ≠" : ""}`;
  setAttributes(first, { d: `M${-BAR / 2} 5h${against && share}` });
  setAttributes(second, { d: `M${share - BAR / 2} 5h${BAR - share}` });
}

/**
 * Adds the label of an edge for which the picture has no space, when the reader asks for it.
 * @param {GraphEdge} edge
 */
export function showLabel(edge) {
  const { mark, statements } = edge;
  if (select("text", mark)) return;
  const number = statements.length;
  mark.append(svgElement("text", {}, markedLabel(edge, labelOf(edge)) + (number > 1 ? ` ×${number}` : "")));
  mark.classList.add("q");
  drawLine(edge);
}

// The view box.

/** Returns how many units of the picture are one pixel of the screen. */
export const unitOf = (area = box) => max(area[2] / (size[0] || 1), area[3] / (size[1] || 1));

/**
 * Shows a part of the picture.
 * @param {Box} next
 */
export function setBox(next) {
  if (natural) next = [...frame];
  drawnBox = box = next;
  style.transform = "";
  const viewBox = box.map((number) => round(number * 10) / 10).join(" ");
  if (viewBox !== picture.getAttribute("viewBox")) setAttributes(picture, { viewBox });
  clearTimeout(timer);
  timer = setTimeout(arrangeLabels, 60);
  const whole = wholeBox();
  showMap(box, whole, !natural && !state.story && box[2] * box[3] < WHOLE * whole[2] * whole[3]);
}

/**
 * Moves the picture by a transform, which is fast. After the last move it is drawn again and the address is updated.
 * @param {Box} next
 */
export function glideTo(next) {
  if (natural) return;
  box = next;
  const scale = unitOf();
  /** @param {0 | 1} i */
  const shift = (i) => (drawnBox[i] + drawnBox[i + 2] / 2 - box[i] - box[i + 2] / 2) / scale;
  style.transform = `translate(${shift(0)}px,${shift(1)}px) scale(${unitOf(drawnBox) / scale})`;
  clearTimeout(timer);
  timer = setTimeout(() => {
    setBox(box);
    state.box = [...box];
    writeAddress();
  }, 150);
}

/** @returns {Point} */
const middleOf = ([left, top, width, height] = box) => [left + width / 2, top + height / 2];

/**
 * Moves the picture by a share of the box that is shown.
 * @param {number} right
 * @param {number} down
 */
export function pan(right, down) {
  view.scrollBy(right * view.clientWidth, down * view.clientHeight);
  glideTo([box[0] + right * box[2], box[1] + down * box[3], box[2], box[3]]);
}

/**
 * Gives a picture that is read like a list another size; what is in the middle of its frame stays there.
 * @param {number} width
 */
function resize(width) {
  const by = width / picture.clientWidth;
  const { scrollLeft, scrollTop, clientWidth, clientHeight } = view;
  /**
   * @param {number} start
   * @param {number} length
   */
  const scaled = (start, length) => (start + length / 2) * by - length / 2;
  style.width = `${width}px`;
  style.height = `${(width * frame[3]) / frame[2]}px`;
  view.scrollTo(scaled(scrollLeft, clientWidth), scaled(scrollTop, clientHeight));
}

/**
 * @param {number} factor Less than 1 to zoom in.
 * @param {Point} middle The point that stays where it is.
 */
export function zoom(factor, [x, y] = middleOf()) {
  if (natural) return resize(min(max(picture.clientWidth / factor, frame[2] / 8), frame[2] * 4));
  const [left, top, width, height] = box;
  const by = min(max(width * factor, 60), max(frame[2], width) * 3) / width;
  glideTo([x - (x - left) * by, y - (y - top) * by, width * by, height * by]);
}

/**
 * Returns the point of the picture at a point of the screen.
 * @param {number} clientX
 * @param {number} clientY
 * @returns {Point}
 */
export function pointAt(clientX, clientY) {
  const area = (natural ? picture : /** @type {Element} */ (picture.parentNode)).getBoundingClientRect();
  const [x, y] = middleOf();
  const scale = unitOf();
  return [
    x + (clientX - area.left - area.width / 2) * scale,
    y + (clientY - area.top - area.height / 2) * scale,
  ];
}

/** Shows the whole of the shown part. */
export function fit() {
  if (natural) resize(frame[2] * min(view.clientWidth / frame[2], view.clientHeight / frame[3], 1));
  else glideTo(fittingBox());
}

/** @param {Stop} stop */
export function bringIntoView({ x, y, mark }) {
  if (natural) return mark.scrollIntoView({ block: "nearest", inline: "nearest" });
  const [left, top, width, height] = box;
  if (x < left || y < top || x > left + width || y > top + height) {
    glideTo([x - width / 2, y - height / 2, width, height]);
  }
}

/** @param {Stop} stop */
export const isOn = ({ mark }) => !mark.classList.contains("off");

/** Returns the smallest box with all nodes that are shown and, outside stories, those that are faded. */
export const fittingBox = () => boxOf(allNodes().filter((node) =>
  isOn(node) || (!state.story && node.mark.matches(".dim") && picture.matches(".fade"))));

const wholeBox = () => boxOf(allNodes().filter(({ mark }) => mark.matches(".n:not(.off), .dim")));

/**
 * @param {GraphNode[]} shown
 * @returns {Box}
 */
function boxOf(shown) {
  const opening = allNodes().filter(({ isMore }) => !isMore).length;
  const isWhole = shown.length === opening && !shown.some(({ isMore }) => isMore);
  const isInPlace = shown.every(({ x, y, home }) => x === home[0] && y === home[1]);
  if (natural || !shown.length || (isWhole && isInPlace)) return [...frame];
  const xs = shown.flatMap(({ x, radius }) => [x - radius, x + radius]);
  const ys = shown.flatMap(({ y, radius }) => [y - radius, y + radius]);
  const [left, top] = [min(...xs) - MARGIN, min(...ys) - MARGIN];
  return [left, top, max(...xs) + MARGIN - left, max(...ys) + MARGIN - top];
}

/** @type {(area: number[], taken: number[][]) => boolean} */
const isCovered = (area, taken) => taken.some((other) =>
  other[0] < area[2] && area[0] < other[2] && other[1] < area[3] && area[1] < other[3]);

/** @param {number} scale How large labels are. A mark grows more slowly; the style of the page says the same. */
const growth = (scale) => min(max(1, scale * 0.85), 1.8);

/**
 * Returns the places of a label: below its mark, above it, beside it and at its corners. One that would be cut moves.
 * @param {GraphNode} node
 * @param {number} scale
 * @param {[left: number, right: number]} ends
 * @returns {{area: number[], by: Point}[]}
 */
function placesOf({ mark, x, y, radius, letters, lines }, scale, [left, right]) {
  const half = (letters * WIDTH_OF_LETTER * scale) / 2;
  const high = lines * 17 * scale;
  const isRim = mark.matches(".rim");
  const rim = isRim ? radius : radius * growth(scale);
  const top = y + (isRim ? radius : (radius + 2) * scale);
  const shift = x > left && x < right && !natural ? max(left - x + half, 0) + min(right - x - half, 0) : 0;
  const across = half + rim + 4 * scale;
  const beside = y - high / 2 - top;
  // A label that is drawn smaller than in the file would lie on its mark.
  const drop = max(radius * (1 - scale), 0);
  const up = y - rim - high - 2 * scale - top;
  const ways = /** @type {Point[]} */ ([[shift, drop], [shift, up], [across, beside], [-across, beside],
    ...[half, -half, half / 2, -half / 2].flatMap((way) => [[way, drop], [way, up]])]);
  return ways.slice(0, isRim || natural ? 1 : 12).map((by) => {
    const [start, begin] = [x - half + by[0], top + by[1]];
    return { by, area: [start, begin, start + 2 * half, begin + high] };
  });
}

/**
 * Returns the areas of the marks that are shown, with a way to leave out that of one node.
 * @param {number} scale
 */
function marksOf(scale) {
  const by = growth(scale);
  const wanted = picture.matches(".picked") ? ".on" : ":not(.opened)";
  const found = ranked.filter((node) => isOn(node) && node.mark.matches(wanted)).map((node) => {
    const reach = node.radius * (node.mark.matches(".rim") ? 1 : by);
    return { node, area: [node.x - reach, node.y - reach, node.x + reach, node.y + reach] };
  });
  /** @param {GraphNode} [one] */
  return (one) => found.filter(({ node }) => node !== one).map(({ area }) => area);
}

const ALWAYS_NAMED = 20;

/** Keeps labels large enough to read, off each other, off marks and inside the frame; one without a place is hidden. */
export function arrangeLabels() {
  const unit = unitOf();
  const scale = natural ? 1 : max(unit * LEAST, min(1, unit * LARGEST));
  /** @type {number[][]} */
  const taken = [];
  style.setProperty("--u", scale.toFixed(3));
  toggleClass(picture, "far", scale > 1.3);
  const chosen = picture.matches(".picked");
  const [width, high] = size.map((length) => (length * unit) / 2);
  const [x, y] = middleOf();
  /** @param {number[]} area */
  const isCut = ([left, top, right, bottom]) =>
    !natural && (left < x - width || right > x + width || top < y - high || bottom > y + high);
  const othersOf = !natural && ranked.length <= MOST_PLACED ? marksOf(scale) : () => [];
  for (const node of ranked) {
    const { mark } = node;
    if (!isOn(node)) continue;
    const others = othersOf(node);
    const places = placesOf(node, scale, [x - width + 4 * scale, x + width - 4 * scale]);
    const clear = places.filter(({ area }) => !isCovered(area, taken) && !isCut(area));
    // The names with most relations may lie on marks.
    const free = clear.find(({ area }) => !isCovered(area, others)) || (taken.length < ALWAYS_NAMED && clear[0]);
    const { area, by } = free || places[0];
    by.forEach((shift, i) => mark.style.setProperty(["--x", "--y"][i], shift ? `${round(shift)}px` : ""));
    const mute = !natural && !mark.matches(".at") && ((scale > 1 && chosen && !mark.matches(".on")) || !free);
    toggleClass(mark, "mute", mute);
    if (!mute) taken.push(area);
  }
  taken.push(...othersOf());
  if (!GROUPED) arrangeSigns(taken, scale);
  if (!natural && (scale < 1.3 || picture.matches(".all"))) arrangeEdgeLabels(taken, scale);
}

/** Where a sign may be on its line. */
const SHARES = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8, 0.15, 0.85];

/**
 * Moves a sign or a label along its line until its area is off others, or else hides it.
 * @param {GraphEdge | Pair} line
 * @param {SVGGElement} mark What is hidden.
 * @param {number[]} reach How far the area extends to both sides, up and down.
 * @param {number[][]} taken
 * @param {number[][]} [others] Further areas.
 */
function settle(line, mark, [half, up, down], taken, others = []) {
  /** @type {number[]} */
  let area = [];
  const shares = mark === line.mark && line.badge ? [line.share] : SHARES;
  const isHidden = !shares.some((share) => {
    line.share = share;
    const [x, y] = routeOf(line)[1];
    area = [x - half, y - up, x + half, y + down];
    return !isCovered(area, [...taken, ...others]);
  });
  if (!toggleClass(mark, "mute", isHidden)) taken.push(area);
  drawLine(line);
}

/**
 * Arranges signs and numbers.
 * @param {number[][]} taken The areas of labels and marks.
 * @param {number} scale
 */
function arrangeSigns(taken, scale) {
  for (const line of allLines()) {
    const { badge } = line;
    if (!badge || badge.closest(".off")) continue;
    settle(line, badge, [(1 + 3.4 * textOf(badge).length) * scale, 9 * scale, 7 * scale], taken);
  }
}

/**
 * Arranges the labels that the reader asked for; unless all are asked for, they lie on no other line.
 * @param {number[][]} taken The areas of labels, signs and marks.
 * @param {number} scale
 */
function arrangeEdgeLabels(taken, scale) {
  const wanted = `:not(.off, .joined, .all *)${picture.matches(".picked") ? ".on" : ""}`;
  const lines = allLines().filter(({ mark }) => mark.matches(wanted));
  const points = lines.map((line) => SHARES.map((share) => Array(2).fill(pointOn(arcOf(line), share)).flat()));
  for (const edge of allEdges()) {
    const { mark, badge } = edge;
    const label = select("text", mark);
    if (!label || mark.matches(".off, .q:not(.all .e, .on)")) continue;
    const low = badge ? -15 : 4;
    const others = points.filter((_, i) => lines[i] !== edge).flat();
    settle(edge, mark, [textOf(label).length * 3.2 * scale, 12 * scale - low, 5 * scale + low], taken, others);
  }
}
