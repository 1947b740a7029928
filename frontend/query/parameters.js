// The parameters of a question, as fields of a form.
import { byId, element, selectAll } from "../shared/element.js";

/** @import { Known, Parameter } from "./types" */

/** The entities to choose from: their labels by id, and their ids by name in lower case. */
class Entities {
  /** @param {Known["entities"]} entities */
  constructor(entities) {
    this.labels = new Map(entities.map(({ id, label }) => [id, label]));
    /** @type {Map<string, string>} */
    this.ids = new Map();
    for (const { id, label } of entities) this.add(label, id);
    const labels = new Set(this.ids.keys());
    for (const { id, also = [] } of entities) {
      for (const name of also) if (!labels.has(name.toLowerCase())) this.add(name, id);
    }
  }

  /**
   * Adds a name. One that two entities share stands for neither: the reader types the id.
   * @param {string} name
   * @param {string} id
   */
  add(name, id) {
    const known = this.ids.get(name.toLowerCase());
    this.ids.set(name.toLowerCase(), known === undefined || known === id ? id : "");
  }

  /**
   * Returns the value of a field, with the id in place of the name of an entity.
   * @param {HTMLInputElement} input
   */
  read(input) {
    const typed = input.value.trim();
    return this.labels.has(typed) ? typed : (this.ids.get(typed.toLowerCase()) || typed);
  }

  /**
   * Returns the label of the entity in a field.
   * @param {HTMLInputElement} input
   */
  labelOf(input) {
    const typed = this.read(input);
    return this.labels.get(typed) ?? (typed ? "" : "all");
  }
}

/**
 * @param {Parameter} parameter
 * @param {string | undefined} value
 * @param {Entities} entities
 * @param {() => void} run
 */
function field({ name, default: standard, description }, value, entities, run) {
  const id = `parameter-${name}`;
  const label = element("output", { for: id });
  const showLabel = () => { label.textContent = entities.labelOf(input); };
  const replaceName = () => { input.value = entities.read(input); };
  const usual = standard.endsWith(":") ? "" : standard.replace(/^id:/, "");
  const input = element("input", {
    id, name, value: value ?? usual, list: "entities", autocomplete: "off", spellcheck: "false",
    "aria-describedby": `${id}-help`,
    input: showLabel,
    change: replaceName,
    keydown(event) {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      replaceName();
      run();
    },
  });
  showLabel();
  const help = element("small", { id: `${id}-help` }, description || "Leave it empty for all.");
  return element("div", {}, element("label", { for: id }, name), input, label, help);
}

/**
 * Makes the fields.
 * @param {HTMLElement} parent
 * @param {Known["entities"]} offered The entities to choose from.
 * @param {() => void} run Called when Enter is pressed.
 */
export function makeParameters(parent, offered, run) {
  const entities = new Entities(offered);
  byId("entities").append(...offered.map(({ id, label, also = [] }) =>
    element("option", { value: id }, [label, ...also].join(", "))));
  return {
    /**
     * Shows fields for parameters.
     * @param {Parameter[]} declared
     * @param {Record<string, string>} given The values of some of them.
     */
    show(declared, given) {
      parent.replaceChildren(...declared.map((parameter) => field(parameter, given[parameter.name], entities, run)));
    },
    /** The values by parameter. */
    get given() {
      const inputs = /** @type {HTMLInputElement[]} */ (selectAll("input", parent));
      return Object.fromEntries(inputs.map((input) => [input.name, entities.read(input)]));
    },
  };
}
