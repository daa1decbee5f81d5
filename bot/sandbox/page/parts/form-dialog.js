/** A small form of the page itself, over a pane. */
import { freshId, h } from "./dom.js";
import { holdFocus } from "./dialog.js";
import { icon } from "./icons.js";

/**
 * @param {HTMLElement} pane
 * @param {{title: string, fields: HTMLElement[], submit?: string, wide?: boolean, done?: () => Promise<string | null>}} form `done` answers
 *   with what is wrong, or null to close
 */
export function formDialog(pane, { title, fields, submit, done }) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const named = freshId("form");
  const wrong = h("p", { class: "form-wrong", role: "alert" });
  const others = [...pane.children].filter((child) => !(/** @type {HTMLElement} */ (child).inert) && !child.matches(".spoken"));
  const close = () => {
    layer.remove();
    for (const child of others) /** @type {HTMLElement} */ (child).inert = false;
    if (before?.isConnected) before.focus();
  };
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const problem = await done?.();
    if (problem) wrong.textContent = problem;
    else close();
  };
  const dialog = h(
    "form",
    { class: "dialog", role: "dialog", "aria-modal": "true", "aria-labelledby": named, onsubmit: send },
    h("header", { class: "dialog-head" }, h("h2", { id: named, class: "dialog-title" }, title), h("button", { type: "button", class: "tool", "aria-label": "Close", onclick: close }, icon("close"))),
    h("div", { class: "dialog-body" }, fields, wrong),
    submit ? h("footer", { class: "dialog-foot" }, h("button", { type: "button", class: "button", onclick: close }, "Cancel"), h("button", { type: "submit", class: "button primary" }, submit)) : null,
  );
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  holdFocus(dialog);
  const layer = h("div", { class: "layer", onpointerdown: (/** @type {Event} */ event) => event.target === layer && close() }, dialog);
  for (const child of others) /** @type {HTMLElement} */ (child).inert = true;
  pane.append(layer);
  /** @type {HTMLElement | null} */ (dialog.querySelector("input, .dialog-body button"))?.focus();
  return { close };
}
