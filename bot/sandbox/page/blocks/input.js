/** The input block: label, field, hint, and what is wrong with it. */
import { freshId, h } from "../parts/dom.js";
import { icon } from "../parts/icons.js";
import { draw } from "../elements/index.js";
import { plainNode } from "../text/mrkdwn.js";

/** @param {import("../state/types.js").Block} block @param {import("../elements/surface.js").Surface} surface */
export function input(block, surface) {
  const label = freshId("label");
  const hint = freshId("hint");
  const error = freshId("error");
  const field = draw(block.element, {
    surface,
    blockId: block.block_id ?? "",
    tells: Boolean(block.dispatch_action),
    labelledBy: label,
    describedBy: `${error} ${hint}`,
    optional: Boolean(block.optional),
    inInput: true,
  });
  return h(
    "div",
    { class: "block block-input", dataset: { block: block.block_id ?? "" } },
    h("div", { class: "input-label", id: label, onclick: () => fieldIn(field)?.focus() }, plainNode(block.label), block.optional ? h("span", { class: "dim" }, " (optional)") : null),
    field,
    h("div", { class: "input-error", id: error }),
    h("div", { class: "input-hint", id: hint }, block.hint ? plainNode(block.hint) : null),
  );
}

/** What takes the keyboard in a field. @param {HTMLElement} root @returns {HTMLElement | null} */
function fieldIn(root) {
  const wanted = "input, textarea, [contenteditable=true], select";
  return root.matches(wanted) ? root : root.querySelector(wanted);
}

/**
 * Show errors at their fields, clear the others, and go to the first.
 * @param {HTMLElement} root
 * @param {Record<string, string>} errors by block_id
 * @returns {string[]} errors whose field isn't there
 */
export function showErrors(root, errors) {
  const lost = new Map(Object.entries(errors));
  let first = /** @type {HTMLElement | null} */ (null);
  for (const block of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".block-input"))) {
    const text = errors[block.dataset.block ?? ""];
    lost.delete(block.dataset.block ?? "");
    const field = fieldIn(block);
    block.classList.toggle("input-wrong", Boolean(text));
    if (text) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
    block.querySelector(".input-error")?.replaceChildren(...(text ? [icon("warning", 14), h("span", null, text)] : []));
    if (text && !first) first = field;
  }
  first?.focus();
  first?.closest(".block-input")?.scrollIntoView({ block: "nearest" });
  return [...lost.values()];
}
