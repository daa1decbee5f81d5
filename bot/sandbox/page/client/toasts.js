/** Short words at the foot of the pane that go by themselves; errors stay until closed. */
import { h } from "../parts/dom.js";
import { icon } from "../parts/icons.js";

const STAYS = 5000;

/** @param {import("./pane.js").Pane} pane */
export function toasts(pane) {
  const element = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
  pane.store.on("toast", ({ level, text }) => {
    const toast = h("div", { class: `toast toast-${level}` }, icon(level === "error" || level === "warning" ? "warning" : "info", 16), h("span", null, text), h("button", { type: "button", class: "tool", "aria-label": "Close", onclick: () => toast.remove() }, icon("close", 14)));
    element.append(toast);
    while (element.childElementCount > 3) element.firstElementChild?.remove();
    if (level !== "error") window.setTimeout(() => toast.remove(), STAYS);
  });
  return { element };
}
