// The SPARQL editor, with completion from the vocabulary.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, drawSelection, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { completions } from "./completion.js";

/** @import { DecorationSet } from "@codemirror/view" */
/** @import { Known } from "./types" */

/** @typedef {{run: () => void, changed: () => void, leave: () => void}} Actions */

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.string, tags.number], color: "var(--yes)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--visited)" },
  { tag: tags.atom, color: "var(--other)" },
]);

/** @type {import("@codemirror/state").StateEffectType<DecorationSet>} */
const mark = StateEffect.define();
/** @type {StateField<DecorationSet>} */
const mistake = StateField.define({
  create: () => Decoration.none,
  update(marks, change) {
    for (const effect of change.effects) if (effect.is(mark)) return effect.value;
    return change.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * @param {Known} known
 * @param {Actions} actions
 */
const extensions = (known, { run, changed, leave }) => [
  EditorView.cspNonce.of(known.nonce),
  lineNumbers(),
  history(),
  drawSelection(),
  bracketMatching(),
  closeBrackets(),
  StreamLanguage.define(sparql),
  syntaxHighlighting(colours),
  autocompletion({ override: [completions(known)], icons: false }),
  placeholder("SELECT …"),
  mistake,
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ tabindex: "0", "aria-label": "SPARQL query. Escape, then Tab, leaves it." }),
  EditorView.updateListener.of(({ docChanged }) => {
    if (docChanged) changed();
  }),
  keymap.of([
    { key: "Mod-Enter", run: () => (run(), true) },
    ...closeBracketsKeymap,
    ...completionKeymap,
    { key: "Escape", run: () => (leave(), true) },
    ...defaultKeymap,
    ...historyKeymap,
    indentWithTab,
  ]),
];

/**
 * Makes the editor.
 * @param {HTMLElement} parent
 * @param {Known} known The names that it completes.
 * @param {Actions} actions Called when the reader runs the query, changes the text or leaves the editor.
 */
export function makeEditor(parent, known, actions) {
  const view = new EditorView({ parent, state: EditorState.create({ extensions: extensions(known, actions) }) });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    /**
     * Marks a mistake.
     * @param {number} number The line, from 1.
     * @param {number} column In characters, from 1; behind the end of the line, its last character is marked.
     */
    point(number, column) {
      const { doc } = view.state;
      const line = doc.line(Math.min(number, doc.lines));
      const characters = [...line.text]; // one character may be two positions
      const last = Math.min(Math.max(column, 1), characters.length);
      const from = line.from + characters.slice(0, Math.max(last - 1, 0)).join("").length;
      const to = line.from + characters.slice(0, last).join("").length;
      const marks = from < to ? Decoration.set(Decoration.mark({ class: "mistake" }).range(from, to)) : Decoration.none;
      view.dispatch({ effects: [mark.of(marks), EditorView.scrollIntoView(from)] });
    },
  };
}
