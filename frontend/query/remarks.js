// What a reader should know of an answer: names that the graph does not contain, and why nothing is found. A server
// says the same: this page says it in the words of graphkit/query/remarks.py, mistakes.py and absences.py.
import { counted } from "../shared/element.js";
import { cut, namedWord, withNear } from "./facts.js";
import { nearest } from "./near.js";
import { LITERALS, asText, readParts, shortWord } from "./patterns.js";
import { literal, shorten } from "./terms.js";

/** @import { Facts } from "./facts.js" */
/** @import { Parts, Pattern, Word } from "./patterns.js" */
/** @import { Answer, Term } from "./types" */

const [MOST, MOST_PAIRS, MOST_PATTERNS, SAMPLES] = [4, 4, 200, 20];
/** A build has these graphs only if they are not empty. */
const GRAPHS = /^(?:flat:.*|graph:(?:ontology|entities|codebook|coding|derived))$/;
const NAMING = ["foaf:name", "schema:name", "dcterms:title", "skos:prefLabel"];
const VOCABULARIES = ["dcterms", "foaf", "org", "owl", "prov", "rdfs", "schema", "skos", "sp"];
const NUMBERS = ["integer", "decimal", "double", "float"];
/** The server looks at more parts of a query. */
const SILENT = "Without a server, this page finds no reason; graphkit query looks for others.";
const CHANGING = /^(?:now|rand|uuid|struuid|bnode)$/i;

/**
 * Returns remarks on the answer to a query.
 * @param {Facts} facts
 * @param {{text: string, name: string, terms: Record<string, string>}} asked Terms: the values of parameters.
 * @param {Answer} answer
 * @param {string} base
 */
export async function findRemarks(facts, { text, name, terms }, answer, base) {
  const parts = readParts(text, facts.prefixes);
  const ours = [...new Set(parts.words.map((word) => word.name))].filter((iri) =>
    iri.startsWith(base) && !GRAPHS.test(shorten(iri, facts.prefixes)));
  const missing = (await facts.missing(ours)).slice(0, MOST);
  const unknown = await Promise.all(missing.map((iri) => ofUnknown(facts, iri, isClassIn(parts, iri))));
  const isFalse = answer.kind === "truth" && answer.rows[0]?.[answer.columns[0]]?.value === "no";
  const isEmpty = !answer.rows.length || isFalse;
  const wrong = [];
  if (!name) wrong.push(...await ofOwn(facts, parts, answer, Object.keys(terms), isEmpty, unknown.length > 0));
  else if (isEmpty && !unknown.length) wrong.push(...await ofSaved(facts, parts, name, terms));
  if (isEmpty && !unknown.length && !wrong.length) return [SILENT];
  return [...new Set([...unknown, ...wrong])].slice(0, MOST);
}

/**
 * Returns whether a name is a class in a query: by its place, or else as it begins with a capital.
 * @param {Parts} parts
 * @param {string} iri
 */
