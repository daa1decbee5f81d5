/** A menu of deeds that opens from a button, for the mouse and for the keyboard. */
import { h, composing } from "./dom.js";
import { icon } from "./icons.js";
import { openPopup } from "./popup.js";

/**
 * @typedef {{text: string, deed?: () => void, icon?: string, description?: string, danger?: boolean,
 *   checked?: boolean, heading?: boolean, line?: boolean, picture?: HTMLElement, href?: string}} MenuItem
 */

/**
 * @param {HTMLElement} anchor
 * @param {MenuItem[]} items
 * @param {{label: string, end?: boolean}} options
 */
export function openMenu(anchor, items, { label, end }) {
  const list = h("div", { class: "menu", role: "menu", "aria-label": label }, items.map(entry));
  const popup = openPopup(anchor, list, { end, onClose: () => anchor.setAttribute("aria-expanded", "false") });
  anchor.setAttribute("aria-expanded", "true");
  const buttons = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role^=menuitem]")]);

  const leave = () => {
    popup.close();
    if (anchor.isConnected) anchor.focus();
  };
  /** @param {MenuItem} item */
  function entry(item) {
    if (item.line) return h("div", { class: "menu-line", role: "separator" });
    if (item.heading) return h("div", { class: "menu-heading", role: "presentation" }, item.text);
    const role = item.checked === undefined ? "menuitem" : "menuitemradio";
    const choose = () => {
      leave();
      item.deed?.();
    };
    return h(
      "button",
      { type: "button", role, class: item.danger ? "menu-item danger" : "menu-item", tabindex: "-1", "aria-checked": item.checked === undefined ? null : String(item.checked), onclick: choose },
      item.picture ?? (item.icon ? icon(/** @type {any} */ (item.icon), 16) : null),
      h("span", { class: "menu-words" }, h("span", { class: "menu-text" }, item.text), item.description ? h("span", { class: "menu-description" }, item.description) : null),
      item.checked ? icon("check", 16) : null,
    );
  }
  let typed = "";
  let forget = 0;
  list.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const go = (/** @type {number} */ to) => buttons[(to + buttons.length) % buttons.length]?.focus();
    if (event.key === "ArrowDown") go(at + 1);
    else if (event.key === "ArrowUp") go(at < 0 ? buttons.length - 1 : at - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(buttons.length - 1);
    else if (event.key === "Escape") leave();
    else if (event.key === "Tab") return popup.close();
    else if (event.key.length === 1 && /\S/.test(event.key) && !event.ctrlKey && !event.metaKey) {
      typed += event.key.toLowerCase();
      clearTimeout(forget);
      forget = window.setTimeout(() => (typed = ""), 600);
      buttons.find((button) => button.textContent?.toLowerCase().startsWith(typed))?.focus();
    } else return undefined;
    event.preventDefault();
    event.stopPropagation();
    return undefined;
  });
  buttons[0]?.focus();
  return { ...popup, leave };
}

/**
 * A button that opens a menu.
 * @param {HTMLElement} button
 * @param {() => MenuItem[]} items asked anew each time
 * @param {{label: string, end?: boolean}} options
 */
export function menuButton(button, items, options) {
  /** @type {ReturnType<typeof openMenu> | null} */
  let open = null;
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  const toggle = () => {
    if (open?.element.isConnected) return open.leave();
    open = openMenu(button, items(), options);
    return undefined;
  };
  button.addEventListener("click", toggle);
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || open?.element.isConnected) return;
    event.preventDefault();
    toggle();
  });
  return button;
}
