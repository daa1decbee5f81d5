/** A floating panel next to what opened it: menus, lists of choices, calendars, cards. */
import { h } from "./dom.js";

const GAP = 4;
const EDGE = 8;

/**
 * The part of the page that a popup, menu or dialog belongs to: it goes inert together with it.
 * @param {Element} element
 * @returns {HTMLElement}
 */
export function hostOf(element) {
  return /** @type {HTMLElement} */ (element.closest("[role=dialog], [role=alertdialog], .pane") ?? document.body);
}

/**
 * @param {HTMLElement} anchor
 * @param {HTMLElement} content
 * @param {{wide?: boolean, end?: boolean, onClose?: () => void, keep?: HTMLElement}} [options] `wide`: as wide as the
 *   anchor; `end`: aligned with the anchor's end; `keep`: a click in here closes nothing
 */
export function openPopup(anchor, content, options = {}) {
  const element = h("div", { class: "popup", popover: "manual" }, content);
  hostOf(anchor).append(element);
  element.showPopover();
  let open = true;

  const move = () => {
    if (!anchor.isConnected) return close();
    place(element, anchor, options);
    return undefined;
  };
  const outside = (/** @type {Event} */ event) => {
    const target = /** @type {Node} */ (event.target);
    if (!element.contains(target) && !anchor.contains(target) && !options.keep?.contains(target)) close();
  };
  const scrolled = (/** @type {Event} */ event) => {
    if (!element.contains(/** @type {Node} */ (event.target))) move();
  };
  function close() {
    if (!open) return;
    open = false;
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("scroll", scrolled, true);
    window.removeEventListener("resize", move);
    watching.disconnect();
    element.remove();
    options.onClose?.();
  }
  const watching = new ResizeObserver(move);
  watching.observe(element);
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("scroll", scrolled, true);
  window.addEventListener("resize", move);
  move();
  return { element, close, move };
}

/**
 * Below the anchor, or above where there is more room; never outside the window.
 * @param {HTMLElement} element @param {HTMLElement} anchor @param {{wide?: boolean, end?: boolean}} options
 */
function place(element, anchor, { wide, end }) {
  const around = anchor.getBoundingClientRect();
  if (wide) element.style.setProperty("min-width", `${around.width}px`);
  if (wide) element.style.setProperty("max-width", `${Math.max(around.width, 280)}px`);
  const { width, height } = element.getBoundingClientRect();
  const below = window.innerHeight - around.bottom - GAP - EDGE;
  const above = around.top - GAP - EDGE;
  const up = height > below && above > below;
  element.style.setProperty("--room", `${Math.max(120, up ? above : below)}px`);
  const left = end ? around.right - width : around.left;
  const top = up ? around.top - GAP - Math.min(height, above) : around.bottom + GAP;
  element.style.setProperty("left", `${Math.max(EDGE, Math.min(left, window.innerWidth - width - EDGE))}px`);
  element.style.setProperty("top", `${Math.max(EDGE, top)}px`);
}
