// The list of saved questions, with a search field.
import { byId, element } from "../shared/element.js";

/** @import { Question } from "./types" */

/**
 * Fills the list.
 * @param {Question[]} questions
 * @returns {(question: Question | undefined) => void} A function that marks the question that is open.
 */
export function makeQuestionList(questions) {
  const list = byId("list");
  const search = /** @type {HTMLInputElement} */ (byId("find"));
  const entries = questions.map((question) => {
    const { name, title, why } = question;
    const link = element("a", { href: `#question=${name}` }, title || name);
    return { question, link, item: element("li", {}, link), words: `${name} ${title} ${why}`.toLowerCase() };
  });
  const none = element("li", { class: "quiet", hidden: true }, "No question contains these words.");
  list.append(...entries.map(({ item }) => item), none);

  // Shows the questions that have each of the typed words.
  search.addEventListener("input", () => {
    const typed = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { item, words } of entries) item.hidden = !typed.every((word) => words.includes(word));
    none.hidden = entries.some(({ item }) => !item.hidden);
  });

  return (open) => {
    for (const { question, link, item } of entries) {
      if (question !== open) link.removeAttribute("aria-current");
      else {
        link.setAttribute("aria-current", "true");
        scrollTo(list, item);
      }
    }
  };
}

/**
 * Scrolls the list, and not the page, to one of its items.
 * @param {Element} list
 * @param {Element} item
 */
function scrollTo(list, item) {
  const box = list.getBoundingClientRect();
  const place = item.getBoundingClientRect();
  if (place.top < box.top || place.bottom > box.bottom) list.scrollTop += place.top - box.top;
}
