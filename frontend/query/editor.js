// The editor: SPARQL, with completion from our own vocabulary.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, drawSelection, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { completions } from "./completion.js";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.string, tags.number], color: "var(--yes)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--visited)" },
  { tag: tags.atom, color: "var(--other)" },
]);

const mark = StateEffect.define();
const mistake = StateField.define({
  create: () => Decoration.none,
  update(marks, change) {
    for (const effect of change.effects) if (effect.is(mark)) return effect.value;
    return change.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * Makes the editor.
 * @param {HTMLElement} parent Where it goes.
 * @param {{vocabulary: object[], prefixes: Record<string, string>, nonce: string}} known What it completes, and what its styles carry.
 * @param {{run: () => void, changed: () => void, leave: () => void}} tell Whom it tells.
 */
export function makeEditor(parent, known, tell) {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      extensions: [
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
        EditorView.updateListener.of((update) => update.docChanged && tell.changed()),
        keymap.of([
          { key: "Mod-Enter", run: () => (tell.run(), true) },
          ...closeBracketsKeymap,
          ...completionKeymap,
          { key: "Escape", run: () => (tell.leave(), true) },
          ...defaultKeymap,
          ...historyKeymap,
          indentWithTab,
        ]),
      ],
    }),
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    /** Marks a place, from 1. */
    point(line, column) {
      const { doc } = view.state;
      const there = doc.line(Math.min(line, doc.lines));
      // What is missing at the end of a line is marked at its last character; a character may take two places.
      const characters = [...there.text];
      const last = Math.min(Math.max(column, 1), characters.length);
      const from = there.from + characters.slice(0, Math.max(last - 1, 0)).join("").length;
      const to = there.from + characters.slice(0, last).join("").length;
      const marks = from < to ? Decoration.set(Decoration.mark({ class: "mistake" }).range(from, to)) : Decoration.none;
      view.dispatch({ effects: [mark.of(marks), EditorView.scrollIntoView(from)] });
    },
  };
}
