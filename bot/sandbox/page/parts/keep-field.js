/** Draw something anew without taking the keyboard away from whoever is in one of its fields. */

/**
 * @param {HTMLElement} root
 * @param {() => void} draw
 */
export function keepField(root, draw) {
  const active = /** @type {HTMLInputElement | null} */ (root.contains(document.activeElement) ? document.activeElement : null);
  const action = active?.dataset.action ?? active?.closest?.("[data-action]")?.getAttribute("data-action");
  const from = action && "selectionStart" in (active ?? {}) ? active?.selectionStart : null;
  const top = root.parentElement?.scrollTop ?? 0;
  const own = root.scrollTop;
  draw();
  root.scrollTop = own;
  if (root.parentElement) root.parentElement.scrollTop = top;
  if (!active) return false;
  const field = action ? /** @type {HTMLInputElement | null} */ (root.querySelector(`[data-action="${CSS.escape(action)}"]`)) : null;
  const target = field?.matches("input, textarea, button, a, [contenteditable]") ? field : /** @type {HTMLInputElement | null} */ (field?.querySelector("input, button") ?? field);
  target?.focus({ preventScroll: true });
  if (from !== null && from !== undefined && target && "setSelectionRange" in target && /^(?:text|search|url|tel|password|textarea)$/.test(target.type)) target.setSelectionRange(from, from);
  return Boolean(target);
}
