// Elements of a page. Text is only ever set as text, never as HTML.

/** @typedef {Record<string, string | number | boolean | ((event: any) => void)>} Attributes */

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @param {string} selector
 * @param {ParentNode} root
 * @returns {HTMLElement | null}
 */
export const select = (selector, root = document) => root.querySelector(selector);

/**
 * @param {string} selector
 * @param {ParentNode} root
 * @returns {HTMLElement[]}
 */
export const selectAll = (selector, root = document) => [...root.querySelectorAll(/** @type {"a"} */ (selector))];

/**
 * Sets attributes: a function becomes a listener, `true` an empty attribute, and `false` leaves the attribute out.
 * @param {Element} target
 * @param {Attributes} attributes
 */
export function setAttributes(target, attributes) {
  for (const name in attributes) {
    const value = attributes[name];
    if (typeof value === "function") target.addEventListener(name, value);
    else if (value !== false) target.setAttribute(name, /** @type {string} */ (value === true ? "" : value));
  }
}

/**
 * @template {Element} T
 * @param {T} made
 * @param {Attributes} attributes
 * @param {(Node | string)[]} children
 */
function filled(made, attributes, children) {
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/**
 * Makes an HTML element.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} attributes
 * @param {...(Node | string)} children
 */
export const element = (name, attributes = {}, ...children) =>
  filled(document.createElement(name), attributes, children);

/**
 * Makes an SVG element.
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} attributes
 * @param {...(Node | string)} children
 */
export const svgElement = (name, attributes = {}, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

/**
 * @param {string} text
 * @param {() => void} action
 * @param {Attributes} more
 */
export const button = (text, action, more = {}) => element("button", { type: "button", click: action, ...more }, text);

/**
 * Returns a number with a noun.
 * @param {number} number
 * @param {string} noun
 * @param {string} plural
 */
export const counted = (number, noun, plural = `${noun}s`) =>
  `${number.toLocaleString("en")} ${number === 1 ? noun : plural}`;

/** @param {...(Node | string)} children */
export const paragraph = (...children) => element("p", {}, ...children);

/** @param {...(Node | string)} children */
export const listItem = (...children) => element("li", {}, ...children);

/** @param {...(Node | string)} children */
export const label = (...children) => element("label", {}, ...children);

/** @param {...(Node | string)} children */
export const division = (...children) => element("div", {}, ...children);

/** @param {...(Node | string)} children */
export const heading = (...children) => element("h2", {}, ...children);

/** @param {...(Node | string)} children */
export const subheading = (...children) => element("h3", {}, ...children);

/** @param {...(Node | string)} children */
export const row = (...children) => element("div", { class: "row" }, ...children);

/**
 * Gives an element a class, or takes it away.
 * @param {Element} target
 * @param {string} name
 * @param {boolean} [on] Whether it gets the class; by default the class is switched.
 */
export const toggleClass = (target, name, on) => target.classList.toggle(name, on);
