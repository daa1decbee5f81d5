/**
 * The list one chooses from by typing or with the arrow keys: one thing or several.
 * ARIA's combobox pattern: the keyboard stays in the field, the list follows.
 */
import { composing, fill, freshId, h } from "./dom.js";
import { icon } from "./icons.js";
import { openPopup } from "./popup.js";

/**
 * @typedef {{key: string, text: string, label?: Node, description?: string, picture?: () => Node, raw: any, fixed?: boolean}} Item
 * @typedef {{label?: string, items: Item[]}} Group
 */

/**
 * @param {{several?: boolean, chosen: Item[], placeholder: string, labelledBy?: string, label?: string,
 *   describedBy?: string, clearable?: boolean, most?: number, least?: number, wait?: number, disabled?: boolean,
 *   load: (typed: string) => Group[] | Promise<Group[] | string>, read?: (typed: string) => Item | null,
 *   changed: (chosen: Item[]) => void, closed?: (chosen: Item[]) => void}} options `load` answers with groups or with
 *   words to show instead; `least`: characters before anything is loaded; `read` makes an item of typed text
 */
export function chooser(options) {
  const listId = freshId("list");
  let chosen = [...options.chosen];
  /** @type {ReturnType<typeof openPopup> | null} */ let popup = null;
  /** @type {Item[]} */ let shown = [];
  let active = -1;
  let round = 0;
  let waiting = 0;

  const input = /** @type {HTMLInputElement} */ (h("input", {
    type: "text", class: "choose-input", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "false", "aria-controls": listId,
    "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-labelledby": options.labelledBy, "aria-label": options.labelledBy ? null : (options.label ?? options.placeholder), "aria-describedby": options.describedBy, disabled: options.disabled,
  }));
  const chips = h("span", { class: "choose-chips" });
  const clear = h("button", { type: "button", class: "choose-clear", "aria-label": "Clear", onclick: () => take([]) }, icon("close", 14));
  const box = h("div", { class: options.several ? "choose choose-several" : "choose" }, chips, input, options.clearable ? clear : null, h("span", { class: "choose-arrow" }, icon("down", 16)));
  const list = h("div", { class: "options", id: listId, role: "listbox", "aria-multiselectable": options.several ? "true" : null, "aria-label": options.label ?? options.placeholder });

  function draw() {
    const words = chosen.map((item) => item.text);
    if (options.several) fill(chips, chosen.map(chip));
    else if (!popup) input.value = words[0] ?? "";
    input.placeholder = options.several ? (chosen.length ? "" : options.placeholder) : (words[0] ?? options.placeholder);
    box.classList.toggle("choose-filled", chosen.length > 0);
    clear.hidden = chosen.length === 0;
  }
  /** @param {Item} item */
  function chip(item) {
    const remove = () => {
      take(chosen.filter((one) => one.key !== item.key));
      input.focus();
    };
    return h("span", { class: "chip" }, item.picture?.(), h("span", { class: "chip-text" }, item.text), h("button", { type: "button", class: "chip-remove", tabindex: "-1", "aria-label": `Remove ${item.text}`, onclick: remove }, icon("close", 12)));
  }
  /** @param {Item[]} items */
  function take(items) {
    chosen = items;
    draw();
    options.changed(chosen);
    if (!popup) options.closed?.(chosen);
  }
  function open() {
    if (popup || options.disabled) return;
    const typed = input.value === (chosen[0]?.text ?? "") ? "" : input.value;
    popup = openPopup(box, list, { wide: true, onClose: shut });
    input.setAttribute("aria-expanded", "true");
    if (!options.several) input.value = typed;
    draw();
    ask();
  }
  function shut() {
    popup = null;
    round += 1;
    clearTimeout(waiting);
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    if (options.several) input.value = "";
    draw();
    options.closed?.(chosen);
  }
  const close = () => popup?.close();

  function ask() {
    clearTimeout(waiting);
    const typed = input.value.trim();
    if (typed.length < (options.least ?? 0)) return say(`Type ${options.least} or more characters to search.`);
    if (options.wait) {
      say("Looking…");
      waiting = window.setTimeout(() => fetchFor(typed), typed ? options.wait : 0);
      return undefined;
    }
    return fetchFor(typed);
  }
  async function fetchFor(typed) {
    const mine = ++round;
    const found = options.load(typed);
    const groups = found instanceof Promise ? await found : found;
    if (mine !== round || !popup) return;
    if (typeof groups === "string") say(groups);
    else show(groups, typed);
  }
  /** @param {string} text */
  function say(text) {
    shown = [];
    active = -1;
    input.removeAttribute("aria-activedescendant");
    fill(list, h("div", { class: "options-say", role: "option", "aria-disabled": "true" }, text));
  }
  /** @param {Group[]} groups @param {string} typed */
  function show(groups, typed) {
    shown = groups.flatMap((group) => group.items);
    if (shown.length === 0) return say(typed ? `Nothing matches “${typed}”.` : "There is nothing to choose.");
    let index = -1;
    fill(list, groups.map((group) => {
      const rows = group.items.map((item) => row(item, ++index));
      return group.label ? h("div", { role: "group", "aria-label": group.label }, h("div", { class: "options-heading", "aria-hidden": "true" }, group.label), rows) : rows;
    }));
    const current = shown.findIndex((item) => !options.several && item.key === chosen[0]?.key);
    light(current >= 0 && !typed ? current : 0);
    return undefined;
  }
  /** @param {Item} item @param {number} index */
  function row(item, index) {
    const on = chosen.some((one) => one.key === item.key);
    return h(
      "div",
      { class: "option", role: "option", id: `${listId}-${index}`, "aria-selected": String(on), onpointermove: () => light(index, false), onclick: () => pick(item) },
      item.picture?.(),
      h("span", { class: "option-words" }, h("span", { class: "option-text" }, item.label?.cloneNode(true) ?? item.text), item.description ? h("span", { class: "option-description" }, item.description) : null),
      on ? icon("check", 16) : null,
    );
  }
  /** @param {number} index @param {boolean} [scroll] */
  function light(index, scroll = true) {
    list.querySelector(".option-lit")?.classList.remove("option-lit");
    active = index;
    const element = list.querySelector(`#${listId}-${index}`);
    if (!element) return;
    element.classList.add("option-lit");
    input.setAttribute("aria-activedescendant", element.id);
    if (scroll) element.scrollIntoView({ block: "nearest" });
  }
  /** @param {Item} item */
  function pick(item) {
    if (!options.several) {
      chosen = [item];
      options.changed(chosen);
      close();
      input.focus();
      return;
    }
    const on = chosen.some((one) => one.key === item.key);
    if (!on && options.most && chosen.length >= options.most) return say(`At most ${options.most} can be chosen.`);
    input.value = "";
    take(on ? chosen.filter((one) => one.key !== item.key) : [...chosen, item]);
    ask();
    input.focus();
  }
  function typedItem() {
    const item = options.read?.(input.value.trim());
    if (!item) return false;
    pick(item);
    return true;
  }
  input.addEventListener("beforeinput", open); // what is typed replaces what was chosen
  input.addEventListener("input", () => (popup ? ask() : open()));
  box.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("button")) return;
    input.focus();
    open();
  });
  input.addEventListener("blur", () => window.setTimeout(() => {
    if (!popup || popup.element.contains(document.activeElement) || document.activeElement === input) return;
    if (!(input.value.trim() && typedItem())) close();
    else close();
  }));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("keydown", (event) => {
    if (composing(event) || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && popup) close();
    else if (["ArrowDown", "ArrowUp", "Enter"].includes(event.key) && !popup) open();
    else if (event.key === "ArrowDown") light((active + 1) % Math.max(1, shown.length));
    else if (event.key === "ArrowUp") light((active - 1 + shown.length) % Math.max(1, shown.length));
    else if (event.key === "Enter" && popup) {
      if (!(input.value.trim() && typedItem()) && shown[active]) pick(shown[active]);
    } else if (event.key === "Backspace" && options.several && !input.value && chosen.length) return take(chosen.slice(0, -1));
    else return undefined;
    event.preventDefault();
    event.stopPropagation();
    return undefined;
  });
  draw();
  return { element: box, input, set: (/** @type {Item[]} */ items) => { chosen = items; draw(); } };
}

/**
 * The items that match what was typed, by the start of any word first.
 * @param {Item[]} items @param {string} typed
 */
export function matching(items, typed) {
  const wanted = fold(typed);
  if (!wanted) return items;
  const hit = (/** @type {Item} */ item) => fold(`${item.text} ${item.description ?? ""}`);
  const starts = (/** @type {Item} */ item) => hit(item).startsWith(wanted) || hit(item).includes(` ${wanted}`);
  return [...items.filter(starts), ...items.filter((item) => !starts(item) && hit(item).includes(wanted))];
}

/** Without case and accents. @param {string} text */
export const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
