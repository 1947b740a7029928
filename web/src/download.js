// What was returned, as files.

const FORMULA = /^[=+\-@\t\r]/;

/** Spells an answer as CSV; a text that a spreadsheet would take for a formula gets an apostrophe. */
export function csv({ columns, rows }, mark = ",") {
  const spell = (term) => {
    const text = term?.value ?? "";
    const safe = term?.type === "literal" && !/#(integer|decimal|double)$/.test(term.datatype ?? "") && FORMULA.test(text) ? `'${text}` : text;
    return mark === "\t" ? safe.replace(/[\t\r\n]/g, " ") : /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [columns.join(mark), ...rows.map((row) => columns.map((name) => spell(row[name])).join(mark))].join("\r\n") + "\r\n";
}

/** Spells an answer as SPARQL results JSON. */
export function json({ columns, rows }) {
  return JSON.stringify({ head: { vars: columns }, results: { bindings: rows } }, null, 1);
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
