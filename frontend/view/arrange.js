// Positions for the members of a group: neighbours are near each other, and labels do not overlap.

const { abs, cos, hypot, min, sin, sqrt } = Math;
const NEAR = 140;
const TURNS = 120;
const MOST_PASSES = 200;
const GOLDEN_ANGLE = 2.39996;
const HEIGHT = 48;

/** @typedef {[one: number, other: number]} Pair */

/**
 * Moves all nodes once: each pair of nodes repels, edges and the centre attract.
 * @param {number[]} xs
 * @param {number[]} ys
 * @param {Pair[]} lines
 * @param {number} heat The longest move.
 */
function relax(xs, ys, lines, heat) {
  const dx = xs.map((x) => -0.3 * x);
  const dy = ys.map((y) => -0.6 * y);
  /**
   * @param {number} i
   * @param {number} j
   * @param {number} force
   */
  const pull = (i, j, force) => {
    const x = (xs[i] - xs[j]) * force;
    const y = (ys[i] - ys[j]) * force;
    dx[i] -= x;
    dy[i] -= y;
    dx[j] += x;
    dy[j] += y;
  };
  for (let i = 0; i < xs.length; i++) {
    for (let j = 0; j < i; j++) pull(i, j, (-NEAR * NEAR) / ((xs[i] - xs[j]) ** 2 + (ys[i] - ys[j]) ** 2 + 1));
  }
  for (const [i, j] of lines) pull(i, j, hypot(xs[i] - xs[j], ys[i] - ys[j]) / NEAR);
  for (let i = 0; i < xs.length; i++) {
    const length = hypot(dx[i], dy[i]) || 1;
    const share = min(length, heat) / length;
    xs[i] += dx[i] * share;
    ys[i] += dy[i] * share;
  }
}

/**
 * Moves overlapping labels apart, along the axis of the smaller overlap.
 * @param {number[]} xs
 * @param {number[]} ys
 * @param {number[]} widths
 * @returns {boolean} Whether any two overlapped.
 */
function separate(xs, ys, widths) {
  let moved = false;
  for (let i = 0; i < xs.length; i++) {
    for (let j = 0; j < i; j++) {
      const x = xs[i] - xs[j];
      const y = ys[i] - ys[j];
      const across = (widths[i] + widths[j]) / 2 - abs(x);
      const down = HEIGHT - abs(y);
      if (across <= 0 || down <= 0) continue;
      moved = true;
      const [values, side, overlap] = across < down ? [xs, x, across] : [ys, y, down];
      const push = (side < 0 ? -1 : 1) * (overlap / 2 + 0.5);
      values[i] += push;
      values[j] -= push;
    }
  }
  return moved;
}

/**
 * Returns positions for nodes; the same for the same names and lines. It starts from a spiral.
 * @param {string[]} names
 * @param {Pair[]} lines
 * @returns {[xs: number[], ys: number[]]}
 */
export function arranged(names, lines) {
  const widths = names.map((name) => min(name.length, 24) * 7.2 + 14);
  const xs = names.map((_, i) => NEAR * sqrt(i) * cos(i * GOLDEN_ANGLE));
  const ys = names.map((_, i) => NEAR * sqrt(i) * sin(i * GOLDEN_ANGLE));
  for (let turn = 0; turn < TURNS; turn++) relax(xs, ys, lines, NEAR * 1.5 * (1 - turn / TURNS));
  for (let pass = 0; pass < MOST_PASSES && separate(xs, ys, widths); pass++);
  return [xs, ys];
}
