// An answer as bars: the first column that is a number, by the first two that are none.
import { drawn, element } from "./element.js";
import { number, shown } from "./results.js";

const MOST = 40;
const [WIDE, LABEL, ROW] = [760, 270, 26];

/** Says which columns a chart would show, or nothing. */
export function chartColumns(answer) {
  const first = answer.rows[0] ?? {};
  const value = answer.columns.find((name) => answer.rows.some((row) => !Number.isNaN(number(row[name]))));
  const names = answer.columns.filter((name) => name !== value && Number.isNaN(number(first[name]))).slice(0, 2);
  return value && names.length ? { value, names } : null;
}

/** Draws bars. */
export function chart(answer, { labels, prefixes }) {
  const { value, names } = chartColumns(answer);
  const read = (row) => names.map((name) => shown(row[name], labels, prefixes)).filter(Boolean).join(" · ");
  const rows = answer.rows.filter((row) => !Number.isNaN(number(row[value]))).slice(0, MOST);
  const least = Math.min(0, ...rows.map((row) => number(row[value])));
  const most = Math.max(0, ...rows.map((row) => number(row[value])));
  const scale = (one) => LABEL + ((one - least) / (most - least || 1)) * (WIDE - LABEL - 90);
  const bars = rows.map((row, at) => bar(read(row), number(row[value]), at, scale));
  const title = `${value} by ${names.join(" and ")}`;
  const picture = drawn("svg", { viewBox: `0 0 ${WIDE} ${rows.length * ROW + 8}`, role: "img", "aria-label": title, class: "chart" }, ...bars);
  const hidden = answer.rows.length - rows.length;
  const caption = hidden ? `${title}; ${hidden} of ${answer.rows.length} rows are not shown.` : title;
  return element("figure", {}, picture, element("figcaption", {}, caption));
}

function bar(label, value, at, scale) {
  const [from, to] = [Math.min(scale(0), scale(value)), Math.max(scale(0), scale(value))];
  const top = at * ROW + 4;
  const text = label.length > 38 ? `${label.slice(0, 37)}…` : label;
  const name = drawn("text", { x: LABEL - 8, y: top + 15, "text-anchor": "end" }, text);
  name.append(drawn("title", {}, label));
  return drawn(
    "g",
    {},
    name,
    drawn("rect", { x: from, y: top, width: Math.max(to - from, 1), height: ROW - 8, class: "bar" }),
    drawn("text", { x: to + 6, y: top + 15, class: "value" }, value.toLocaleString("en")),
  );
}
