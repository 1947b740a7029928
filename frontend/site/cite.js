// A button that copies the citation of the page.
import { element, select } from "../shared/element.js";

/** Adds the button below the citation; if the browser refuses to copy, the citation is selected. */
export function startCite() {
  const cite = select(".cite");
  if (!cite) return;
  const status = element("span", { role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(cite.textContent ?? "");
      status.textContent = "Citation copied.";
    } catch {
      getSelection()?.selectAllChildren(cite);
      status.textContent = "Citation selected: copy it with the keyboard.";
    }
  };
  const button = element("button", { type: "button", click: copy }, "Copy citation");
  cite.after(element("p", { class: "copy" }, button, " ", status));
}
