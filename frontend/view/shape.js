// Curves follow the nodes that are moved; the formulas are those of the picture as it was written.
const ARROW = 8, LOOP = 16;
const xy = (p) => `${round(p[0])} ${round(p[1])}`;

function turning(s, e, bend) {
  const dx = e[0] - s[0], dy = e[1] - s[1], angle = (bend * PI) / 2, reach = 0.5 + abs(bend) / 2;
  return [s[0] + reach * (dx * cos(angle) + dy * sin(angle)), s[1] + reach * (dy * cos(angle) - dx * sin(angle))];
}
const mix = (p, q, r, a, b, c) => [a * p[0] + b * q[0] + c * r[0], a * p[1] + b * q[1] + c * r[1]];
const along = (s, v, e, t) => mix(s, v, e, (1 - t) ** 2, 2 * t * (1 - t), t * t);
function leaves(s, v, e, radius) {
  let inside = 0, outside = 0.5;
  for (let i = 0; i < 18; i++) {
    const middle = (inside + outside) / 2, p = along(s, v, e, middle);
    if (hypot(p[0] - s[0], p[1] - s[1]) < radius) inside = middle; else outside = middle;
  }
  return outside;
}

function route(edge) {
  const { from, to, bend } = edge, path = $("path", edge.g), label = $("text", edge.g);
  let place;
  if (from === to) {
    const angle = PI / 2 - bend * PI * 1.2, reach = from.r + LOOP * 0.6, at = (turn, r) => [from.x + reach * cos(angle) + r * cos(angle + turn), from.y - reach * sin(angle) - r * sin(angle + turn)];
    path.setAttribute("d", `M${xy(at(PI * 0.7, LOOP))}A${LOOP} ${LOOP} 0 1 1 ${xy(at(-PI * 0.7, LOOP))}`);
    place = at(0, LOOP);
  } else {
    const s = [from.x, from.y], e = [to.x, to.y], v = turning(s, e, bend);
    let t = leaves(s, v, e, from.r + 2), u = 1 - leaves(e, v, s, to.r + ARROW);
    if (t >= u) [t, u] = [0, 1];
    const via = mix(s, v, e, (1 - t) * (1 - u), t * (1 - u) + u * (1 - t), t * u);
    path.setAttribute("d", `M${xy(along(s, v, e, t))}Q${xy(via)} ${xy(along(s, v, e, u))}`);
    place = along(s, v, e, 0.5);
  }
  if (label) set(label, { x: round(place[0]), y: round(place[1]) + 4 });
}
function move(node, x, y) {
  if (node.x === x && node.y === y) return;
  [node.x, node.y] = [x, y];
  node.g.setAttribute("transform", `translate(${round(x)} ${round(y)})`);
  node.edges.forEach(route);
}

const frame = svg.getAttribute("viewBox").split(" ").map(Number);
let box = [...frame], drawnBox = box;
/** Draws a part of the picture anew. */
function setBox(next) {
  drawnBox = box = next;
  svg.style.transform = "";
  const text = box.map((n) => round(n * 10) / 10).join(" ");
  if (text !== svg.getAttribute("viewBox")) svg.setAttribute("viewBox", text);
  clearTimeout(resting);
  resting = setTimeout(readable, 60);
}
/** Moves what is drawn, which is fast; it is drawn anew, and remembered, when it rests. */
function glide(next) {
  box = next;
  const scale = unit(), shift = (i) => (drawnBox[i] + drawnBox[i + 2] / 2 - box[i] - box[i + 2] / 2) / scale;
  svg.style.transform = `translate(${shift(0)}px,${shift(1)}px) scale(${unit(drawnBox) / scale})`;
  clearTimeout(resting);
  resting = setTimeout(() => { setBox(box); state.box = [...box]; put(spell(state)); }, 150);
}
const natural = svg.classList.contains("natural");
let resting;
/** Keeps labels large enough to read: those that would then cover another give way to the busier node. */
function readable() {
  const scale = natural ? 1 : max(1, unit() * 0.86), taken = [];
  svg.style.setProperty("--u", scale.toFixed(2));
  svg.classList.toggle("far", scale > 1.3);
  for (const node of ranked) {
    const { classList } = node.g, half = max(node.r, node.wide * 3.6 * scale);
    const one = [node.x - half, node.y - node.r, node.x + half, node.y + (node.r + node.lines * 17) * scale];
    const mute = scale > 1 && !classList.contains("at") && (svg.matches(".picked") && !classList.contains("on") || taken.some((o) => o[0] < one[2] && one[0] < o[2] && o[1] < one[3] && one[1] < o[3]));
    classList.toggle("mute", mute);
    if (!mute && !classList.contains("off")) taken.push(one);
  }
}
const ranked = [...nodes.values()].sort((a, b) => b.edges.length - a.edges.length);

/** Units of the picture for one pixel of the screen. */
const unit = (one = box) => max(one[2] / (size[0] || 1), one[3] / (size[1] || 1));
new ResizeObserver(([{ contentRect }]) => {
  const { width, height } = contentRect;
  if (width === size[0] && height === size[1]) return;
  size = [width, height];
  readable();
}).observe(svg);
function pointAt(x, y) {
  const area = (natural ? svg : svg.parentNode).getBoundingClientRect(), scale = unit();
  return [box[0] + box[2] / 2 + (x - area.left - area.width / 2) * scale, box[1] + box[3] / 2 + (y - area.top - area.height / 2) * scale];
}
function zoom(factor, middle = [box[0] + box[2] / 2, box[1] + box[3] / 2]) {
  const limited = min(max(box[2] * factor, 60), max(frame[2], box[2]) * 3) / box[2];
  glide([middle[0] - (middle[0] - box[0]) * limited, middle[1] - (middle[1] - box[1]) * limited, box[2] * limited, box[3] * limited]);
}
/** Shows all that is shown as large as it can be. */
function fitted() {
  const shown = [...nodes.values()].filter((node) => !node.g.classList.contains("off"));
  if (natural || !shown.length || shown.length === nodes.size && !state.pins.size) return [...frame];
  const xs = shown.map((node) => node.x), ys = shown.map((node) => node.y), pad = 90;
  const left = min(...xs) - pad, top = min(...ys) - pad;
  return [left, top, max(...xs) + pad - left, max(...ys) + pad - top];
}
