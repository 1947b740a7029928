// Stories: each step is a text and a state. A dispute makes one of its own: what each side says, one after the other.
const guide = el("section", { id: "guide", class: "notice", "aria-live": "polite", hidden: true });
let steps = [], at = -1;
function go(index) {
  at = index;
  const step = steps[at];
  guide.hidden = !step;
  if (!step) { guide.replaceChildren(); return; }
  guide.replaceChildren(el("p", {}, `${at + 1} of ${steps.length}: ${step.text}`), el("div", { class: "row" },
    button("Back", () => go(at - 1), { disabled: at === 0 }), button("Next", () => go(at + 1), { disabled: at === steps.length - 1 }), button("End", () => { go(-1); })));
  past.push(spell(state));
  state = typeof step.state === "string" ? parse(step.state) : Object.assign(fresh(), step.state);
  put(spell(state));
  show();
}
function start(some) { steps = some; go(0); guide.scrollIntoView({ block: "nearest" }); }
const edgeOf = (one) => [...edges.values()].find((edge) => edge.statements.includes(one));
function walk(dispute) {
  const told = (side) => (one) => {
    const edge = edgeOf(one);
    return { text: `${side}: ${one.speaker} ${one.stance}${one.said ? ` (${one.said})` : ""}: ${one.gist}`, state: { at: edge ? [edge.key] : [] } };
  };
  start([{ text: dispute.account, state: { at: [dispute.one, dispute.other].flat().map(edgeOf).filter(Boolean).map((edge) => edge.key).slice(0, 1) } }, ...dispute.one.map(told("One side")), ...dispute.other.map(told("Other side"))]);
}
byId("stage").before(guide);
const written = all("#story li a").map((link) => ({ text: link.textContent, state: link.getAttribute("href").slice(1) }));
if (written.length) {
  $("#story h2").after(el("p", {}, button("Start", () => start(written))));
  all("#story li a").forEach((link, i) => link.addEventListener("click", (event) => { event.preventDefault(); steps = written; go(i); }));
}
for (const dispute of disputes) dispute.item.append(button("Walk through", () => { walk(dispute); }));
