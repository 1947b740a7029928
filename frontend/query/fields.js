// The parameters of a question, as fields that a person fills in.
import { element } from "./element.js";

/**
 * Makes the fields.
 * @param {HTMLElement} parent Where they go.
 * @param {{id: string, label: string}[]} entities What is offered while one types.
 * @param {() => void} run What Enter does.
 */
export function makeFields(parent, entities, run) {
  const labels = new Map(entities.map(({ id, label }) => [id, label]));
  const ids = new Map();
  // Of two with one name nobody but the person knows which.
  for (const { id, label } of entities) ids.set(label.toLowerCase(), ids.has(label.toLowerCase()) ? "" : id);
  document.getElementById("entities").append(...entities.map(({ id, label }) => element("option", { value: id }, label)));

  /** A person may type the name that they know. */
  const read = (input) => {
    const typed = input.value.trim();
    return labels.has(typed) ? typed : (ids.get(typed.toLowerCase()) || typed);
  };

  function field({ name, default: standard, description }, value) {
    const id = `parameter-${name}`;
    const usual = standard.endsWith(":") ? "" : standard.replace(/^id:/, "");
    const input = element("input", { id, name, value: value ?? usual, list: "entities", autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-what` });
    const called = element("output", { for: id });
    const name_ = () => (called.textContent = labels.get(read(input)) ?? (read(input) ? "" : "all"));
    input.addEventListener("input", name_);
    input.addEventListener("change", () => (input.value = read(input)));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      input.value = read(input);
      run();
    });
    name_();
    const what = element("small", { id: `${id}-what` }, description || "Leave it empty for all.");
    return element("div", {}, element("label", { for: id }, name), input, called, what);
  }

  return {
    /** Shows the fields of some parameters, with values where they are given. */
    show(declared, given) {
      parent.replaceChildren(...declared.map((one) => field(one, given[one.name])));
    },
    /** What is typed, by parameter. */
    get given() {
      return Object.fromEntries([...parent.querySelectorAll("input")].map((input) => [input.name, read(input)]));
    },
  };
}
