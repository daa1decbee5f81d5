/** The modals that apps open for this person: the top one of the stack shows. */
import { fill, focusable, freshId, h } from "../parts/dom.js";
import { holdFocus } from "../parts/dialog.js";
import { face } from "../parts/face.js";
import { icon } from "../parts/icons.js";
import { keepField } from "../parts/keep-field.js";
import { drawBlocks } from "../blocks/index.js";
import { showErrors } from "../blocks/input.js";
import { Surface } from "../elements/surface.js";
import { plainNode, plainWords } from "../text/mrkdwn.js";

/** @typedef {import("../state/types.js").View} View */

/** @param {import("./pane.js").Pane} pane */
export function modals(pane) {
  const { store } = pane;
  /** @type {Map<string, Surface>} */ const surfaces = new Map();
  /** @type {ReturnType<typeof openModal> | null} */ let shown = null;
  /** @type {HTMLElement | null} */ let before = null;
  /** @type {HTMLElement[]} */ let hidden = [];

  const surfaceOf = (/** @type {View} */ view) => {
    const known = surfaces.get(view.id) ?? new Surface(store, pane.reader, "modal", { type: "view", view_id: view.id });
    surfaces.set(view.id, known);
    return known;
  };
  const update = () => {
    const top = store.modals.at(-1);
    for (const id of surfaces.keys()) if (!store.modals.some((view) => view.id === id)) surfaces.delete(id);
    if (shown && shown.view.id === top?.id) return shown.update(top, store.modals.length);
    shown?.layer.remove();
    if (!top) {
      shown = null;
      for (const child of hidden) child.inert = false;
      hidden = [];
      if (before?.isConnected) before.focus();
      else pane.focusComposer(Boolean(pane.thread));
      before = null;
      return undefined;
    }
    if (!before) {
      before = /** @type {HTMLElement | null} */ (pane.element.contains(document.activeElement) ? document.activeElement : null);
      hidden = /** @type {HTMLElement[]} */ ([...pane.element.children]).filter((child) => !child.inert && !child.matches(".spoken, .toasts"));
      for (const child of hidden) child.inert = true;
    }
    const stealing = document.activeElement === document.body || document.activeElement === null || pane.element.contains(document.activeElement);
    shown = openModal(pane, top, surfaceOf(top), store.modals.length);
    pane.element.append(shown.layer);
    if (stealing) shown.focus();
    return undefined;
  };
  store.on("modals", () => (store.modals.length || shown ? update() : undefined));
}

/**
 * @param {import("./pane.js").Pane} pane
 * @param {View} first
 * @param {Surface} surface
 * @param {number} depth how many are open
 */
function openModal(pane, first, surface, depth) {
  const { store } = pane;
  let view = first;
  let busy = false;
  const titleId = freshId("modal");
  const head = h("header", { class: "dialog-head" });
  const body = h("div", { class: "dialog-body" });
  const foot = h("footer", { class: "dialog-foot" });
  const trouble = h("div", { class: "dialog-trouble", role: "alert" });
  const dialog = h("form", { class: "dialog modal", role: "dialog", "aria-modal": "true", "aria-labelledby": titleId, tabindex: "-1", novalidate: true, onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); submit(); } }, head, trouble, body, foot);
  const layer = h("div", { class: "layer" }, dialog);

  const close = () => pane.deed("close", { view_id: view.id });
  const closeAll = () => pane.deed(depth > 1 ? "close_all" : "close", { view_id: view.id });

  function draw() {
    const app = store.apps.find((one) => one.app_id === view.app_id);
    const bot = app ? store.user(app.bot_user_id) : undefined;
    fill(
      head,
      depth > 1 ? h("button", { type: "button", class: "tool", "aria-label": "Back", onclick: close }, icon("back")) : bot ? face({ ...bot, is_bot: true }, 28) : null,
      h("h2", { class: "dialog-title", id: titleId }, plainNode(view.title ?? "")),
      h("button", { type: "button", class: "tool", "aria-label": depth > 1 ? "Close all" : "Close", title: "Close (Escape)", onclick: closeAll }, icon("close")),
    );
    const kept = keepField(body, () => fill(body, drawBlocks(view.blocks, surface)));
    const send = view.submit ? h("button", { type: "submit", class: "button primary", disabled: Boolean(view.submit_disabled) }, h("span", { class: "button-words" }, plainNode(view.submit))) : null;
    fill(foot, app ? h("span", { class: "dialog-from dim" }, app.name) : null, h("span", { class: "grow" }), h("button", { type: "button", class: "button", onclick: close }, view.close ? plainNode(view.close) : send ? "Cancel" : "Close"), send);
    return kept;
  }
  function setBusy(on) {
    busy = on;
    dialog.classList.toggle("dialog-busy", on);
    dialog.setAttribute("aria-busy", String(on));
    body.inert = on;
    const send = foot.querySelector("[type=submit]");
    if (on) send?.setAttribute("aria-busy", "true");
    else send?.removeAttribute("aria-busy");
  }
  async function submit() {
    if (busy || !view.submit) return;
    setBusy(true);
    trouble.textContent = "";
    const at = /** @type {HTMLElement | null} */ (document.activeElement);
    const answer = await store.api.do("submit", { view_id: view.id, state: surface.state() });
    setBusy(false);
    const errors = answer.errors ?? {};
    const lost = showErrors(body, errors);
    if (!answer.ok && Object.keys(errors).length === 0) trouble.textContent = answer.message ?? `That was not sent (${answer.error}). Try again.`;
    else if (lost.length) trouble.textContent = lost.join(" ");
    if (Object.keys(errors).length === 0 && at?.isConnected && document.activeElement === document.body) at.focus();
  }
  function focus() {
    const wanted = /** @type {HTMLElement | null} */ (body.querySelector("[autofocus]") ?? focusable(body)[0] ?? focusable(foot)[0]);
    (wanted ?? dialog).focus();
  }
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
    else if (event.key === "Enter" && /** @type {HTMLElement} */ (event.target).matches("input[type=checkbox], input[type=radio]")) event.preventDefault();
  });
  holdFocus(dialog);
  draw();
  return {
    get view() {
      return view;
    },
    layer,
    focus,
    /** @param {View} next @param {number} stack */
    update(next, stack) {
      const inside = dialog.contains(document.activeElement);
      const same = next === view && stack === depth;
      view = next;
      depth = stack;
      if (same) return;
      trouble.textContent = "";
      const kept = draw();
      if (inside && !kept && !dialog.contains(document.activeElement)) focus();
      pane.spoken.append(h("p", null, `${plainWords(view.title)} changed`));
    },
  };
}
