// The tools above the picture and above the table.
import { button, byId, element, label, setAttributes, toggleClass } from "../shared/element.js";
import { allNodes, edges, picture } from "./graph.js";
import { focusNode } from "./keys.js";
import { arrangeLabels, fit, showLabel, zoom } from "./picture.js";
import { embed, saveCsv, savePng, saveSvg } from "./save.js";
import { searchField } from "./search.js";
import { change, choose, depth, initialState, state } from "./state.js";

const back = button("Undo", () => history.back());
const filter = element("input", {
  type: "search", id: "words", placeholder: "statements with …",
  input: () => change((next) => { next.q = filter.value; }, "words"),
});

function toggleLabels() {
  edges.forEach(showLabel);
  setAttributes(labels, { "aria-pressed": `${toggleClass(picture, "all")}` });
  arrangeLabels();
}
const labels = button("All labels", toggleLabels, { "aria-pressed": "false" });

const scope = button("", () => change((next) => {
  next.scope = next.scope ? "" : "all";
  next.box = null;
}));

/** Shows everything again; pins and the order of the table stay. */
const showAll = () => change((next) => {
  const { pins, sort, scope: whole } = next;
  Object.assign(next, initialState(), { pins, sort, scope: whole });
});

/** @param {...(Node | string)} children */
const group = (...children) => element("span", { class: "group" }, ...children);

const tools = byId("tools");
/** Shows the tools that do not fit beside the field on a narrow screen. */
const more = button("More", () => setAttributes(more, { "aria-expanded": `${toggleClass(tools, "open")}` }), {
  class: "more", "aria-expanded": "false",
});

export function startTools() {
  const search = searchField((node) => {
    choose(node.key);
    focusNode(node);
  }, { id: "search" });
  tools.append(
    label("Find ", search),
    group(
      button("+", () => zoom(0.8), { "aria-label": "Closer" }),
      button("−", () => zoom(1.25), { "aria-label": "Farther" }),
      button("Fit", fit),
    ),
    more,
    scope,
    labels,
    back,
    button("Show all", showAll),
    group("Save: ", button("PNG", savePng), button("SVG", saveSvg), button("CSV", saveCsv), button("Embed", embed)),
    element("small", {}, "Ctrl and wheel zoom"),
  );
  byId("table-tools").append(label("Filter ", filter));
  for (const id of ["tools", "table-tools"]) byId(id).hidden = false;
}

/** Shows the state in the tools. */
export function showTools() {
  if (filter.value !== state.q) filter.value = state.q;
  back.disabled = !depth;
  const more = allNodes().filter(({ isMore }) => isMore).length;
  scope.hidden = !more;
  scope.textContent = state.scope ? "Only actors and schemes" : `+ Topics, documents and others (${more})`;
}
