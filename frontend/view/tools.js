// The tools above the picture and above the table.
import { button, byId, element, label, setAttributes, toggleClass } from "../shared/element.js";
import { edges, picture } from "./graph.js";
import { focusNode } from "./keys.js";
import { fittingBox, glideTo, showLabel, zoom } from "./picture.js";
import { embed, saveCsv, savePng, saveSvg } from "./save.js";
import { searchField, startSearch } from "./search.js";
import { change, choose, initialState, past, state, undo } from "./state.js";

const back = button("Undo", undo);
const filter = element("input", {
  type: "search", id: "words", placeholder: "statements with …",
  input: () => change((next) => { next.q = filter.value; }),
});

function toggleLabels() {
  edges.forEach(showLabel);
  setAttributes(labels, { "aria-pressed": `${toggleClass(picture, "all")}` });
}
const labels = button("All labels", toggleLabels, { "aria-pressed": "false" });

/** Shows everything again; pins and the order of the table stay. */
const showAll = () => change((next) => {
  const { pins, sort } = next;
  Object.assign(next, initialState(), { pins, sort });
});

/** @param {...(Node | string)} children */
const group = (...children) => element("span", { class: "group" }, ...children);

export function startTools() {
  const search = searchField((node) => {
    choose(node.key);
    focusNode(node);
  }, { id: "search" });
  byId("tools").append(
    startSearch(),
    label("Find ", search),
    group(
      button("+", () => zoom(0.8), { "aria-label": "Closer" }),
      button("−", () => zoom(1.25), { "aria-label": "Farther" }),
      button("Fit", () => glideTo(fittingBox())),
    ),
    labels,
    back,
    button("Show all", showAll),
    group("Save: ", button("PNG", savePng), button("SVG", saveSvg), button("CSV", saveCsv), button("Embed", embed)),
    element("small", {}, "Click a line to see who says so. Hold Ctrl and turn the wheel to zoom."),
  );
  byId("table-tools").append(label("Filter ", filter));
  for (const id of ["tools", "table-tools"]) byId(id).hidden = false;
}

/** Shows the state in the tools. */
export function showTools() {
  if (filter.value !== state.q) filter.value = state.q;
  back.disabled = !past.length;
}
