// What was returned, as files.

const FORMULA = /^[=+\-@\t\r]/;

/** Says in which forms an answer can be taken along. */
export function files(answer) {
  const forms = [
    { label: "CSV", suffix: "csv", media: "text/csv", write: () => separated(answer, ",") },
    { label: "TSV", suffix: "tsv", media: "text/tab-separated-values", write: () => separated(answer, "\t") },
    { label: "JSON", suffix: "json", media: "application/sparql-results+json", write: () => json(answer) },
  ];
  const triples = { label: "N-Triples", suffix: "nt", media: "application/n-triples", write: () => answer.source };
  return answer.source ? [triples, ...forms] : forms;
}

/** Spells an answer as lines; a text that a spreadsheet would take for a formula gets an apostrophe. */
function separated({ columns, rows }, mark) {
  const spell = (term) => {
    const text = term?.value ?? "";
    const isNumber = /#(integer|decimal|double)$/.test(term?.datatype ?? "");
    const safe = term?.type === "literal" && !isNumber && FORMULA.test(text) ? `'${text}` : text;
    if (mark === "\t") return safe.replace(/[\t\r\n]/g, " ");
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const lines = [columns.join(mark), ...rows.map((row) => columns.map((name) => spell(row[name])).join(mark))];
  return lines.join("\r\n") + "\r\n";
}

/** Spells an answer as SPARQL results JSON: each term as it came. */
function json({ kind, columns, rows }) {
  const found = kind === "truth" ? { head: {}, boolean: rows[0].answer.value === "yes" } : { head: { vars: columns }, results: { bindings: rows } };
  return JSON.stringify(found, null, 1);
}

/** Hands a text to the browser as a file. */
export function save(name, text, media) {
  const address = URL.createObjectURL(new Blob([text], { type: media }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
