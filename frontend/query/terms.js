// Names: prefixes, what a person typed as a term, and how a term is shown.

/** Turns a CURIE of a known prefix into an IRI; anything else comes back as it is. */
export function expand(name, prefixes) {
  const [, prefix, local] = /^([^:]*):(.*)$/s.exec(name) ?? [];
  return prefix !== undefined && Object.hasOwn(prefixes, prefix) ? prefixes[prefix] + local : name;
}

/** Turns an IRI into a CURIE where a prefix fits, the longest first. */
export function shorten(iri, prefixes) {
  let best = "";
  for (const [prefix, space] of Object.entries(prefixes)) {
    if (iri.startsWith(space) && space.length > (prefixes[best]?.length ?? 0)) best = prefix;
  }
  return best ? `${best}:${iri.slice(prefixes[best].length)}` : iri;
}

const ESCAPES = { "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\" };

/** Spells text as a literal of N-Triples. */
export function literal(text, datatype = "") {
  const escaped = text.replace(
    /[\u0000-\u001f\u007f"\\]/g,
    (one) => ESCAPES[one] ?? `\\u${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
  return `"${escaped}"` + (datatype && `^^<${datatype}>`);
}

/**
 * Turns what a person typed into a term: an id, a CURIE, <an IRI>, "text", a day or a number.
 * @param {string} text What was typed.
 * @param {string} prefix The prefix of an id alone.
 * @param {Record<string, string>} prefixes
 */
export function term(text, prefix, prefixes) {
  if (text.startsWith('"')) return literal(text.slice(1).replace(/"$/, ""));
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return literal(text, `${prefixes.xsd}date`);
  if (/^-?\d+$/.test(text)) return literal(text, `${prefixes.xsd}integer`);
  const iri = text.startsWith("<") ? text.replace(/^[<>]+|[<>]+$/g, "") : expand(text.includes(":") ? text : `${prefix}:${text}`, prefixes);
  if (/[<>"{}|^`\\\u0000-\u0020]/.test(iri) || !iri.includes(":")) {
    throw new Error(`${JSON.stringify(text)} is not a name.\nType an id such as met, <an IRI>, "text", a day or a number.`);
  }
  return `<${iri}>`;
}

/** Puts those known prefixes that a query may use before it, on its first line. */
export function withPrefixes(text, prefixes) {
  const used = Object.entries(prefixes).filter(([name]) => text.includes(`${name}:`));
  return used.map(([name, space]) => `PREFIX ${name}: <${space}> `).join("") + text;
}

/** Gives back an ordinary web address, or nothing: as graphkit/model/text.py. */
export function webAddress(text = "") {
  const plain = /^https?:\/\/[^/?#@]+(?:[/?#]|$)/i.test(text) && !/[\s\p{C}\\"'<>`]/u.test(text);
  return plain && URL.canParse(text) ? text : "";
}

// As graphkit/web/pages/links.py.
const PAGE = /^(?:(?:id|source)\/[a-z0-9-]+|statement\/[a-z0-9-]+\/[A-Za-z0-9_-]+|(?:proposition|dispute)\/[0-9a-f]{32})$/;

/** Gives the address of the page of a thing of ours, or of anything else on the web, or nothing. */
export function address(iri, base) {
  if (!iri.startsWith(base)) return webAddress(iri);
  const path = iri.slice(base.length);
  return PAGE.test(path) ? `${path}.html` : "";
}
