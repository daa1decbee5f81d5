/** Dialogs that hold the keyboard until they are answered. */
import { focusable, freshId, h } from "./dom.js";

/**
 * Tab stays inside `dialog`.
 * @param {HTMLElement} dialog
 */
export function holdFocus(dialog) {
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const all = focusable(dialog);
    if (all.length === 0) return event.preventDefault();
    const last = all[all.length - 1];
    const at = document.activeElement;
    const leaving = event.shiftKey ? at === all[0] || at === dialog : at === last;
    if (leaving) {
      event.preventDefault();
      (event.shiftKey ? last : all[0]).focus();
    }
    return undefined;
  });
}

/**
 * Ask a question and wait. Everything else in the pane can't be reached meanwhile.
 * @param {HTMLElement} pane
 * @param {{title: Node | string, text: Node | string, confirm: string, deny?: string, danger?: boolean}} question
 * @returns {Promise<boolean>}
 */
export function ask(pane, { title, text, confirm, deny, danger }) {
  return new Promise((resolve) => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    const named = freshId("question");
    const told = freshId("question");
    const others = [...pane.children].filter((child) => !(/** @type {HTMLElement} */ (child).inert) && !child.matches(".spoken"));
    const answer = (/** @type {boolean} */ yes) => {
      layer.remove();
      for (const child of others) /** @type {HTMLElement} */ (child).inert = false;
      if (before?.isConnected) before.focus();
      resolve(yes);
    };
    const yes = h("button", { type: "button", class: danger ? "button danger" : "button primary", onclick: () => answer(true) }, confirm);
    const dialog = h(
      "div",
      { class: "dialog question", role: "alertdialog", "aria-modal": "true", "aria-labelledby": named, "aria-describedby": told, tabindex: "-1" },
      h("h2", { id: named, class: "question-title" }, title),
      h("div", { id: told, class: "question-text" }, text),
      h("div", { class: "dialog-foot" }, deny ? h("button", { type: "button", class: "button", onclick: () => answer(false) }, deny) : null, yes),
    );
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      answer(false);
    });
    holdFocus(dialog);
    const layer = h("div", { class: "layer layer-question" }, dialog);
    for (const child of others) /** @type {HTMLElement} */ (child).inert = true;
    pane.append(layer);
    yes.focus();
  });
}
