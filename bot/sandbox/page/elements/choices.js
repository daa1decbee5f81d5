/** Radio buttons and checkboxes. */
import { freshId, h } from "../parts/dom.js";
import { textNode } from "../text/mrkdwn.js";

/** @typedef {import("./surface.js").Place} Place */
/** @typedef {import("../state/types.js").BlockElement} BlockElement */

/** @param {BlockElement} element @param {Place} place */
export function radioButtons(element, place) {
  const { surface } = place;
  const held = surface.holds(place, element, { selected_option: element.initial_option ?? null });
  let before = held.selected_option?.value;
  const inputs = new Map();
  const choose = async (/** @type {any} */ option) => {
    surface.enter(place, element, { selected_option: option });
    if (await surface.act(place, element, { selected_option: option }, group)) {
      before = option.value;
      return;
    }
    for (const [value, input] of inputs) input.checked = value === before;
    surface.enter(place, element, { selected_option: element.options.find((/** @type {any} */ one) => one.value === before) ?? null });
  };
  const name = freshId("radio");
  const group = h("div", { class: "choices", role: "radiogroup", ...naming(place) }, (element.options ?? []).map((/** @type {any} */ option) => {
    const row = choice("radio", name, option, place, option.value === before, () => choose(option));
    inputs.set(option.value, row.querySelector("input"));
    return row;
  }));
  group.dataset.action = element.action_id ?? "";
  return group;
}

/** @param {BlockElement} element @param {Place} place */
export function checkboxes(element, place) {
  const { surface } = place;
  const held = surface.holds(place, element, { selected_options: element.initial_options ?? [] });
  const on = new Set(held.selected_options.map((/** @type {any} */ option) => option.value));
  const change = async (/** @type {any} */ option, /** @type {HTMLInputElement} */ input) => {
    const flip = () => (on.has(option.value) ? on.delete(option.value) : on.add(option.value));
    const chosen = () => element.options.filter((/** @type {any} */ one) => on.has(one.value));
    flip();
    surface.enter(place, element, { selected_options: chosen() });
    if (await surface.act(place, element, { selected_options: chosen() }, group)) return;
    flip();
    input.checked = on.has(option.value);
    surface.enter(place, element, { selected_options: chosen() });
  };
  const group = h("div", { class: "choices", role: "group", ...naming(place) }, (element.options ?? []).map((/** @type {any} */ option) => {
    const row = choice("checkbox", freshId("check"), option, place, on.has(option.value), () => change(option, /** @type {HTMLInputElement} */ (row.querySelector("input"))));
    return row;
  }));
  group.dataset.action = element.action_id ?? "";
  return group;
}

/** @param {Place} place */
const naming = (place) => (place.labelledBy ? { "aria-labelledby": place.labelledBy, "aria-describedby": place.describedBy } : { "aria-label": "Choices", "aria-describedby": place.describedBy });

/** @param {"radio" | "checkbox"} type @param {string} name @param {any} option @param {Place} place @param {boolean} checked @param {() => void} changed */
function choice(type, name, option, place, checked, changed) {
  const told = freshId("told");
  return h(
    "label",
    { class: "choice" },
    h("input", { type, name, value: option.value, checked, "aria-describedby": option.description ? told : null, onchange: changed }),
    h("span", { class: "choice-words" }, h("span", null, textNode(option.text, place.surface.reader)), option.description ? h("span", { class: "choice-description", id: told }, textNode(option.description, place.surface.reader)) : null),
  );
}
