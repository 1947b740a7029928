// Data that a page carries compressed.

/** @param {string} text Base64 of gzip. */
export function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
}

/** @param {string} text Base64 of gzip of JSON. */
export const unpackedJson = (text) => new Response(unpacked(text)).json();
