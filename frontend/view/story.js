// Stories: each step is a text and a state. A dispute makes one of its own: what each side says, one after the other.
const guide = el("section", { id: "guide", class: "notice", "aria-live": "polite", hidden: true });
let steps = [], at = -1;
function go(index) {
  at = index;
  const step = steps[at];
  guide.hidden = !step;
  if (!step) { guide.replaceChildren(); return; }
  guide.replaceChildren(p(`${at + 1} of ${steps.length}: ${step.text}`), el("div", { class: "row" },
    button("Back", () => go(at - 1), { disabled: at === 0 }), button("Next", () => go(at + 1), { disabled: at === steps.length - 1 }), button("End", () => { go(-1); })));
  past.push(spell(state));
  restore(step.state);
}
function start(some) { steps = some; go(0); guide.scrollIntoView({ block: "nearest" }); }
const edgeOf = (one) => [...edges.values()].find((edge) => edge.statements.includes(one));
const placeOf = (edge) => (edge ? `at=${edge.key}` : "");
function walk(dispute) {
  const told = (side) => (one) => {
    return { text: `${side}: ${one.speaker} ${one.stance}${one.said ? ` (${one.said})` : ""}: ${one.gist}`, state: placeOf(edgeOf(one)) };
  };
  start([{ text: dispute.account, state: placeOf([...dispute.one, ...dispute.other].map(edgeOf).find(Boolean)) }, ...dispute.one.map(told("One side")), ...dispute.other.map(told("Other side"))]);
}
byId("stage").before(guide);
const written = all("#story li a").map((link) => ({ text: link.textContent, state: link.getAttribute("href").slice(1) }));
if (written.length) {
  $("#story h2").after(p(button("Start", () => start(written))));
  all("#story li a").forEach((link, i) => link.addEventListener("click", (event) => { event.preventDefault(); steps = written; go(i); }));
}
for (const dispute of disputes) dispute.item.append(button("Walk through", () => { walk(dispute); }));
