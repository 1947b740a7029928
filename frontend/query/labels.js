// The labels of the things in an answer.
import { expand } from "./terms.js";

// The server takes a query of 32 KB.
const [MOST, LONGEST] = [2_000, 24_000];

/**
 * Makes a function that finds the labels of an answer; what was found once is kept.
 * @param {{vocabulary: object[], entities: object[], prefixes: Record<string, string>}} known
 * @param {{ask: (asked: {text: string}) => Promise<import("./answers.js").Answer>}} engine
 */
export function makeNamer({ vocabulary, entities, prefixes }, engine) {
  const labels = new Map([
    ...vocabulary.map(({ name, label }) => [expand(name, prefixes), label]),
    ...entities.map(({ id, label }) => [prefixes.id + id, label]),
  ]);
  const asked = new Set(labels.keys());
  return async ({ rows }) => {
    const found = rows.flatMap((row) => Object.values(row)).filter(({ type, value }) => type === "uri" && !/[<>"{}|^`\\\s]/.test(value));
    const names = [...new Set(found.map(({ value }) => value))].filter((value) => !asked.has(value)).slice(0, MOST);
    for (const some of groups(names)) {
      const text = `SELECT ?name ?label { VALUES ?name { ${some.join(" ")} } ?name rdfs:label ?label }`;
      // The answer is there: without its labels it is still of use, and they are asked for again the next time.
      const answer = await engine.ask({ text }).catch(() => null);
      if (!answer) break;
      for (const { name, label } of answer.rows) labels.set(name.value, label.value);
      for (const one of some) asked.add(one.slice(1, -1));
    }
    return labels;
  };
}

function* groups(names) {
  let some = [];
  let length = 0;
  for (const name of names) {
    if (length + name.length > LONGEST) {
      yield some;
      [some, length] = [[], 0];
    }
    some.push(`<${name}>`);
    length += name.length + 3;
  }
  if (some.length) yield some;
}
