/**
 * The one way this page makes elements. Text is only ever set as text, so nothing that a person
 * or an app wrote can become markup.
 */

/** @typedef {Node | string | number | null | undefined | false | any[]} Child a list may hold lists */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, unknown> | null} [properties] `on…` adds a listener, `class`, `dataset`,
 *   `style` (custom properties as an object) and everything else as attributes; null and false are left out
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "style") for (const [key, text] of Object.entries(/** @type {object} */ (value))) element.style.setProperty(key, text);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "inert") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  put(element, children);
  return element;
}

/**
 * @param {Element | DocumentFragment} parent
 * @param {Child[]} children
 */
export function put(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) put(parent, child);
    else parent.append(child instanceof Node ? child : String(child));
  }
}

/**
 * Replace everything inside `parent`.
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  put(parent, children);
}

/** @param {...Child} children */
export function fragment(...children) {
  const node = document.createDocumentFragment();
  put(node, children);
  return node;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...Element} children
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

let counter = 0;

/**
 * An id for `aria-labelledby` and the like, unique on the page.
 * @param {string} stem
 */
export function freshId(stem) {
  counter += 1;
  return `${stem}-${counter}`;
}

/** What can take the keyboard inside `root`, in document order. @param {Element} root @returns {HTMLElement[]} */
export function focusable(root) {
  const wanted =
    'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), [tabindex]:not([tabindex="-1"]), [contenteditable="true"]';
  return /** @type {HTMLElement[]} */ ([...root.querySelectorAll(wanted)]).filter(
    (element) => element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }) && !element.closest("[inert]"),
  );
}

/** Whether a key was pressed while an input method composes a character. @param {KeyboardEvent} event */
export function composing(event) {
  return event.isComposing || event.keyCode === 229;
}
