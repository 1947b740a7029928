// Elements: text only ever as text, links only where they may lead.

/**
 * Makes an element.
 * @param {string} name
 * @param {Record<string, string | boolean>} attributes
 * @param {...(Node | string)} children
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value !== "") made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** Makes an element of a drawing. */
export function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Makes a link, or only the text where there is no address. */
export function link(text, address) {
  if (!address) return document.createTextNode(text);
  const outside = /^https?:/.test(address);
  return element("a", { href: address, rel: outside ? "noreferrer noopener" : "" }, text);
}

/** Puts a picture over its caption; a wide one scrolls rather than shrinks, so that its words can be read. */
export function figure(picture, caption) {
  const box = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Answer as a picture" }, picture);
  return element("figure", {}, box, element("figcaption", {}, caption));
}
