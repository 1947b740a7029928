// The state of the view is what stands after the # of its address, so that a view can be cited; undo goes back to an older one.
const GROUPS = ["kind", "status", "polarity", "relation", "stance", "speaker", "source"];
const each = (Collection) => Object.fromEntries(GROUPS.map((group) => [group, new Collection()]));
const groups = each(Map);
const count = (group, value) => groups[group].set(value, (groups[group].get(value) || 0) + 1);
for (const node of nodes.values()) count("kind", node.kind);
for (const edge of edges.values()) for (const group of ["status", "polarity", "relation"]) count(group, edge[group]);
const drawn = new Set([...edges.values()].flatMap((edge) => edge.statements));
for (const statement of drawn) for (const group of ["stance", "speaker", "source"]) count(group, statement[group]);

const fresh = () => ({
  at: [], hops: 0, to: "", off: each(Set), since: "", until: "", undated: true,
  q: "", policy: "", hidden: new Set(), pins: new Map(), box: null, sort: "",
});
let state = fresh();
const past = [];

/** Spells a state; of a group it names what is hidden or what is shown, whichever is less. */
function spell(one) {
  const out = new URLSearchParams();
  if (one.at.length) out.set("at", one.at.join(" "));
  for (const name of ["hops", "to", "since", "until", "q", "policy", "sort"]) if (one[name]) out.set(name, one[name]);
  if (!one.undated) out.set("undated", "no");
  for (const group of GROUPS) {
    const off = one.off[group], values = [...groups[group].keys()];
    if (off.size * 2 <= values.length) for (const value of off) out.append(`off-${group}`, value);
    else if (off.size === values.length) out.append(`only-${group}`, "");
    else for (const value of values) if (!off.has(value)) out.append(`only-${group}`, value);
  }
  for (const key of one.hidden) out.append("hide", key);
  for (const [key, [x, y]] of one.pins) out.append("pin", `${key} ${x} ${y}`);
  if (one.box) out.set("box", one.box.map(round).join(" "));
  return out.toString();
}

function parse(text) {
  const given = new URLSearchParams(text), one = fresh(), month = (value) => (/^\d{4}(-\d\d)?$/.test(value || "") ? value : "");
  one.at = (given.get("at") || "").split(" ").filter((key) => nodes.has(key) || edges.has(key));
  one.hops = max(0, min(9, trunc(Number(given.get("hops")) || 0)));
  for (const name of ["q", "policy", "sort"]) one[name] = given.get(name) || "";
  one.to = nodes.has(given.get("to")) ? given.get("to") : "";
  [one.since, one.until] = [month(given.get("since")), month(given.get("until"))];
  one.undated = given.get("undated") !== "no";
  for (const group of GROUPS) {
    const values = [...groups[group].keys()], only = given.getAll(`only-${group}`), off = given.getAll(`off-${group}`);
    one.off[group] = new Set(values.filter((value) => off.includes(value) || (only.length && !only.includes(value))));
  }
  one.hidden = new Set(given.getAll("hide").filter((key) => nodes.has(key)));
  for (const pin of given.getAll("pin")) {
    const [key, x, y] = pin.split(" ");
    if (nodes.has(key) && Number.isFinite(+x) && Number.isFinite(+y)) one.pins.set(key, [+x, +y]);
  }
  const box = (given.get("box") || "").split(" ").map(Number);
  one.box = box.length === 4 && box.every(Number.isFinite) && box[2] > 0 && box[3] > 0 ? box : null;
  return one;
}

function put(text) {
  try { history.replaceState(null, "", text ? `#${text}` : location.href.split("#")[0]); } catch { /* a sandboxed frame may not */ }
}

/** Changes the state, remembers the old one for undo, and shows the new one. */
function change(edit) {
  const before = spell(state);
  edit(state);
  const after = spell(state);
  if (after !== before) { past.push(before); put(after); }
  show();
}
/** Shows the state that a text spells. */
function restore(text) {
  state = parse(text);
  put(spell(state));
  show();
}
function undo() { if (past.length) restore(past.pop()); }
