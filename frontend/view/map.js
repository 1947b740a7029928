// A small map of the whole picture, in its corner.
import { setAttributes, svgElement, toggleClass } from "../shared/element.js";
import { allNodes, picture } from "./graph.js";

/** @import { Box } from "./types" */

/** @type {SVGSVGElement} */
let map;

/**
 * Shows where the visible part of the picture is in the whole.
 * @param {Box} box
 * @param {Box} whole
 * @param {boolean} isPart Whether so little of it is visible that a map helps.
 */
export function showMap([x, y, width, height], whole, isPart) {
  if (!map && isPart) picture.after(map = svgElement("svg", { class: "map", "aria-hidden": "true" }));
  if (!map) return;
  toggleClass(map, "off", !isPart);
  setAttributes(map, { viewBox: whole.join(" ") });
  const shown = allNodes().filter(({ mark }) => !mark.matches(".off"));
  map.replaceChildren(
    svgElement("path", {
      d: shown.map((node) => `M${Math.round(node.x)} ${Math.round(node.y)}h1`).join(""), "stroke-width": whole[2] / 40,
    }),
    svgElement("rect", { x, y, width, height }),
  );
}
