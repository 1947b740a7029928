// Links, and pictures with captions.
import { element } from "../shared/element.js";

/**
 * Makes a link, or only the text where there is no address.
 * @param {string} address
 * @param {...(Node | string)} text
 */
export function link(address, ...text) {
  if (!address) return element("span", {}, ...text);
  const rel = /^https?:/.test(address) && "noreferrer noopener";
  return element("a", { href: address, rel }, ...text);
}

/**
 * Makes a box for a picture or table, which scrolls where it is wider than the page.
 * @param {string} label
 * @param {Element} content
 */
export const scrollBox = (label, content) =>
  element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, content);

/**
 * @param {Element} picture
 * @param {string} caption
 */
export const figure = (picture, caption) =>
  element("figure", {}, scrollBox("Answer as a picture", picture), element("figcaption", {}, caption));
