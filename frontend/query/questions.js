// The list of saved questions by topic, with a search field, and examples.
import { byId, element, subheading } from "../shared/element.js";

/** @import { Question } from "./types" */

const MOST_EXAMPLES = 5;

/**
 * Fills the list.
 * @param {Question[]} questions
 * @returns {(question: Question | undefined) => void} A function that marks the question that is open.
 */
export function makeQuestionList(questions) {
  const list = byId("list");
  const search = /** @type {HTMLInputElement} */ (byId("find"));
  const entries = questions.map((question) => {
    const { name, title, why, topic } = question;
    const link = linkTo(question);
    return { question, link, item: element("li", {}, link), words: `${name} ${title} ${why} ${topic}`.toLowerCase() };
  });
  const groups = topicsOf(questions).map((topic) => {
    const items = entries.filter(({ question }) => question.topic === topic).map(({ item }) => item);
    return { items, section: element("section", {}, subheading(topic), element("ul", {}, ...items)) };
  });
  const none = element("p", { class: "quiet", hidden: true }, "No question contains these words.");
  list.append(...groups.map(({ section }) => section), none);

  // Shows the questions that have each of the typed words.
  search.addEventListener("input", () => {
    const typed = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { item, words } of entries) item.hidden = !typed.every((word) => words.includes(word));
    for (const { items, section } of groups) section.hidden = items.every(({ hidden }) => hidden);
    none.hidden = groups.some(({ section }) => !section.hidden);
  });

  return (open) => {
    for (const { question, link, item } of entries) {
      if (question !== open) link.removeAttribute("aria-current");
      else {
        link.setAttribute("aria-current", "true");
        scrollTo(list, item, item.closest("section")?.firstElementChild);
      }
    }
  };
}

/**
 * Returns one question of each topic, with its topic.
 * @param {Question[]} questions
 */
export function makeExamples(questions) {
  const firsts = topicsOf(questions).map((topic) => questions.find((question) => question.topic === topic));
  const items = firsts.slice(0, MOST_EXAMPLES).flatMap((question) => (question
    ? element("li", {}, element("small", {}, question.topic), linkTo(question), element("p", {}, question.why))
    : []));
  return items.length ? [subheading("Examples"), element("ul", {}, ...items)] : [];
}

/** @param {Question[]} questions */
const topicsOf = (questions) => [...new Set(questions.map(({ topic }) => topic))];

/** @param {Question} question */
const linkTo = ({ name, title }) => element("a", { href: `#question=${name}` }, title || name);

/**
 * Scrolls the list, and not the page, to one of its items.
 * @param {Element} list
 * @param {Element} item
 * @param {Element | null} [heading] The heading of its topic, which stays at the top of the list.
 */
function scrollTo(list, item, heading) {
  const box = list.getBoundingClientRect();
  const place = item.getBoundingClientRect();
  if (place.top < box.top || place.bottom > box.bottom) {
    list.scrollTop += place.top - box.top - (heading?.clientHeight ?? 0);
  }
}
