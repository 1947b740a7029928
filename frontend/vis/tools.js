// The tools above the picture: a list of names, zoom, labels, and the filter of pyvis.
import { button, byId, element, label, setAttributes } from "../shared/element.js";
import { entities } from "./graph.js";
import { choose } from "./panel.js";
import { centre, filter, fit, toggleLabels, zoom } from "./picture.js";

/** A list of all names, which chooses and centres a node. */
function nameList() {
  const { compare } = new Intl.Collator("en");
  const sorted = [...entities].sort((a, b) => compare(a[1].name, b[1].name));
  return element(
    "select",
    {
      change({ target: { value } }) {
        if (!value) return;
        centre(value);
        choose(entities.get(value)?.key ?? "");
      },
    },
    element("option", { value: "" }, "choose a name"),
    ...sorted.map(([value, { name }]) => element("option", { value }, name)),
  );
}

/**
 * Adds the tools.
 * @param {boolean} withFilter Whether the filter is among them.
 */
export function startTools(withFilter) {
  const labels = button("All edge labels", () => {
    setAttributes(labels, { "aria-pressed": String(toggleLabels()) });
  }, { "aria-pressed": "false" });
  const field = element("input", {
    type: "search", placeholder: "part of a name or label", input: ({ target }) => filter(target.value),
  });
  byId("tools").append(
    label("Go to ", nameList()),
    withFilter ? label("Show only ", field) : "",
    element(
      "span",
      { class: "group" },
      button("Closer", () => zoom(1.4)),
      button("Farther", () => zoom(1 / 1.4)),
      button("Whole picture", fit),
    ),
    labels,
    element("small", {}, "Drag to move. Ctrl and wheel, or two fingers, to zoom. Click a line to see who says so."),
  );
  byId("tools").hidden = false;
  // The wheel scrolls the page; vis-network zooms only with Ctrl, or with two fingers on a touchpad.
  byId("picture").addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  }, { capture: true, passive: true });
}