function isClassIn({ patterns }, iri) {
  if (patterns.some(({ predicate, object }) => predicate.text === "a" && object.name === iri)) return true;
  const isProperty = patterns.some(({ predicate }) => predicate.name === iri);
  return !isProperty && /[/#]\p{Lu}[^/#]*$/u.test(iri);
}

/**
 * @param {Facts} facts
 * @param {string} iri
 * @param {boolean} isClass
 */
async function ofUnknown(facts, iri, isClass) {
  const { prefixes } = facts;
  const short = shorten(iri, prefixes);
  const [space] = short.split(":");
  const local = Object.hasOwn(prefixes, space) ? iri.slice(prefixes[space].length) : (iri.split("/").at(-1) ?? "");
  /** @type {Record<string, string>} */
  const kinds = { id: "entity", sp: isClass ? "class" : "property", graph: "named graph", flat: "named graph" };
  const kind = kinds[space] ?? (Object.hasOwn(prefixes, space) ? space : "IRI");
  const { indexes } = await facts.names();
  const near = (kind === "IRI" ? indexes.id : indexes[space])?.near(local) ?? [];
  const alike = near.map((other) => shorten(other, prefixes))
    .filter((other) => space !== "sp" || /^\p{Lu}/u.test(other[3]) === isClass);
  return withNear(`The graph has no ${kind} ${cut(short)}.`, alike.slice(0, 3).map((other) => cut(other)));
}

/**
 * @param {Facts} facts
 * @param {Parts} parts
 * @param {Answer} answer
 * @param {string[]} given
 * @param {boolean} isEmpty
 * @param {boolean} isKnown Whether the reason why nothing is found is known.
 */
async function ofOwn(facts, parts, answer, given, isEmpty, isKnown) {
  const found = [];
  for (const pattern of parts.patterns) found.push(...await ofPattern(facts, pattern));
  found.push(...await ofComparisons(facts, parts));
  const variables = parts.words.filter(({ kind }) => kind === "variable").map(({ text }) => text.slice(1));
  const bound = [...new Set(variables)].filter((name) => !parts.unbound.includes(name)).sort();
  for (const name of parts.unbound.filter((one) => !given.includes(one))) {
    const message = `?${cut(name)} has no value: no pattern of the query contains it.`;
    found.push(withNear(message, nearest(name, bound).slice(0, 1).map((near) => `?${near}`)));
  }
  if (found.length || isKnown) return found;
  const keywords = parts.words.filter(({ kind }) => kind === "keyword").map(({ text }) => text.toLowerCase());
  const isCount = keywords.includes("count") && !keywords.includes("group");
  if (isEmpty || isCount) return ofAbsences(facts, parts, isEmpty);
  const bare = answer.columns.filter((column) => answer.rows.every((row) => !row[column]));
  return bare.map((column) => `?${cut(column)} has no value in any row.`);
}

/**
 * @param {Facts} facts
 * @param {Pattern} pattern
 */
async function ofPattern(facts, pattern) {
  const { predicate: { name, text }, object, required } = pattern;
  if (!name || text === "a") return [];
  const isValue = ["string", "number"].includes(object.kind);
  if (await facts.isUsed(name)) return isValue ? ofValue(facts, name, object, { variable: "", sign: "=" }) : [];
  const short = facts.short(name);
  const isOf = async (/** @type {string} */ prefix, /** @type {string} */ kind) => facts.isA(name, prefix, kind);
  if (await isOf("sp", "Stance")) return [`${short} is a stance, not a property: write ?statement sp:stance ${short}.`];
  if (await isOf("owl", "Class")) return [`${short} is a class, not a property: write ?thing a ${short}.`];
  const ofIt = required && await ofRelation(facts, pattern);
  if (ofIt) return [ofIt];
  const isOurs = name.startsWith(facts.prefixes.sp);
  const isKnown = VOCABULARIES.some((prefix) => name.startsWith(facts.prefixes[prefix]))
    && (!isOurs || await facts.holds({ subject: namedWord(name) }));
  const hint = NAMING.includes(short) ? " Names of things are in rdfs:label." : "";
  return required && isKnown ? [`No triple of the graph has the property ${short}.${hint}`] : [];
}

/**
 * Says why a property cannot have a value without a language and a datatype.
 * @param {Facts} facts
 * @param {string} name
 * @param {Word} value
 * @param {{variable: string, sign: string}} compared
 */
async function ofValue(facts, name, value, compared) {
  const [short, shown] = [facts.short(name), cut(value.text)];
  const isLabel = name === `${facts.prefixes.rdfs}label`;
  if (isLabel && !await facts.holds({ predicate: namedWord(name), object: value })) {
    return [`No label is ${shown} without a language; labels are written as ${shown}@en.`];
  }
  if (await facts.leadsToThings(name)) {
    const instead = "give the id of a thing (id:…), or compare its rdfs:label";
    return [`${short} never leads to a text such as ${shown}: ${instead}.`];
  }
  const text = value.text.replace(/^["'](.*)["']$/s, "$1");
  if (await facts.leadsTo(name, ["date"])) {
    return [`${short} leads to days, and ${shown} is none: write ${asDays(compared, text)}.`];
  }
  if (value.kind === "string" && await facts.leadsTo(name, NUMBERS)) {
    const number = text.replace(/[£$€,_\s]/g, "");
    const written = /^-?\d+(?:\.\d+)?$/.test(number)
      ? `${comparison(compared, number)} without quotation marks`
      : "a number without quotation marks, such as 30";
    return [`${short} leads to numbers, and ${shown} is a text: write ${written}.`];
  }
  return [];
}

/**
 * @param {{variable: string, sign: string}} compared
 * @param {string} written
 */
const comparison = ({ variable, sign }, written) => (variable ? `${variable} ${sign} ${written}` : written);

/**
 * Returns a comparison with a year, a month or a day, so that after it is after its last day, or else an example.
 * @param {{variable: string, sign: string}} compared
 * @param {string} text
 */
function asDays(compared, text) {
  const { variable, sign } = compared;
  const [, year, month, day] = /^(\d{4})(?:-(0[1-9]|1[0-2]))?(?:-(\d\d))?$/.exec(text) ?? [];
  /** @param {string} written */
  const typed = (written) => `"${written}"^^xsd:date`;
  if (!year) return `a day, for example ${comparison(compared, typed("2021-03-01"))}`;
  const end = new Date(Date.UTC(Number(year), Number(month ?? 12), 0)).getUTCDate();
  const [first, last] = [[month ?? "01", day ?? "01"], [month ?? "12", day ?? String(end)]]
    .map((rest) => typed([year, ...rest].join("-")));
  if (day || !/^!?=$/.test(sign)) return comparison(compared, />$|^<=$/.test(sign) ? last : first);
  const name = variable || "?day";
  const inside = `${name} >= ${first} && ${name} <= ${last}`;
  if (!variable) return `?day in its place, with FILTER(${inside})`;
  return sign === "=" ? inside : `(${name} < ${first} || ${name} > ${last})`;
}

/**
 * Says which variables are compared with a text or number that their property never has.
 * @param {Facts} facts
 * @param {Parts} parts
 */
async function ofComparisons(facts, { words, patterns }) {
  const leading = new Map(patterns.filter(({ object, predicate }) => object.kind === "variable" && predicate.name)
    .map(({ object, predicate }) => [object.text.slice(1), predicate.name]));
  const found = [];
  for (const [at, word] of words.entries()) {
    let next = at + 1;
    while (/^[=<>!]$/.test(words[next]?.text ?? "")) next += 1;
    const pair = [word, words[next]];
    const value = pair.find((one) => one?.kind === "string" || one?.kind === "number");
    const variable = pair.find((one) => one?.kind === "variable");
    const name = leading.get(variable?.text.slice(1) ?? "");
    if (next === at + 1 || !variable || !value || !name) continue;
    const sign = words.slice(at + 1, next).map(({ text }) => text).join("");
    const turned = variable === word ? sign : sign.replace(/[<>]/, (one) => (one === "<" ? ">" : "<"));
    found.push(...await ofValue(facts, name, value, { variable: variable.text, sign: turned }));
  }
  return found;
}

/**
 * Says why a saved question has no rows: a part of it that nothing fits, or the values of its parameters.
 * @param {Facts} facts
 * @param {Parts} parts
 * @param {string} name
 * @param {Record<string, string>} terms
 */
async function ofSaved(facts, parts, name, terms) {
  const isOpen = !Object.keys(terms).length;
  const found = await ofAbsences(facts, parts, isOpen);
  if (found.length || isOpen) return found.length ? found : [`Nothing in the graph answers ${name}.`];
  const { labels } = await facts.names();
  /** @param {string} term */
  const labelOf = (term) => {
    const iri = term.slice(1, -1);
    return cut(labels.get(iri) ?? shorten(iri, facts.prefixes).replace(/^id:/, ""), 60);
  };
  const things = [...new Set(Object.values(terms).filter((term) => term.startsWith("<")).map(labelOf))];
  const values = Object.entries(terms).map(([key, term]) =>
    `${term.startsWith("<") ? labelOf(term) : typedText(facts, term)} as ${key}`).join(" and ");
  const isIn = `${things.join(" and ")} ${things.length === 1 ? "is" : "are"} in the graph, but no`;
  const open = Object.keys(terms).map((key) => `${key}=`).join(" ");
  return [`${things.length ? isIn : "No"} row of ${name} has ${values}. `
    + `Without a value, the question is about all: ${open}`];
}

/**
 * Says why a query could find nothing: the reasons of the first kind that there is.
 * @param {Facts} facts
 * @param {Parts} parts
 * @param {boolean} isEmpty Whether the answer has no rows: a count has one.
 */
async function ofAbsences(facts, { words, patterns, conditions }, isEmpty) {
  const needed = patterns.filter(({ required }) => required).slice(0, MOST_PATTERNS);
  const missing = [];
  for (const pattern of needed) if (!await facts.holds(pattern)) missing.push(pattern);
  const found = [];
  for (const pattern of missing.slice(0, MOST_PAIRS)) found.push(...await ofAbsent(facts, pattern));
  if (found.length || !isEmpty || missing.length) return found;
  for (const condition of conditions.slice(0, MOST_PAIRS)) found.push(...await ofCondition(facts, needed, condition));
  return found.length ? found : [...await ofPairs(facts, needed), ...ofSlice(words)].slice(0, 1);
}

/**
 * Says why no triple fits a pattern.
 * @param {Facts} facts
 * @param {Pattern} pattern
 * @returns {Promise<string[]>}
 */
async function ofAbsent(facts, pattern) {
  const { subject, predicate, object, graph } = pattern;
  const triple = tripleText(facts, pattern);
  if (graph && await facts.holds({ ...pattern, graph: "" })) {
    return [`The graph ${facts.short(graph)} has no triple ${triple}; another graph has one.`];
  }
  if (predicate.text === "a" && object.name) return [await ofClass(facts, object.name)];
  const ofIt = await ofRelation(facts, pattern);
  if (ofIt) return [ofIt];
  if (predicate.name && !await facts.isUsed(predicate.name)) {
    const ours = facts.prefixes.sp + (predicate.name.replace("#", "/").split("/").at(-1) ?? "");
    const near = await facts.isUsed(ours) ? [facts.short(ours)] : [];
    return [withNear(`No triple of the graph has the property ${wordText(facts, predicate)}.`, near)];
  }
  if (LITERALS.includes(object.kind)) return [await ofLiteral(facts, predicate, object)];
  if (await facts.holds({ subject: object, predicate, object: subject })) {
    const other = tripleText(facts, { ...pattern, subject: object, object: subject });
    return [`The graph has no triple ${triple}; it has ${other}: change the direction.`];
  }
  const [gone] = await facts.missing([subject.name, object.name].filter(Boolean));
  if (!gone) return [`The graph has no triple ${triple}.`];
  const isShort = [subject, object].some(({ kind, name }) => name === gone && kind === "iri")
    && Object.hasOwn(facts.prefixes, gone.split(":")[0]);
  return [`The graph does not contain ${facts.short(gone)}.${isShort ? ` Write ${cut(gone)} without < and >.` : ""}`];
}

const WHY = "A plain triple needs a source that is no party and is certain, and no denial.";

/**
 * Says that no plain triple has a relation, how many propositions have it, and how to ask for them; "" if none has.
 * @param {Facts} facts
 * @param {Pattern} pattern
 */
async function ofRelation(facts, pattern) {
  const { predicate: { name } } = pattern;
  if (!name || !await facts.isA(name, "sp", "Relation")) return "";
  /** @param {Pattern} one */
  const countOf = async ({ subject, object }) => {
    /** @param {Word} word */
    const isGiven = ({ kind }) => !["", "variable", "blank"].includes(kind);
    const ends = (isGiven(subject) ? `; sp:subject ${asText([subject])}` : "")
      + (isGiven(object) ? `; sp:object|sp:value|sp:amount ${asText([object])}` : "");
    const [row] = await facts.rows(`SELECT (COUNT(DISTINCT ?p) AS ?n) { ?p sp:relation <${name}> ${ends} }`);
    return Number(row?.n?.value);
  };
  const [short, triple] = [facts.short(name), tripleText(facts, pattern)];
  let [asked, number] = [pattern, await countOf(pattern)];
  let found = `No plain triple fits ${triple}, but ${number.toLocaleString("en")} `
    + `${number === 1 ? "proposition does" : "propositions do"}.`;
  if (!number) {
    if (await facts.isUsed(name)) return "";
    /** @param {string} text */
    const variable = (text) => ({ kind: "variable", text, name: "" });
    asked = { ...pattern, subject: variable("?a"), object: variable("?b") };
    number = await countOf(asked);
    found = `No plain triple or proposition fits ${triple}; the graph has ${counted(number, "other proposition")} `
      + `with ${short}.`;
  }
  return number ? `${found} ${WHY} Write ${(await waysToAsk(facts, asked)).join(" or ")}.` : "";
}

/**
 * Returns a pattern with the relation for claims, if it finds something, and one for propositions.
 * @param {Facts} facts
 * @param {Pattern} pattern
 */
async function waysToAsk(facts, pattern) {
  const { predicate: { name } } = pattern;
  const claimedAs = namedWord(`${facts.prefixes.sp}claimedAs`);
  const claims = await facts.objects({ subject: namedWord(name), predicate: claimedAs }, 1);
  const found = [];
  for (const { value } of claims) {
    const claimed = { ...pattern, predicate: namedWord(value) };
    if (await facts.holds(claimed)) found.push(tripleText(facts, claimed));
  }
  const isNumber = await facts.leadsTo(name, ["decimal", "integer"]);
  const end = await facts.leadsToThings(name) ? "sp:object" : isNumber ? "sp:amount" : "sp:value";
  const [subject, object] = [pattern.subject, pattern.object].map((word) => wordText(facts, word));
  return [...found, `?p sp:relation ${facts.short(name)} ; sp:subject ${subject} ; ${end} ${object}`];
}

/**
 * @param {Facts} facts
 * @param {string} name
 */
async function ofClass(facts, name) {
  const short = facts.short(name);
  if (await facts.isA(name, "sp", "Stance")) {
    return `${short} is a stance, not a class: write ?statement sp:stance ${short}.`;
  }
  if (await facts.isUsed(name)) return `${short} is a property, not a class: write ?a ${short} ?b.`;
  return `Nothing in the graph has the class ${short}.`;
}

/**
 * Says what a property leads to in place of a literal that it never has.
 * @param {Facts} facts
 * @param {Word} predicate
 * @param {Word} value
 */
async function ofLiteral(facts, predicate, value) {
  const shown = wordText(facts, value);
  if (!predicate.name) return `No value in the graph is ${shown}.`;
  const samples = await facts.objects({ predicate }, SAMPLES);
  const content = /^(["'])(.*)\1/s.exec(value.text)?.[2] ?? value.text;
  const near = [];
  for (const written of new Set(samples.filter(({ type }) => type === "literal")
    .map((sample) => spelled({ ...sample, value: content })))) {
    if (await facts.holds({ predicate, object: { kind: "typed", text: written, name: "" } })) near.push(written);
  }
  const typed = near.map((written) => typedText(facts, written));
  if (predicate.name === `${facts.prefixes.rdfs}label`) {
    const { indexes } = await facts.names();
    typed.push(...[...indexes.id.near(content), ...indexes.source.near(content)].map((iri) => facts.short(iri)));
  }
  const message = withNear(`${facts.short(predicate.name)} never has the value ${shown}.`, typed.slice(0, 2));
  return typed.length ? message : `${message} One of its values is ${termText(facts, samples[0])}.`;
}

/**
 * Names a condition of one variable that none of the values of its property fits.
 * @param {Facts} facts
 * @param {Pattern[]} patterns
 * @param {Word[]} condition
 */
async function ofCondition(facts, patterns, condition) {
  const names = new Set(condition.filter(({ kind }) => kind === "variable").map(({ text }) => text));
  const [variable] = names;
  const leading = patterns.find(({ object, graph }) => object.text === variable && !graph)
    ?? patterns.find(({ subject, graph }) => subject.text === variable && !graph);
  if (names.size !== 1 || !leading?.predicate.name || condition.some(({ text }) => CHANGING.test(text))) return [];
  const triple = [leading.subject, leading.predicate, leading.object];
  const body = `SELECT ${variable} { ${asText(triple).replaceAll("[]", "?_other")} }`;
  if (!await facts.fitsNone(body, asText(condition))) return [];
  const isValue = leading.object.text === variable;
  const [sample] = isValue ? await facts.objects({ ...leading, object: undefined }, 1) : [];
  const one = sample ? `; one of them is ${termText(facts, sample)}` : "";
  const shown = cut(asText(condition, facts.prefixes));
  return [`No ${isValue ? "value" : "subject"} of ${facts.short(leading.predicate.name)} fits FILTER ${shown}${one}.`];
}

/**
 * Names two patterns that each match, and never together.
 * @param {Facts} facts
 * @param {Pattern[]} patterns
 */
async function ofPairs(facts, patterns) {
  const plain = patterns.filter(({ predicate, graph }) => predicate.name && !graph);
  const pairs = plain.flatMap((one) => plain.filter((two) => two !== one && two.subject.kind === "variable"
    && [one.subject.text, one.object.text].includes(two.subject.text)).map((two) => [one, two]));
  for (const [one, two] of pairs.slice(0, MOST_PAIRS)) {
    const [first, second] = [one, two].map(({ subject, predicate, object }) => asText([subject, predicate, object]));
    if (await facts.fitsNone(first, `EXISTS { ${second} }`)) {
      const both = `${tripleText(facts, one)} and ${tripleText(facts, two)}`;
      return [`The graph has ${both}, but never with the same ${two.subject.text}.`];
    }
  }
  return [];
}

/**
 * @param {Word[]} words
 * @returns {string[]}
 */
function ofSlice(words) {
  return words.flatMap(({ text }, at) => {
    const number = words[at + 1]?.text ?? "";
    if (/^limit$/i.test(text) && /^0+$/.test(number)) return "LIMIT 0 asks for no rows.";
    return /^offset$/i.test(text) && /[1-9]/.test(number) ? `OFFSET leaves out this number of rows: ${number}.` : [];
  });
}

/**
 * @param {Facts} facts
 * @param {Word} word
 */
const wordText = (facts, word) =>
  (word.name && word.text !== "a" ? facts.short(word.name) : cut(shortWord(word, facts.prefixes)));

/**
 * @param {Facts} facts
 * @param {Pattern} pattern
 */
const tripleText = (facts, { subject, predicate, object }) =>
  [subject, predicate, object].map((word) => wordText(facts, word)).join(" ");

/** @param {Term} term */
function spelled({ value, datatype, "xml:lang": language }) {
  return language ? `${literal(value)}@${language}` : literal(value, datatype?.replace(/.*#string$/, ""));
}

/**
 * Returns a term as one types it.
 * @param {Facts} facts
 * @param {Term} term
 */
const termText = (facts, term) =>
  (term.type === "uri" ? facts.short(term.value) : typedText(facts, spelled(term)));

/**
 * @param {Facts} facts
 * @param {string} written
 */
const typedText = (facts, written) => cut(shortWord({ kind: "typed", text: written, name: "" }, facts.prefixes));
