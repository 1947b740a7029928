// Signs on the lines that are in dispute.
import { byId, svgElement } from "../shared/element.js";
import { allEdges, isDisputed } from "./graph.js";
import { drawLine } from "./picture.js";

/** Puts a sign on each line that is in dispute, which opens both sides. */
export function addBadges() {
  const layer = svgElement("g", { class: "badges" });
  for (const edge of allEdges()) {
    if (!isDisputed(edge)) continue;
    edge.badge = svgElement("g", { "data-k": edge.key }, svgElement("text", { y: 4 }, "≠"));
    layer.append(edge.badge);
    drawLine(edge);
  }
  byId("edges").after(layer);
}
