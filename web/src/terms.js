// Names: prefixes, what a person typed as a term, and how a term is shown.

/** Turns a CURIE of a known prefix into an IRI; anything else comes back as it is. */
export function expand(name, prefixes) {
  const [, prefix, local] = /^([^:]*):(.*)$/s.exec(name) ?? [];
  return prefix !== undefined && prefix in prefixes ? prefixes[prefix] + local : name;
}

/** Turns an IRI into a CURIE where a prefix fits, the longest first. */
export function shorten(iri, prefixes) {
  let best = "";
  for (const [prefix, space] of Object.entries(prefixes)) {
    if (iri.startsWith(space) && space.length > (prefixes[best]?.length ?? 0)) best = prefix;
  }
  return best ? `${best}:${iri.slice(prefixes[best].length)}` : iri;
}

/** Spells text as a literal of N-Triples. */
export function literal(text, datatype = "") {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
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
  const iri = text.startsWith("<") ? text.replace(/^<|>$/g, "") : expand(text.includes(":") ? text : `${prefix}:${text}`, prefixes);
  if (/[<>"{}|^`\\\u0000-\u0020]/.test(iri) || !iri.includes(":")) {
    throw new Error(`${JSON.stringify(text)} is not a name. Type an id such as met, <an IRI>, "text", a day or a number.`);
  }
  return `<${iri}>`;
}

/** Puts those known prefixes that a query may use before it, on its first line. */
export function withPrefixes(text, prefixes) {
  const used = Object.entries(prefixes).filter(([name]) => text.includes(`${name}:`));
  return used.map(([name, space]) => `PREFIX ${name}: <${space}> `).join("") + text;
}

/** Gives the address of the page of a thing of ours, or of anything else on the web, or nothing. */
export function address(iri, base) {
  if (iri.startsWith(base)) {
    const path = iri.slice(base.length);
    return /^(id|source|statement|proposition|dispute)\/[\w./-]+$/.test(path) ? `${path}.html` : "";
  }
  return /^https?:\/\//.test(iri) ? iri : "";
}
